from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chainrule.data.columns.floats import floats


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1, 0], "int8"),
        ([1, 0], "uint64"),
        ([True, False], "bool"),
        ([1, 0], "Int64"),
        ([True, False], "boolean"),
        ([1.0, 0.0], "float16"),
        ([Decimal(1), Decimal(0)], object),
        ([True, 0.0], object),
    ],
)
def test_numbers_of_every_type_are_float64(values: list[Any], dtype: Any) -> None:
    result = floats(pd.Series(values, dtype=dtype))
    assert result.dtype == np.float64
    assert result.tolist() == [1.0, 0.0]


@pytest.mark.parametrize("dtype", ["float32", "Int64", "boolean", object])
def test_a_missing_value_is_nan(dtype: Any) -> None:
    assert np.isnan(floats(pd.Series([1, None], dtype=dtype))).tolist() == [False, True]


def test_whole_numbers_beyond_float64_are_infinite() -> None:
    assert floats(pd.Series([10**400, -(10**400)], dtype=object)).tolist() == [np.inf, -np.inf]


def test_the_result_is_a_copy() -> None:
    series = pd.Series([1.0, 2.0])
    floats(series)[0] = 9
    assert series.tolist() == [1, 2]
