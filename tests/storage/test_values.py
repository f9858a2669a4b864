"""What is written as JSON and arrays comes back as it was, with its types."""

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from chainrule.arrays import Array
from chainrule.errors import ChainruleError, DataError
from chainrule.storage import ValueReader, ValueWriter


@dataclass
class Part:
    """Something with fields, of which one is made and not told."""

    told: Any
    made: int = field(init=False, default=3)


PARTS = {"Part": Part}
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


def there_and_back(value: Any) -> Any:
    writer = ValueWriter(PARTS)
    text = json.dumps(writer.write(value, "it"), allow_nan=False)
    return ValueReader(writer.tensors, PARTS).read(json.loads(text))


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are of the same type all through, and the same to the bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and same_entries(one, other)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, float):
        return repr(one) == repr(other)
    if isinstance(one, np.generic):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    return bool(one == other)


def same_entries(one: Array, other: Array) -> bool:
    if one.dtype.kind == "O":
        return same(one.ravel().tolist(), other.ravel().tolist())
    return one.tobytes() == other.tobytes()


types = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="="),
    hnp.unsigned_integer_dtypes(endianness="="),
    hnp.floating_dtypes(endianness="=", sizes=(16, 32, 64)),
    hnp.complex_number_dtypes(endianness="=", sizes=(64, 128)),
    hnp.unicode_string_dtypes(endianness="=", min_len=1, max_len=4),
    hnp.byte_string_dtypes(min_len=1, max_len=4),
    hnp.datetime64_dtypes(endianness="="),
)
arrays = hnp.arrays(types, hnp.array_shapes(min_dims=1, min_side=0, max_side=4))
scalars = arrays.filter(lambda array: array.size > 0).map(lambda array: array.ravel()[0])
plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
keys = st.integers() | st.text(max_size=3) | st.booleans()
values = st.recursive(
    plain | arrays | scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=8,
)


@given(value=values)
def test_every_plain_value_comes_back(value: Any) -> None:
    assert same(there_and_back(value), value)


@given(items=st.lists(plain, min_size=1, max_size=6))
def test_arrays_of_objects_come_back(items: list[Any]) -> None:
    array = np.fromiter(items, object, len(items))
    assert same(there_and_back(array), array)
    assert same(there_and_back(array[:, np.newaxis]), array[:, np.newaxis])


def test_an_array_of_objects_may_hold_lists_of_one_length() -> None:
    array = np.fromiter([[1, 2], [3, 4]], object, 2)
    assert same(there_and_back(array), array)


@pytest.mark.parametrize("order", ["F", "C"])
def test_the_order_of_memory_does_not_matter(order: Any) -> None:
    array = np.asarray(np.arange(6.0).reshape(2, 3), order=order)
    assert there_and_back(array).tolist() == array.tolist()
    assert there_and_back(array[:, ::-2]).tolist() == array[:, ::-2].tolist()


@pytest.mark.parametrize("kind", [">f8", "<f8", ">i2", ">U3", ">c16"])
def test_the_order_of_bytes_becomes_that_of_the_machine(kind: str) -> None:
    array = np.array([1, 2, 3]).astype(kind)
    found = there_and_back(array)
    assert found.tolist() == array.tolist()
    assert found.dtype.isnative


def test_long_doubles_come_back() -> None:
    array = np.array([1, 3], np.longdouble) / 3
    assert there_and_back(array).tolist() == array.tolist()


def test_a_generator_goes_on() -> None:
    original = np.random.RandomState(3)
    original.rand(5)
    assert there_and_back(original).rand() == original.rand()


def test_a_part_is_made_of_what_it_was_told() -> None:
    found = there_and_back([Part((1, np.arange(2))), Part(Part(None))])
    assert found[0].told[1].tolist() == [0, 1]
    assert found[1] == Part(Part(None))


def test_the_arrays_are_named_after_their_places() -> None:
    writer = ValueWriter()
    writer.write([np.zeros(1), np.zeros(2)], "coefs_")
    assert list(writer.tensors) == ["coefs_.0", "coefs_.1"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (max, "the function or class max cannot be written"),
        ([1, {"a": (lambda: 0)}], r"<lambda> cannot be written"),
        (Part, "the function or class Part cannot"),
        (object(), "a value of type object cannot"),
        ({1, 2}, "a value of type set cannot"),
        (np.random.default_rng(0), "a value of type Generator cannot"),
        (np.random.RandomState(np.random.PCG64()), "only the generator MT19937"),
        (np.array([1, max], object), "the function or class max cannot"),
        (np.zeros(2, "i4,f8"), r"an array of type \[\('f0'.* cannot be written"),
        (np.ma.masked_array([1, 2], [True, False]), "a value of type MaskedArray cannot"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_is_no_plain_value_is_refused_by_name(value: Any, message: str) -> None:
    with pytest.raises(ChainruleError, match=message):
        ValueWriter({"Another": Part}).write(value, "it")


def test_a_part_is_told_by_its_class_and_not_by_its_name() -> None:
    @dataclass
    class Part:
        told: int = 0

    with pytest.raises(DataError, match="a value of type Part cannot"):
        ValueWriter(PARTS).write(Part(), "it")


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"tuple": [], "dict": []},
        {"function": "max"},
        {"float": "1"},
        {"float": 1.0},
        {"tuple": 3},
        {"tuple": "ab"},
        {"dict": [1]},
        {"dict": [[[], 1]]},
        {"scalar": ["O", "00"]},
        {"scalar": ["<f8", "00"]},
        {"scalar": ["<f8", "zz"]},
        {"scalar": ["i4,i4", "0000000000000000"]},
        {"scalar": ["V8", "0000000000000000"]},
        {"scalar": [8, "00"]},
        {"array": ["absent", "<f8", [2]]},
        {"array": ["floats", "<f4", [2]]},
        {"array": ["floats", "<f8", [3]]},
        {"array": ["floats", "<f8", [-1]]},
        {"array": ["floats", "<f8", [2.0]]},
        {"array": ["floats", "<f8", 2]},
        {"array": ["floats", "<U1", [4]]},
        {"array": ["bytes", "<U1", [2]]},
        {"array": ["bytes", "O", [1]]},
        {"array": ["no characters", "<U1", [1]]},
        {"objects": [[3], ["a"]]},
        {"objects": [[1], "a"]},
        {"random_state": ["floats", {}]},
        {"part": ["Part", {}]},
        {"part": ["Part", {"made": 1}]},
        {"part": ["Part", 3]},
        {"part": ["object", {}]},
    ],
    ids=str,
)
def test_what_no_writer_writes_is_refused(written: Any) -> None:
    tensors: dict[str, Array] = {
        "floats": np.zeros(2),
        "bytes": np.zeros(5, np.uint8),
        "no characters": np.full(4, 255, np.uint8),
    }
    with pytest.raises(MALFORMED):
        ValueReader(tensors, PARTS).read(written)
