"""Values of formulas: matrices with strict shapes, and one named axis for every free index.

A quantity has rows and columns, always; a number is 1 × 1. A component ``y_j`` is 1 × 1 with a
named axis ``j``. Named axes are matched by name, so that both ways of writing, by matrices and by
indices, are one. Nothing else broadcasts: only a numeral beside an array stands for that multiple
of ones.
"""

import math
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, final

import numpy as np
import numpy.typing as npt

from chainrule.grading.problems import IndexMistakeError, NotUnderstoodError

__all__ = ["OPEN", "SAMPLES", "Numbers", "Value", "aligned", "described", "number"]

Numbers: TypeAlias = npt.NDArray[np.inexact]

#: The axis of the samples, where no index names it.
SAMPLES: Final = "#"
_LARGEST: Final = 4_000_000
#: Kinds of values whose size their neighbours decide.
OPEN: Final = ("ones", "ones-row", "identity")


@final
@dataclass(frozen=True, slots=True)
class Value:
    """A value: named axes first, then rows and columns.

    Parameters
    ----------
    data : array
        ``(…, rows, columns)``, real or complex.
    axes : tuple of str
        The names of all axes but the last two.
    kind : str
        ``"numeral"`` for what is made of numerals alone, ``"ones"`` and ``"ones-row"`` for a column
        and a row of ones, ``"identity"`` for an identity matrix, of the size that its place asks
        for.
    """

    data: Numbers
    axes: tuple[str, ...] = ()
    kind: str = ""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.data.shape[-2], self.data.shape[-1]

    @property
    def is_number(self) -> bool:
        """Whether there is one row and one column, of a size that is not left open."""
        return self.data.shape[-2:] == (1, 1) and self.kind in ("", "numeral")

    @property
    def T(self) -> "Value":
        """The transpose; named axes stay."""
        kind = {"ones": "ones-row", "ones-row": "ones"}.get(self.kind, self.kind)
        return Value(np.swapaxes(self.data, -1, -2), self.axes, kind)

    @property
    def plain(self) -> "Value":
        """The same numbers, of no kind."""
        return Value(self.data, self.axes)

    def size_of(self, axis: str) -> int:
        """Give the length of a named axis."""
        return int(self.data.shape[self.axes.index(axis)])

    def with_data(self, data: Numbers) -> "Value":
        """Give other numbers of the same axes."""
        return Value(data, self.axes, self.kind if self.kind == "numeral" else "")

    def renamed(self, old: str, new: str) -> "Value":
        """Rename an axis; where the new name is there already, take the diagonal of the two."""
        if old not in self.axes or old == new:
            return self
        if new not in self.axes:
            return replace(self, axes=tuple(new if axis == old else axis for axis in self.axes))
        first, second = self.axes.index(old), self.axes.index(new)
        if self.data.shape[first] != self.data.shape[second]:
            raise IndexMistakeError(f"the index {new} runs over two different sizes")
        data = np.moveaxis(np.diagonal(self.data, axis1=first, axis2=second), -1, 0)
        rest = tuple(axis for axis in self.axes if axis not in (old, new))
        return replace(self, data=data, axes=(new, *rest))

    def summed(self, axis: str) -> "Value":
        """Sum over a named axis."""
        at = self.axes.index(axis)
        rest = self.axes[:at] + self.axes[at + 1 :]
        return Value(np.sum(self.data, axis=at), rest)

    def taken(self, axis: str, place: int) -> "Value":
        """Take one entry of a named axis."""
        at = self.axes.index(axis)
        rest = self.axes[:at] + self.axes[at + 1 :]
        return Value(np.take(self.data, place, axis=at), rest, self.kind)

    def ordered(self, axes: tuple[str, ...]) -> Numbers:
        """Give the numbers with these axes first, of length one where there is none."""
        if axes == self.axes:
            return self.data
        present = [axis for axis in axes if axis in self.axes]
        order = [self.axes.index(axis) for axis in present]
        data = np.transpose(self.data, (*order, len(self.axes), len(self.axes) + 1))
        if len(present) == len(axes):
            return data
        shape = [self.size_of(axis) if axis in self.axes else 1 for axis in axes]
        return data.reshape(*shape, *self.shape)

    def with_rows_named(self, axis: str) -> "Value":
        """Make the rows, or the columns of a single row, a named axis."""
        data = self.data if self.shape[1] == 1 else np.swapaxes(self.data, -1, -2)
        if data.shape[-1] != 1:
            raise IndexMistakeError("a matrix has two indices")
        unnamed = f"{axis}?" if axis in self.axes else axis
        moved = Value(data[..., None], (*self.axes, unnamed))
        return moved.renamed(unnamed, axis)


def number(value: float, kind: str = "") -> Value:
    """Give a 1 × 1 value."""
    return Value(np.full((1, 1), float(value)), (), kind)


def described(shape: tuple[int, int]) -> str:
    """Write a shape for a message.

    Examples
    --------
    >>> described((3, 1))
    '3 × 1'
    """
    return f"{shape[0]} × {shape[1]}"


def aligned(first: Value, second: Value) -> tuple[Numbers, Numbers, tuple[str, ...]]:
    """Give the numbers of both with the same named axes, and these.

    Raises
    ------
    IndexMistakeError
        If an index runs over different sizes in the two.
    """
    if first.axes == second.axes:
        if first.data.shape[:-2] == second.data.shape[:-2]:
            return first.data, second.data, first.axes
        axes = first.axes
    else:
        axes = first.axes + tuple(axis for axis in second.axes if axis not in first.axes)
    sizes = dict(zip(first.axes, first.data.shape, strict=False))
    for axis, there in zip(second.axes, second.data.shape, strict=False):
        here = sizes.setdefault(axis, there)
        if here != there:
            name = axis.split("·")[0]
            raise IndexMistakeError(f"the index {name} runs over {here} entries and over {there}")
    count = max(first.shape[0], second.shape[0]) * max(first.shape[1], second.shape[1])
    if math.prod(sizes.values()) * count > _LARGEST:
        raise NotUnderstoodError("the formula has too many indices to be checked")
    return first.ordered(axes), second.ordered(axes), axes
