"""The target of regression: one number, standardised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, final

import numpy as np

from chainrule.arrays import Array
from chainrule.data.state import State, StateReader, finite_vector
from chainrule.data.target_values import check_complete, plain_target, quoted
from chainrule.errors import DataError, ModelFileError

__all__ = ["NumberTarget"]

#: Squares of larger numbers leave float64.
_LARGEST: Final = 1e150


@final
@dataclass(frozen=True)
class NumberTarget:
    """A number, standardised for the network as (t - mean) / scale.

    Parameters
    ----------
    mean, scale : float
        Mean and standard deviation of the training part.
    name : str or None
        The column's name.

    Examples
    --------
    >>> target = NumberTarget.fit(np.array([1.0, 3.0]))
    >>> target.encode(np.array([3.0])), target.decode(np.array([0.5]))
    (array([1.]), array([2.5]))
    """

    kind: ClassVar[str] = "number"

    mean: float
    scale: float
    name: str | None = None

    @classmethod
    def fit(cls, values: Array, name: str | None = None) -> NumberTarget:
        """Learn mean and scale from the training part.

        Parameters
        ----------
        values : Array
            m numbers, as in `Part.target`.
        name : str, optional
            The column's name.

        Returns
        -------
        NumberTarget

        Raises
        ------
        DataError
            If a value is missing, infinite, too large or not a number.
        """
        numbers = _numbers(values, name)
        scale = float(numbers.std()) if numbers.min() < numbers.max() else 0.0
        return cls(float(numbers.mean()), scale or 1.0, name)

    @property
    def n_outputs(self) -> int:
        """One."""
        return 1

    def encode(self, values: Array) -> Array:
        """Standardise numbers.

        Parameters
        ----------
        values : Array
            m numbers.

        Returns
        -------
        Array
            m numbers, float64.

        Raises
        ------
        DataError
            If a value is missing, infinite, too large or not a number.
        """
        return (_numbers(values, self.name) - self.mean) / self.scale

    def decode(self, standardised: Array) -> Array:
        """Give numbers back in the user's unit.

        Parameters
        ----------
        standardised : Array
            What the network gives.

        Returns
        -------
        Array
            float64.
        """
        return np.asarray(standardised, dtype=np.float64) * self.scale + self.mean

    def to_state(self) -> tuple[State, dict[str, Array]]:
        """Give everything that `from_state` needs.

        Returns
        -------
        state : dict
            The kind, ready for JSON.
        arrays : dict of str to Array
            Mean and scale.
        """
        arrays = {"target_mean": np.array([self.mean]), "target_scale": np.array([self.scale])}
        return {"kind": self.kind, "name": self.name}, arrays

    @classmethod
    def from_state(cls, state: Any, arrays: Mapping[str, Array]) -> NumberTarget:
        """Build the target that `to_state` described.

        Parameters
        ----------
        state : object
            What a model file holds.
        arrays : mapping of str to Array
            Its arrays.

        Returns
        -------
        NumberTarget

        Raises
        ------
        ModelFileError
            If mean or scale are absent or of no use.
        """
        reader = StateReader(state, "the target")
        mean = float(finite_vector(arrays, "target_mean", 1)[0])
        scale = float(finite_vector(arrays, "target_scale", 1)[0])
        if scale <= 0:
            raise ModelFileError("the model file is damaged: array 'target_scale' is not positive")
        return cls(mean, scale, reader.optional_text("name"))


def _numbers(values: Array, name: str | None) -> Array:
    plain = plain_target(values, name)
    check_complete(plain, name)
    if plain.dtype == object:
        raise DataError(f"{quoted(name)} needs numbers, and holds text such as {plain[0]!r}")
    numbers = plain.astype(np.float64)
    if (np.abs(numbers) > _LARGEST).any():
        raise DataError(f"{quoted(name)} holds numbers beyond {_LARGEST:g}")
    return numbers
