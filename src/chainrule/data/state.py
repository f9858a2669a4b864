"""Reading an encoder's saved state, in which nothing is believed before it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import ModelFileError

__all__ = ["State", "StateReader", "finite_vector"]

#: JSON values by name: text, numbers, truth values, lists and records of these.
State = dict[str, Any]


@final
@dataclass(frozen=True)
class StateReader:
    """Typed access to a record that came from a file.

    Parameters
    ----------
    state : object
        What the file holds; anything at all.
    where : str
        What the record describes, for messages.

    Raises
    ------
    ModelFileError
        From every method, if an entry is absent or of another type.

    Examples
    --------
    >>> StateReader({"name": "age"}, "column").text("name")
    'age'
    """

    state: Any
    where: str

    def __post_init__(self) -> None:
        if not isinstance(self.state, Mapping):
            raise ModelFileError(f"the model file is damaged: {self.where} is no record")

    def text(self, key: str) -> str:
        """Read text."""
        value = self._value(key)
        return value if isinstance(value, str) else self._refuse(key, "text")

    def optional_text(self, key: str) -> str | None:
        """Read text or nothing."""
        return None if self._value(key) is None else self.text(key)

    def flag(self, key: str) -> bool:
        """Read a truth value."""
        value = self._value(key)
        return value if isinstance(value, bool) else self._refuse(key, "true or false")

    def items(self, key: str) -> list[Any]:
        """Read a list of anything."""
        value = self._value(key)
        return value if isinstance(value, list) else self._refuse(key, "a list")

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of different texts."""
        values = self.items(key)
        if not all(isinstance(value, str) for value in values) or len(set(values)) < len(values):
            self._refuse(key, "a list of different texts")
        return tuple(values)

    def sizes(self, key: str) -> tuple[int, ...]:
        """Read a list of positive whole numbers."""
        values = self.items(key)
        if not values or not all(type(value) is int and value > 0 for value in values):
            self._refuse(key, "a list of positive whole numbers")
        return tuple(values)

    def records(self, key: str) -> list[StateReader]:
        """Read a list of records."""
        return [StateReader(item, f"{key} of {self.where}") for item in self.items(key)]

    def _value(self, key: str) -> Any:
        if key not in self.state:
            raise ModelFileError(f"the model file is damaged: {self.where} lacks {key!r}")
        return self.state[key]

    def _refuse(self, key: str, wanted: str) -> Any:
        raise ModelFileError(f"the model file is damaged: {key!r} of {self.where} is not {wanted}")


def finite_vector(arrays: Mapping[str, Array], name: str, size: int) -> Array:
    """Take a vector of finite float64 numbers out of the arrays of a model file.

    Parameters
    ----------
    arrays : mapping of str to Array
        What the file holds.
    name : str
        Name of the vector.
    size : int
        Its length.

    Returns
    -------
    Array
        float64, `size` numbers.

    Raises
    ------
    ModelFileError
        If there is no such vector.

    Examples
    --------
    >>> finite_vector({"mean": np.array([1.0, 2.0])}, "mean", 2)
    array([1., 2.])
    """
    vector = arrays.get(name)
    if vector is None or vector.shape != (size,) or vector.dtype != np.float64:
        raise ModelFileError(
            f"the model file is damaged: array {name!r} is not a vector of {size} float64 numbers"
        )
    if not np.isfinite(vector).all():
        raise ModelFileError(f"the model file is damaged: array {name!r} is not finite")
    return vector
