"""Arrays as the native engine takes them: of one type, in rows, where it can read them in place."""

from typing import Any

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.target_rows import LabelRows, NumberRows, TargetRows

__all__ = [
    "Inputs",
    "inputs_of",
    "is_sparse",
    "order_of",
    "rows_of",
    "targets_of",
    "vector_of",
    "weights_of",
]

#: A dense matrix and None, or None and the three arrays of a CSR matrix.
Inputs = tuple[Array | None, tuple[Array, Array, Array] | None]


def is_sparse(X: Any) -> bool:
    """Tell whether this is a sparse matrix of SciPy's, without importing SciPy."""
    return hasattr(X, "tocsr")


def inputs_of(X: Any, dtype: npt.DTypeLike) -> Inputs:
    """Take samples as rows, in place where the memory allows it and as a copy elsewhere.

    Parameters
    ----------
    X : array or sparse matrix of shape (m, n_0)
        The inputs. A dense array is copied only if it is not of the type, not of this machine's
        byte order, misaligned, or if its rows are not contiguous.
    dtype : dtype
        The type of the parameters.

    Returns
    -------
    Inputs
    """
    if not is_sparse(X):
        return rows_of(X, dtype), None
    X = X.tocsr()
    if not X.has_sorted_indices:
        X = X.sorted_indices()
    parts = (X.data, dtype), (X.indices, np.int32), (X.indptr, np.int64)
    values, columns, starts = (vector_of(part, kind) for part, kind in parts)
    return None, (values, columns, starts)


def rows_of(matrix: Array, dtype: npt.DTypeLike) -> Array:
    """Take a dense matrix.

    Parameters
    ----------
    matrix : array of shape (m, n)
    dtype : dtype

    Returns
    -------
    array of shape (m, n)
        The array itself, or a contiguous copy.
    """
    kind = np.dtype(dtype)
    in_rows = matrix.shape[1] <= 1 or matrix.strides[1] == kind.itemsize
    in_place = matrix.strides[0] % kind.itemsize == 0
    if matrix.dtype == kind and matrix.flags.aligned and in_rows and in_place:
        return matrix
    # not ascontiguousarray, which leaves a misaligned array where it is
    return np.array(matrix, kind, order="C")


def targets_of(T: Array | TargetRows, dtype: npt.DTypeLike) -> Array:
    """Take targets as they are kept.

    Parameters
    ----------
    T : array of shape (m, n_L), or rows of targets
    dtype : dtype
        The type of the parameters.

    Returns
    -------
    array of shape (m, n_L) or (m,)
        Numbers of a type that the engine reads, or which output is 1.
    """
    if isinstance(T, LabelRows):
        return vector_of(T.kept, T.kept.dtype)
    if isinstance(T, NumberRows):
        kept = T.kept.view(np.uint8) if T.kept.dtype == np.bool_ else T.kept
        return rows_of(kept, kept.dtype.newbyteorder("="))
    return rows_of(T, dtype)


def weights_of(weights: Array, dtype: npt.DTypeLike) -> Array:
    """Take sample weights, of either float type.

    Parameters
    ----------
    weights : array of shape (m,)
    dtype : dtype
        The type of the parameters.

    Returns
    -------
    array of shape (m,)
    """
    return vector_of(weights, weights.dtype if weights.dtype in (np.float32, np.float64) else dtype)


def order_of(rows: Array) -> Array:
    """Take the numbers of rows, which are kept narrow where there are many.

    Parameters
    ----------
    rows : array of int, shape (n,)

    Returns
    -------
    array of int32 or int64, shape (n,)
    """
    return vector_of(rows, np.int32 if rows.dtype == np.int32 else np.int64)


def vector_of(vector: Array, dtype: npt.DTypeLike) -> Array:
    """Take a vector.

    Parameters
    ----------
    vector : array of shape (n,)
    dtype : dtype

    Returns
    -------
    array of shape (n,)
        The array itself, or a contiguous copy.
    """
    kind = np.dtype(dtype)
    if vector.dtype == kind and vector.flags.aligned and vector.flags.c_contiguous:
        return vector
    return np.array(vector, kind, order="C")
