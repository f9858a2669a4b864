import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.arrays import Array
from chainrule.data.number_target import NumberTarget
from chainrule.errors import DataError, ModelFileError

NUMBERS = st.floats(-1e12, 1e12)


@given(st.lists(NUMBERS, min_size=1))
def test_what_is_encoded_is_decoded(numbers: list[float]) -> None:
    values = np.array(numbers)
    target = NumberTarget.fit(values)
    largest = np.abs(values).max()
    assert np.allclose(target.decode(target.encode(values)), values, rtol=0, atol=1e-9 * largest)


def test_the_training_part_has_mean_0_and_deviation_1() -> None:
    values = np.random.RandomState(0).lognormal(size=1000)
    encoded = NumberTarget.fit(values).encode(values)
    assert abs(encoded.mean()) < 1e-12
    assert abs(encoded.std() - 1) < 1e-12


def test_truth_values_and_whole_numbers_are_numbers() -> None:
    assert NumberTarget.fit(np.array([True, False])).mean == 0.5
    assert NumberTarget.fit(np.array([7, 7])).encode(np.array([7, 8])).tolist() == [0, 1]


def test_a_round_trip_is_exact() -> None:
    target = NumberTarget.fit(np.array([0.1, 0.7, 1e9]), "price")
    state, arrays = target.to_state()
    assert NumberTarget.from_state(json.loads(json.dumps(state)), arrays) == target


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (np.array(["a", "b"], dtype=object), "needs numbers, and holds text such as 'a'"),
        (np.array([1.5, np.nan]), "missing in 1 row, row 2"),
        (np.array([1.5, np.inf]), "infinite in 1 row, row 2"),
        (np.array([1.5, 1e200]), "numbers beyond 1e"),
    ],
)
def test_what_is_no_number_is_refused(values: Array, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        NumberTarget.fit(values, "price")


@pytest.mark.parametrize(
    ("mean", "scale"),
    [
        (np.array([np.nan]), np.array([1.0])),
        (np.array([0.0]), np.array([0.0])),
        (np.array([0.0]), np.array([-1.0])),
        (np.array([0.0, 1.0]), np.array([1.0])),
        (np.array([0.0], dtype=np.float32), np.array([1.0])),
    ],
)
def test_a_damaged_state_is_refused(mean: Array, scale: Array) -> None:
    arrays = {"target_mean": mean, "target_scale": scale}
    with pytest.raises(ModelFileError, match="the model file is damaged"):
        NumberTarget.from_state({"kind": "number", "name": None}, arrays)
