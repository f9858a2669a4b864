"""Targets as they are kept: labels by number, or numbers in the type that they came in.

The matrix ``T`` has an entry for each sample and output, of the type of the parameters. Written out
it may be larger than the inputs; so these keep what it is made of, and write out only the rows that
are asked for. The native engine reads what is kept.
"""

from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, final

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array

__all__ = ["LabelRows", "NumberRows", "TargetRows", "label_type", "target_rows_of"]

_KEPT: Final = {np.dtype(kind) for kind in ("f4", "f8", "i4", "i8", "u1", "?")}


@final
@dataclass(frozen=True, eq=False)
class LabelRows:
    """Targets of which one in each row is 1 and the others are 0.

    Parameters
    ----------
    kept : array of int, shape (m,)
        Which of them is 1.
    n_outputs : int
        How many there are in a row.
    dtype : dtype
        The type of the rows.

    Examples
    --------
    >>> T = LabelRows(np.array([2, 0], np.uint8), 3, np.dtype(np.float32))
    >>> T[:]
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    >>> T.shape
    (2, 3)
    """

    kept: Array
    n_outputs: int
    dtype: np.dtype[Any]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and outputs."""
        return len(self.kept), self.n_outputs

    def __getitem__(self, rows: slice | Array) -> Array:
        """Write out some rows."""
        labels = self.kept[rows]
        T = np.zeros((len(labels), self.n_outputs), self.dtype)
        T[np.arange(len(labels)), labels] = 1
        return T

    def astype(self, dtype: npt.DTypeLike) -> "LabelRows":
        """Give the same targets with rows of another type."""
        return replace(self, dtype=np.dtype(dtype))


@final
@dataclass(frozen=True, eq=False)
class NumberRows:
    """Targets that are numbers of another type than the parameters.

    Parameters
    ----------
    kept : array of shape (m, n_L)
        The numbers.
    dtype : dtype
        The type of the rows.

    Examples
    --------
    >>> NumberRows(np.array([[True], [False]]), np.dtype(np.float64))[:]
    array([[1.],
           [0.]])
    """

    kept: Array
    dtype: np.dtype[Any]

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and outputs."""
        return self.kept.shape

    def __getitem__(self, rows: slice | Array) -> Array:
        """Write out some rows."""
        return self.kept[rows].astype(self.dtype, copy=False)

    def astype(self, dtype: npt.DTypeLike) -> "NumberRows":
        """Give the same targets with rows of another type."""
        return replace(self, dtype=np.dtype(dtype))


TargetRows: TypeAlias = LabelRows | NumberRows


def label_type(n_classes: int) -> np.dtype[Any]:
    """Give the smallest type that numbers so many classes.

    Parameters
    ----------
    n_classes : int

    Returns
    -------
    dtype
        One that the native engine reads.

    Examples
    --------
    >>> [label_type(n).name for n in (256, 257, 65537)]
    ['uint8', 'uint16', 'int32']
    """
    return np.dtype("u1" if n_classes <= 2**8 else "u2" if n_classes <= 2**16 else "i4")


def target_rows_of(Y: Array | TargetRows, dtype: npt.DTypeLike) -> Array | TargetRows:
    """Give targets with rows of a type, without a copy where that can be had.

    Parameters
    ----------
    Y : array of shape (m, n_L), or rows of targets
    dtype : dtype
        The type of the rows.

    Returns
    -------
    array or rows of targets
    """
    if isinstance(Y, LabelRows | NumberRows):
        return Y.astype(dtype)
    if Y.dtype in _KEPT and Y.dtype != np.dtype(dtype):
        return NumberRows(Y, np.dtype(dtype))
    return Y.astype(dtype, copy=False)
