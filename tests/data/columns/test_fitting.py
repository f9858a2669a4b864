import datetime
from typing import Any

import pandas as pd
import pytest

from chainrule.data.columns.fitting import fit_columns
from chainrule.data.columns.numbers import NumberColumn
from chainrule.data.columns.texts import TextColumn
from chainrule.errors import DataError


def notes(**columns: list[Any]) -> tuple[str, ...]:
    return fit_columns(pd.DataFrame(columns))[1]


def test_each_column_is_fitted_by_its_kind() -> None:
    days = [datetime.date(2020, 1, day) for day in (1, 2)]
    frame = pd.DataFrame({"n": [1, 2], "t": ["a", "b"], "d": days, "b": [True, False]})
    columns, said = fit_columns(frame)
    assert [type(column) for column in columns] == [
        *(NumberColumn, TextColumn, NumberColumn, NumberColumn),
    ]
    assert said == (
        "3 number columns standardised.",
        "'d' holds dates, taken as days since 1970.",
        "1 text column one-hot encoded into 2 columns.",
    )


def test_missing_values_are_counted_and_said() -> None:
    assert notes(a=[1, None, 3], b=[None, None, 3], c=["x", None, "y"], d=[1, 2, 3])[2] == (
        "4 missing values in the training part: numbers ('a' and 'b') get the training median and "
        "an indicator column; text ('c') gets a category of its own."
    )


def test_columns_without_use_are_dropped_and_said() -> None:
    columns, said = fit_columns(
        pd.DataFrame(
            {
                "x": [1, 2],
                "gone": [None, None],
                "one": [5, 5],
                "same": ["a", "a"],
                "lists": [[1], [2]],
            }
        )
    )
    assert [column.name for column in columns] == ["x"]
    assert said[1:] == (
        "'gone' is all missing and was dropped.",
        "'one' and 'same' hold a single value and were dropped.",
        "'lists' holds neither numbers nor text and was dropped.",
    )


def test_a_single_value_that_is_sometimes_missing_is_of_use() -> None:
    frame = pd.DataFrame({"a": [5, None], "b": ["x", None], "c": pd.array([5, None], "Int64")})
    columns, _ = fit_columns(frame)
    assert [column.output_names for column in columns] == [
        ("a", "a is missing"),
        ("b = x", "b is missing"),
        ("c", "c is missing"),
    ]


def test_columns_of_many_values_are_said() -> None:
    said = notes(id=[f"u{i}" for i in range(101)], n=list(range(101)))
    assert said[2] == (
        "'id' holds more than 100 different values: the 100 most frequent have a column each, "
        "the rest share one."
    )


def test_of_many_names_five_are_listed() -> None:
    said = fit_columns(pd.DataFrame({"x": [1, 2]} | {f"c{i}": [0, 0] for i in range(8)}))[1]
    assert said[1] == (
        "'c0', 'c1', 'c2', 'c3', 'c4' and 3 more hold a single value and were dropped."
    )


def test_a_table_without_a_column_of_use_is_refused() -> None:
    with pytest.raises(DataError, match="no column is of use"):
        fit_columns(pd.DataFrame({"a": [None, None], "b": [1, 1], "c": [[1], [2]]}))
