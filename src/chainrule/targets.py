"""Arrays that a user gives: numbers, targets that the loss admits, sample weights."""

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.errors import DataError, ShapeError, SpecificationError
from chainrule.network import Architecture
from chainrule.outputs import Range

__all__ = ["real_numbers", "smoothed_targets", "target_matrix", "weight_vector"]

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
    numbers = _as_array("T", T, dtype)
    n_L = architecture.layer_sizes[-1]
    if numbers.ndim == 1 and len(numbers) == m:
        numbers = numbers[:, None] if n_L == 1 else _one_hot(architecture, numbers, n_L)
    if numbers.shape != (m, n_L):
        raise ShapeError(
            "T", numbers.shape, (m, n_L), f"X has {m} rows and the network {n_L} outputs"
        )
    _admit(architecture, numbers)
    return numbers


def smoothed_targets(architecture: Architecture, T: Array, epsilon: float) -> Array:
    """Move a share of every target to all classes alike: ``T ← (1 - ε) T + ε/K``.

    ``K`` is the number of classes that exclude one another: ``n_L`` for a softmax output, and 2,
    yes and no, for each of the outputs of a logistic one.

    Parameters
    ----------
    architecture : Architecture
        The network, whose output says what ``K`` is.
    T : array of shape (m, n_L)
        Targets, as `target_matrix` gives them.
    epsilon : float
        ``ε``, in [0, 1].

    Returns
    -------
    array of shape (m, n_L)
        New targets of the type of `T`; rows that sum to one still do.

    Raises
    ------
    SpecificationError
        If `epsilon` is not in [0, 1], or the network is not a classification.

    References
    ----------
    C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens and Z. Wojna, Rethinking the Inception
    architecture for computer vision, CVPR 2016 (arXiv:1512.00567), section 7, with ``u`` uniform.

    Examples
    --------
    >>> T = np.array([[0.0, 0.0, 1.0, 0.0]])
    >>> smoothed_targets(Architecture.of([4, 4]), T, 0.1)
    array([[0.025, 0.025, 0.925, 0.025]])
    >>> smoothed_targets(Architecture.of([4, 4], output="logistic"), T, 0.1)
    array([[0.05, 0.05, 0.95, 0.05]])
    """
    if not 0 <= epsilon <= 1:
        raise SpecificationError(f"label smoothing must be in [0, 1], got {epsilon}")
    K = _n_exclusive_classes(architecture)
    # T ← (1 - ε) T + ε/K
    return ((1 - epsilon) * T + epsilon / K).astype(T.dtype, copy=False)


def real_numbers(name: str, given: npt.ArrayLike, dtype: npt.DTypeLike) -> Array:
    """Make an array of finite numbers of what a user gives.

    Parameters
    ----------
    name : str
        What a message calls it.
    given : array
        Real numbers, of any shape.
    dtype : dtype
        The type of the result.

    Returns
    -------
    array
        The numbers, copied only if they are of another type.

    Raises
    ------
    DataError
        If they are not numbers, or not all finite; the message names the first that is not.

    Examples
    --------
    >>> real_numbers("X", [1, 2], np.float64)
    array([1., 2.])
    """
    array = _as_array(name, given, dtype)
    if not np.all(np.isfinite(array)):
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise DataError(f"{name} has a value that is not finite at {where}: {array[where]}")
    return array


def weight_vector(sample_weight: npt.ArrayLike, m: int, dtype: npt.DTypeLike) -> Array:
    """Make sample weights of what a user gives.

    Parameters
    ----------
    sample_weight : array of shape (m,)
        ``w_j ≥ 0``.
    m : int
        The number of samples.
    dtype : dtype
        The type of the result.

    Returns
    -------
    array of shape (m,)
        The weights, divided by the largest: only their ratios count, and their sum stays finite.

    Raises
    ------
    ShapeError
        If their number is not that of the samples.
    DataError
        If one is negative or not finite, or none is positive.

    Examples
    --------
    >>> weight_vector([1, 0], 2, np.float64)
    array([1., 0.])
    """
    weights = real_numbers("sample_weight", sample_weight, np.float64)
    if weights.shape != (m,):
        raise ShapeError("sample_weight", weights.shape, f"({m},)")
    if np.any(weights < 0) or not np.any(weights > 0):
        raise DataError("sample weights must not be negative, and one at least must be positive")
    scaled: Array = (weights / weights.max()).astype(dtype)
    return scaled


def _as_array(name: str, given: npt.ArrayLike, dtype: npt.DTypeLike) -> Array:
    try:
        if np.iscomplexobj(given):
            raise TypeError("it is complex")
        return np.asarray(given, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise DataError(f"{name} must be an array of real numbers: {error}") from None


def _one_hot(architecture: Architecture, numbers: Array, n_L: int) -> Array:
    if architecture.loss.targets not in (Range.SIMPLEX, Range.UNIT_INTERVAL):
        raise ShapeError("T", numbers.shape, (len(numbers), n_L), "labels are for classifications")
    is_label = (np.floor(numbers) == numbers) & (numbers >= 0) & (numbers < n_L)
    bad = np.flatnonzero(~is_label)
    if bad.size:
        row = int(bad[0])
        raise DataError(
            f"label {numbers[row]:g} in row {row} is not one of the {n_L} classes 0 … {n_L - 1}"
        )
    return np.eye(n_L, dtype=numbers.dtype)[numbers.astype(np.int64)]


def _n_exclusive_classes(architecture: Architecture) -> int:
    if architecture.output.range == Range.SIMPLEX:
        return architecture.layer_sizes[-1]
    if architecture.output.range == Range.UNIT_INTERVAL:
        return 2
    raise SpecificationError(
        f"label smoothing is for classes, and the output {architecture.output.name!r} has none; "
        "take a softmax or a logistic output"
    )


def _admit(architecture: Architecture, T: Array) -> None:
    loss = architecture.loss
    _refuse(~np.isfinite(T), T, "is not finite")
    if loss.targets == Range.POSITIVE:
        _refuse(T < 0, T, f"is negative, which loss {loss.name!r} does not admit")
    if loss.targets == Range.UNIT_INTERVAL:
        _refuse((T < 0) | (T > 1), T, f"is not between 0 and 1, which loss {loss.name!r} needs")
    if architecture.output.range == Range.SIMPLEX:
        sums = T.sum(axis=1, dtype=np.float64)  # in float32 a long row's rounding would show
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
