"""Targets: from what a user gives to a matrix that the loss admits."""

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.errors import DataError, ShapeError
from chainrule.network import Architecture
from chainrule.outputs import Range

__all__ = ["target_matrix"]

_SUM_TOLERANCE = 1e-6


def target_matrix(
    architecture: Architecture, T: npt.ArrayLike, m: int, dtype: npt.DTypeLike
) -> Array:
    """Write targets as one row a sample.

    Parameters
    ----------
    architecture : Architecture
        The network, whose loss says which values are admitted.
    T : array of shape (m, n_L) or (m,)
        Targets; in one dimension, class numbers ``0 … n_L - 1`` for several outputs, which become
        one-hot rows, or the targets of a single output.
    m : int
        The number of samples.
    dtype : dtype
        The type of the result.

    Returns
    -------
    array of shape (m, n_L)
        The targets.

    Raises
    ------
    ShapeError
        If `T` has another shape.
    DataError
        If a value is not admitted; the message names the row.

    Examples
    --------
    >>> target_matrix(Architecture.of([4, 3]), [2, 0], 2, np.float64)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    try:
        given = np.asarray(T)
        numbers = given.astype(dtype)
    except (TypeError, ValueError) as error:
        raise DataError(f"T must be an array of numbers: {error}") from None
    n_L = architecture.layer_sizes[-1]
    if numbers.ndim == 1 and len(numbers) == m:
        numbers = numbers[:, None] if n_L == 1 else _one_hot(architecture, given, numbers, n_L)
    if numbers.shape != (m, n_L):
        raise ShapeError(
            "T", given.shape, (m, n_L), f"X has {m} rows and the network {n_L} outputs"
        )
    _admit(architecture, numbers)
    return numbers


def _one_hot(architecture: Architecture, given: Array, numbers: Array, n_L: int) -> Array:
    if architecture.loss.targets not in (Range.SIMPLEX, Range.UNIT_INTERVAL):
        raise ShapeError("T", given.shape, (len(given), n_L), "labels are for classifications")
    labels = given.astype(np.int64)
    bad = np.flatnonzero((labels != numbers) | (labels < 0) | (labels >= n_L))
    if bad.size:
        row = int(bad[0])
        raise DataError(
            f"label {given[row]} in row {row} is not one of the {n_L} classes 0 … {n_L - 1}"
        )
    return np.eye(n_L, dtype=numbers.dtype)[labels]


def _admit(architecture: Architecture, T: Array) -> None:
    loss = architecture.loss
    _refuse(~np.isfinite(T), T, "is not finite")
    if loss.targets == Range.POSITIVE:
        _refuse(T < 0, T, f"is negative, which loss {loss.name!r} does not admit")
    if loss.targets == Range.UNIT_INTERVAL:
        _refuse((T < 0) | (T > 1), T, f"is not between 0 and 1, which loss {loss.name!r} needs")
    if architecture.output.range == Range.SIMPLEX:
        sums = T.sum(axis=1)
        off = np.flatnonzero(np.abs(sums - 1) > _SUM_TOLERANCE)
        if off.size:
            row = int(off[0])
            raise DataError(
                f"the targets of row {row} sum to {sums[row]:.9g}; with a softmax output every row "
                "must be a distribution that sums to 1"
            )


def _refuse(bad: Array, T: Array, problem: str) -> None:
    if np.any(bad):
        row, column = (int(i) for i in np.argwhere(bad)[0])
        raise DataError(f"target {T[row, column]} in row {row}, column {column} {problem}")
