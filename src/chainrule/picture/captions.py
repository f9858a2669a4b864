"""What is written above the connections and below the layers of a network."""

from dataclasses import dataclass
from typing import Final, final

from chainrule.picture.label import Label, Symbol, Words, of_layer, width, wrapped
from chainrule.picture.scene import Text
from chainrule.picture.subject import Subject

__all__ = [
    "INDEX_SIZE",
    "LETTER_SIZE",
    "Caption",
    "Line",
    "caption_height",
    "gap_captions",
    "layer_captions",
    "placed",
]

#: Font sizes: of the mathematics, of words and sizes, and of the indices beside neurons.
LETTER_SIZE: Final = 15.0
WORD_SIZE: Final = 12.0
INDEX_SIZE: Final = 11.5

#: From one baseline to the next, in the font size of the lower line.
_LEADING: Final = 1.36
#: A function's name is broken where it would have more letters than this in a line.
_LONGEST_NAME: Final = 14
#: With more layers, quantities stand one above the other instead of side by side.
_WIDE_LAYERS: Final = 4


@final
@dataclass(frozen=True)
class Line:
    """One line of a caption.

    Parameters
    ----------
    label : Label
        What it says; nothing, to keep the lines of neighbours level.
    size : float
        The font size.
    """

    label: Label
    size: float

    @property
    def width(self) -> float:
        """How wide it is, estimated from above."""
        return self.size * width(self.label)


@final
@dataclass(frozen=True)
class Caption:
    """Lines that stand centred one above the other.

    Parameters
    ----------
    lines : tuple of Line
        From top to bottom.
    """

    lines: tuple[Line, ...]

    @property
    def width(self) -> float:
        """How wide the widest line is."""
        return max(line.width for line in self.lines)


def layer_captions(subject: Subject) -> tuple[Caption, ...]:
    """Write below each layer its quantities, its size and its function, and at last the loss.

    Parameters
    ----------
    subject : Subject
        The network.

    Returns
    -------
    tuple of Caption
        ``L + 1`` of them, and one for the loss where it is known.
    """
    L = subject.n_layers
    is_wide = L <= _WIDE_LAYERS
    x: tuple[Label, ...] = ((Symbol("x"),),) if is_wide else ((), (Symbol("x"),))
    captions = [_caption(x, _counted(subject.layer_sizes[0], "input"), "")]
    for layer in range(1, L + 1):
        z = of_layer("z", layer)
        y = Symbol("y") if layer == L else of_layer("y", layer)
        letters: tuple[Label, ...] = ((z, Words(" → "), y),) if is_wide else ((z,), (y,))
        size = subject.layer_sizes[layer]
        count = _counted(size, "output") if layer == L else f"{size} hidden"
        captions.append(_caption(letters, count, (*subject.hidden, subject.output)[layer - 1]))
    if subject.loss:
        E: Label = (Symbol("y"), Words(", "), Symbol("t"), Words(" → "), Symbol("E"))
        captions.append(_caption((E,) if is_wide else ((), E), "loss", subject.loss))
    return tuple(captions)


def gap_captions(subject: Subject) -> tuple[Caption, ...]:
    """Write above the connections of each layer its weights and biases with their shapes.

    Parameters
    ----------
    subject : Subject
        The network.

    Returns
    -------
    tuple of Caption
        ``L`` of them.
    """
    is_wide = subject.n_layers <= _WIDE_LAYERS
    captions = []
    for layer in range(1, subject.n_layers + 1):
        n_in, n_out = subject.layer_sizes[layer - 1 : layer + 1]
        lines = _sized("W", layer, f"{n_out} × {n_in}", is_wide)
        if subject.bias:
            lines += _sized("b", layer, f"{n_out} × 1", is_wide)
        captions.append(Caption(lines))
    return tuple(captions)


def caption_height(captions: tuple[Caption, ...]) -> float:
    """Give the height of captions whose lines are level.

    Parameters
    ----------
    captions : tuple of Caption
        The captions that stand side by side.

    Returns
    -------
    float
    """
    return sum(_LEADING * size for size in _sizes(captions))


def placed(captions: tuple[Caption, ...], centres: tuple[float, ...], top: float) -> list[Text]:
    """Put captions side by side, their lines level.

    Parameters
    ----------
    captions : tuple of Caption
        The captions.
    centres : tuple of float
        The x of the middle of each.
    top : float
        The y of their upper edge.

    Returns
    -------
    list of Text
    """
    texts = []
    baseline = top
    for number, size in enumerate(_sizes(captions)):
        baseline += _LEADING * size
        y = baseline - 0.32 * size
        for caption, x in zip(captions, centres, strict=True):
            if number < len(caption.lines) and caption.lines[number].label:
                line = caption.lines[number]
                texts.append(Text((x, y), line.label, line.size, quiet=line.size < LETTER_SIZE))
    return texts


def _sizes(captions: tuple[Caption, ...]) -> list[float]:
    """Give the font size of each level, the largest of the lines on it."""
    n_levels = max(len(caption.lines) for caption in captions)
    return [
        max(caption.lines[k].size for caption in captions if k < len(caption.lines))
        for k in range(n_levels)
    ]


def _caption(letters: tuple[Label, ...], count: str, function: str) -> Caption:
    names = wrapped(function.replace("_", " "), _LONGEST_NAME)
    words = [Line((Words(text),), WORD_SIZE) for text in (count, *names)]
    return Caption((*(Line(label, LETTER_SIZE) for label in letters), *words))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _sized(letter: str, layer: int, shape: str, is_wide: bool) -> tuple[Line, ...]:
    symbol = of_layer(letter, layer)
    if is_wide:
        return (Line((symbol, Words(f"  {shape}")), LETTER_SIZE),)
    return Line((symbol,), LETTER_SIZE), Line((Words(shape),), WORD_SIZE)
