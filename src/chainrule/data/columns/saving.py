"""Columns as names for JSON and numbers for arrays, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np

from chainrule.arrays import Array
from chainrule.data.columns.fitting import Column
from chainrule.data.columns.numbers import NumberColumn
from chainrule.data.columns.texts import MAX_VALUES, TextColumn
from chainrule.data.state import State, StateReader, finite_vector
from chainrule.errors import ModelFileError

__all__ = ["columns_from_state", "columns_to_state"]

#: Statistics of the number columns, one vector each.
_STATISTICS: Final = ("median", "mean", "scale")


def columns_to_state(columns: Sequence[Column]) -> tuple[list[State], dict[str, Array]]:
    """Take columns apart.

    Parameters
    ----------
    columns : sequence of NumberColumn or TextColumn
        The columns of an encoder.

    Returns
    -------
    records : list of dict
        One record a column, ready for JSON.
    arrays : dict of str to Array
        Medians, means and scales of the number columns, in their order, float64.
    """
    numbers = [column for column in columns if isinstance(column, NumberColumn)]
    arrays = {
        key: np.array([getattr(column, key) for column in numbers], dtype=np.float64)
        for key in _STATISTICS
    }
    return [_record(column) for column in columns], arrays


def columns_from_state(
    records: Sequence[StateReader], arrays: Mapping[str, Array]
) -> tuple[Column, ...]:
    """Put columns together again.

    Parameters
    ----------
    records : sequence of StateReader
        What a model file holds for each column.
    arrays : mapping of str to Array
        Its arrays.

    Returns
    -------
    tuple of NumberColumn or TextColumn

    Raises
    ------
    ModelFileError
        If anything is absent, of another type, or contradictory.
    """
    kinds = [record.text("kind") for record in records]
    statistics = _statistics(arrays, len(kinds) - kinds.count("text"))
    return tuple(
        _text_column(record) if kind == "text" else _number_column(record, kind, *next(statistics))
        for record, kind in zip(records, kinds, strict=True)
    )


def _record(column: Column) -> State:
    if isinstance(column, NumberColumn):
        return {"name": column.name, "kind": column.kind, "has_indicator": column.has_indicator}
    return {
        "name": column.name,
        "kind": "text",
        "values": list(column.values),
        "has_other": column.has_other,
        "has_missing": column.has_missing,
    }


def _statistics(arrays: Mapping[str, Array], size: int) -> zip[tuple[float, float, float]]:
    median, mean, scale = (finite_vector(arrays, key, size) for key in _STATISTICS)
    if (scale <= 0).any():
        raise ModelFileError("the model file is damaged: array 'scale' is not positive")
    return zip(median.tolist(), mean.tolist(), scale.tolist(), strict=True)


def _text_column(record: StateReader) -> TextColumn:
    values = record.texts("values")
    if not 0 < len(values) <= MAX_VALUES:
        raise ModelFileError(f"the model file is damaged: {record.where} has {len(values)} values")
    has_other, has_missing = record.flag("has_other"), record.flag("has_missing")
    return TextColumn(record.text("name"), values, has_other, has_missing)


def _number_column(
    record: StateReader, kind: str, median: float, mean: float, scale: float
) -> NumberColumn:
    known: dict[str, Literal["number", "date"]] = {"number": "number", "date": "date"}
    if kind not in known:
        raise ModelFileError(f"the model file is damaged: there is no kind of column {kind!r}")
    flag = record.flag("has_indicator")
    return NumberColumn(record.text("name"), known[kind], median, mean, scale, flag)
