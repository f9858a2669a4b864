"""Where the values of indices lie in an array: an axis for each index, before rows and columns.

In an evaluation with K indices every array is ``(…, k_1, …, k_K, rows, columns)``, and an axis
along which nothing changes has length one.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.indexed import Derivative, Entry, Index, Layout, Sample
from chainrule.calculus.nodes import Expression

__all__ = ["IndexAxes"]


@final
@dataclass(frozen=True)
class IndexAxes:
    """The axes of some indices, in order.

    Parameters
    ----------
    indices : tuple of Index
        The K indices.
    """

    indices: tuple[Index, ...]

    def spread(self, array: Array) -> Array:
        """Make room for the index axes between the stack and the rows of an array."""
        n_indices = len(self.indices)
        if n_indices == 0 or array.ndim == 2:
            return array
        return array.reshape(*array.shape[:-2], *(1,) * n_indices, *array.shape[-2:])

    def axis(self, index: Index) -> int:
        """Say which axis an index has, counted from the end."""
        return self.indices.index(index) - len(self.indices) - 2

    def full(self, array: Array) -> Array:
        """Give an array its axes for every index."""
        missing = len(self.indices) + 2 - array.ndim
        return array.reshape(*(1,) * max(missing, 0), *array.shape)

    def entry(self, base: Array, indices: tuple[Index, ...]) -> Array:
        """Move the rows, the columns or both of an array onto the axes of indices."""
        base = self.full(base)
        if len(indices) == 1:
            base = base if base.shape[-1] == 1 else np.swapaxes(base, -1, -2)
            return np.swapaxes(base, -2, self.axis(indices[0]))
        if indices[0] == indices[1]:
            diagonal = np.diagonal(base, axis1=-2, axis2=-1)[..., None, None]
            axis = self.axis(indices[0])
            return np.squeeze(np.swapaxes(diagonal, -3, axis - 1), axis=-3)
        base = np.swapaxes(base, -2, self.axis(indices[0]))
        return np.swapaxes(base, -1, self.axis(indices[1]))

    def sample(self, base: Array, index: Index) -> Array:
        """Move the rows of a matrix onto the axis of an index, and stand each up as a column."""
        rows = np.swapaxes(self.full(base), -2, self.axis(index))
        return np.swapaxes(rows, -1, -2)

    def total(
        self, body: Array, index: Index, length: int, other_than: Index | None = None
    ) -> Array:
        """Sum over the axis of an index, with one value left out or without."""
        body, axis = self.full(body), self.axis(index)
        if other_than is not None:
            body = body * (1 - self.kronecker(index, other_than, length))
        total: Array = np.sum(body, axis=axis, keepdims=True)
        return total if body.shape[axis] == length else total * length

    def kronecker(self, left: Index, right: Index, length: int) -> Array:
        """Spread the identity matrix over the axes of two indices."""
        shape = [1] * (len(self.indices) + 2)
        if left == right:
            return np.ones(shape)
        shape[self.axis(left)] = shape[self.axis(right)] = length
        return np.eye(length).reshape(shape)

    def derivative(self, node: Derivative, slopes: Array, extent: tuple[int, int]) -> Array:
        """Lay out the slopes of what is differentiated, ``(…, N, k_1, …, k_K, rows, columns)``.

        N counts the entries of the variable that moves, an array of `extent`, row by row.
        """
        slopes = np.moveaxis(slopes, -len(self.indices) - 3, -1)
        slopes = slopes.reshape(*slopes.shape[:-1], *extent)
        for axis, index in _picks(node.by):
            slopes = self._picked(slopes, axis, index)
        if not node.of.shape.is_scalar:
            jacobian = slopes[..., 0, :, :].reshape(*slopes.shape[:-3], -1)
            return _transposed(jacobian, node.layout is Layout.DENOMINATOR)
        gradient = slopes[..., 0, 0, :, :]
        if isinstance(node.by, Sample):
            gradient = np.swapaxes(gradient, -1, -2)
        by_column = node.by.shape.columns == 1
        turning = (Layout.NUMERATOR, Layout.MIXED) if by_column else (Layout.NUMERATOR,)
        return _transposed(gradient, node.layout in turning)

    def _picked(self, slopes: Array, axis: int, index: Index) -> Array:
        """Take along an axis the entry that an index names, once for each of its values."""
        shape = [1] * slopes.ndim
        shape[self.axis(index) - 2] = slopes.shape[axis]
        choice = np.arange(slopes.shape[axis]).reshape(shape)
        return np.take_along_axis(slopes, choice, axis)


def _picks(by: Expression) -> list[tuple[int, Index]]:
    match by:
        case Sample(index=sample):
            return [(-2, sample)]
        case Entry(base=Sample(index=sample), indices=(index,)):
            return [(-2, sample), (-1, index)]
        case Entry(base=base, indices=(index,)):
            return [(-2 if base.shape.columns == 1 else -1, index)]
        case Entry(indices=(row, column)):
            return [(-2, row), (-1, column)]
    return []


def _transposed(array: Array, transpose: bool) -> Array:
    return np.swapaxes(array, -1, -2) if transpose else array
