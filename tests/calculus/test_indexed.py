"""Indices, and derivatives from moved quantities: shapes and values."""

from collections.abc import Callable

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.calculus import Expression, Shape, Size, Variable, evaluate, to_latex, to_text
from chainrule.calculus.evaluate import Moved
from chainrule.calculus.indexed import (
    Derivative,
    Entry,
    Index,
    IndexSum,
    Kronecker,
    LayerSum,
    Layout,
    Sample,
    SquaredNorm,
    free_indices,
    reindexed,
)
from chainrule.calculus.writer import LayerScript
from chainrule.errors import ShapeError

n, k, m = Size("n", 1), Size("n", 0), Size("m")
i, j, v, s = Index("i", n), Index("j", n), Index("v", k), Index("s", m)
W, x = Variable("W", Shape(n, k), layer=1), Variable("x", Shape(k, 1))
y, X = Variable("y", Shape(n, 1), layer=1), Variable("X", Shape(m, k))
E = Variable("E")
y_i, y_j, W_iv = Entry(y, (i,)), Entry(y, (j,)), Entry(W, (i, v))
RNG = np.random.default_rng(0)
ARRAYS: dict[Expression, Array] = {
    W: RNG.normal(size=(4, 3)),
    x: RNG.normal(size=(3, 1)),
    y: RNG.normal(size=(4, 1)),
    X: RNG.normal(size=(2, 3)),
    E: np.ones((1, 1)),
}


@pytest.mark.parametrize(
    ("of", "by", "mixed", "numerator", "denominator"),
    [
        (E, y, "1 × n_1", "1 × n_1", "n_1 × 1"),
        (E, W, "n_1 × n_0", "n_0 × n_1", "n_1 × n_0"),
        (y, x, "n_1 × n_0", "n_1 × n_0", "n_0 × n_1"),
        (y, W_iv, "n_1 × 1", "n_1 × 1", "1 × n_1"),
        (y_i, W_iv, "1 × 1", "1 × 1", "1 × 1"),
    ],
)
def test_the_layout_decides_the_shape_of_a_derivative(
    of: Expression, by: Expression, mixed: str, numerator: str, denominator: str
) -> None:
    shapes = [str(Derivative(of, by, layout).shape) for layout in Layout]
    assert shapes == [mixed, numerator, denominator]


def test_a_vector_by_a_matrix_has_no_shape() -> None:
    with pytest.raises(ShapeError, match="write it entry by entry"):
        Derivative(y, W)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (IndexSum(i, y_i), lambda a: a[y].sum()),
        (IndexSum(j, y_j, other_than=i), lambda a: (a[y].sum() - a[y])[:, 0]),
        (IndexSum(j, y_j * Kronecker(i, j)), lambda a: a[y][:, 0]),
        (IndexSum(v, W_iv * Entry(x, (v,))), lambda a: (a[W] @ a[x])[:, 0]),
        (Entry(W, (i, v)) * y_i, lambda a: a[W] * a[y]),
        (y_i * y_j, lambda a: a[y] @ a[y].T),
        (IndexSum(s, Entry(Sample(X, s, x), (v,))), lambda a: a[X].sum(axis=0)),
        (SquaredNorm(W), lambda a: np.sum(a[W] ** 2)),
    ],
)
def test_sums_over_indices_have_the_value_of_loops(
    expression: Expression, value: Callable[[dict[Expression, Array]], Array]
) -> None:
    assert np.squeeze(evaluate(expression, ARRAYS)) == pytest.approx(np.squeeze(value(ARRAYS)))


def moves(variable: Variable) -> Moved:
    """Move each entry of a variable; y = W x follows from both, E = Σ y² from all three."""
    value = ARRAYS[variable]
    shift = 1e-30j * np.eye(value.size).reshape(value.size, *value.shape)
    known = dict(ARRAYS)
    known[y] = known[W] @ known[x]
    known[variable] = known[variable] + shift
    if variable != y:
        known[y] = known[W] @ known[x]
    known[E] = np.sum(known[y] * known[y], axis=(-2, -1), keepdims=True)
    return Moved({v: a if a.ndim > 2 else a[None] for v, a in known.items()}, 1e-30)


@pytest.mark.parametrize("layout", Layout)
def test_derivatives_have_the_slopes_of_what_is_moved(layout: Layout) -> None:
    product = ARRAYS[W] @ ARRAYS[x]
    column = {E: 2 * product, x: 2 * ARRAYS[W].T @ product}
    turned = layout is not Layout.DENOMINATOR
    for by, right in ((y, column[E]), (x, column[x])):
        found = evaluate(Derivative(E, by, layout), ARRAYS, moves=moves)
        np.testing.assert_allclose(found, right.T if turned else right, rtol=1e-12)
    by_weights = evaluate(Derivative(E, W, layout), ARRAYS, moves=moves)
    right = 2 * product @ ARRAYS[x].T
    np.testing.assert_allclose(by_weights, right.T if layout is Layout.NUMERATOR else right)
    jacobian = evaluate(Derivative(y, x, layout), ARRAYS, moves=moves)
    np.testing.assert_allclose(jacobian, ARRAYS[W] if turned else ARRAYS[W].T)


def test_entries_of_derivatives_are_picked_by_their_indices() -> None:
    by_entry = evaluate(Derivative(y_i, W_iv), ARRAYS, moves=moves, indices=(i, v))
    expected = np.broadcast_to(ARRAYS[x].T, (4, 3))  # the diagonal: the same i above and below
    np.testing.assert_allclose(by_entry[..., 0, 0], expected)
    other = evaluate(Derivative(y_j, W_iv), ARRAYS, moves=moves, indices=(i, j, v))
    expected = np.eye(4)[:, :, None] * ARRAYS[x][:, 0]
    np.testing.assert_allclose(other[..., 0, 0], expected)


def test_what_does_not_follow_has_no_slope() -> None:
    assert not evaluate(Derivative(x, y), ARRAYS, moves=moves).any()


def test_a_derivative_is_evaluated_from_moves_only() -> None:
    with pytest.raises(TypeError, match="moves"):
        evaluate(Derivative(E, y), ARRAYS)


def test_indices_that_a_sum_binds_are_not_free() -> None:
    whole = IndexSum(j, y_j, other_than=i)
    assert free_indices(whole) == {i}
    assert free_indices(reindexed(whole, {i: Index("u", n)})) == {Index("u", n)}
    assert reindexed(whole, {j: i}) == whole


LAYERS = LayerSum(SquaredNorm(Variable("W", W.shape, "l")), (SquaredNorm(W), SquaredNorm(W)))


@pytest.mark.parametrize(
    ("expression", "text", "latex"),
    [
        (y_i, "y_i(1)", "y_i^{(1)}"),
        (W_iv, "W_iv(1)", "W_{iv}^{(1)}"),
        (Sample(X, s, x), "x_s", "x_s"),
        (Kronecker(i, j), "δ_ij", r"\delta_{ij}"),
        (IndexSum(j, y_j, other_than=i), "Σ_{j≠i} y_j(1)", r"\sum_{j \neq i} y_j^{(1)}"),
        (y_i * IndexSum(j, y_j), "y_i(1) Σ_j y_j(1)", r"y_i^{(1)} \sum_{j=1}^{n_1} y_j^{(1)}"),
        (
            IndexSum(j, y_j) * y_i,
            "(Σ_j y_j(1)) y_i(1)",
            r"\left(\sum_{j=1}^{n_1} y_j^{(1)}\right) y_i^{(1)}",
        ),
        (LAYERS, "Σ_l ‖W(l)‖²", r"\sum_{l=1}^{2} \lVert W^{(l)} \rVert^2"),
        (Derivative(E, y), "∂E/∂y(1)", r"\frac{\partial E}{\partial y^{(1)}}"),
        (
            Derivative(y_i - y_j, W_iv),
            "∂(y_i(1) - y_j(1))/∂W_iv(1)",
            r"\frac{\partial}{\partial W_{iv}^{(1)}} \left(y_i^{(1)} - y_j^{(1)}\right)",
        ),
    ],
)
def test_indices_are_written_as_mathematics_writes_them(
    expression: Expression, text: str, latex: str
) -> None:
    assert (to_text(expression), to_latex(expression)) == (text, latex)


@pytest.mark.parametrize(
    ("layers", "written"),
    [(LayerScript.BRACKETS, "y_i[1]"), (LayerScript.SUBSCRIPT, "(y_1)_i")],
)
def test_the_layer_stands_where_it_is_asked_for(layers: LayerScript, written: str) -> None:
    assert to_text(y_i, layers=layers) == written
