from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chainrule.data.target_values import check_complete, plain_target
from chainrule.errors import DataError


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        (pd.Series([1, 2], dtype="Int8"), np.int64, [1, 2]),
        (np.array([1, 2], dtype=np.uint8), np.int64, [1, 2]),
        (np.array([2**64 - 1, 0], dtype=np.uint64), np.uint64, [2**64 - 1, 0]),
        (np.array([1.0, 2.0], dtype=np.float32), np.int64, [1, 2]),
        (np.array([1.5, 2.0]), np.float64, [1.5, 2.0]),
        (np.array([2.0**60, 1.0]), np.float64, [2.0**60, 1.0]),
        (pd.Series([True, False]), np.bool_, [True, False]),
        (pd.Series([True, False], dtype=object), np.bool_, [True, False]),
        (pd.Series([Decimal("1.5"), Decimal(2)]), np.float64, [1.5, 2.0]),
        (pd.Series(["a", "b"]), np.object_, ["a", "b"]),
        (pd.Series(["a", None]), np.object_, ["a", None]),
        (np.array(["a", "b"]), np.object_, ["a", "b"]),
        (pd.Series(["a", None], dtype="category"), np.object_, ["a", None]),
        (pd.Series([3, 1], dtype="category"), np.int64, [3, 1]),
        (pd.Series(["a", 1, 2.0], dtype=object), np.object_, ["a", "1", "2"]),
    ],
)
def test_values_of_every_type_become_plain(values: Any, dtype: type, expected: list[Any]) -> None:
    plain = plain_target(values)
    assert plain.dtype == dtype
    assert plain.tolist() == expected


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([1, None], dtype="Int8"),
        pd.Series([True, None]),
        pd.Series([True, None], dtype="boolean"),
        np.array([1.0, np.nan]),
    ],
)
def test_a_missing_number_is_nan(values: Any) -> None:
    plain = plain_target(values)
    assert plain.dtype == np.float64
    assert np.isnan(plain).tolist() == [False, True]


def test_dates_and_lists_are_no_target() -> None:
    with pytest.raises(DataError, match="'when' holds dates"):
        plain_target(pd.Series(pd.to_datetime(["2020-01-01"])), "when")
    with pytest.raises(DataError, match="'list' holds neither numbers nor text"):
        plain_target(pd.Series([[1], [2]]), "list")


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (np.array([1.0, np.nan]), "'y' is missing in 1 row, row 2; fill it in or leave it out"),
        (
            np.array([0, np.inf, -np.inf]),
            "'y' is infinite in 2 rows, the first is row 2; put them right or leave them out",
        ),
        (
            np.array([None, "a", None], dtype=object),
            "'y' is missing in 2 rows, the first is row 1; fill them in or leave them out",
        ),
    ],
)
def test_what_is_missing_or_infinite_is_counted(target: Any, sentence: str) -> None:
    with pytest.raises(DataError) as error:
        check_complete(target, "y")
    assert str(error.value) == sentence


@pytest.mark.parametrize("target", [np.array([1, 2]), np.array([True]), np.array([0.5])])
def test_a_complete_target_passes(target: Any) -> None:
    check_complete(target)
