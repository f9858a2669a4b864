"""Mini-batches: in which order, and how many at a time, an epoch visits the samples.

The orders are configuration; what changes from epoch to epoch, the order itself, is an array
that the training state holds, so that it can be saved.
"""

from dataclasses import dataclass
from typing import Protocol, final

import numpy as np

from chainrule.arrays import Array
from chainrule.training.hyperparameters import require_at_least

__all__ = ["Batches", "CyclicBatches", "InOrderBatches", "ShuffledBatches", "numbered"]


def numbered(n_samples: int, most: int | None = None) -> Array:
    """Give 0, 1, 2, … in the narrowest type that NumPy shuffles as it shuffles any other.

    Parameters
    ----------
    n_samples : int
        How many numbers.
    most : int, optional
        What the type has to hold; by default `n_samples`.

    Returns
    -------
    array of int32 or int64, shape (n_samples,)

    Examples
    --------
    >>> numbered(3)
    array([0, 1, 2], dtype=int32)
    """
    limit = n_samples if most is None else most
    return np.arange(n_samples, dtype=np.int32 if limit < 2**31 else np.int64)


class Batches(Protocol):
    """How an epoch is cut into steps."""

    def initial_order(self, n_samples: int, index: Array | None = None, /) -> Array | None:
        """Give the order before the first epoch, of these rows; None stands for 0, 1, 2, …."""

    def next_order(
        self, order: Array | None, random_state: np.random.RandomState, /
    ) -> Array | None:
        """Give the order of the next epoch from that of the one before, which may change."""

    def n_steps(self, n_samples: int, /) -> int:
        """Count the steps of an epoch."""

    def rows(self, order: Array | None, n_samples: int, step: int, /) -> slice | Array:
        """Give the rows of step 0, 1, … of an epoch."""


@final
@dataclass(frozen=True)
class ShuffledBatches:
    """Every sample once an epoch, in a new random order; a short last batch is kept.

    Each epoch shuffles the order of the epoch before, and not 0, 1, 2, … anew, which is what
    scikit-learn does: from the same `RandomState` the batches are the same.

    Parameters
    ----------
    size : int
        Samples a step; all of them where there are fewer.

    Raises
    ------
    SpecificationError
        Where `size` is below 1.

    References
    ----------
    scikit-learn 1.9, ``BaseMultilayerPerceptron._fit_stochastic`` and ``sklearn.utils.shuffle``.

    Examples
    --------
    >>> batches = ShuffledBatches(2)
    >>> order = batches.next_order(batches.initial_order(5), np.random.RandomState(0))
    >>> [batches.rows(order, 5, step).tolist() for step in range(batches.n_steps(5))]
    [[2, 0], [1, 3], [4]]
    """

    size: int

    def __post_init__(self) -> None:
        require_at_least("batch_size", self.size, 1)

    def initial_order(self, n_samples: int, index: Array | None = None, /) -> Array:
        """Give the order that the first epoch shuffles.

        Parameters
        ----------
        n_samples : int
        index : array of int, optional
            The rows that there are, by default 0, 1, 2, …; taken, not copied.

        Returns
        -------
        array of int, shape (n_samples,)
        """
        return numbered(n_samples) if index is None else index

    def next_order(self, order: Array | None, random_state: np.random.RandomState, /) -> Array:
        """Shuffle the order of the epoch before, in place.

        Parameters
        ----------
        order : array of int
            The order of the epoch before.
        random_state : numpy.random.RandomState
            Moved on by one permutation.

        Returns
        -------
        array of int
        """
        given = np.asarray(order)
        random_state.shuffle(given)
        return given

    def n_steps(self, n_samples: int, /) -> int:
        """Count the steps of an epoch, a short last one included.

        Parameters
        ----------
        n_samples : int

        Returns
        -------
        int
        """
        return -(-n_samples // self.size)

    def rows(self, order: Array | None, n_samples: int, step: int, /) -> Array:
        """Give the rows of one step.

        Parameters
        ----------
        order : array of int
            From `next_order`.
        n_samples : int
        step : int
            0, 1, …, `n_steps` - 1.

        Returns
        -------
        array of int
        """
        return np.asarray(order)[_span(self.size, n_samples, step)]


@final
@dataclass(frozen=True)
class InOrderBatches:
    """Every sample once an epoch, in the order of the data; a short last batch is kept.

    Parameters
    ----------
    size : int
        Samples a step; all of them where there are fewer.

    Raises
    ------
    SpecificationError
        Where `size` is below 1.

    References
    ----------
    scikit-learn 1.9, ``sklearn.utils.gen_batches``.

    Examples
    --------
    >>> batches = InOrderBatches(2)
    >>> [batches.rows(None, 5, step) for step in range(batches.n_steps(5))]
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """

    size: int

    def __post_init__(self) -> None:
        require_at_least("batch_size", self.size, 1)

    def initial_order(self, _n_samples: int, index: Array | None = None, /) -> Array | None:
        """Give the rows that there are.

        Parameters
        ----------
        _n_samples : int
        index : array of int, optional
            The rows; None stands for 0, 1, 2, ….

        Returns
        -------
        array of int or None
        """
        return index

    def next_order(
        self, order: Array | None, _random_state: np.random.RandomState, /
    ) -> Array | None:
        """Give the same order again.

        Parameters
        ----------
        order : array of int or None
        _random_state : numpy.random.RandomState
            Not used.

        Returns
        -------
        array of int or None
        """
        return order

    def n_steps(self, n_samples: int, /) -> int:
        """Count the steps of an epoch, a short last one included.

        Parameters
        ----------
        n_samples : int

        Returns
        -------
        int
        """
        return -(-n_samples // self.size)

    def rows(self, order: Array | None, n_samples: int, step: int, /) -> slice | Array:
        """Give the rows of one step.

        Parameters
        ----------
        order : array of int or None
        n_samples : int
        step : int
            0, 1, …, `n_steps` - 1.

        Returns
        -------
        slice or array of int
            A slice of all rows, so that nothing is copied, or some of those that there are.
        """
        span = _span(self.size, n_samples, step)
        return span if order is None else order[span]


@final
@dataclass(frozen=True)
class CyclicBatches:
    """Full batches in the order of the data, round and round, `steps` of them an epoch.

    Counted over all epochs, step ``i`` takes the samples ``i·B, i·B + 1, …`` modulo their
    number, so an epoch need not be a pass over the data.

    Parameters
    ----------
    size : int
        Samples a step, ``B``.
    steps : int
        Steps an epoch.

    Raises
    ------
    SpecificationError
        Where `size` or `steps` is below 1.

    Examples
    --------
    >>> batches = CyclicBatches(size=2, steps=3)
    >>> order = batches.next_order(batches.initial_order(5), np.random.RandomState(0))
    >>> [batches.rows(order, 5, step).tolist() for step in range(batches.n_steps(5))]
    [[0, 1], [2, 3], [4, 0]]
    >>> order = batches.next_order(order, np.random.RandomState(0))
    >>> batches.rows(order, 5, 0).tolist()
    [1, 2]
    """

    size: int
    steps: int

    def __post_init__(self) -> None:
        require_at_least("batch_size", self.size, 1)
        require_at_least("steps", self.steps, 1)

    def initial_order(self, n_samples: int, index: Array | None = None, /) -> Array:
        """Give the order one epoch before the first, which `next_order` turns to 0, 1, 2, ….

        Parameters
        ----------
        n_samples : int
        index : array of int, optional
            The rows that there are, by default 0, 1, 2, ….

        Returns
        -------
        array of int, shape (n_samples,)
        """
        rows = numbered(n_samples) if index is None else index
        return np.roll(rows, self.size * self.steps)

    def next_order(self, order: Array | None, _random_state: np.random.RandomState, /) -> Array:
        """Turn the order to where the epoch before left off.

        Parameters
        ----------
        order : array of int
        _random_state : numpy.random.RandomState
            Not used.

        Returns
        -------
        array of int
        """
        return np.roll(np.asarray(order), -self.size * self.steps)

    def n_steps(self, _n_samples: int, /) -> int:
        """Give the steps of an epoch, which do not depend on the samples.

        Parameters
        ----------
        _n_samples : int

        Returns
        -------
        int
        """
        return self.steps

    def rows(self, order: Array | None, n_samples: int, step: int, /) -> Array:
        """Give the rows of one step.

        Parameters
        ----------
        order : array of int
            From `next_order`.
        n_samples : int
        step : int
            0, 1, …, `steps` - 1.

        Returns
        -------
        array of int, shape (size,)
        """
        positions = np.arange(step * self.size, (step + 1) * self.size) % n_samples
        rows: Array = np.asarray(order)[positions]
        return rows


def _span(size: int, n_samples: int, step: int) -> slice:
    return slice(step * size, min((step + 1) * size, n_samples))
