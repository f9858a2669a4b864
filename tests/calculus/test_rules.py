"""The rules of differentiation, against the slopes of the functions themselves."""

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.calculus import ColumnSums, Expression, Shape, Size, Variable, evaluate, to_text
from chainrule.calculus.evaluate import Moved
from chainrule.calculus.indexed import Derivative, Entry, Index, IndexSum
from chainrule.calculus.primitives import exp, log
from chainrule.calculus.rules import (
    DEFINITION,
    DIFFERENTIATION,
    FUNCTION,
    LINEARITY,
    OWN,
    PICK,
    PRODUCT,
    QUOTIENT,
    Rule,
    Scope,
)
from chainrule.functions import FUNCTIONS

n = Size("n")
i, j, k = Index("i", n), Index("j", n), Index("k", n)
z, y, t = Variable("z", Shape(n, 1)), Variable("y", Shape(n, 1)), Variable("t", Shape(n, 1))
E, s = Variable("E"), Variable("z")
z_i, z_k, y_i, y_k, t_k = (Entry(v, (at,)) for v, at in [(z, i), (z, k), (y, i), (y, k), (t, k)])
SCOPE = Scope({y: exp(z) / ColumnSums(exp(z)), E: -(t.T @ log(y))})


def by(of: Expression, variable: Expression) -> Derivative:
    return Derivative(of, variable)


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (LINEARITY, by(-IndexSum(k, t_k * log(y_k)), y_i), "-Σ_k t_k ∂(log(y_k))/∂y_i"),
        (LINEARITY, by(t_k, y_i), "∂t_k/∂y_i"),
        (LINEARITY, by(log(t_k), y_i), "0"),
        (PRODUCT, by(y_k * log(y_k), y_i), "∂y_k/∂y_i log(y_k) + y_k ∂(log(y_k))/∂y_i"),
        (QUOTIENT, by(t_k / y_k, y_i), "-(t_k ∂y_k/∂y_i)/y_k²"),
        (FUNCTION, by(log(y_k), y_i), "1/y_k ∂y_k/∂y_i"),
        (FUNCTION, by(y_k**3, y_i), "3 y_k² ∂y_k/∂y_i"),
        (OWN, by(y_k, y_i), "δ_ik"),
        (OWN, by(y_i, y_i), "1"),
        (OWN, by(t_k, y_i), "0"),
        (DEFINITION, by(E, y_i), "∂(-Σ_k t_k log(y_k))/∂y_i"),
        (DEFINITION, by(y_k, z_i), "∂(exp(z_k)/(Σ_j exp(z_j)))/∂z_i"),
    ],
)
def test_each_rule_rewrites_what_it_fits(rule: Rule, before: Expression, after: str) -> None:
    assert to_text(rule.everywhere(before, SCOPE)) == after


def test_delta_picks_one_term_of_a_sum() -> None:
    summed = OWN.everywhere(IndexSum(k, t_k * by(y_k, y_i)), SCOPE)
    assert to_text(PICK.everywhere(summed, SCOPE)) == "t_i"


def differentiated(expression: Expression) -> Expression:
    """Apply the rules until none fits."""
    while True:
        for rule in DIFFERENTIATION:
            new = rule.everywhere(expression, SCOPE)
            if new != expression:
                expression = new
                break
        else:
            return expression


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_definition_of_every_function_is_differentiated_right(name: str) -> None:
    value = FUNCTIONS[name].value
    assert value is not None
    slope = differentiated(by(value, s))
    assert not any(isinstance(node, Derivative) for node in slope.walk())
    points = np.random.default_rng(0).normal(size=(20, 1, 1))
    moved: dict[Expression, Array] = {s: points[:, None] + 1e-30j}
    expected = evaluate(by(value, s), {s: points}, moves=lambda _: Moved(moved, 1e-30))
    found = np.broadcast_to(evaluate(slope, {s: points}), expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def test_a_quantity_follows_from_all_that_its_definition_is_made_of() -> None:
    assert SCOPE.follows(E, z)
    assert not SCOPE.follows(z, y)
    assert not SCOPE.follows(t, y)
