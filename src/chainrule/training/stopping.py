"""When to stop: the count of epochs without improvement, and the best parameters so far."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, final, get_args

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import SpecificationError, UnknownNameError
from chainrule.training.history import EpochRecord
from chainrule.training.hyperparameters import require_at_least

__all__ = ["Monitor", "Stopping", "StoppingState"]

#: What a stopping criterion watches.
Monitor: TypeAlias = Literal["loss", "validation_score", "validation_loss"]


@final
@dataclass
class StoppingState:
    """What a stopping criterion remembers from epoch to epoch.

    Parameters
    ----------
    best : float
        The lowest cost so far: the monitored loss, or minus the monitored score.
    count : int
        Epochs without improvement since the last improvement or the last plateau.
    lowest : float
        The lowest cost by which the best epoch is told; that of `best` unless the criterion has a
        `best_of` of its own.
    best_epoch : int
        The epoch of `lowest`; 0 before the first.
    best_vector : array, shape (n_parameters,), optional
        A copy of the parameters after that epoch, where they are kept.

    Examples
    --------
    >>> StoppingState().best
    inf
    """

    best: float = float("inf")
    count: int = 0
    lowest: float = float("inf")
    best_epoch: int = 0
    best_vector: Array | None = None


@final
@dataclass(frozen=True)
class Stopping:
    """Stop when `n_iter_no_change` epochs in a row did not improve by `tol`.

    An epoch does not improve where ``loss > best - tol``, or ``score < best + tol``. The
    criterion is met when the count of such epochs *exceeds* `n_iter_no_change`. The best value
    moves with every improvement, however small. A NaN neither counts nor becomes the best.

    Parameters
    ----------
    monitor : {"loss", "validation_score", "validation_loss"}, default="loss"
        What has to improve: the training loss, or the score or loss of held-out data.
    tol : float, default=1e-4
        How much counts as an improvement.
    n_iter_no_change : int or inf, default=10
        How many epochs without improvement are allowed.
    keep_best : bool, default=False
        Whether to keep a copy of the best parameters. Without it the last ones are the result.
    best_of : {"loss", "validation_score", "validation_loss"}, optional
        What the best parameters are best in; by default what `monitor` watches.

    Raises
    ------
    UnknownNameError
        Where `monitor` or `best_of` is none of the three.
    SpecificationError
        Where `tol` is negative or `n_iter_no_change` is below 1.

    References
    ----------
    scikit-learn 1.9, ``BaseMultilayerPerceptron._update_no_improvement_count``.

    Examples
    --------
    >>> stopping, vector = Stopping(tol=0.1, n_iter_no_change=1), np.zeros(3)
    >>> state = stopping.start()
    >>> [stopping.update(state, EpochRecord(epoch, loss, 0.1, 0.0), vector)
    ...  for epoch, loss in enumerate([1.0, 0.95, 0.94], start=1)]
    [False, False, True]
    """

    monitor: Monitor = "loss"
    tol: float = 1e-4
    n_iter_no_change: float = 10
    keep_best: bool = False
    best_of: Monitor | None = None

    def __post_init__(self) -> None:
        for name in ("monitor", "best_of"):
            watched = getattr(self, name)
            if watched is not None and watched not in get_args(Monitor):
                raise UnknownNameError(name, watched, get_args(Monitor))
        require_at_least("tol", self.tol, 0)
        require_at_least("n_iter_no_change", self.n_iter_no_change, 1)

    def start(self) -> StoppingState:
        """Give the state before the first epoch.

        Returns
        -------
        StoppingState
        """
        return StoppingState()

    def update(self, state: StoppingState, record: EpochRecord, vector: Array) -> bool:
        """Take note of an epoch.

        Parameters
        ----------
        state : StoppingState
            Changed in place.
        record : EpochRecord
            What the epoch came to.
        vector : array, shape (n_parameters,)
            The parameters after the epoch; copied if they are the best. Parameters that are not
            finite are never kept.

        Returns
        -------
        bool
            Whether the epochs without improvement exceed `n_iter_no_change`.
        """
        cost = _cost(record, self.monitor)
        # Not `cost <= state.best - tol`: a NaN is to reset the count, as it does in scikit-learn.
        state.count = state.count + 1 if cost > state.best - self.tol else 0
        state.best = cost if cost < state.best else state.best
        worth = cost if self.best_of is None else _cost(record, self.best_of)
        if worth < state.lowest:
            state.lowest, state.best_epoch = worth, record.epoch
            if self.keep_best and np.isfinite(vector).all():
                state.best_vector = vector.copy()
        return state.count > self.n_iter_no_change

    def best_value(self, state: StoppingState) -> float:
        """Give the best monitored value so far, a score with its own sign.

        Parameters
        ----------
        state : StoppingState

        Returns
        -------
        float
            Before the first epoch infinity for a loss, minus infinity for a score.
        """
        return -state.best if self.monitor == "validation_score" else state.best


def _cost(record: EpochRecord, monitor: Monitor) -> float:
    value = getattr(record, monitor)
    if value is None:
        raise SpecificationError(
            f"stopping on {monitor!r} needs held-out data that gives one; "
            "pass a validation to the training, or monitor 'loss'"
        )
    # A score is a cost with the other sign, exactly: s < b + tol is -s > -b - tol.
    return -float(value) if monitor == "validation_score" else float(value)
