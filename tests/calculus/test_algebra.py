"""Tidying: shorter, and of the same value."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.arrays import Array
from chainrule.calculus import Constant, Expression, Shape, Size, Variable, evaluate, to_text
from chainrule.calculus.algebra import (
    complexity,
    factored,
    gathered,
    multiplied_out,
    named,
    simplified,
)
from chainrule.calculus.indexed import Entry, Index, IndexSum
from chainrule.calculus.nodes import Negative, Power, Product, Quotient, Sum
from chainrule.calculus.primitives import exp

y, t, c = Variable("y"), Variable("t"), Variable("c")
n = Size("n")
i, j = Index("i", n), Index("j", n)
a, b = Variable("a", Shape(n, 1)), Variable("b", Shape(n, 1))
a_i, a_j, b_j = Entry(a, (i,)), Entry(a, (j,)), Entry(b, (j,))
RNG = np.random.default_rng(0)
ARRAYS: dict[Expression, Array] = {
    **{v: RNG.uniform(0.3, 0.9, (1, 1)) for v in (y, t, c)},
    **{v: RNG.uniform(0.3, 0.9, (3, 1)) for v in (a, b)},
}
ATOMS = [y, t, c, a_i, Constant(2), Constant(1), IndexSum(j, a_j), IndexSum(j, b_j, i), exp(y)]


@st.composite
def scalars(draw: st.DrawFn, depth: int = 3) -> Expression:
    if depth == 0:
        return draw(st.sampled_from(ATOMS))
    parts = draw(st.lists(scalars(depth - 1), min_size=2, max_size=3))
    kind = draw(st.sampled_from(["atom", "sum", "difference", "product", "quotient", "power", "Σ"]))
    match kind:
        case "sum":
            return Sum(tuple(parts))
        case "difference":
            return Sum((parts[0], Negative(parts[1])))
        case "product":
            return Product(tuple(parts))
        case "quotient":
            return Quotient(parts[0], exp(parts[1]))
        case "power":
            return Power(parts[0], 2)
        case "Σ":
            return IndexSum(j, parts[0] * b_j)
    return draw(st.sampled_from(ATOMS))


def value(expression: Expression) -> Array:
    with np.errstate(over="ignore"):
        return evaluate(expression, ARRAYS, indices=(i, j))


@pytest.mark.parametrize("tidy", [simplified, gathered, multiplied_out, factored])
@given(expression=scalars())
@settings(max_examples=120)
def test_tidying_keeps_the_value(tidy: object, expression: Expression) -> None:
    assert callable(tidy)
    before, after = np.broadcast_arrays(value(expression), value(tidy(expression)))
    finite = np.isfinite(before)
    np.testing.assert_allclose(after[finite], before[finite], rtol=1e-7, atol=1e-9)


@given(scalars())
@settings(max_examples=60)
def test_what_is_simplified_is_not_longer_than_what_is_gathered(expression: Expression) -> None:
    assert complexity(simplified(expression)) <= complexity(gathered(expression))


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (((1 - t) / (1 - y) - t / y) * y * (1 - y), "y - t"),
        (Quotient(t, y) * y, "t"),
        (y - y, "0"),
        (2 * y + y, "3 y"),
        (IndexSum(j, y * a_j), "y Σ_j a_j"),
        (IndexSum(j, Constant(2) * a_j / y), "(2 Σ_j a_j)/y"),
        (exp(-y) / (1 + exp(-y)) ** 2, "exp(-y)/(1 + exp(-y))²"),
        (-t + y * t, "t (y - 1)"),
    ],
)
def test_simplified_is_what_a_person_would_write(expression: Expression, written: str) -> None:
    assert to_text(simplified(expression)) == written


def test_a_quotient_is_recognised_under_its_name() -> None:
    expression = (t * c - t * y) / c**2
    assert to_text(named(expression, c, {t: a_i})) == "a_i (1 - y/c)"
