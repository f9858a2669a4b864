"""What arrays the native engine reads in place, and what it makes of others."""

import numpy as np
import pytest
import scipy.sparse

from chainrule.arrays import Array
from chainrule.engine.memory import inputs_of, rows_of, vector_of

X = np.arange(12.0).reshape(4, 3)


def misaligned(shape: tuple[int, ...]) -> Array:
    memory = np.zeros(8 * int(np.prod(shape)) + 1, np.uint8)
    return memory[1:].view(np.float64).reshape(shape)


@pytest.mark.parametrize("array", [X, X[1:], X[::2], X[::-1], np.hstack([X, X])[:, :3]])
def test_rows_that_are_contiguous_are_taken_as_they_are(array: Array) -> None:
    assert rows_of(array, np.float64) is array


@pytest.mark.parametrize(
    "array",
    [X.T, X[:, ::2], X.astype(np.float32), X.astype(">f8"), misaligned((4, 3)), X.astype(int)],
)
def test_all_else_is_copied_in_rows_of_the_type_and_aligned(array: Array) -> None:
    taken = rows_of(array, np.float64)
    assert np.array_equal(taken, array)
    assert taken.flags.c_contiguous
    assert taken.flags.aligned
    assert taken.dtype == np.dtype(np.float64)
    assert not np.shares_memory(taken, array)


def test_vectors_likewise() -> None:
    assert vector_of(X[0], np.float64) is not None
    vector = np.ones(3)
    assert vector_of(vector, np.float64) is vector
    for other in (np.ones(6)[::2], misaligned((3,)), np.ones(3, ">f8"), np.ones(3, np.int32)):
        assert vector_of(other, np.float64).flags.aligned
        assert np.array_equal(vector_of(other, np.float64), other)


def test_a_sparse_matrix_becomes_rows_with_ascending_columns() -> None:
    matrix = scipy.sparse.csr_array((np.array([2.0, 1.0]), np.array([2, 0]), np.array([0, 2])))
    dense, csr = inputs_of(matrix, np.float32)
    assert dense is None
    assert csr is not None
    values, columns, starts = csr
    assert (values.tolist(), columns.tolist(), starts.tolist()) == ([1, 2], [0, 2], [0, 2])
    assert [str(part.dtype) for part in csr] == ["float32", "int32", "int64"]
