"""Mini-batches: in which order, and how many at a time, an epoch visits the samples.

The orders are configuration; what changes from epoch to epoch, the order itself, is an array
that the training state holds, so that it can be saved.
"""

from dataclasses import dataclass
from typing import Protocol, final

import numpy as np

from chainrule.arrays import Array
from chainrule.training.hyperparameters import require_at_least

__all__ = ["Batches", "CyclicBatches", "InOrderBatches", "ShuffledBatches"]


class Batches(Protocol):
    """How an epoch is cut into steps."""

    def initial_order(self, n_samples: int, /) -> Array | None:
        """Give the order before the first epoch; None stands for 0, 1, 2, …."""

    def next_order(
        self, order: Array | None, random_state: np.random.RandomState, /
    ) -> Array | None:
        """Give the order of the next epoch from the order of the one before."""

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

    def initial_order(self, n_samples: int, /) -> Array:
        """Give 0, 1, 2, …, the order that the first epoch shuffles.

        Parameters
        ----------
        n_samples : int

        Returns
        -------
        array of int, shape (n_samples,)
        """
        return np.arange(n_samples)

    def next_order(self, order: Array | None, random_state: np.random.RandomState, /) -> Array:
        """Shuffle the order of the epoch before.

        Parameters
        ----------
        order : array of int
            The order of the epoch before; it is left as it was.
        random_state : numpy.random.RandomState
            Moved on by one permutation.

        Returns
        -------
        array of int
        """
        shuffled = np.array(order)
        random_state.shuffle(shuffled)
        return shuffled

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

    def initial_order(self, _n_samples: int, /) -> None:
        """Give None, which stands for 0, 1, 2, ….

        Parameters
        ----------
        _n_samples : int
        """
        return

    def next_order(
        self, order: Array | None, _random_state: np.random.RandomState, /
    ) -> Array | None:
        """Give the same order again.

        Parameters
        ----------
        order : None
        _random_state : numpy.random.RandomState
            Not used.

        Returns
        -------
        None
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

    def rows(self, _order: Array | None, n_samples: int, step: int, /) -> slice:
        """Give the rows of one step; a slice, so that nothing is copied.

        Parameters
        ----------
        _order : None
        n_samples : int
        step : int
            0, 1, …, `n_steps` - 1.

        Returns
        -------
        slice
        """
        return _span(self.size, n_samples, step)


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

    def initial_order(self, n_samples: int, /) -> Array:
        """Give the order one epoch before the first, which `next_order` turns to 0, 1, 2, ….

        Parameters
        ----------
        n_samples : int

        Returns
        -------
        array of int, shape (n_samples,)
        """
        return np.roll(np.arange(n_samples), self.size * self.steps)

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
