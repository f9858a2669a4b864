"""A picture as PNG or PDF, drawn by matplotlib from the same geometry as the others."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal

from chainrule.errors import MissingLibraryError, SpecificationError
from chainrule.picture.label import Label, Symbol, Words
from chainrule.picture.scene import Scene, Stroke, Text
from chainrule.picture.style import (
    FILLS,
    INK,
    LINE_WIDTH,
    PAPER,
    QUIET,
    connection_colour,
    connection_width,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["figure_of", "plotted"]

_PIXELS: Final = 96  # to the inch
_POINTS: Final = 72 / _PIXELS
_SERIF: Final = "STIXGeneral"  # the fonts that matplotlib itself brings
_SANS: Final = "DejaVu Sans"
_ALIGNMENT: Final[dict[str, Literal["left", "center", "right"]]] = {
    "start": "left",
    "middle": "center",
    "end": "right",
}
#: What would otherwise say when the file was made, and by which version.
_SILENT: Final = {"png": {"Software": None}, "pdf": {"CreationDate": None}}


def plotted(scene: Scene, form: Literal["png", "pdf"], dpi: int = 300) -> bytes:
    """Draw a picture with matplotlib.

    Parameters
    ----------
    scene : Scene
        The picture.
    form : {"png", "pdf"}
        The format of the file.
    dpi : int
        The pixels to the inch of a PNG; the picture is 96 of its own units to the inch.

    Returns
    -------
    bytes
        The content of the file.

    Raises
    ------
    SpecificationError
        If `dpi` is not from 10 to 2400.
    MissingLibraryError
        If matplotlib is not installed.
    """
    if not 10 <= dpi <= 2400:
        raise SpecificationError(
            f"dpi, the pixels to the inch, must be from 10 to 2400, not {dpi!r}"
        )
    try:
        import matplotlib
    except ImportError:
        raise MissingLibraryError("matplotlib", f"drawing a .{form}", "plot") from None
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # a picture does not depend on the style of a notebook
        matplotlib.rcParams["pdf.fonttype"] = 42  # fonts that publishers accept
        file = BytesIO()
        figure_of(scene).savefig(file, format=form, dpi=dpi, metadata=_SILENT[form])
    return file.getvalue()


def figure_of(scene: Scene) -> Figure:
    """Draw a picture as a figure of matplotlib.

    Parameters
    ----------
    scene : Scene
        The picture.

    Returns
    -------
    matplotlib.figure.Figure
        One that fills its page: a unit of its axes is a pixel of 1/96 inch.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(scene.width / _PIXELS, scene.height / _PIXELS), facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, scene.width), ylim=(scene.height, 0))
    _draw(axes, scene)
    return figure


def _draw(axes: Axes, scene: Scene) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Circle, FancyBboxPatch

    lines = scene.connections
    axes.add_collection(
        LineCollection(
            [(line.start, line.end) for line in lines],
            colors=[connection_colour(line) for line in lines],
            linewidths=[_POINTS * connection_width(line) for line in lines],
            zorder=1,
        )
    )
    outline = _POINTS * LINE_WIDTH
    for disc in scene.discs:
        edge = 0.0 if disc.kind == "dot" else outline
        patch = Circle(
            disc.centre, disc.radius, fc=FILLS[disc.kind], ec=INK, linewidth=edge, zorder=2
        )
        axes.add_patch(patch)
    for frame in scene.frames:
        x, y = (middle - frame.side / 2 for middle in frame.centre)
        style = "round,pad=0,rounding_size=3"
        box = FancyBboxPatch(
            (x, y), frame.side, frame.side, style, fc=PAPER, ec=INK, linewidth=outline, zorder=2
        )
        axes.add_patch(box)
    for stroke in scene.strokes:
        _draw_stroke(axes, stroke)
    for text in scene.texts:
        _draw_text(axes, text)


def _draw_stroke(axes: Axes, stroke: Stroke) -> None:
    xs, ys = zip(*stroke.line, strict=True)
    axes.plot(xs, ys, color=INK, linewidth=_POINTS * LINE_WIDTH, solid_capstyle="butt", zorder=3)
    if stroke.arrow:
        xs, ys = zip(*stroke.head, strict=True)
        axes.fill(xs, ys, color=INK, linewidth=0, zorder=3)


def _draw_text(axes: Axes, text: Text) -> None:
    is_formula = any(isinstance(piece, Symbol) for piece in text.label)
    axes.text(
        *text.at,
        _mathtext(text.label),
        fontsize=_POINTS * text.size,
        family=_SERIF if is_formula else _SANS,
        math_fontfamily="stix",
        color=QUIET if text.quiet else INK,
        horizontalalignment=_ALIGNMENT[text.anchor],
        verticalalignment="baseline",
        zorder=4,
    )


def _mathtext(label: Label) -> str:
    return "".join(
        piece.text.replace("$", r"\$") if isinstance(piece, Words) else f"${_formula(piece)}$"
        for piece in label
    )


def _formula(symbol: Symbol) -> str:
    above = f"^{{{symbol.superscript}}}" if symbol.superscript else ""
    below = f"_{{{symbol.subscript}}}" if symbol.subscript else ""
    return f"{symbol.letter}{above}{below}"
