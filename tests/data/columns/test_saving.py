import copy
import json
from typing import Any

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.data.columns.numbers import NumberColumn
from chainrule.data.columns.saving import columns_from_state, columns_to_state
from chainrule.data.columns.texts import TextColumn
from chainrule.data.state import StateReader
from chainrule.errors import ModelFileError

COLUMNS = (
    NumberColumn("a", "number", 0.1, 1 / 3, 2.0**-40, True),
    TextColumn("b", ("x", "é", '"'), True, False),
    NumberColumn("c", "date", 18262.5, -1e9, 7.0, False),
)


def read(records: list[Any], arrays: dict[str, Array]) -> tuple[Any, ...]:
    return columns_from_state([StateReader(record, "columns") for record in records], arrays)


def test_columns_come_back_bit_for_bit() -> None:
    records, arrays = columns_to_state(COLUMNS)
    assert read(json.loads(json.dumps(records)), arrays) == COLUMNS


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [
        (0, "name", 3),
        (0, "kind", "float"),
        (0, "kind", "text"),
        (0, "has_indicator", 1),
        (1, "kind", "number"),
        (1, "values", []),
        (1, "values", ["x", "x"]),
        (1, "values", ["x", 1]),
        (1, "values", [str(i) for i in range(101)]),
        (1, "has_other", None),
        (1, "has_missing", "yes"),
    ],
)
def test_a_damaged_record_is_refused(place: int, key: str, value: object) -> None:
    records, arrays = columns_to_state(COLUMNS)
    records = copy.deepcopy(records)
    records[place][key] = value
    with pytest.raises(ModelFileError, match="the model file is damaged"):
        read(records, arrays)


@pytest.mark.parametrize("name", ["median", "mean", "scale"])
@pytest.mark.parametrize(
    "vector", [None, np.ones(1), np.ones(3), np.array([1, np.nan]), np.ones(2, np.float32)]
)
def test_a_damaged_array_is_refused(name: str, vector: Array | None) -> None:
    records, arrays = columns_to_state(COLUMNS)
    arrays = {key: value for key, value in arrays.items() if key != name}
    with pytest.raises(ModelFileError, match=f"array '{name}'"):
        read(records, arrays if vector is None else {**arrays, name: vector})


def test_a_scale_is_positive() -> None:
    records, arrays = columns_to_state(COLUMNS)
    with pytest.raises(ModelFileError, match="'scale' is not positive"):
        read(records, {**arrays, "scale": np.array([1.0, 0.0])})
