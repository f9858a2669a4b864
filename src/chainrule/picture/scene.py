"""A picture as geometry: what stands where, and nothing about how a file format writes it.

Lengths are in pixels of CSS, 96 to the inch; x runs to the right and y down. The whole layout is
decided once, in `layout`; the writers of SVG, of LaTeX and of PNG only say it in their languages.
"""

from dataclasses import dataclass
from math import hypot
from typing import Literal, TypeAlias, final

from chainrule.picture.label import Label, Symbol, width

__all__ = [
    "Anchor",
    "Box",
    "Connection",
    "Disc",
    "Frame",
    "Kind",
    "Point",
    "Scene",
    "Stroke",
    "Text",
]

Point: TypeAlias = tuple[float, float]
Anchor: TypeAlias = Literal["start", "middle", "end"]
Kind: TypeAlias = Literal["input", "hidden", "output", "dot"]


@final
@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Say whether two rectangles have more than an edge in common."""
        beside = self.right <= other.left or other.right <= self.left
        above = self.bottom <= other.top or other.bottom <= self.top
        return not (beside or above)


@final
@dataclass(frozen=True)
class Text:
    """A label in its place.

    Parameters
    ----------
    at : Point
        The start, the middle or the end of its baseline, as `anchor` says.
    label : Label
        What it says.
    size : float
        The font size.
    anchor : {"start", "middle", "end"}
        Which point of the baseline is given.
    quiet : bool
        Whether it is written in grey: sizes and names, beside the mathematics.
    """

    at: Point
    label: Label
    size: float
    anchor: Anchor = "middle"
    quiet: bool = False

    @property
    def box(self) -> Box:
        """What it covers, estimated from above."""
        x, y = self.at
        wide = self.size * width(self.label)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        raised = any(isinstance(piece, Symbol) and piece.superscript for piece in self.label)
        top = y - self.size * (1.0 if raised else 0.8)
        return Box(left, top, left + wide, y + 0.27 * self.size)


@final
@dataclass(frozen=True)
class Disc:
    """A circle: a neuron, or a dot of an ellipsis.

    Parameters
    ----------
    centre : Point
        Its centre.
    radius : float
        Its radius.
    kind : {"input", "hidden", "output", "dot"}
        What it stands for.
    """

    centre: Point
    radius: float
    kind: Kind


@final
@dataclass(frozen=True)
class Connection:
    """A line from one neuron to another, or a sample of one in the key.

    Parameters
    ----------
    start, end : Point
        The centres of the two neurons.
    weight : float, optional
        Its weight as a share of the largest in the picture, from -1 to 1.
    """

    start: Point
    end: Point
    weight: float | None = None


@final
@dataclass(frozen=True)
class Stroke:
    """A line through several points, with an arrow's head at its end or without.

    Parameters
    ----------
    points : tuple of Point
        The points, at least two.
    arrow : bool
        Whether it ends in a head.
    """

    points: tuple[Point, ...]
    arrow: bool = False

    @property
    def head(self) -> tuple[Point, Point, Point]:
        """The corners of the head, its tip first."""
        (x_0, y_0), (x, y) = self.points[-2:]
        length = hypot(x - x_0, y - y_0)
        along = ((x - x_0) / length, (y - y_0) / length)
        back = (x - 7 * along[0], y - 7 * along[1])
        aside = (-2.8 * along[1], 2.8 * along[0])
        first = (back[0] + aside[0], back[1] + aside[1])
        return (x, y), first, (back[0] - aside[0], back[1] - aside[1])

    @property
    def line(self) -> tuple[Point, ...]:
        """The points of the line itself, which ends inside the head and not at its tip."""
        if not self.arrow:
            return self.points
        _, (x_1, y_1), (x_2, y_2) = self.head
        return (*self.points[:-1], ((x_1 + x_2) / 2, (y_1 + y_2) / 2))


@final
@dataclass(frozen=True)
class Frame:
    """The square of the loss.

    Parameters
    ----------
    centre : Point
        Its centre.
    side : float
        The length of a side.
    """

    centre: Point
    side: float


@final
@dataclass(frozen=True)
class Scene:
    """Everything in a picture, in the order in which it is drawn.

    Parameters
    ----------
    width, height : float
        The size of the picture.
    connections : tuple of Connection
        The lines between neurons, the heaviest last.
    discs : tuple of Disc
        Neurons and dots, which cover the ends of the connections.
    strokes : tuple of Stroke
        Arrows and brackets.
    frames : tuple of Frame
        The square of the loss, or nothing.
    texts : tuple of Text
        The labels.
    title, description : str
        The picture in words, for those who do not see it.
    """

    width: float
    height: float
    connections: tuple[Connection, ...]
    discs: tuple[Disc, ...]
    strokes: tuple[Stroke, ...]
    frames: tuple[Frame, ...]
    texts: tuple[Text, ...]
    title: str
    description: str
