"""Elementwise functions, and scalar formulas written for every entry."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.calculus import (
    Constant,
    Diag,
    Expression,
    Function,
    Hadamard,
    Indicator,
    Product,
    Select,
    Shape,
    Size,
    Sum,
    Variable,
    entrywise,
    evaluate,
    to_text,
)
from chainrule.calculus.function import Apply, y, z
from chainrule.calculus.primitives import exp
from chainrule.functions import FUNCTIONS, TANH

n = Size("n", 1)
v, w = Variable("y", Shape(n, 1), layer=1), Variable("z", Shape(n, 1), layer=1)


def test_a_function_needs_a_definition_or_an_evaluation() -> None:
    with pytest.raises(ValueError, match="'empty' has neither"):
        Function("empty", "e", "e", derivative=z)


def test_applying_a_function_keeps_the_shape() -> None:
    assert TANH(v) == Apply(TANH, v)
    assert TANH(v).shape == v.shape


def test_functions_are_equal_by_what_they_say_and_not_by_how_they_are_evaluated() -> None:
    one = Function("f", "f", "f", value=z, derivative=y, evaluate=np.exp)
    other = Function("f", "f", "f", value=z, derivative=y, evaluate=np.log)
    assert one == other
    assert hash(one) == hash(other)
    assert one != Function("f", "f", "f", value=z, derivative=z, evaluate=np.exp)


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        (y * (1 - y), "y(1) ∘ (1 - y(1))"),
        (1 - y**2, "1 - y(1)²"),
        (2 * z, "2 z(1)"),
        (2 * z * y, "2 (z(1) ∘ y(1))"),
        (z * y * exp(-z), "z(1) ∘ y(1) ∘ exp(-z(1))"),
        (y / z, "y(1)/z(1)"),
        (Indicator(z), "[z(1) > 0]"),
        (Select(z, Constant(1), y + 1), "(1 if z(1) > 0 else y(1) + 1)"),
        (z + 0.5, "z(1) + 0.5"),
    ],
)
def test_scalar_products_become_elementwise_and_numerals_multiples_of_ones(
    formula: Expression, written: str
) -> None:
    lifted = entrywise(formula, {y: v, z: w})
    assert lifted.shape == v.shape
    assert to_text(lifted) == written


def test_over_a_scalar_the_formula_stays_as_it_is() -> None:
    formula = 2 * y * (1 - y)
    assert entrywise(formula, {y: y}) == formula


def test_a_single_product_stays_a_scaling_and_a_product_of_two_becomes_elementwise() -> None:
    assert entrywise(3 * z, {z: w}) == Product((Constant(3), w))
    assert entrywise(z * y, {y: v, z: w}) == Hadamard((w, v))
    assert entrywise(1 + z, {z: w}) == Sum((Constant(1, w.shape), w))


def test_what_does_not_act_entry_by_entry_is_refused() -> None:
    with pytest.raises(TypeError, match="Diag does not act entry by entry"):
        entrywise(Diag(z), {z: w})


@pytest.mark.parametrize("name", FUNCTIONS)
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=5))
def test_a_formula_over_vectors_is_the_formula_of_every_entry(
    name: str, entries: list[float]
) -> None:
    function = FUNCTIONS[name]
    arguments = np.array(entries)[:, None]
    results = np.array([0.3 * e for e in entries])[:, None]
    lifted = evaluate(entrywise(function.derivative, {y: v, z: w}), {v: results, w: arguments})
    for row in range(len(entries)):
        one = evaluate(function.derivative, {y: results[[row]], z: arguments[[row]]})
        np.testing.assert_allclose(lifted[row], one[0], rtol=1e-13, atol=1e-300)
