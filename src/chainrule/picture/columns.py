"""The neurons of a layer that are drawn, and where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

from chainrule.picture.scene import Disc, Kind, Point

__all__ = ["RADIUS", "Column", "column_height"]

#: The radius of a neuron.
RADIUS: Final = 9.5

_STEP: Final = 26.0  # from one neuron to the next
_DOTS: Final = 2  # how many places an ellipsis takes
_DOT_RADIUS: Final = 1.5
_DOT_STEP: Final = 7.0


@final
@dataclass(frozen=True)
class Column:
    """A layer in the picture.

    Parameters
    ----------
    kind : {"input", "hidden", "output"}
        Which layer it is.
    neurons : dict of int to Point
        The centre of each neuron that is drawn, by its index from 0.
    ellipsis : Point, optional
        The middle of the dots that stand for the others, where there are others.
    """

    kind: Kind
    neurons: dict[int, Point]
    ellipsis: Point | None

    @classmethod
    def of(cls, kind: Kind, size: int, most: int, middle: Point) -> "Column":
        """Choose neurons and place them.

        Parameters
        ----------
        kind : {"input", "hidden", "output"}
            Which layer it is.
        size : int
            How many neurons it has.
        most : int
            How many places there are; of a larger layer the first and the last are drawn.
        middle : Point
            The middle of the column.

        Returns
        -------
        Column

        Examples
        --------
        >>> sorted(Column.of("input", 256, 8, (0, 0)).neurons)
        [0, 1, 2, 253, 254, 255]
        """
        x, y = middle
        top = y - (column_height(size, most) / 2 - RADIUS)
        if size <= most:
            return cls(kind, {k: (x, top + k * _STEP) for k in range(size)}, None)
        n_last = (most - _DOTS) // 2
        n_first = most - _DOTS - n_last
        places = [*range(n_first), *range(most - n_last, most)]
        indices = [*range(n_first), *range(size - n_last, size)]
        neurons = {k: (x, top + p * _STEP) for k, p in zip(indices, places, strict=True)}
        return cls(kind, neurons, (x, top + (n_first + (_DOTS - 1) / 2) * _STEP))

    def discs(self) -> Iterator[Disc]:
        """Give the neurons, and the dots between them."""
        for centre in self.neurons.values():
            yield Disc(centre, RADIUS, self.kind)
        if self.ellipsis is not None:
            x, y = self.ellipsis
            for k in (-1, 0, 1):
                yield Disc((x, y + k * _DOT_STEP), _DOT_RADIUS, "dot")


def column_height(size: int, most: int) -> float:
    """Say how high a layer of `size` neurons is where at most `most` have a place.

    Parameters
    ----------
    size, most : int
        The neurons, and the places.

    Returns
    -------
    float
    """
    return (min(size, most) - 1) * _STEP + 2 * RADIUS
