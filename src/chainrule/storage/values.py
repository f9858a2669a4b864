"""Python values as JSON and arrays, exactly, and back, without executing anything.

JSON has no tuples, infinities, NumPy numbers or arrays, and its keys are strings. Each of these is
an object with one key, the name of its kind; so every object in what is written is one of ours.
"""

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Final, final

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import DataError
from chainrule.storage.random_states import random_from_record, random_to_record

__all__ = ["ValueReader", "ValueWriter"]

#: The kinds of NumPy types whose bytes are their values.
_KINDS: Final = frozenset("biufcUSMm")


@final
@dataclass(frozen=True)
class ValueWriter:
    """Writes values.

    Parameters
    ----------
    parts : mapping of str to type
        The dataclasses that may be written, by the names that files have for them.
    tensors : dict of str to array
        What was written and is no JSON.

    Examples
    --------
    >>> writer = ValueWriter()
    >>> writer.write((1, float("inf"), np.arange(2.0)), "told")
    {'tuple': [1, {'float': 'inf'}, {'array': ['told.2', '<f8', [2]]}]}
    >>> writer.tensors
    {'told.2': array([0., 1.])}
    """

    parts: Mapping[str, type] = field(default_factory=dict)
    tensors: dict[str, Array] = field(default_factory=dict)

    def write(self, value: Any, name: str) -> Any:
        """Write a value.

        Parameters
        ----------
        value : object
            None, a truth value, a number, a string, an array, a generator or a part; or a list,
            a tuple or a dict of such.
        name : str
            What its arrays are called.

        Returns
        -------
        object
            For JSON.

        Raises
        ------
        ChainruleError
            If it cannot be written.
        """
        kind = type(value)
        if value is None or kind in (bool, int, str):
            return value
        if kind is float:
            return value if math.isfinite(value) else {"float": str(value)}
        if kind is list:
            return self._each(value, name)
        if kind is tuple:
            return {"tuple": self._each(value, name)}
        if kind is dict:
            return {"dict": self._each([list(item) for item in value.items()], name)}
        return self._special(value, name)

    def _each(self, values: Any, name: str) -> list[Any]:
        return [self.write(value, f"{name}.{index}") for index, value in enumerate(values)]

    def _special(self, value: Any, name: str) -> Any:
        if isinstance(value, np.generic) and value.dtype.kind in _KINDS:
            array = np.array([value])
            return {"scalar": [array.dtype.str, array.tobytes().hex()]}
        if isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray):
            return self._array(np.asarray(value), name)
        if isinstance(value, np.random.RandomState):
            record, self.tensors[name] = random_to_record(value)
            return {"random_state": [name, record]}
        kind = type(value)
        if is_dataclass(kind) and self.parts.get(kind.__name__) is kind:
            told = {
                one.name: self.write(getattr(value, one.name), f"{name}.{one.name}")
                for one in fields(kind)
                if one.init
            }
            return {"part": [kind.__name__, told]}
        raise DataError(f"{_named(value)} cannot be written to a file")

    def _array(self, array: Array, name: str) -> Any:
        if array.dtype.kind == "O":
            return {"objects": [list(array.shape), self._each(array.ravel().tolist(), name)]}
        if array.dtype.kind not in _KINDS:
            raise DataError(f"an array of type {array.dtype} cannot be written to a file")
        native = array.astype(array.dtype.newbyteorder("="), copy=False)
        is_tensor = _is_tensor(native.dtype)
        self.tensors[name] = native if is_tensor else np.frombuffer(native.tobytes(), np.uint8)
        return {"array": [name, native.dtype.str, list(native.shape)]}


@final
@dataclass(frozen=True)
class ValueReader:
    """Reads what a `ValueWriter` wrote.

    Parameters
    ----------
    tensors : mapping of str to array
        The arrays of the file.
    parts : mapping of str to type
        The dataclasses that may be made.

    Examples
    --------
    >>> ValueReader({}).read({"tuple": [1, {"float": "-inf"}, {"scalar": ["<i2", "0700"]}]})
    (1, -inf, np.int16(7))
    """

    tensors: Mapping[str, Array]
    parts: Mapping[str, type] = field(default_factory=dict)

    def read(self, written: Any) -> Any:
        """Read a value.

        Parameters
        ----------
        written : object
            From `ValueWriter.write`.

        Returns
        -------
        object

        Raises
        ------
        KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError
            Where it is not what `ValueWriter` writes.
        """
        if written is None or type(written) in (bool, int, float, str):
            return written
        if type(written) is list:
            return [self.read(one) for one in written]
        ((kind, content),) = written.items()
        readers: dict[str, Callable[[Any], Any]] = {
            "float": _not_finite,
            "tuple": lambda items: tuple(self.read(_a_list(items))),
            "dict": lambda items: dict(self.read(_a_list(items))),
            "scalar": _scalar,
            "array": self._array,
            "objects": self._objects,
            "random_state": self._random_state,
            "part": self._part,
        }
        return readers[kind](content)

    def _array(self, content: Any) -> Array:
        name, kind, shape = content
        dtype, tensor = _plain_type(kind), self.tensors[name]
        if tensor.dtype != (dtype if _is_tensor(dtype) else np.uint8):
            raise TypeError(name)
        if _is_tensor(dtype):
            return tensor.reshape(_whole_numbers(shape))
        return _from_bytes(tensor.tobytes(), dtype).reshape(_whole_numbers(shape))

    def _objects(self, content: Any) -> Array:
        shape, items = content
        found = self.read(_a_list(items))
        return np.fromiter(found, object, len(found)).reshape(_whole_numbers(shape))

    def _random_state(self, content: Any) -> np.random.RandomState:
        name, record = content
        return random_from_record(record, self.tensors[name])

    def _part(self, content: Any) -> Any:
        name, told = content
        return self.parts[name](**{field: self.read(value) for field, value in told.items()})


def _named(value: Any) -> str:
    """Say what a value is: a function by its name, anything else by its type."""
    name = getattr(value, "__qualname__", None)
    return f"the function or class {name}" if name else f"a value of type {type(value).__name__}"


def _is_tensor(dtype: np.dtype[Any]) -> bool:
    """Tell whether safetensors knows a type; arrays of the others are kept as bytes."""
    return dtype.kind in "biu" or (dtype.kind == "f" and dtype.itemsize <= 8)


def _not_finite(text: str) -> float:
    if text not in ("nan", "inf", "-inf"):
        raise ValueError(text)
    return float(text)


def _a_list(items: Any) -> list[Any]:
    if type(items) is not list:
        raise TypeError(items)
    return items


def _whole_numbers(shape: Any) -> list[int]:
    if not all(type(size) is int and size >= 0 for size in _a_list(shape)):
        raise ValueError(shape)
    return list(shape)


def _plain_type(text: Any) -> np.dtype[Any]:
    if not isinstance(text, str):
        raise TypeError(text)
    dtype = np.dtype(text)
    if dtype.kind not in _KINDS or dtype.itemsize == 0:
        raise ValueError(text)
    return dtype


def _scalar(content: Any) -> Any:
    kind, digits = content
    (found,) = _from_bytes(bytes.fromhex(digits), _plain_type(kind))
    return found


def _from_bytes(content: bytes, dtype: np.dtype[Any]) -> Array:
    native = dtype.newbyteorder("=")
    found: Array = np.frombuffer(content, dtype).astype(native)
    # NumPy takes any number for a character, and fails only where it is used
    if native.kind == "U" and (found.view(np.uint32) > sys.maxunicode).any():
        raise ValueError("characters")
    return found
