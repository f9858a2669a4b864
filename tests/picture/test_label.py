"""Labels: what they say, and that there is room for them."""

import pytest

from chainrule.picture.label import Symbol, Words, of_layer, plain, width, wrapped


def test_a_quantity_of_a_layer_has_its_number_above() -> None:
    assert plain((of_layer("W", 12),)) == "W(12)"
    assert plain((Symbol("x", subscript="3"), Words(" of "), Symbol("x"))) == "x_3 of x"


def test_a_script_takes_less_room_than_a_letter() -> None:
    bare, raised = width((Symbol("z"),)), width((of_layer("z", 1),))
    assert bare < raised < width((Words("z(1)"),)) + 0.1


def test_a_character_that_is_not_known_takes_the_room_of_a_wide_one() -> None:
    assert width((Words("神"),)) > width((Words("w"),))


def test_an_accent_takes_no_room_of_its_own() -> None:
    assert width((Words("e\N{COMBINING ACUTE ACCENT}"),)) == width((Words("e"),))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("softmax", ("softmax",)),
        ("cross entropy", ("cross entropy",)),
        ("binary cross entropy", ("binary", "cross entropy")),
        ("unbreakablelongname", ("unbreakablelongname",)),
        ("", ()),
    ],
)
def test_words_are_broken_between_words_only(text: str, lines: tuple[str, ...]) -> None:
    assert wrapped(text, 14) == lines
