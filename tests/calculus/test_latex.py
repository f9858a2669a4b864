"""LaTeX: how each node looks, and that what is written reads back to an equal value."""

import numpy as np
import pytest
from expressions import Meaning, arrays_for, length_maps, meanings
from hypothesis import given, settings
from hypothesis import strategies as st
from reader import read_latex

from chainrule.calculus import (
    ColumnSums,
    Constant,
    Diag,
    Dimension,
    Expression,
    Hadamard,
    Indicator,
    Negative,
    Ones,
    Power,
    Product,
    RowSums,
    Select,
    Shape,
    Size,
    Sum,
    Transpose,
    Variable,
    evaluate,
    to_latex,
    to_text,
)
from chainrule.calculus.primitives import HALF, absolute, exp, log
from chainrule.functions import FUNCTIONS, LOGISTIC
from chainrule.losses import LOSSES
from chainrule.outputs import OUTPUTS

n, m = Size("n"), Size("m")
x, u = Variable("x", Shape(n, 1)), Variable("u", Shape(n, 1), layer=1)
A = Variable("A", Shape(m, n))
c = Variable("λ")


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (Variable("W", Shape(m, n), layer=2) @ x, "W^{(2)} x"),
        (Variable("y", Shape(n, 1), layer="l-1"), "y^{(l-1)}"),
        (c * A, r"\lambda A"),
        (x.T @ u, r"x^\top u^{(1)}"),
        (u.T @ x, r"{u^{(1)}}^\top x"),
        ((x.T @ x) * A, r"\left(x^\top x\right) A"),
        (ColumnSums(x) @ A, r"\left(\mathbf{1}^\top x\right) A"),
        (ColumnSums(x @ x.T), r"\mathbf{1}^\top \left(x x^\top\right)"),
        (RowSums(A), r"A \mathbf{1}"),
        (1 - x, "1 - x"),
        (-(x - u), r"-\left(x - u^{(1)}\right)"),
        (x - Negative(u - x), r"x + \left(u^{(1)} - x\right)"),
        (Sum((x, Constant(-2, x.shape))), r"x + \left(-2\right)"),
        (HALF * (x.T @ x), r"\frac{1}{2} x^\top x"),
        (Power(A, 2), r"A^{\circ 2}"),
        (Power(u, 2), r"{u^{(1)}}^{\circ 2}"),
        (Power(c, 2), r"\lambda^{2}"),
        (exp(x) ** 2, r"\left(e^{x}\right)^{\circ 2}"),
        (Diag(x * (1 - x)), r"\operatorname{diag}(x \circ \left(1 - x\right))"),
        (Diag(Constant(1, x.shape)), r"\operatorname{diag}(\mathbf{1})"),
        (Constant(3, x.shape).T, r"\left(3 \mathbf{1}\right)^\top"),
        (Ones(Shape(1, n)).T, r"\left(\mathbf{1}^\top\right)^\top"),
        (Ones(Shape(m, n)).T, r"\left(\mathbf{1} \mathbf{1}^\top\right)^\top"),
        (Constant(2) * Constant(3), r"2 \cdot 3"),
        (Constant(2) * Constant(3) ** 2, r"2 \cdot 3^{2}"),
        (Constant(1e-7) * x, "0.0000001 x"),
        (Indicator(x), "[x > 0]"),
        (absolute(x - u), r"\lvert x - u^{(1)} \rvert"),
        (Select(x, x, u), r"\begin{cases} x & x > 0 \\ u^{(1)} & \text{otherwise} \end{cases}"),
        (LOGISTIC.value, r"\frac{1}{1 + e^{-z}}"),
    ],
)
def test_each_node_is_written_as_mathematics_writes_it(
    expression: Expression | None, written: str
) -> None:
    assert expression is not None
    assert to_latex(expression) == written


def named(arrays: dict[Expression, np.ndarray]) -> dict[str, np.ndarray]:
    return {to_text(variable): array for variable, array in arrays.items()}


# Sizes of two and more, so that no matrix is by chance a scalar to the reader.
@settings(max_examples=400)
@given(meanings(), length_maps(smallest=2), st.integers(0, 99))
def test_latex_reads_back_to_an_equal_expression(
    meaning: Meaning, lengths: dict[Dimension, int], seed: int
) -> None:
    arrays = arrays_for(lengths, seed)
    read = read_latex(to_latex(meaning.expression), named(arrays))
    value = evaluate(meaning.expression, arrays)
    scale = np.max(np.abs(value))
    np.testing.assert_allclose(np.broadcast_to(read, value.shape), value, 1e-9, 1e-9 * scale)


def test_no_entry_has_a_double_superscript_or_an_unknown_letter() -> None:
    entries: list[Expression] = []
    for function in FUNCTIONS.values():
        entries += [function.derivative, *([function.value] if function.value else [])]
    for output in OUTPUTS.values():
        entries += [output.value, output.jacobian, output.pullback]
    for loss in LOSSES.values():
        entries += [
            loss.value,
            loss.by_output,
            loss.by_target,
            *([loss.delta] if loss.delta else []),
        ]
    for written in map(to_latex, entries):
        assert r"^\top^" not in written
        assert written.isascii()
        assert written.count("{") == written.count("}")
        assert written.count(r"\left(") == written.count(r"\right)")


def test_hadamard_factors_that_are_products_get_parentheses() -> None:
    assert to_latex(Hadamard((A @ x, A @ u))) == r"\left(A x\right) \circ \left(A u^{(1)}\right)"


def test_a_nested_product_keeps_its_parentheses() -> None:
    assert to_latex(Product((A.T, Product((A, x))))) == r"A^\top \left(A x\right)"


def test_logarithms_take_parentheses_and_transposes_follow() -> None:
    assert to_latex(-(x.T @ log(u))) == r"-x^\top \log(u^{(1)})"
    assert to_latex(Transpose(log(u))) == r"\log(u^{(1)})^\top"
