"""Arrays as the native engine takes them: of one type, in rows, where it can read them in place."""

from typing import Any

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array

__all__ = ["Inputs", "inputs_of", "is_sparse", "rows_of", "vector_of"]

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
