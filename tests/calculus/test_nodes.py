"""Nodes: their shapes, what they refuse, and that equal trees are equal."""

import operator
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from chainrule.calculus import (
    SCALAR,
    ColumnSums,
    Constant,
    Diag,
    Expression,
    Hadamard,
    Indicator,
    Negative,
    Ones,
    Power,
    Product,
    Quotient,
    RowSums,
    Select,
    Shape,
    Size,
    Sum,
    Transpose,
    Variable,
)
from chainrule.errors import ShapeError
from chainrule.functions import TANH

n, k, m = Size("n", 0), Size("n", 1), Size("m")
x, u = Variable("x", Shape(n, 1)), Variable("u", Shape(n, 1))
v = Variable("v", Shape(k, 1))
A, B = Variable("A", Shape(m, n)), Variable("B", Shape(m, n))
c, d = Variable("c"), Variable("d")


@pytest.mark.parametrize(
    ("node", "shape"),
    [
        (x, Shape(n, 1)),
        (Constant(2), SCALAR),
        (Ones(Shape(m, 1)), Shape(m, 1)),
        (A + B, Shape(m, n)),
        (A - B, Shape(m, n)),
        (-A, Shape(m, n)),
        (A @ x, Shape(m, 1)),
        (x @ v.T, Shape(n, k)),
        (x.T @ u, SCALAR),
        (c * A, Shape(m, n)),
        (A * c, Shape(m, n)),
        (A @ c, Shape(m, n)),
        (A * B, Shape(m, n)),
        (A / B, Shape(m, n)),
        (A / c, Shape(m, n)),
        (A**2, Shape(m, n)),
        (A.T, Shape(n, m)),
        (Diag(x), Shape(n, n)),
        (Diag(x.T), Shape(n, n)),
        (Diag(c), SCALAR),
        (RowSums(A), Shape(m, 1)),
        (ColumnSums(A), Shape(1, n)),
        (Indicator(A), Shape(m, n)),
        (Select(A, B, A), Shape(m, n)),
        (TANH(A), Shape(m, n)),
        ((x.T @ u) * A, Shape(m, n)),
        (A @ (x.T @ u), Shape(m, n)),
    ],
)
def test_every_node_knows_its_shape(node: Expression, shape: Shape) -> None:
    assert node.shape == shape


@pytest.mark.parametrize(
    ("build", "operation", "left", "right"),
    [
        (lambda: x + v, "sum", "n_0 × 1", "n_1 × 1"),
        (lambda: x - A, "sum", "n_0 × 1", "m × n_0"),
        (lambda: c + x, "sum", "1 × 1", "n_0 × 1"),
        (lambda: x @ A, "matrix product", "n_0 × 1", "m × n_0"),
        (lambda: A @ B, "matrix product", "m × n_0", "m × n_0"),
        (lambda: A @ x @ v, "matrix product", "m × 1", "n_1 × 1"),
        (lambda: x * v, "elementwise product", "n_0 × 1", "n_1 × 1"),
        (lambda: A * x, "elementwise product", "m × n_0", "n_0 × 1"),
        (lambda: x / v, "elementwise quotient", "n_0 × 1", "n_1 × 1"),
        (lambda: c / x, "elementwise quotient", "1 × 1", "n_0 × 1"),
        (lambda: Diag(A), "diag", "m × n_0", "a vector"),
        (lambda: Select(x, v, v), "case distinction", "n_0 × 1", "n_1 × 1"),
        (lambda: Select(x, u, v), "case distinction", "n_0 × 1", "n_1 × 1"),
    ],
)
def test_operands_that_do_not_fit_are_refused_with_the_operation_and_both_shapes(
    build: Callable[[], Expression], operation: str, left: str, right: str
) -> None:
    with pytest.raises(ShapeError) as caught:
        build()
    assert str(caught.value).startswith(f"{operation}: {left} does not fit {right}")
    assert caught.value.operation == operation


def test_sizes_that_happen_to_be_equal_in_an_example_still_do_not_fit() -> None:
    with pytest.raises(ShapeError, match="n_0 × 1 does not fit n_1 × 1"):
        Sum((Variable("x", Shape(n, 1)), Variable("x", Shape(k, 1))))


def test_a_scalar_product_before_a_matrix_wants_parentheses() -> None:
    with pytest.raises(ShapeError, match="parenthesise the scalar product"):
        Product((x.T, u, A))
    assert Product((x.T @ u, A)) == (x.T @ u) @ A
    assert ((x.T @ u) @ A).shape == A.shape


@pytest.mark.parametrize("node", [A, A + B, A @ x, TANH(A), c * A, Select(A, A, B)])
def test_nodes_cannot_be_changed(node: Expression) -> None:
    field = next(iter(vars(node)))
    with pytest.raises(FrozenInstanceError):
        setattr(node, field, x)


EQUAL: list[Callable[[], Expression]] = [
    lambda: Variable("W", Shape(k, n), layer=2),
    lambda: Constant(2, Shape(n, 1)),
    lambda: Ones(Shape(n, 1)),
    lambda: A + B - A,
    lambda: -(A + B),
    lambda: A @ x,
    lambda: A * B,
    lambda: A / B,
    lambda: A**2,
    lambda: (A + B).T,
    lambda: Diag(x),
    lambda: RowSums(A),
    lambda: ColumnSums(A),
    lambda: Indicator(A),
    lambda: Select(A, B, A),
    lambda: TANH(A),
]


@pytest.mark.parametrize("build", EQUAL)
def test_trees_built_alike_are_equal_and_hash_alike(build: Callable[[], Expression]) -> None:
    first, second = build(), build()
    assert first is not second
    assert first == second
    assert hash(first) == hash(second)
    assert {first: 1}[second] == 1


def test_different_trees_differ() -> None:
    nodes = [build() for build in EQUAL]
    nodes += [A, B, A @ x.T.T + 0, B + A, A - B, Variable("W", Shape(k, n), layer=1), A**3]
    assert len(set(nodes)) == len(nodes)


def test_trees_whose_hashes_collide_are_not_equal() -> None:
    assert hash(Constant(-1)) == hash(Constant(-2))  # as Python hashes the numbers
    assert Constant(-1) != Constant(-2)


def test_equality_is_of_structure_and_not_of_value() -> None:
    assert A + B != B + A
    assert RowSums(A) != A @ Ones(Shape(n, 1))
    assert A != "A"


def test_a_numeral_beside_an_array_in_a_sum_is_that_multiple_of_ones() -> None:
    assert 1 - x == Sum((Constant(1, x.shape), Negative(x)))
    assert x + 2 == Sum((x, Constant(2, x.shape)))
    assert x - 2 == Sum((x, Negative(Constant(2, x.shape))))
    assert 1 / x == Quotient(Constant(1, x.shape), x)


def test_a_numeral_factor_scales() -> None:
    assert Product((Constant(2), A)) == 2 * A
    assert Product((A, Constant(2))) == A * 2
    assert Quotient(A, Constant(2)) == A / 2


def test_nothing_else_broadcasts() -> None:
    with pytest.raises(ShapeError):
        c + A
    with pytest.raises(ShapeError):
        x + A
    with pytest.raises(ShapeError):
        x.T * A


def test_sums_and_products_of_any_nesting_are_flat() -> None:
    assert Sum((A, B, A)) == A + (B + A)
    assert Sum((A, B, Negative(A), B)) == (A + B) - (A - B)
    assert (A @ x) @ (v.T @ v) == Product((A, x, v.T @ v))
    assert A @ (x @ v.T) == Product((A, x, v.T))
    assert c * (d * A) == Product((c, d, A))
    assert Hadamard((A, B, A)) == A * (B * A)


def test_a_scalar_before_a_scalar_product_joins_it() -> None:
    assert c * (x.T @ u) == Product((c, x.T, u))


def test_double_negatives_and_double_transposes_vanish() -> None:
    assert -Negative(A) == A
    assert A.T.T == A
    assert Transpose(A) == A.T


def test_walking_meets_every_node_parents_first() -> None:
    tree = TANH(A @ x) + 1
    met = list(tree.walk())
    assert met[0] is tree
    assert [type(node).__name__ for node in met] == [
        *("Sum", "Apply", "Product", "Variable", "Variable", "Constant")
    ]


def test_powers_are_of_every_entry() -> None:
    assert Power(A, 2) == A**2


@pytest.mark.parametrize(
    "operate", [operator.add, operator.sub, operator.mul, operator.truediv, operator.matmul]
)
@pytest.mark.parametrize("other", ["1", None, np.ones((2, 1)), [1.0], 1j])
def test_what_is_neither_an_expression_nor_a_number_is_refused(
    operate: Callable[[object, object], object], other: object
) -> None:
    with pytest.raises(TypeError):
        operate(x, other)
    with pytest.raises(TypeError):
        operate(other, x)


def test_numpy_scalars_are_numbers() -> None:
    assert np.float64(2) * A == 2 * A
    assert A - np.float64(1) == A - 1


def test_a_pickled_expression_carries_no_hash_of_this_process() -> None:
    tree = TANH(A @ x)
    hash(tree)
    pickled = pickle.dumps(A @ x)
    assert b"_hash" not in pickled
    assert pickle.loads(pickled) == A @ x
