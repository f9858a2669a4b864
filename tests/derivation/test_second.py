"""Second derivatives in a derivation: what comes out, and what a wrong one does."""

from itertools import product

import numpy as np
import pytest
from cases import PAIRS

from chainrule import Network, derive
from chainrule.calculus import Size, Variable, evaluate, to_latex, to_text
from chainrule.calculus.curvature import Hessian, KroneckerProduct
from chainrule.calculus.shapes import Shape
from chainrule.derivation import Symbols
from chainrule.derivation.parts.second import SecondPart
from chainrule.errors import ShapeError, SpecificationError, VerificationError

SHEET = Network([256, 7, 10], hidden="logistic", bias=False)
STRAIGHT = Network([4, 3, 2], hidden="relu", output="identity")


def results(net: Network, layout: str = "mixed") -> dict[str, set[str]]:
    document = derive(net, layout, second=True).document
    found: dict[str, set[str]] = {}
    for equation in document.sections[-1].equations:
        rights = {to_text(line.right) for line in equation.lines}
        found.setdefault(to_text(equation.left), set()).update(rights)
    return found


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("∂²E/∂z_i(2)∂z_j(2)", "y_i (δ_ij - y_j)"),
        ("∂²E/∂z(2)∂z(2)ᵀ", "diag(y) - y yᵀ"),
        ("G(2)", "∂²E/∂z(2)∂z(2)ᵀ ⊗ (y(1) y(1)ᵀ)"),
        ("G(1)", "((∂z(2)/∂z(1))ᵀ ∂²E/∂z(2)∂z(2)ᵀ ∂z(2)/∂z(1)) ⊗ (x xᵀ)"),
        ("F(2)", "∂²E/∂z(2)∂z(2)ᵀ ⊗ (y(1) y(1)ᵀ)"),
        ("∂z(2)/∂z(1)", "W(2) diag(y(1) ∘ (1 - y(1)))"),
        ("P(2)", "ġ(2) y(1)ᵀ + g(2) ẏ(1)ᵀ"),
        ("ż(2)", "V(2) y(1) + W(2) ẏ(1)"),
    ],
)
def test_the_second_derivatives_of_the_exercise_sheet_come_out(left: str, right: str) -> None:
    assert right in results(SHEET)[left]


def test_a_function_of_straight_pieces_does_not_bend() -> None:
    found = results(STRAIGHT)
    assert found["ġ(1)"] == {"(V(2)ᵀ g(2) + W(2)ᵀ ġ(2)) ∘ [y(1) > 0]"}


def test_a_loss_that_is_no_likelihood_has_no_fisher_information() -> None:
    found = results(Network([4, 3, 2], hidden="tanh", loss="squared_error"))
    assert "G(1)" in found
    assert "F(1)" not in found


@pytest.mark.parametrize(
    ("pair", "layout"), [*product(PAIRS, ("mixed", "numerator", "denominator"))], ids=str
)
def test_every_output_with_every_loss_has_second_derivatives(
    pair: tuple[str, str], layout: str
) -> None:
    output, loss = pair
    net = Network([3, 4, 2], hidden="tanh", output=output, loss=loss)
    assert derive(net, layout, detail="full", second=True).check.worst_error < 1e-8


def test_a_single_output_has_second_derivatives() -> None:
    found = results(Network([3, 4, 1], hidden="tanh", output="logistic"))
    assert "y (1 - y)" in found["∂²E/∂z(2)∂z(2)"]


def test_a_wrong_block_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    right = SecondPart._block
    monkeypatch.setattr(SecondPart, "_block", lambda part, letter, layer: right(part, "G", 1))
    with pytest.raises(VerificationError):
        derive(SHEET, second=True)


def test_letters_that_second_derivatives_need_are_not_free() -> None:
    derive(SHEET, symbols=Symbols(biases="c"))
    with pytest.raises(SpecificationError, match="which second derivatives need"):
        derive(SHEET, symbols=Symbols(biases="c"), second=True)


def test_every_format_writes_them() -> None:
    derivation = derive(SHEET, second=True)
    assert r"\frac{\partial^2 E}{\partial z^{(2)} \partial {z^{(2)}}^\top}" in derivation.to_latex()
    assert r"\dot{z}^{(1)}" in derivation.to_markdown()
    assert "<mo>⊗</mo>" in derivation.to_html()
    assert {step["part"] for step in derivation.to_dict()["steps"]} >= {10}


def test_the_nodes_say_what_they_are() -> None:
    n, k = Size("n", 1), Size("n", 0)
    A, B = Variable("A", Shape(n, n)), Variable("B", Shape(k, 1))
    pair = KroneckerProduct(A, B)
    assert (str(pair.shape), to_latex(pair)) == ("n_1 n_0 × n_1", r"A \otimes B")
    left, right = np.arange(4.0).reshape(2, 2), np.array([[1.0], [2.0], [3.0]])
    np.testing.assert_array_equal(evaluate(pair, {A: left, B: right}), np.kron(left, right))
    with pytest.raises(ShapeError):
        Hessian(Variable("E"), A)
