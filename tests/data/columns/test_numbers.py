import datetime
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.arrays import Array
from chainrule.data.columns.numbers import NumberColumn, numbers
from chainrule.errors import DataError

COLUMN = NumberColumn("a", "number", median=2.0, mean=1.0, scale=2.0, has_indicator=True)


def written(column: NumberColumn, values: list[Any], dtype: Any = None) -> Array:
    out = np.zeros((len(values), len(column.output_names)))
    column.write(pd.Series(values, name="a", dtype=dtype), out)
    return out


def test_numbers_are_standardised_with_the_training_part() -> None:
    values = np.random.RandomState(0).lognormal(size=1000)
    column = NumberColumn.fit(pd.Series(values, name="a"))
    encoded = written(column, values.tolist())
    assert abs(encoded.mean()) < 1e-12
    assert abs(encoded.std() - 1) < 1e-12
    assert written(column, [column.mean + column.scale]).tolist() == [[1.0]]


def test_a_missing_number_is_the_median_and_marked() -> None:
    column = NumberColumn.fit(pd.Series([1.0, None, 3.0, 8.0], name="a"))
    assert column.median == 3.0
    assert column.mean == np.mean([1, 3, 3, 8])
    assert column.scale == np.std([1, 3, 3, 8])
    assert column.output_names == ("a", "a is missing")
    encoded = written(column, [None, 3.0])
    assert encoded[0, 0] == encoded[1, 0]
    assert encoded[:, 1].tolist() == [1, 0]


def test_without_missing_numbers_in_training_a_missing_one_is_the_median_alone() -> None:
    column = NumberColumn.fit(pd.Series([1.0, 2.0, 9.0], name="a"))
    assert column.output_names == ("a",)
    assert written(column, [None, 2.0])[0] == written(column, [None, 2.0])[1]


@pytest.mark.parametrize("value", [0.1, 0.0, 1e9 + 0.1])
def test_a_column_that_does_not_vary_has_scale_1(value: float) -> None:
    assert NumberColumn.fit(pd.Series([value] * 9, name="a")).scale == 1.0


def test_large_numbers_close_to_one_another_are_told_apart() -> None:
    values = [1.6e18 + step for step in (0.0, 1e3, 2e3)]
    assert written(NumberColumn.fit(pd.Series(values, name="a")), values).std() == pytest.approx(1)


@given(st.lists(st.floats(-1e150, 1e150), min_size=1))
def test_finite_numbers_stay_finite_in_float32(values: list[float]) -> None:
    column = NumberColumn.fit(pd.Series(values, name="a", dtype=float))
    out = np.zeros((len(values), 1), dtype=np.float32)
    column.write(pd.Series(values, name="a", dtype=float), out)
    assert np.isfinite(out).all()


def test_dates_are_days_since_1970_whatever_they_are_stored_as() -> None:
    days = [datetime.date(1970, 1, 1), datetime.date(2020, 1, 2), None]
    expected = [0.0, 18263.0]
    for series in (
        pd.Series(days),
        pd.Series(days).astype("datetime64[ns]"),
        pd.Series(days).astype("datetime64[s]"),
        pd.Series(days).astype("datetime64[us]").dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo"),
        pd.Series(["1970-01-01", "2020-01-02T00:00:00Z", None]),
    ):
        found = numbers(series, "date")
        assert found[:2].tolist() == expected
        assert np.isnan(found[2])


def test_durations_are_days() -> None:
    durations = pd.Series([datetime.timedelta(hours=36), None])
    assert numbers(durations, "date")[0] == 1.5
    assert np.isnan(numbers(durations, "date")[1])


def test_the_years_of_old_maps_and_far_futures_are_dates() -> None:
    found = numbers(pd.Series([datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]), "date")
    assert found.tolist() == [-719162.0, 2932896.0]


def test_a_column_of_dates_all_missing_at_predict_time_is_missing() -> None:
    assert np.isnan(numbers(pd.Series([None, None]), "date")).all()


@pytest.mark.parametrize("values", [["1.5", "2"], [1.5, 2], [True, 2.0]])
def test_numbers_written_as_text_are_numbers(values: list[Any]) -> None:
    assert numbers(pd.Series(values, dtype=object), "number").tolist()[1] == 2.0


@pytest.mark.parametrize(
    ("values", "kind", "sentence"),
    [
        (["1", "two"], "number", "column 'a' holds 'two' in row 2, where a number is needed"),
        ([1.0, np.inf], "number", "column 'a' holds an infinite value in row 2"),
        ([1.0, -np.inf], "number", "column 'a' holds an infinite value in row 2"),
        ([1.0, 1e200], "number", r"column 'a' holds 1e\+200 in row 2"),
        ([datetime.date(2020, 1, 1)], "number", "column 'a' needs numbers, and holds"),
        ([[1]], "number", "column 'a' needs numbers, and holds"),
        (["2020-01-01", "x"], "date", "column 'a' holds 'x' in row 2, where a date is needed"),
        ([1, 2], "date", "column 'a' needs dates, and holds int64 values"),
        ([[1]], "date", "column 'a'"),
    ],
)
def test_what_is_no_number_is_named_with_column_and_row(
    values: list[Any], kind: Literal["number", "date"], sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        numbers(pd.Series(values, name="a"), kind)


def test_the_row_is_that_of_the_whole_table() -> None:
    part = pd.Series([1.0, 2.0, np.inf], name="a").iloc[[0, 2]]
    with pytest.raises(DataError, match="row 3"):
        NumberColumn.fit(part)


def test_a_number_absurdly_far_from_training_is_refused() -> None:
    with pytest.raises(DataError, match=r"'a' holds 1e\+40 in row 2, beyond any use"):
        written(COLUMN, [1.0, 1e40])


def test_the_table_itself_is_left_as_it_was() -> None:
    series = pd.Series([1.0, np.nan], name="a")
    NumberColumn.fit(series)
    COLUMN.write(series, np.zeros((2, 2)))
    assert np.isnan(series.iloc[1])
