"""Kinks: which lines say that they hold away from them, and what is taken there."""

import pytest

from chainrule import Derivation, Network, derive
from chainrule.calculus import to_text


def marked(derivation: Derivation) -> set[tuple[str, str]]:
    return {
        (to_text(equation.left), to_text(line.right))
        for section in derivation.document.sections
        for equation in section.equations
        for line in equation.lines
        if line.is_away_from_kinks
    }


def test_the_lines_that_branch_at_a_kink_say_so() -> None:
    derivation = derive(Network([4, 3, 5, 2], hidden=["tanh", "relu"]))
    found = marked(derivation)
    assert ("∂relu(z)/∂z", "[relu(z) > 0]") in found or any("relu" in left for left, _ in found)
    assert ("∂y(2)/∂z(2)", "diag([y(2) > 0])") in found
    assert ("Δ(2)", "(Δ(3) W(3)) ∘ [Y(2) > 0]") in found
    assert not any("(1)" in left for left, _ in found)
    assert derivation.check.assumptions == ("away-from-kinks", "sum-to-one")


def test_a_loss_may_have_one() -> None:
    net = Network([4, 3, 2], hidden="tanh", output="identity", loss="absolute_error")
    derivation = derive(net)
    assert ("∂E/∂z(2)", "sign(y - t)ᵀ") in marked(derivation)
    assert "absolute error by an output is taken as 0." in " ".join(derivation.to_text().split())


@pytest.mark.parametrize("hidden", ["elu", "gelu", "logistic"])
def test_where_the_derivative_is_continuous_nothing_is_assumed(hidden: str) -> None:
    net = Network([4, 3, 2], hidden=hidden, output="identity", loss="huber")
    assert marked(derive(net, detail="full")) == set()


@pytest.mark.parametrize(("hidden", "value"), [("relu", "0"), ("leaky_relu", "0.01")])
def test_the_last_section_says_what_is_taken_there(hidden: str, value: str) -> None:
    text = " ".join(derive(Network([4, 3, 2], hidden=hidden)).to_text().split())
    name = "lrelu" if hidden == "leaky_relu" else hidden
    assert f"at z = 0 the derivative of {name} is taken as {value}." in text


def test_the_record_and_every_page_name_the_assumption() -> None:
    derivation = derive(Network([4, 3, 2], hidden="relu"))
    named = {step["assumption"] for step in derivation.to_dict()["steps"]}
    assert named == {None, "sum-to-one", "away-from-kinks", "sum-to-one, away-from-kinks"}
    assert r"$^\dagger$" in derivation.to_latex()
    assert "†" in derivation.to_html()
    assert "†" in derivation.to_markdown()
