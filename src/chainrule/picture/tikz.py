r"""A picture as LaTeX, for a document that says ``\usepackage{tikz}`` and nothing else.

Its letters are those of the document. A picture that is wider than the line is made to fit by
``\resizebox``, which TikZ itself loads.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from chainrule.calculus.latex import letter
from chainrule.picture.label import Label, Symbol, Words
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

__all__ = ["to_tikz"]

_POINTS: Final = 0.7  # TeX points to a pixel, so that letters of 15 pixels are those of the text
_FONTS: Final = ((14.0, r"\normalsize"), (0.0, r"\footnotesize"))
_ANCHORS: Final = {"start": "base west", "middle": "base", "end": "base east"}
_WORDS: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "→": r"$\to$",
        "×": r"$\times$",
        "−": "$-$",
        **{character: f"\\{character}" for character in "&%$#_{}"},
    }
)


def to_tikz(scene: Scene) -> str:
    r"""Write a picture as a fragment of LaTeX.

    Parameters
    ----------
    scene : Scene
        The picture.

    Returns
    -------
    str
        What stands between ``\begin{document}`` and ``\end{document}``.

    Examples
    --------
    >>> scene = Scene(10, 10, (), (), (), (), (), "A title", "")
    >>> to_tikz(scene).splitlines()[0]
    '% A title. Needs \\usepackage{tikz}.'
    """
    colours = [INK, QUIET, PAPER, *FILLS.values(), *map(connection_colour, scene.connections)]
    defined = [
        f"\\definecolor{{{_colour(colour)}}}{{HTML}}{{{colour[1:]}}}%"
        for colour in dict.fromkeys(colours)
    ]
    lines = [
        f"% {scene.title}. Needs \\usepackage{{tikz}}.",
        r"\begingroup",
        *defined,
        r"\sbox0{%",
        f"\\begin{{tikzpicture}}[x={_POINTS}pt, y=-{_POINTS}pt, color={_colour(INK)}, "
        f"line width={_length(LINE_WIDTH)}, every node/.style={{inner sep=0pt}}]",
        *_body(scene),
        r"\end{tikzpicture}}%",
        r"\ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\usebox0}\else\usebox0\fi",
        r"\endgroup",
    ]
    return "\n".join(lines) + "\n"


def _body(scene: Scene) -> Iterator[str]:
    yield from _connections(scene.connections)
    yield from map(_disc, scene.discs)
    yield from map(_frame, scene.frames)
    for stroke in scene.strokes:
        yield from _stroke(stroke)
    yield from map(_text, scene.texts)


def _connections(connections: Iterable[Connection]) -> Iterator[str]:
    def look(line: Connection) -> str:
        width = _length(connection_width(line))
        return f"{_colour(connection_colour(line))}, line width={width}"

    for options, lines in groupby(connections, key=look):
        yield f"\\draw[{options}]"
        yield from (f"  {_at(line.start)} -- {_at(line.end)}" for line in lines)
        yield "  ;"


def _disc(disc: Disc) -> str:
    command = r"\fill" if disc.kind == "dot" else r"\filldraw"
    radius = _length(disc.radius)
    fill = _colour(FILLS[disc.kind])
    return f"{command}[fill={fill}] {_at(disc.centre)} circle[radius={radius}];"


def _frame(frame: Frame) -> str:
    x, y = frame.centre
    half = frame.side / 2
    corners = f"{_at((x - half, y - half))} rectangle {_at((x + half, y + half))}"
    return f"\\filldraw[fill={_colour(PAPER)}, rounded corners=2pt] {corners};"


def _stroke(stroke: Stroke) -> Iterator[str]:
    yield f"\\draw {' -- '.join(map(_at, stroke.line))};"
    if stroke.arrow:
        yield f"\\fill {' -- '.join(map(_at, stroke.head))} -- cycle;"


def _text(text: Text) -> str:
    font = next(command for least, command in _FONTS if text.size >= least)
    colour = f", text={_colour(QUIET)}" if text.quiet else ""
    options = f"anchor={_ANCHORS[text.anchor]}, font={font}{colour}"
    return f"\\node[{options}] at {_at(text.at)} {{{_latex(text.label)}}};"


def _latex(label: Label) -> str:
    return "".join(
        piece.text.translate(_WORDS).replace("  ", r"\enspace ")
        if isinstance(piece, Words)
        else f"${_formula(piece)}$"
        for piece in label
    )


def _formula(symbol: Symbol) -> str:
    above = f"^{{{symbol.superscript}}}" if symbol.superscript else ""
    below = f"_{{{symbol.subscript}}}" if symbol.subscript else ""
    return f"{letter(symbol.letter)}{above}{below}"


def _colour(colour: str) -> str:
    return f"chainrule{colour[1:]}"


def _at(point: Point) -> str:
    return f"({point[0]:.2f},{point[1]:.2f})"


def _length(pixels: float) -> str:
    return f"{_POINTS * pixels:.2f}pt"
