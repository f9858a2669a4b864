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
