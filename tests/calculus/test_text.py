"""Plain text: how each node looks, and that what is written reads back to an equal value."""

from fractions import Fraction

import numpy as np
import pytest
from expressions import Meaning, arrays_for, length_maps, meanings
from hypothesis import given, settings
from hypothesis import strategies as st
from reader import read_text

from chainrule.calculus import (
    ColumnSums,
    Constant,
    Diag,
    Dimension,
    Expression,
    Indicator,
    Ones,
    RowSums,
    Select,
    Shape,
    Size,
    Variable,
    evaluate,
    to_text,
)
from chainrule.calculus.primitives import HALF, absolute, exp
from chainrule.functions import LOGISTIC
from chainrule.outputs import OUTPUTS

n, m = Size("n"), Size("m")
x, u = Variable("x", Shape(n, 1)), Variable("u", Shape(n, 1), layer=1)
A = Variable("A", Shape(m, n))
c = Variable("λ")


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (Variable("W", Shape(m, n), layer=2) @ x, "W(2) x"),
        (c * A, "λ A"),
        (A * c, "A λ"),
        (x.T @ u, "xᵀ u(1)"),
        ((x.T @ x) * A, "(xᵀ x) A"),
        (A @ (x * (x.T @ x)), "A x (xᵀ x)"),
        (ColumnSums(x) @ A, "(𝟏ᵀ x) A"),
        (RowSums(x.T) @ A, "(xᵀ 𝟏) A"),
        (ColumnSums(x @ x.T), "𝟏ᵀ (x xᵀ)"),
        (RowSums(A), "A 𝟏"),
        (1 - x, "1 - x"),
        (1 / x, "1/x"),
        (x / (1 + x), "x/(1 + x)"),
        ((A @ x) / c, "(A x)/λ"),
        (c / (c * c), "λ/(λ λ)"),
        (c / (1 / c), "λ/(1/λ)"),
        (HALF * (x.T @ x), "1/2 xᵀ x"),
        (Constant(Fraction(1, 2)) ** 2, "(1/2)²"),
        (Constant(-2) * x, "(-2) x"),
        (Constant(2) * Constant(3) ** 2, "2 · 3²"),
        ((-x) ** 2, "(-x)²"),
        (-(x**2), "-x²"),
        (x**-1, "x⁻¹"),
        (Diag(x * (1 - x)), "diag(x ∘ (1 - x))"),
        (Diag(Constant(1, x.shape)), "diag(𝟏)"),
        (Constant(3, x.shape).T, "(3 𝟏)ᵀ"),
        (Ones(Shape(m, n)) @ x, "𝟏 𝟏ᵀ x"),
        (A @ Ones(Shape(n, m)), "A (𝟏 𝟏ᵀ)"),
        (Ones(Shape(1, n)).T, "(𝟏ᵀ)ᵀ"),
        (exp(-x), "exp(-x)"),
        (Indicator(x), "[x > 0]"),
        (absolute(x - u), "|x - u(1)|"),
        (1 - Select(x, x, u), "1 - (x if x > 0 else u(1))"),
        (LOGISTIC.derivative, "y (1 - y)"),
        (OUTPUTS["softmax"].jacobian, "diag(y) - y yᵀ"),
        (OUTPUTS["softmax"].pullback, "g ∘ yᵀ - (g y) yᵀ"),
        (OUTPUTS["identity"].pullback, "g ∘ 𝟏ᵀ"),
    ],
)
def test_each_node_is_written_as_mathematics_writes_it(
    expression: Expression, written: str
) -> None:
    assert to_text(expression) == written


# Sizes of two and more, so that no matrix is by chance a scalar to the reader.
@settings(max_examples=400)
@given(meanings(), length_maps(smallest=2), st.integers(0, 99))
def test_text_reads_back_to_an_equal_expression(
    meaning: Meaning, lengths: dict[Dimension, int], seed: int
) -> None:
    arrays = arrays_for(lengths, seed)
    named = {to_text(variable): array for variable, array in arrays.items()}
    read = read_text(to_text(meaning.expression), named)
    value = evaluate(meaning.expression, arrays)
    scale = np.max(np.abs(value))
    np.testing.assert_allclose(np.broadcast_to(read, value.shape), value, 1e-9, 1e-9 * scale)


def test_the_reader_of_these_tests_refuses_a_scalar_product_without_parentheses() -> None:
    arrays = {"x": np.ones((2, 1)), "A": np.ones((3, 2))}
    with pytest.raises(ValueError, match="parentheses"):
        read_text("xᵀ x A", arrays)
    assert read_text("(xᵀ x) A", arrays).tolist() == (2 * arrays["A"]).tolist()


def test_the_reader_of_these_tests_binds_as_mathematics_does() -> None:
    arrays = {"a": np.array([[2.0]]), "x": np.array([[1.0], [3.0]])}
    assert read_text("-a²", arrays).item() == -4
    assert read_text("1 - a + a", arrays).item() == 1
    assert read_text("a/a a", arrays).item() == 2
    assert read_text("x ∘ x + a", arrays).ravel().tolist() == [3, 11]
    assert read_text("𝟏ᵀ x", arrays).item() == 4
