"""What stands around the neurons: their indices, the loss at the right, and the key of weights."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

from chainrule.picture.captions import INDEX_SIZE, LETTER_SIZE, WORD_SIZE
from chainrule.picture.columns import RADIUS, Column
from chainrule.picture.label import Label, Symbol, Words, width
from chainrule.picture.scene import Connection, Frame, Point, Stroke, Text
from chainrule.picture.subject import Subject

__all__ = [
    "BESIDE",
    "FRAME",
    "LOSS_HEIGHT",
    "Key",
    "LossMarks",
    "index_texts",
    "index_width",
    "loss_marks",
    "loss_reach",
]

#: Between a neuron and its index.
BESIDE: Final = 5.0
#: The side of the square of the loss.
FRAME: Final = 30.0

_ARROW: Final = 26.0  # from the outputs to the loss
_FALL: Final = 17.0  # from the target to the loss
_BRACKET: Final = 4.0
_CLEAR: Final = 3.0  # between the foot of an arrow and what it comes from
#: The height that the loss needs: above its square an arrow and a letter, and the same below.
LOSS_HEIGHT: Final = FRAME + 2 * (_FALL + _CLEAR + LETTER_SIZE)

_SAMPLE: Final = 28.0  # the length of a line in the key
_KEY_SPACE: Final = 24.0


def index_texts(column: Column, letter: str, size: int) -> Iterator[Text]:
    """Name the entries of the input at its left, or of the output at its right.

    Parameters
    ----------
    column : Column
        The layer.
    letter : str
        The vector.
    size : int
        How many entries it has; one alone needs no index.

    Yields
    ------
    Text
    """
    side = -1 if column.kind == "input" else 1
    for index, (x, y) in column.neurons.items():
        at = (x + side * (RADIUS + BESIDE), y + 0.3 * INDEX_SIZE)
        label = _index(letter, index, size)
        yield Text(at, label, INDEX_SIZE, "end" if side < 0 else "start")


def index_width(letter: str, size: int) -> float:
    """Measure the widest index of a layer.

    Parameters
    ----------
    letter : str
        The vector.
    size : int
        How many entries it has.

    Returns
    -------
    float
    """
    return INDEX_SIZE * width(_index(letter, size - 1, size))


@final
@dataclass(frozen=True)
class LossMarks:
    """What shows the loss; nothing where it is not known.

    Parameters
    ----------
    strokes, frames, texts : tuple
        The bracket and the arrows, the square, and the letters.
    """

    strokes: tuple[Stroke, ...] = ()
    frames: tuple[Frame, ...] = ()
    texts: tuple[Text, ...] = ()


def loss_reach(size: int) -> float:
    """Measure from the indices of the outputs to the middle of the loss.

    Parameters
    ----------
    size : int
        How many outputs there are; several are gathered by a bracket.

    Returns
    -------
    float
    """
    return BESIDE + (_BRACKET if size > 1 else 0.0) + _ARROW + FRAME / 2


def loss_marks(subject: Subject, outputs: Column, centre: Point) -> LossMarks:
    """Draw the square of the loss, which the outputs and the target enter.

    Parameters
    ----------
    subject : Subject
        The network.
    outputs : Column
        Its last layer.
    centre : Point
        The middle of the square.

    Returns
    -------
    LossMarks
    """
    if not subject.loss:
        return LossMarks()
    x, y = centre
    above = y - FRAME / 2
    left = _index_end(subject, outputs) + BESIDE
    strokes = [Stroke(((x, above - _FALL), (x, above)), arrow=True)]
    if len(outputs.neurons) > 1:
        heights = [height for _, height in outputs.neurons.values()]
        left += _BRACKET
        corners = [
            (left - _BRACKET, min(heights) - RADIUS),
            (left - _BRACKET, max(heights) + RADIUS),
        ]
        strokes.append(
            Stroke((corners[0], (left, corners[0][1]), (left, corners[1][1]), corners[1]))
        )
    strokes.append(Stroke(((left, y), (x - FRAME / 2, y)), arrow=True))
    return LossMarks(
        tuple(strokes),
        (Frame(centre, FRAME),),
        (
            Text((x, above - _FALL - _CLEAR - 1), (Symbol("t"),), LETTER_SIZE),
            Text((x, y + 0.33 * LETTER_SIZE), (Symbol("E"),), LETTER_SIZE),
        ),
    )


@final
@dataclass(frozen=True)
class Key:
    """Two lines that say what colour and width mean, or none for a network without weights.

    Parameters
    ----------
    labels : tuple of Label
        What the widest lines stand for, the positive one first.
    """

    labels: tuple[Label, ...] = ()

    @classmethod
    def of(cls, largest: float) -> "Key":
        """Make the key of a picture whose largest weight is this, or 0 for none."""
        if largest == 0:
            return cls()
        number = f"{largest:.3g}"
        w = Symbol("w")
        return cls(((w, Words(f" = {number}")), (w, Words(f" = −{number}"))))

    @property
    def height(self) -> float:
        """How high it is."""
        return 1.36 * WORD_SIZE if self.labels else 0.0

    @property
    def width(self) -> float:
        """How wide it is."""
        spaces = _KEY_SPACE * max(len(self.labels) - 1, 0)
        return sum(map(self._entry_width, self.labels)) + spaces

    def placed(self, top: Point) -> tuple[list[Connection], list[Text]]:
        """Draw the key below a point, the middle of its upper edge."""
        samples, texts = [], []
        x, y = top[0] - self.width / 2, top[1] + WORD_SIZE
        for label, weight in zip(self.labels, (1.0, -1.0), strict=False):
            level = y - 0.3 * WORD_SIZE
            samples.append(Connection((x, level), (x + _SAMPLE, level), weight))
            texts.append(Text((x + _SAMPLE + BESIDE, y), label, WORD_SIZE, "start", quiet=True))
            x += self._entry_width(label) + _KEY_SPACE
        return samples, texts

    def _entry_width(self, label: Label) -> float:
        return _SAMPLE + BESIDE + WORD_SIZE * width(label)


def _index(letter: str, index: int, size: int) -> Label:
    return (Symbol(letter, subscript=str(index + 1) if size > 1 else ""),)


def _index_end(subject: Subject, outputs: Column) -> float:
    x = next(iter(outputs.neurons.values()))[0]
    return x + RADIUS + BESIDE + index_width("y", subject.layer_sizes[-1])
