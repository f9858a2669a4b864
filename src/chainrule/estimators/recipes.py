"""From an estimator's parameters to the parts that train it: one line a name."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from chainrule.dropout import Dropout
from chainrule.estimators.hyperparameters import Hyperparameters
from chainrule.training import (
    Adam,
    Adaptive,
    Batches,
    ClipNorm,
    Clipping,
    ClipValue,
    Constant,
    Cosine,
    GradientDescent,
    InOrderBatches,
    InverseScaling,
    Monitor,
    OneCycle,
    Recipe,
    Schedule,
    ShuffledBatches,
    Solver,
    SolverState,
    Stopping,
    TrainingState,
)

__all__ = ["Optimizer", "recipe_of"]

_SOLVERS: Final[dict[str, Callable[[Hyperparameters], Solver]]] = {
    "sgd": lambda told: GradientDescent(told.momentum, told.nesterovs_momentum),
    "adam": lambda told: Adam(told.beta_1, told.beta_2, told.epsilon, told.weight_decay),
}
_SCHEDULES: Final[dict[str, Callable[[Hyperparameters], Schedule]]] = {
    "constant": lambda told: Constant(told.learning_rate_init),
    "invscaling": lambda told: InverseScaling(told.learning_rate_init, told.power_t),
    "adaptive": lambda told: Adaptive(told.learning_rate_init),
    "cosine": lambda told: Cosine(told.learning_rate_init, int(told.max_iter), told.warm_up),
    "one_cycle": lambda told: OneCycle(told.learning_rate_init, int(told.max_iter)),
}
#: scikit-learn's Adam pays no heed to its names of schedules.
_ONLY_WITH_GRADIENT_DESCENT: Final = {"invscaling", "adaptive"}
_LARGEST_AUTO_BATCH = 200


@final
@dataclass
class Optimizer:
    """What `partial_fit` goes on with: solver and schedule as they were told, and where they are.

    Parameters
    ----------
    solver : Solver
        The rule for a step, with the hyperparameters of the fit that began.
    schedule : Schedule
        The learning rate, likewise.
    memory : SolverState
        The solver's memory.
    learning_rate : float
        The rate of the next epoch.
    """

    solver: Solver
    schedule: Schedule
    memory: SolverState
    learning_rate: float

    @classmethod
    def after(cls, recipe: Recipe, state: TrainingState) -> "Optimizer":
        """Keep what a training ended with."""
        return cls(recipe.solver, recipe.schedule, state.solver, state.rate)


def recipe_of(
    told: Hyperparameters,
    n_samples: int,
    n_hidden: int,
    *,
    optimizer: Optimizer | None = None,
    max_epochs: int,
    best_of: Monitor | None = None,
) -> Recipe:
    """Say how to train, step for step as scikit-learn does.

    Parameters
    ----------
    told : Hyperparameters
        The estimator.
    n_samples : int
        How many samples there are to learn from.
    n_hidden : int
        How many hidden layers there are.
    optimizer : Optimizer, optional
        The one to go on with; its solver and schedule come before those of the estimator.
    max_epochs : int
        Epochs at most.
    best_of : {"loss", "validation_score"}, optional
        What the epoch is best in whose weights `restore_best` keeps, where that is not what
        stopping watches.

    Returns
    -------
    Recipe
    """
    return Recipe(
        solver=optimizer.solver if optimizer else _SOLVERS[told.solver](told),
        schedule=optimizer.schedule if optimizer else _schedule(told),
        batches=_batches(told, n_samples),
        stopping=_stopping(told, best_of),
        max_epochs=max_epochs,
        on_divergence="continue",
        clipping=_clipping(told),
        dropout=_dropout(told, n_hidden),
    )


def _schedule(told: Hyperparameters) -> Schedule:
    is_ignored = told.solver == "adam" and told.learning_rate in _ONLY_WITH_GRADIENT_DESCENT
    return _SCHEDULES["constant" if is_ignored else told.learning_rate](told)


def _clipping(told: Hyperparameters) -> Clipping | None:
    if told.clip_norm is not None:
        return ClipNorm(told.clip_norm)
    return None if told.clip_value is None else ClipValue(told.clip_value)


def _dropout(told: Hyperparameters, n_hidden: int) -> Dropout | None:
    rates = told._dropout_rates(n_hidden)
    # without it nothing is drawn for its seed, so that all else is as scikit-learn has it
    return Dropout(rates) if np.any(rates) else None


def _stopping(told: Hyperparameters, best_of: Monitor | None) -> Stopping:
    return Stopping(
        monitor="validation_score" if told.early_stopping else "loss",
        tol=told.tol,
        n_iter_no_change=told.n_iter_no_change,
        keep_best=told.early_stopping or told.restore_best,
        best_of=best_of,
    )


def _batches(told: Hyperparameters, n_samples: int) -> Batches:
    size = _batch_size(told, n_samples)
    return ShuffledBatches(size) if told.shuffle else InOrderBatches(size)


def _batch_size(told: Hyperparameters, n_samples: int) -> int:
    if told.batch_size == "auto":
        return min(_LARGEST_AUTO_BATCH, n_samples)
    if told.batch_size > n_samples:
        warnings.warn(
            "Got `batch_size` less than 1 or larger than sample size. It is going to be clipped: "
            f"batch_size={told.batch_size} to {n_samples}",
            stacklevel=2,
        )
    return min(int(told.batch_size), n_samples)
