"""From matrices to entries and back, and samples as rows: nothing changes its value."""

import numpy as np
import pytest
from expressions import Meaning, arrays_for, meanings
from hypothesis import given, settings

from chainrule.arrays import Array
from chainrule.calculus import (
    ColumnSums,
    Diag,
    Dimension,
    Expression,
    Shape,
    Size,
    Variable,
    evaluate,
    to_text,
)
from chainrule.calculus.entries import collected, entry
from chainrule.calculus.indexed import Entry, Index, IndexSum, Kronecker, free_indices
from chainrule.calculus.matrices import as_rows, transposed
from chainrule.calculus.primitives import log
from chainrule.errors import ShapeError

n, k, m = Size("n", 1), Size("n", 0), Size("m")
i, j, u, v = Index("i", n), Index("j", n), Index("u", n), Index("v", k)
W, x = Variable("W", Shape(n, k)), Variable("x", Shape(k, 1))
y, t = Variable("y", Shape(n, 1)), Variable("t", Shape(n, 1))
y_i, y_j, t_i = Entry(y, (i,)), Entry(y, (j,)), Entry(t, (i,))
LENGTHS: dict[Dimension, int] = {1: 1, Size("n", 0): 3, Size("n", 1): 4, Size("m"): 2}


def of(dimension: Dimension, letter: str) -> Index | None:
    return None if dimension == 1 else Index(letter, dimension)


@given(meanings())
@settings(max_examples=150)
def test_the_entries_of_an_expression_are_its_entries(meaning: Meaning) -> None:
    whole = meaning.expression
    row, column = of(whole.shape.rows, "u"), of(whole.shape.columns, "v")
    written = entry(whole, row, column)
    assert written.shape.is_scalar
    indices = tuple(index for index in (row, column) if index is not None)
    assert free_indices(written) <= set(indices)
    arrays = arrays_for(LENGTHS, seed=1)
    bound = {node.index for node in written.walk() if isinstance(node, IndexSum)}
    values = evaluate(written, arrays, indices=(*indices, *bound - set(indices)))
    sizes = [LENGTHS[dimension] for dimension in (whole.shape.rows, whole.shape.columns)]
    matrix = np.broadcast_to(_as_matrix(values, row, column), sizes)
    np.testing.assert_allclose(matrix, evaluate(whole, arrays), rtol=1e-9, atol=1e-9)


def _as_matrix(values: Array, row: Index | None, column: Index | None) -> Array:
    """Give axes of indices back to rows and columns; sums have left axes of one behind them."""
    n_axes = (row is not None) + (column is not None)
    lengths = list(np.shape(values)[:n_axes])
    rows = lengths.pop(0) if row is not None else 1
    columns = lengths.pop(0) if column is not None else 1
    return values.reshape(rows, columns)


def test_a_product_of_matrices_is_a_sum_over_an_index() -> None:
    assert to_text(entry(W @ x + y, u)) == "Σ_k W_uk x_k + y_u"
    assert to_text(entry(-(t.T @ log(y)))) == "-Σ_k t_k log(y_k)"


@pytest.mark.parametrize(
    ("written", "matrix"),
    [
        (y_i - t_i, y - t),
        (y_i * (1 - y_i), y * (1 - y)),
        (IndexSum(j, Entry(t, (j,))) * y_i - t_i, ColumnSums(t) * y - t),
        (IndexSum(v, Entry(W, (i, v)) * Entry(x, (v,))), W @ x),
    ],
)
def test_entries_put_together_are_the_vector(written: Expression, matrix: Expression) -> None:
    assert collected(written, i) == matrix


def test_entries_with_two_indices_make_a_matrix() -> None:
    softmax = y_j * Kronecker(i, j) - y_j * y_i
    assert collected(softmax, j, i) == Diag(y) - y @ y.T
    assert collected(y_i * Entry(x, (v,)), i, v) == y @ x.T


def test_an_entry_must_run_over_the_axes_of_its_base() -> None:
    with pytest.raises(ShapeError, match="entry"):
        Entry(y, (v,))


@given(meanings())
@settings(max_examples=100)
def test_a_transpose_carried_inside_is_still_the_transpose(meaning: Meaning) -> None:
    arrays = arrays_for(LENGTHS, seed=2)
    expected = np.swapaxes(evaluate(meaning.expression, arrays), -1, -2)
    np.testing.assert_allclose(evaluate(transposed(meaning.expression), arrays), expected)


@pytest.mark.parametrize(
    ("column", "rows"),
    [
        (y - t, "Y - T"),
        (ColumnSums(t) * y - t, "diag(T 𝟏) Y - T"),
        (y * (1 - y), "Y ∘ (1 - Y)"),
        (Diag(y) @ t, "Y ∘ T"),
        ((t.T @ y) * y, "diag((T ∘ Y) 𝟏) Y"),
        (W.T @ y, "Y W"),
    ],
)
def test_samples_become_the_rows_of_a_matrix(column: Expression, rows: str) -> None:
    Y, T = Variable("Y", Shape(m, n)), Variable("T", Shape(m, n))
    stacked = as_rows(column, m, {y: Y, t: T})
    assert to_text(stacked) == rows
    rng = np.random.default_rng(0)
    shapes = {Y: (5, 4), T: (5, 4), W: (4, 3)}
    many: dict[Expression, Array] = {a: rng.normal(size=shape) for a, shape in shapes.items()}
    one: dict[Expression, Array] = {y: many[Y][2:3].T, t: many[T][2:3].T, W: many[W]}
    expected = evaluate(column, one)
    np.testing.assert_allclose(evaluate(stacked, many)[2], expected[:, 0])
