"""Formulas to tokens, each with its place."""

from hypothesis import given
from hypothesis import strategies as st

from chainrule.read.tokens import tokenise


def texts(formula: str) -> list[str]:
    return [token.text for token in tokenise(formula)]


def test_commands_letters_and_numbers_are_told_apart() -> None:
    assert texts(r"\frac{1}{12}W") == [r"\frac", "{", "1", "}", "{", "12", "}", "W"]


def test_letters_that_spell_a_function_are_one_token() -> None:
    assert texts("softmax(z)") == ["softmax", "(", "z", ")"]


def test_comments_and_spaces_are_dropped() -> None:
    assert texts("a % what follows\n + b") == ["a", "+", "b"]


def test_words_are_one_token() -> None:
    [token] = tokenise(r"\text{for all } ")
    assert (token.kind, token.text) == ("text", "for all ")


def test_greek_letters_and_signs_of_unicode_are_those_of_latex() -> None:
    assert texts("∂σ ⊙ λ") == [r"\partial", r"\sigma", r"\odot", r"\lambda"]


def test_raised_characters_are_a_superscript() -> None:
    assert texts("W⁽²⁾") == ["W", "^", "{", "(", "2", ")", "}"]


@given(st.text())
def test_every_token_stands_where_it_says(text: str) -> None:
    for token in tokenise(text, offset=7):
        assert 7 <= token.start <= token.end <= 7 + len(text)
