"""A generator goes on from where it was written."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.errors import SpecificationError
from chainrule.storage import random_from_record, random_to_record


@given(seed=st.integers(0, 2**32 - 1), n_before=st.integers(0, 700), n_normals=st.integers(0, 3))
def test_a_generator_goes_on_as_the_original(seed: int, n_before: int, n_normals: int) -> None:
    original = np.random.RandomState(seed)
    original.randint(10, size=n_before)
    original.normal(size=n_normals)  # an odd number leaves one waiting
    again = random_from_record(*random_to_record(original))
    assert again.normal(size=3).tolist() == original.normal(size=3).tolist()
    assert again.randint(2**31, size=700).tolist() == original.randint(2**31, size=700).tolist()


def test_writing_a_generator_leaves_it_where_it_is() -> None:
    written, other = np.random.RandomState(5), np.random.RandomState(5)
    random_to_record(written)
    assert written.rand() == other.rand()


def test_another_kind_of_generator_is_refused() -> None:
    with pytest.raises(SpecificationError, match="and this one is PCG64; use"):
        random_to_record(np.random.RandomState(np.random.PCG64(0)))


@pytest.mark.parametrize(
    "change",
    [
        {"pos": 625},
        {"pos": -1},
        {"pos": 3.0},
        {"pos": True},
        {"has_gauss": 2},
        {"has_gauss": None},
        {"gauss": "1"},
        {"gauss": float("nan")},
    ],
)
def test_a_place_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    record, keys = random_to_record(np.random.RandomState(0))
    with pytest.raises(ValueError, match=next(iter(change))):
        random_from_record(record | change, keys)


@pytest.mark.parametrize("keys", [np.zeros(623, np.uint32), np.zeros(624, np.int64)])
def test_keys_that_cannot_be_are_refused(keys: Any) -> None:
    record, _ = random_to_record(np.random.RandomState(0))
    with pytest.raises(ValueError, match="keys"):
        random_from_record(record, keys)
