from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.data.columns.texts import TextColumn, as_text
from chainrule.errors import DataError


def fit(values: list[Any], dtype: Any = None) -> TextColumn:
    return TextColumn.fit(pd.Series(values, name="c", dtype=dtype))


def written(column: TextColumn, values: list[Any], dtype: Any = None) -> list[list[float]]:
    out = np.zeros((len(values), len(column.output_names)))
    column.write(pd.Series(values, name="c", dtype=dtype), out)
    return out.tolist()


MANY = [f"v{i:03}" for i in range(101)]


def test_each_value_has_a_column_the_most_frequent_first() -> None:
    column = fit(["a", "b", "b"])
    assert column.output_names == ("c = b", "c = a")
    assert written(column, ["a", "b"]) == [[0, 1], [1, 0]]


def test_equal_counts_are_in_the_order_of_the_alphabet() -> None:
    assert fit(["c", "a", "b", "b", "c", "a"]).values == ("a", "b", "c")


@given(st.lists(st.sampled_from("abcdefg"), min_size=1), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(values: list[str], random: Any) -> None:
    shuffled = random.sample(values, len(values))
    assert fit(values) == fit(shuffled)


def test_a_hundred_values_have_no_other() -> None:
    assert not fit(MANY[:100]).has_other
    assert len(fit(MANY[:100]).output_names) == 100


def test_beyond_a_hundred_values_the_rarest_share_a_column() -> None:
    column = fit(MANY + MANY[1:])
    assert column.has_other
    assert column.output_names[-1] == "c: another value"
    assert "v000" not in column.values
    assert np.flatnonzero(written(column, ["v000"])[0]).tolist() == [100]


def test_a_value_that_training_did_not_meet_is_another_value_or_all_zeros() -> None:
    assert written(fit(["a", "b"]), ["z", "a"]) == [[0, 0], [1, 0]]
    assert np.flatnonzero(written(fit(MANY), ["z"])[0]).tolist() == [100]


def test_values_that_training_did_not_meet_are_counted() -> None:
    assert fit(["a", "b"]).unseen(pd.Series(["z", "a", "y", "z", None])) == 4
    assert fit(["a", None]).unseen(pd.Series(["z", "a", None])) == 1
    assert fit(MANY).unseen(pd.Series(["z", None])) == 0


def test_missing_text_is_a_category_of_its_own_if_training_had_some() -> None:
    column = fit(["a", None, "b"])
    assert column.output_names == ("c = a", "c = b", "c is missing")
    assert written(column, [None, "a"]) == [[0, 0, 1], [1, 0, 0]]
    assert written(fit(["a", "b"]), [None]) == [[0, 0]]
    assert np.flatnonzero(written(fit(MANY), [None])[0]).tolist() == [100]


@pytest.mark.parametrize(
    ("values", "dtype"),
    [(["1", "2"], object), ([1, 2], int), ([1.0, 2.0], float), ([1, 2], "category")],
)
def test_numbers_count_by_what_they_look_like(values: list[Any], dtype: Any) -> None:
    assert written(fit(["1", "2"]), values, dtype) == [[1, 0], [0, 1]]


def test_a_column_all_missing_at_predict_time_is_missing() -> None:
    assert written(fit(["a", None]), [np.nan, np.nan]) == [[0, 1], [0, 1]]


def test_values_that_look_alike_are_one() -> None:
    column = fit([1, "1", "2", None], dtype=object)
    assert column.values == ("1", "2")
    assert written(column, [1, "1", None], object) == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]


def test_lists_are_no_text() -> None:
    with pytest.raises(DataError, match="column 'c' needs text"):
        written(fit(["a", "b"]), [[1], [2]])


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (1.0, "1"), (1.5, "1.5"), (True, "True"), ("1.0", "1.0"), (np.float32(3), "3")],
)
def test_whole_numbers_are_written_without_a_point(value: object, text: str) -> None:
    assert as_text(value) == text
