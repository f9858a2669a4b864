"""The letters that a user chooses, and those that cannot be."""

import pytest

from chainrule import Network, derive
from chainrule.derivation import Symbols
from chainrule.errors import SpecificationError

NET = Network([4, 3, 2], hidden="logistic")


def test_the_letters_stand_in_the_derivation() -> None:
    symbols = Symbols(
        weights="V", biases="c", inputs="a", targets="y", pre_activations="q", hidden_outputs="h"
    )
    text = derive(NET, symbols=symbols).to_text()
    assert "q(1) = V(1) a + c(1)" in text
    assert "h(1) = σ(q(1))" in text
    assert "∂E/∂q(2)" in text
    assert "(ŷ - y)ᵀ" in text
    assert "Δ(1)ᵀ A" in text


@pytest.mark.parametrize(
    ("superscript", "latex", "entry"),
    [
        ("(l)", "W^{(2)}", "z_i^{(2)}"),
        ("[l]", "W^{[2]}", "z_i^{[2]}"),
        ("subscript", "W_{2}", r"\left(z_{2}\right)_i"),
    ],
)
def test_the_layer_stands_where_it_is_asked_for(superscript: str, latex: str, entry: str) -> None:
    written = derive(NET, symbols={"superscript": superscript}).to_latex()
    assert latex in written
    assert entry in written


@pytest.mark.parametrize(
    ("letters", "message"),
    [
        ({"weights": "x"}, "weights and inputs cannot both be written 'x'"),
        ({"targets": "y", "outputs": "y"}, "cannot both be written 'y'"),
        ({"inputs": "X"}, "the inputs of a sample cannot be written 'X': a capital stands"),
        ({"targets": "T"}, "choose a small letter"),
        ({"hidden_outputs": "h", "outputs": "H"}, "choose a small letter"),
        ({"inputs": "α", "weights": "A"}, "weights and inputs cannot both be written 'A'"),
        ({"inputs": "τ"}, "cannot both be written 'T'"),
        ({"inputs": "ε"}, "whose capital stands for the loss"),
        ({"weights": "Α"}, "looks like the Latin 'A'; take that one"),  # noqa: RUF001
        ({"weights": "Σ"}, "stands for a sum"),
        ({"weights": 3}, "must be a letter, not 3"),
        ({"inputs": "w", "weights": "W"}, "cannot both be written 'W'"),
        ({"weights": "λ"}, "weight decay"),
        ({"biases": "e"}, "the base of exponentials"),
        ({"inputs": "i"}, "an index"),
        ({"weights": "WW"}, "one Latin or Greek letter"),
        ({"weights": ""}, "one Latin or Greek letter"),
        ({"weights": "∑"}, "one Latin or Greek letter"),
        ({"superscript": "l"}, "collides with powers and the transpose"),
        ({"superscript": "T"}, "collides with powers and the transpose"),
        ({"superscript": "{l}"}, "there is no superscript"),
    ],
)
def test_symbols_that_collide_are_refused(letters: dict[str, str], message: str) -> None:
    with pytest.raises(SpecificationError, match=message):
        Symbols(**letters)


def test_hidden_outputs_and_outputs_may_share_a_letter() -> None:
    assert Symbols().hidden_outputs == Symbols().outputs == "y"


@pytest.mark.parametrize("letter", [*"αβγεζηθικμνξπςτυφχψωΓΘΛΞΠΥΦΨΩ"])
def test_every_greek_letter_that_is_free_is_taken(letter: str) -> None:
    latex = derive(NET, symbols={"weights": letter}).to_latex(fragment=True)
    assert latex.isascii()
    assert r"}}^{(2)}" not in latex


def test_a_greek_capital_that_looks_latin_is_written_so() -> None:
    assert r"\Delta^{(1)}}^\top A" in derive(NET, symbols={"inputs": "α"}).to_latex()


def test_letters_of_the_normal_distribution_are_free_where_it_is_not_used() -> None:
    derive(NET, symbols={"weights": "Φ"})
    with pytest.raises(SpecificationError, match="which the functions of this network need"):
        derive(Network([4, 3, 2], hidden="gelu"), symbols={"inputs": "φ"})


def test_a_capital_that_second_derivatives_need_is_not_free() -> None:
    with pytest.raises(SpecificationError, match="which second derivatives need"):
        derive(NET, symbols={"inputs": "f"}, second=True)


@pytest.mark.parametrize("given", [3, ["W"], {"weight": "V"}, {3: "V"}])
def test_symbols_that_are_none_get_one_sentence(given: object) -> None:
    with pytest.raises(SpecificationError, match="symbol"):
        derive(NET, symbols=given)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [None, [3, 4, 2], "4 3 2"])
def test_what_is_no_network_gets_one_sentence(given: object) -> None:
    with pytest.raises(SpecificationError, match=r"derive takes a Network, .*, not a"):
        derive(given)  # type: ignore[arg-type]
