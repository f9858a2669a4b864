"""The target of classification: classes and their numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias, final

import numpy as np

from chainrule.arrays import Array
from chainrule.data.columns.texts import as_text
from chainrule.data.ordering import natural_order
from chainrule.data.state import State, StateReader
from chainrule.data.target_values import check_complete, plain_target, quoted
from chainrule.errors import DataError, ModelFileError

__all__ = ["ClassTarget", "Label"]

#: A class as the user knows it.
Label: TypeAlias = str | bool | int | float

_LABEL_TYPES: Final = (str, bool, int, float)
#: As many classes are listed in an error.
_LISTED: Final = 10


@final
@dataclass(frozen=True)
class ClassTarget:
    """Classes, numbered in their order from 0.

    Parameters
    ----------
    classes : tuple of str, bool, int or float
        The classes: numbers by size, text as people count (``class 2`` before ``class 10``).
    name : str or None
        The column's name.

    Examples
    --------
    >>> target = ClassTarget.fit(np.array(["no", "yes", "no"], dtype=object))
    >>> target.encode(np.array(["yes"], dtype=object)), target.decode(np.array([0]))
    (array([1]), array(['no'], dtype=object))
    """

    kind: ClassVar[str] = "classes"

    classes: tuple[Label, ...]
    name: str | None = None

    @classmethod
    def fit(cls, values: Array, name: str | None = None) -> ClassTarget:
        """Learn the classes, from all parts of the data together.

        Parameters
        ----------
        values : Array
            m labels, as in `Part.target`.
        name : str, optional
            The column's name.

        Returns
        -------
        ClassTarget

        Raises
        ------
        DataError
            If a label is missing.
        """
        plain = plain_target(values, name)
        check_complete(plain, name)
        if plain.dtype == object:
            texts: set[str] = set(plain.tolist())
            ordered = sorted(texts, key=natural_order)
            return cls(tuple(ordered), name)
        return cls(tuple(np.unique(plain).tolist()), name)

    @property
    def n_outputs(self) -> int:
        """Number of classes."""
        return len(self.classes)

    def encode(self, values: Array) -> Array:
        """Give the class numbers of labels.

        Labels of another type count by what they look like: the text ``"7"`` is the class 7.

        Parameters
        ----------
        values : Array
            m labels.

        Returns
        -------
        Array
            m numbers from 0, int64.

        Raises
        ------
        DataError
            If a label is missing or none of the classes.
        """
        plain = plain_target(values, self.name)
        check_complete(plain, self.name)
        labels, inverse = _different(plain)
        known = self._codes()
        found = [known.get(as_text(label), -1) for label in labels]
        codes = np.array(found, dtype=np.int64)[inverse]
        if (codes < 0).any():
            raise self._unknown(plain, int((codes < 0).argmax()))
        return codes

    def decode(self, codes: Array) -> Array:
        """Give back the labels of class numbers.

        Parameters
        ----------
        codes : Array
            m numbers from 0.

        Returns
        -------
        Array
            m labels, of the type that training had.
        """
        kind = object if isinstance(self.classes[0], str) else None
        return np.array(self.classes, dtype=kind)[codes]

    def to_state(self) -> tuple[State, dict[str, Array]]:
        """Give everything that `from_state` needs.

        Returns
        -------
        state : dict
            The classes, ready for JSON.
        arrays : dict of str to Array
            Empty.
        """
        return {"kind": self.kind, "name": self.name, "classes": list(self.classes)}, {}

    @classmethod
    def from_state(cls, state: Any, arrays: Mapping[str, Array]) -> ClassTarget:  # noqa: ARG003
        """Build the target that `to_state` described.

        Parameters
        ----------
        state : object
            What a model file holds.
        arrays : mapping of str to Array
            Not used.

        Returns
        -------
        ClassTarget

        Raises
        ------
        ModelFileError
            If there are not at least two different classes of one type.
        """
        reader = StateReader(state, "the target")
        classes = reader.items("classes")
        alike = any(all(type(label) is kind for label in classes) for kind in _LABEL_TYPES)
        if not alike or len(set(classes)) < max(2, len(classes)):
            raise ModelFileError("the model file is damaged: its classes are not as they must be")
        if not all(math.isfinite(label) for label in classes if isinstance(label, float)):
            raise ModelFileError("the model file is damaged: a class is not a finite number")
        return cls(tuple(classes), reader.optional_text("name"))

    def _codes(self) -> dict[str, int]:
        codes = {as_text(label): code for code, label in enumerate(self.classes)}
        if isinstance(self.classes[0], bool):
            codes |= {"0": codes["False"], "1": codes["True"]}
        return codes

    def _unknown(self, values: Array, row: int) -> DataError:
        listed = ", ".join(as_text(label) for label in self.classes[:_LISTED])
        more = ", …" if len(self.classes) > _LISTED else ""
        return DataError(
            f"{quoted(self.name)} holds {as_text(values[row])!r} in row {row + 1}, which is none "
            f"of the {len(self.classes)} classes of training: {listed}{more}"
        )


def _different(values: Array) -> tuple[list[Any], Array]:
    import pandas as pd

    codes, uniques = pd.factorize(values)
    return uniques.tolist(), codes
