"""Matrices that are written out entry by entry."""

from typing import Final

import numpy as np

from chainrule.grading.definitions import Definition
from chainrule.grading.notation import Notation
from chainrule.grading.problems import NotUnderstoodError, ShapeMistakeError
from chainrule.grading.value import Value
from chainrule.read.tree import Matrix

__all__ = ["only_names_entries", "size_of", "written_out"]

_LARGEST: Final = 64


def size_of(node: Matrix) -> tuple[int, int]:
    """Give the rows and columns of a matrix, all of whose rows must be alike."""
    widths = {len(row) for row in node.rows}
    if len(widths) != 1 or len(node.rows) > _LARGEST or max(widths) > _LARGEST:
        raise NotUnderstoodError("a matrix with rows of different lengths")
    return len(node.rows), widths.pop()


def written_out(entries: list[list[Value]]) -> Value:
    """Put numbers together to a matrix."""
    flat = [entry for row in entries for entry in row]
    if not all(entry.is_number for entry in flat):
        raise ShapeMistakeError("an entry of a matrix is no number")
    axes = tuple(dict.fromkeys(axis for entry in flat for axis in entry.axes))
    rows = []
    for row in entries:
        numbers = np.broadcast_arrays(*(entry.ordered(axes)[..., 0, 0] for entry in row))
        rows.append(np.stack(numbers, axis=-1))
    return Value(np.stack(np.broadcast_arrays(*rows), axis=-2), axes)


def only_names_entries(one: Definition, notation: Notation) -> bool:
    """Say whether ``V = (v_11 …)`` stands there, which says how the entries are called."""
    if not isinstance(one.body, Matrix):
        return False
    entries = [notation.refer(entry) for row in one.body.rows for entry in row]
    names = {"" if entry is None else entry.name.lower() for entry in entries}
    return names == {one.name.lower()}
