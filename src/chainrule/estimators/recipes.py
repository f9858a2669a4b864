"""From an estimator's parameters to the parts that train it: one line a name."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

from chainrule.estimators.hyperparameters import Hyperparameters
from chainrule.training import (
    Adam,
    Adaptive,
    Batches,
    Constant,
    GradientDescent,
    InOrderBatches,
    InverseScaling,
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
    "adam": lambda told: Adam(told.beta_1, told.beta_2, told.epsilon),
}
_SCHEDULES: Final[dict[str, Callable[[Hyperparameters], Schedule]]] = {
    "constant": lambda told: Constant(told.learning_rate_init),
    "invscaling": lambda told: InverseScaling(told.learning_rate_init, told.power_t),
    "adaptive": lambda told: Adaptive(told.learning_rate_init),
}
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
    told: Hyperparameters, n_samples: int, *, optimizer: Optimizer | None = None, max_epochs: int
) -> Recipe:
    """Say how to train, step for step as scikit-learn does.

    Parameters
    ----------
    told : Hyperparameters
        The estimator.
    n_samples : int
        How many samples there are to learn from.
    optimizer : Optimizer, optional
        The one to go on with; its solver and schedule come before those of the estimator.
    max_epochs : int
        Epochs at most.

    Returns
    -------
    Recipe
    """
    return Recipe(
        solver=optimizer.solver if optimizer else _SOLVERS[told.solver](told),
        schedule=optimizer.schedule if optimizer else _schedule(told),
        batches=_batches(told, n_samples),
        stopping=_stopping(told),
        max_epochs=max_epochs,
        on_divergence="continue",
    )


def _schedule(told: Hyperparameters) -> Schedule:
    # only gradient descent heeds the name: Adam takes the constant rate
    return _SCHEDULES[told.learning_rate if told.solver == "sgd" else "constant"](told)


def _stopping(told: Hyperparameters) -> Stopping:
    return Stopping(
        monitor="validation_score" if told.early_stopping else "loss",
        tol=told.tol,
        n_iter_no_change=told.n_iter_no_change,
        keep_best=told.early_stopping,
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
