"""The connections between the neurons that are drawn, and what their weights look like."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from chainrule.arrays import Array
from chainrule.picture.columns import Column
from chainrule.picture.scene import Connection
from chainrule.picture.subject import Subject

__all__ = ["largest_weight", "wired"]

_ANYWHERE: Final = (0.0, 0.0)


def largest_weight(subject: Subject, most: int) -> float:
    """Find the largest magnitude among the weights that are drawn.

    Parameters
    ----------
    subject : Subject
        The network.
    most : int
        How many neurons of a layer have a place.

    Returns
    -------
    float
        The magnitude; 0 where all of them are zero or the network has no weights.
    """
    if subject.weights is None:
        return 0.0
    drawn = [list(Column.of("hidden", n, most, _ANYWHERE).neurons) for n in subject.layer_sizes]
    parts = zip(subject.weights, pairwise(drawn), strict=True)
    return max(float(np.abs(W[np.ix_(rows, columns)]).max()) for W, (columns, rows) in parts)


def wired(subject: Subject, columns: Sequence[Column]) -> Iterator[Connection]:
    """Connect every neuron that is drawn with those of the next layer.

    Parameters
    ----------
    subject : Subject
        The network.
    columns : sequence of Column
        Its layers.

    Yields
    ------
    Connection
        The lightest first, so that the heavy ones lie above; one of weight zero not at all.
    """
    lines = list(_lines(subject, columns))
    if subject.weights is None:
        yield from lines
        return
    largest = max(abs(line.weight or 0.0) for line in lines) or 1.0
    for line in sorted(lines, key=lambda line: abs(line.weight or 0.0)):
        if line.weight:
            yield Connection(line.start, line.end, line.weight / largest)


def _lines(subject: Subject, columns: Sequence[Column]) -> Iterator[Connection]:
    weights: Sequence[Array | None] = subject.weights or [None] * subject.n_layers
    for W, (before, after) in zip(weights, pairwise(columns), strict=True):
        for u, end in after.neurons.items():
            for v, start in before.neurons.items():
                yield Connection(start, end, None if W is None else float(W[u, v]))
