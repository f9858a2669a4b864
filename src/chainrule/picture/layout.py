"""Where everything in the picture of a network stands.

Layers are columns from left to right, all centred on one line and one pitch apart, whatever their
sizes. Captions stand in rows above and below all columns, so that no label meets a connection,
and the pitch is wide enough for the widest of them, so that no label meets another.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, final

from chainrule.errors import SpecificationError
from chainrule.picture.captions import (
    Caption,
    caption_height,
    gap_captions,
    layer_captions,
    placed,
)
from chainrule.picture.columns import RADIUS, Column, column_height
from chainrule.picture.description import described, titled
from chainrule.picture.margins import (
    BESIDE,
    FRAME,
    LOSS_HEIGHT,
    Key,
    index_texts,
    index_width,
    loss_marks,
    loss_reach,
)
from chainrule.picture.scene import Kind, Scene
from chainrule.picture.subject import Subject
from chainrule.picture.wiring import largest_weight, wired

__all__ = ["FEWEST_NEURONS", "MOST_NEURONS", "scene_of"]

#: How many neurons of a layer may be drawn at most. With fewer than four there is no place for an
#: ellipsis between the first and the last; with more than fifty the lines are one grey area.
FEWEST_NEURONS: Final = 4
MOST_NEURONS: Final = 50

_MARGIN: Final = 10.0
_SPACE: Final = 12.0  # between captions side by side, and between captions and neurons
_PITCH: Final = 120.0  # from layer to layer, at least
_DENSE_PITCH: Final = 64.0  # the same where there are more layers than these
_DENSE_LAYERS: Final = 4


@final
@dataclass(frozen=True)
class _Ground:
    """The lines that everything else is placed by."""

    centres: tuple[float, ...]  # of the layers, and of the loss where there is one
    top: float  # of the band of neurons
    bottom: float
    width: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def scene_of(subject: Subject, max_neurons: int) -> Scene:
    """Lay out the picture of a network.

    Parameters
    ----------
    subject : Subject
        The network.
    max_neurons : int
        How many neurons of a layer have a place, from 4 to 50; of a larger layer the first and
        the last are drawn, with an ellipsis between them.

    Returns
    -------
    Scene
        The picture.

    Raises
    ------
    SpecificationError
        If `max_neurons` is not such a number.

    Examples
    --------
    >>> from chainrule.network import Architecture
    >>> from chainrule.picture.subject import subject_of
    >>> scene = scene_of(subject_of(Architecture.of([256, 7, 10])), max_neurons=10)
    >>> [sum(disc.kind == kind for disc in scene.discs) for kind in ("input", "hidden", "dot")]
    [8, 7, 3]
    """
    _check(max_neurons)
    captions, gaps = layer_captions(subject), gap_captions(subject)
    key = Key.of(largest_weight(subject, max_neurons))
    ground = _ground(subject, max_neurons, captions, gaps, key)
    columns = _columns(subject, max_neurons, ground)
    layers = ground.centres[: subject.n_layers + 1]
    height = ground.bottom + _SPACE + caption_height(captions) + _MARGIN
    samples, key_texts = key.placed((ground.width / 2, height))
    loss = loss_marks(subject, columns[-1], (ground.centres[-1], ground.middle))
    return Scene(
        width=ground.width,
        height=height + (key.height + _MARGIN if key.height else 0.0),
        connections=(*wired(subject, columns), *samples),
        discs=tuple(disc for column in columns for disc in column.discs()),
        strokes=loss.strokes,
        frames=loss.frames,
        texts=(
            *placed(gaps, tuple((a + b) / 2 for a, b in pairwise(layers)), _MARGIN),
            *index_texts(columns[0], "x", subject.layer_sizes[0]),
            *index_texts(columns[-1], "y", subject.layer_sizes[-1]),
            *loss.texts,
            *placed(captions, ground.centres, ground.bottom + _SPACE),
            *key_texts,
        ),
        title=titled(subject),
        description=described(subject),
    )


def _check(max_neurons: Any) -> None:
    is_whole = isinstance(max_neurons, int) and not isinstance(max_neurons, bool)
    if not is_whole or not FEWEST_NEURONS <= max_neurons <= MOST_NEURONS:
        raise SpecificationError(
            f"max_neurons, the most neurons of a layer that are drawn, must be a whole number "
            f"from {FEWEST_NEURONS} to {MOST_NEURONS}, not {max_neurons!r}"
        )


def _ground(
    subject: Subject,
    most: int,
    captions: tuple[Caption, ...],
    gaps: tuple[Caption, ...],
    key: Key,
) -> _Ground:
    centres = _centres(subject, captions, gaps)
    right = max(
        centres[-1] + (FRAME / 2 if subject.loss else _index_reach(subject, -1, "y")),
        centres[-1] + captions[-1].width / 2,
    )
    slack = max(0.0, key.width - right) / 2  # a key that is wider than a small network
    top = _MARGIN + caption_height(gaps) + _SPACE
    band = max(column_height(size, most) for size in subject.layer_sizes)
    return _Ground(
        centres=tuple(x + slack + _MARGIN for x in centres),
        top=top,
        bottom=top + max(band, LOSS_HEIGHT if subject.loss else 0.0),
        width=right + 2 * (slack + _MARGIN),
    )


def _centres(
    subject: Subject, captions: tuple[Caption, ...], gaps: tuple[Caption, ...]
) -> tuple[float, ...]:
    """Place the layers and the loss along x, with everything to the right of zero."""
    n_columns = subject.n_layers + 1
    pitch = max(
        _PITCH if subject.n_layers <= _DENSE_LAYERS else _DENSE_PITCH,
        *(_apart(one, other) for one, other in pairwise(captions[:n_columns])),
        *(gap.width + _SPACE for gap in gaps),
    )
    first = max(_index_reach(subject, 0, "x"), captions[0].width / 2)
    layers = tuple(first + k * pitch for k in range(n_columns))
    if not subject.loss:
        return layers
    reach = _index_reach(subject, -1, "y") + loss_reach(subject.layer_sizes[-1])
    return (*layers, layers[-1] + max(reach, _apart(captions[-2], captions[-1])))


def _apart(one: Caption, other: Caption) -> float:
    return (one.width + other.width) / 2 + _SPACE


def _index_reach(subject: Subject, layer: int, letter: str) -> float:
    """Measure from the middle of a neuron to the far end of its index."""
    return RADIUS + BESIDE + index_width(letter, subject.layer_sizes[layer])


def _columns(subject: Subject, most: int, ground: _Ground) -> list[Column]:
    columns = []
    for layer, size in enumerate(subject.layer_sizes):
        kind: Kind = "output" if layer == subject.n_layers else "hidden" if layer else "input"
        columns.append(Column.of(kind, size, most, (ground.centres[layer], ground.middle)))
    return columns
