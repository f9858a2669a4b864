"""A picture as SVG: one element, for a file of its own or inside a page of HTML.

It has no style sheet, no script and no name that another element of a page could meet by chance;
the same picture gives the same bytes.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final
from unicodedata import category
from zlib import crc32

from chainrule.picture.label import SCRIPT_SIZE, Label, Symbol, Words
from chainrule.picture.scene import Connection, Disc, Frame, Point, Scene, Stroke, Text
from chainrule.picture.style import (
    FILLS,
    INK,
    LINE_WIDTH,
    PAPER,
    QUIET,
    connection_colour,
    connection_width,
)

__all__ = ["to_svg"]

_SERIF: Final = "'Latin Modern Roman', 'STIX Two Text', 'Times New Roman', Times, serif"
_SANS: Final = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"
_RAISE: Final = 0.4  # of a superscript, in the size of its letter
_LOWER: Final = 0.2  # of a subscript
_SPACE: Final = 0.28  # the width of a space


def to_svg(scene: Scene) -> str:
    """Write a picture as one SVG element.

    Parameters
    ----------
    scene : Scene
        The picture.

    Returns
    -------
    str
        The element, which is also a whole file.

    References
    ----------
    Scalable Vector Graphics (SVG) 1.1, W3C Recommendation, 2011.

    Examples
    --------
    >>> scene = Scene(10, 10, (), (), (), (), (), "A title", "What it shows.")
    >>> to_svg(scene).splitlines()[3]
    '<rect width="100%" height="100%" fill="#FFFFFF"/>'
    """
    body = "\n".join(_body(scene))
    name = f"chainrule-{crc32(body.encode()):08x}"
    size = f"{_number(scene.width)} {_number(scene.height)}"
    wide, high = size.split()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {size}" style="max-width:100%;height:auto" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">\n'
        f'<title id="{name}-title">{_escaped(scene.title)}</title>\n'
        f'<desc id="{name}-desc">{_escaped(scene.description)}</desc>\n'
        f"{body}\n</svg>\n"
    )


def _body(scene: Scene) -> Iterator[str]:
    yield f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    yield from _connections(scene.connections)
    yield f'<g stroke="{INK}" stroke-width="{_number(LINE_WIDTH)}">'
    yield from map(_disc, scene.discs)
    yield from map(_frame, scene.frames)
    for stroke in scene.strokes:
        yield from _stroke(stroke)
    yield "</g>"
    for (serif, quiet), texts in groupby(sorted(scene.texts, key=_manner), key=_manner):
        family = _SERIF if serif else _SANS
        yield f'<g font-family="{family}" fill="{QUIET if quiet else INK}">'
        yield from map(_text, texts)
        yield "</g>"


def _connections(connections: Iterable[Connection]) -> Iterator[str]:
    """Write lines of one colour and width as one path."""

    def look(line: Connection) -> tuple[str, str]:
        return connection_colour(line), _number(connection_width(line))

    for (colour, width), lines in groupby(connections, key=look):
        path = "".join(f"M{_pair(line.start)}L{_pair(line.end)}" for line in lines)
        yield f'<path d="{path}" stroke="{colour}" stroke-width="{width}"/>'


def _disc(disc: Disc) -> str:
    x, y = map(_number, disc.centre)
    edge = ' stroke="none"' if disc.kind == "dot" else ""
    return f'<circle cx="{x}" cy="{y}" r="{_number(disc.radius)}" fill="{FILLS[disc.kind]}"{edge}/>'


def _frame(frame: Frame) -> str:
    x, y = (_number(middle - frame.side / 2) for middle in frame.centre)
    side = _number(frame.side)
    return f'<rect x="{x}" y="{y}" width="{side}" height="{side}" rx="3" fill="{PAPER}"/>'


def _stroke(stroke: Stroke) -> Iterator[str]:
    yield f'<path d="M{"L".join(map(_pair, stroke.line))}" fill="none"/>'
    if stroke.arrow:
        corners = "L".join(map(_pair, stroke.head))
        yield f'<path d="M{corners}Z" fill="{INK}" stroke="none"/>'


def _manner(text: Text) -> tuple[bool, bool]:
    """Say whether a text is in the type of the mathematics, and whether in grey."""
    return any(isinstance(piece, Symbol) for piece in text.label), text.quiet


def _text(text: Text) -> str:
    x, y = map(_number, text.at)
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    pieces = "".join(_spans(text.label, text.size))
    return f'<text x="{x}" y="{y}" font-size="{_number(text.size)}"{anchor}>{pieces}</text>'


def _spans(label: Label, size: float) -> Iterator[str]:
    """Write the pieces of a label, each moved from where the one before it ended.

    Spaces at the ends of a piece are such movements too, since not every program that draws SVG
    keeps them between two spans.
    """
    right = down = 0.0
    for piece in label:
        if isinstance(piece, Words):
            text = piece.text.strip(" ")
            right += _SPACE * size * (len(piece.text) - len(piece.text.lstrip(" ")))
            yield _span(text, right, down)
            right, down = _SPACE * size * (len(piece.text) - len(piece.text.rstrip(" "))), 0.0
            continue
        yield _span(piece.letter, right, down, ' font-style="italic"')
        right = down = 0.0
        script = piece.superscript or piece.subscript
        if script:
            shift = -_RAISE * size if piece.superscript else _LOWER * size
            yield _span(script, 0.0, shift, f' font-size="{_number(SCRIPT_SIZE * size)}"')
            down = -shift


def _span(text: str, right: float, down: float, style: str = "") -> str:
    moved = (f' dx="{_number(right)}"' if right else "") + (
        f' dy="{_number(down)}"' if down else ""
    )
    written = _escaped(text)
    return f"<tspan{moved}{style}>{written}</tspan>" if moved or style else written


def _escaped(text: str) -> str:
    """Write text for XML, without the control characters that XML cannot hold."""
    kept = "".join(one for one in text if category(one) not in {"Cc", "Cs", "Cn"})
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """Write a length, to a hundredth of a pixel."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
