"""What a picture says: short pieces of mathematics and words, and how much room they need.

A label is written three times, as SVG, as LaTeX and by matplotlib, so it is kept as what it means
and not as any of them. Its width is estimated from above, by the advance widths of DejaVu, the
widest of the usual fonts: in any other there is some more space around it.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final, TypeAlias, final

__all__ = ["SCRIPT_SIZE", "Label", "Symbol", "Words", "of_layer", "plain", "width", "wrapped"]

#: The size of a superscript or subscript, as a share of the letter's.
SCRIPT_SIZE: Final = 0.68

#: Advance widths in em; a character that is in none of the lines takes the last one.
_WIDTHS: Final = {
    width: frozenset(characters)
    for width, characters in (
        (0.33, "ijl',. :;|I!"),
        (0.42, "()[]frtJ-/\\"),
        (0.65, 'abcdeghknopqsuvxyz0123456789σABEFKLPSTVXYZ_–"*?$'),
        (0.84, "CDGHNOQRUw×→−+=<>&#~^"),
        (1.05, ""),
    )
}
_WIDEST: Final = max(_WIDTHS)


@final
@dataclass(frozen=True)
class Symbol:
    """A letter of the mathematics, in italics, with what is above or below its right corner.

    Parameters
    ----------
    letter : str
        The letter.
    superscript, subscript : str
        One of the two, upright, or neither.
    """

    letter: str
    superscript: str = ""
    subscript: str = ""


@final
@dataclass(frozen=True)
class Words:
    """Upright text: words, numbers and signs.

    Parameters
    ----------
    text : str
        The text.
    """

    text: str


Label: TypeAlias = tuple[Symbol | Words, ...]


def of_layer(letter: str, layer: int) -> Symbol:
    """Write a quantity of a layer, such as ``z(1)``.

    Parameters
    ----------
    letter : str
        The quantity.
    layer : int
        The layer, from 1.

    Returns
    -------
    Symbol

    Examples
    --------
    >>> of_layer("z", 1)
    Symbol(letter='z', superscript='(1)', subscript='')
    """
    return Symbol(letter, superscript=f"({layer})")


def width(label: Label) -> float:
    """Estimate from above how wide a label is.

    Parameters
    ----------
    label : Label
        What is to be written.

    Returns
    -------
    float
        The width in em, that is, in font sizes.

    Examples
    --------
    >>> width((Words("10"),))
    1.3
    """
    return sum(map(_piece_width, label))


def plain(label: Label) -> str:
    """Write a label in one line of text.

    Parameters
    ----------
    label : Label
        What is to be written.

    Returns
    -------
    str

    Examples
    --------
    >>> plain((of_layer("z", 1), Words(" → "), Symbol("y", subscript="3")))
    'z(1) → y_3'
    """
    return "".join(map(_plain_piece, label))


def wrapped(text: str, most: int) -> tuple[str, ...]:
    """Break words into lines, between words only.

    Parameters
    ----------
    text : str
        The words.
    most : int
        How many characters a line has at most, unless a word alone is longer.

    Returns
    -------
    tuple of str
        The lines.

    Examples
    --------
    >>> wrapped("binary cross entropy", 14)
    ('binary', 'cross entropy')
    """
    lines: list[str] = []
    # from the end, since a shorter line reads better above a longer one
    for word in reversed(text.split()):
        if lines and len(word) + 1 + len(lines[0]) <= most:
            lines[0] = f"{word} {lines[0]}"
        else:
            lines.insert(0, word)
    return tuple(lines)


def _piece_width(piece: Symbol | Words) -> float:
    if isinstance(piece, Words):
        return sum(map(_character_width, piece.text))
    scripts = sum(map(_character_width, piece.superscript + piece.subscript))
    letter = sum(max(0.66, _character_width(character)) for character in piece.letter)
    return letter + SCRIPT_SIZE * scripts


def _character_width(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    return next((width for width, known in _WIDTHS.items() if character in known), _WIDEST)


def _plain_piece(piece: Symbol | Words) -> str:
    if isinstance(piece, Words):
        return piece.text
    return piece.letter + piece.superscript + (f"_{piece.subscript}" if piece.subscript else "")
