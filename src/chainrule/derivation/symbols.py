"""How the quantities of a network are called in a derivation."""

import unicodedata
from dataclasses import dataclass, fields
from typing import final

from chainrule.calculus.writer import LayerScript
from chainrule.errors import SpecificationError, UnknownNameError

__all__ = ["Symbols"]

_GREEK = frozenset("αβγδεζηθικλμνξπρσςτυφχψωΓΔΘΛΞΠΣΥΦΨΩ")
#: Greek letters that cannot be told from Latin ones, and these.
_LIKE_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True))  # noqa: RUF001
#: Letters that already mean something on every page, and what.
_TAKEN = {
    "i": "an index",
    "j": "an index",
    "k": "an index",
    "s": "the index of a sample",
    "u": "an index",
    "v": "an index",
    "l": "a layer",
    "m": "the number of samples",
    "n": "the size of a layer",
    "e": "the base of exponentials",
    "L": "the number of layers",
    "E": "the loss",
    "λ": "weight decay",
    "δ": "the Kronecker delta",
    "Δ": "a derivative by a matrix of samples",
    "σ": "the logistic function",
    "ρ": "the loss of a residual",
    "Σ": "a sum",
    "∂": "the sign of a derivative",
}
#: Quantities of a sample.
_SAMPLED = frozenset({"inputs", "targets", "pre_activations", "hidden_outputs", "outputs"})
_MARKS = ("\N{COMBINING CIRCUMFLEX ACCENT}", "\N{COMBINING TILDE}", "\N{COMBINING MACRON}")


@final
@dataclass(frozen=True)
class Symbols:
    """The letters of a derivation, and where the layer stands.

    Parameters
    ----------
    weights, biases, inputs, targets : str
        A letter each, Latin or Greek; with a hat, tilde or bar if need be (``"ŷ"``).
    pre_activations, hidden_outputs, outputs : str
        Likewise. Hidden layers and the last one may share a letter for their outputs. Where the
        targets take the letter of the outputs, those become ``ŷ``.
    superscript : str
        Where the layer stands: ``"(l)"``, ``"[l]"`` or ``"subscript"``.

    Raises
    ------
    SpecificationError
        If two quantities share a letter, or one is not free for them.

    Examples
    --------
    >>> Symbols(hidden_outputs="h", targets="y").outputs
    'ŷ'
    >>> Symbols(weights="x")
    Traceback (most recent call last):
    ...
    chainrule.errors.SpecificationError: weights and inputs cannot both be written 'x'; choose \
another letter for one of them
    """

    weights: str = "W"
    biases: str = "b"
    inputs: str = "x"
    targets: str = "t"
    pre_activations: str = "z"
    hidden_outputs: str = "y"
    outputs: str = ""
    superscript: str = LayerScript.PARENTHESES.value

    def __post_init__(self) -> None:
        if self.superscript not in set(LayerScript):
            raise SpecificationError(_about_superscript(self.superscript))
        if not self.outputs:
            object.__setattr__(self, "outputs", "ŷ" if self.targets == "y" else "y")
        for name, letter in self.letters().items():
            if not isinstance(letter, str):
                raise SpecificationError(
                    f"the symbol of the {name.replace('_', ' ')} must be a letter, not {letter!r}"
                )
            object.__setattr__(self, name, _checked(name, letter))
        _check_collisions(self)

    @property
    def layers(self) -> LayerScript:
        """Where the layer stands."""
        return LayerScript(self.superscript)

    def check_free(self, letters: str, use: str) -> None:
        """Refuse symbols that a further part of a derivation needs.

        Raises
        ------
        SpecificationError
            If one of the letters is taken.
        """
        for name, letter in self.letters().items():
            if letter in letters or (name in _SAMPLED and _capital(letter) in letters):
                raise SpecificationError(
                    f"the {name.replace('_', ' ')} cannot be written {letter!r}, which {use} need; "
                    "choose another letter"
                )

    def letters(self) -> dict[str, str]:
        """List the letters, by what they stand for."""
        names = [field.name for field in fields(self) if field.name != "superscript"]
        return {name: getattr(self, name) for name in names}


def _about_superscript(given: str) -> str:
    choices = ", ".join(f"'{choice}'" for choice in LayerScript)
    if len(given) <= 1 or given.startswith("^"):
        return (
            f"a bare superscript {given!r} for the layer collides with powers and the transpose; "
            f"choose from {choices}"
        )
    return str(UnknownNameError("superscript", given, map(str, LayerScript)))


def _checked(name: str, given: str) -> str:
    letter = unicodedata.normalize("NFC", given)
    quantity = name.replace("_", " ")
    _check_letter(quantity, letter)
    means = _TAKEN.get(letter)
    if letter == "T" and name not in _SAMPLED:
        means = "the transpose"
    if means:
        raise SpecificationError(
            f"the {quantity} cannot be written {letter!r}, which stands for {means}; choose "
            "another letter"
        )
    if name in _SAMPLED:
        _check_sampled(quantity, letter)
    return letter


def _check_letter(quantity: str, letter: str) -> None:
    plain, *marks = list(unicodedata.normalize("NFD", letter)) or [""]
    if plain in _LIKE_LATIN and len(letter) == 1:
        raise SpecificationError(
            f"the {quantity} cannot be written with the Greek letter {plain!r}, which looks like "
            f"the Latin {_LIKE_LATIN[plain]!r}; take that one"
        )
    is_letter = (plain.isascii() and plain.isalpha()) or plain in _GREEK or letter in _TAKEN
    if len(letter) != 1 or not is_letter or any(mark not in _MARKS for mark in marks):
        raise SpecificationError(
            f"the symbol of the {quantity} must be one Latin or Greek letter, with a hat, tilde or "
            f"bar if need be, not {letter!r}"
        )


def _check_sampled(quantity: str, letter: str) -> None:
    """Refuse a letter whose capital is not free for the matrix of all samples."""
    capital = _capital(letter)
    if capital == letter:
        raise SpecificationError(
            f"the {quantity} of a sample cannot be written {letter!r}: a capital stands for the "
            "matrix whose rows are the samples; choose a small letter"
        )
    if capital in _TAKEN:
        raise SpecificationError(
            f"the {quantity} cannot be written {letter!r}, whose capital stands for "
            f"{_TAKEN[capital]}; choose another letter"
        )


def _capital(letter: str) -> str:
    """Give the letter of the matrix, as it looks."""
    plain, *marks = list(unicodedata.normalize("NFD", letter.upper()))
    return unicodedata.normalize("NFC", "".join([_LIKE_LATIN.get(plain, plain), *marks]))


def _check_collisions(symbols: Symbols) -> None:
    """Refuse a letter for two quantities; of samples, capitals stand for the matrices."""
    letters = symbols.letters()
    capitals = [(name, _capital(letters[name])) for name in letters if name in _SAMPLED]
    taken: dict[str, str] = {}
    for name, letter in [*letters.items(), *capitals]:
        other = taken.setdefault(letter, name)
        both_outputs = {name, other} == {"hidden_outputs", "outputs"}
        if other != name and not both_outputs:
            first, second = other.replace("_", " "), name.replace("_", " ")
            raise SpecificationError(
                f"{first} and {second} cannot both be written {letter!r}; choose another letter "
                "for one of them"
            )
