"""An epoch in the terms of an engine that does many steps in one call."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.engine import (
    ClippingRule,
    Descent,
    SolverRule,
    Stepping,
    Steps,
    StepsDone,
    does_steps,
)
from chainrule.training.batches import Batches, InOrderBatches, ShuffledBatches
from chainrule.training.callbacks import Callback, ask_after_step
from chainrule.training.clipping import ClipNorm, Clipping, ClipValue
from chainrule.training.problem import Problem
from chainrule.training.recipe import Recipe
from chainrule.training.schedules import Adaptive, Constant, InverseScaling
from chainrule.training.solvers import Adam, GradientDescent, Solver
from chainrule.training.state import TrainingState

__all__ = ["EpochCalls", "in_one_call"]


@final
class EpochCalls:
    """The epochs of a training, each as one call of the engine.

    Parameters
    ----------
    problem : Problem
        What is descended.
    recipe : Recipe
        How to train.
    stepping : Stepping
        The training that the engine is ready for.

    Notes
    -----
    An epoch of a small network takes some tens of microseconds; so what epochs share is kept.
    """

    def __init__(self, problem: Problem, recipe: Recipe, stepping: Stepping) -> None:
        self._problem, self._recipe, self._stepping = problem, recipe, stepping
        self._n_steps = recipe.batches.n_steps(problem.n_samples)
        self._starts = _starts(recipe.batches, problem.n_samples, self._n_steps)
        self._rates: Array | None = None
        self._rate = math.nan

    def run(self, state: TrainingState, done: StepsDone) -> Steps:
        """Do the steps of an epoch, in the order that the state holds.

        Parameters
        ----------
        state : TrainingState
            Where training stands; its parameters and its solver's memory change.
        done : StepsDone
            Filled in with how far the engine got, also where an exception ends the call.

        Returns
        -------
        Steps
            What was asked for.
        """
        batches, n_samples = self._recipe.batches, self._problem.n_samples
        rows = _rows(batches, state.order, n_samples, self._n_steps)
        steps = Steps(state.solver.t, rows, self._starts, self._rates_of(state))
        self._stepping.do(steps, done)
        return steps

    def _rates_of(self, state: TrainingState) -> Array:
        schedule, epoch, n_steps = self._recipe.schedule, state.epoch, self._n_steps
        if not isinstance(schedule, Constant | Adaptive | InverseScaling):
            places = (epoch + step / n_steps for step in range(n_steps))
            return np.array([schedule.at(state.rate, place) for place in places])
        rate = schedule.at(state.rate, epoch)  # these move between epochs
        if self._rates is None or rate != self._rate:
            self._rates, self._rate = np.full(n_steps, rate), rate
        return self._rates


@contextmanager
def in_one_call(
    problem: Problem, recipe: Recipe, state: TrainingState, callbacks: Sequence[Callback]
) -> Iterator[EpochCalls | None]:
    """Make the engine ready for whole epochs, where it can do them and knows every part.

    Parameters
    ----------
    problem : Problem
        What is descended.
    recipe : Recipe
        How to train.
    state : TrainingState
        Where training stands; its parameters and its solver's memory will change.
    callbacks : sequence of Callback
        Asked after every step, unless they say that they do not follow steps.

    Yields
    ------
    EpochCalls or None
        None where epochs have to be done step by step.
    """
    engine, descent = problem.engine, _descent(problem, recipe, state, callbacks)
    if descent is None or not does_steps(engine) or not engine.can_step(problem.objective):
        yield None
        return
    with closing(engine.stepping(descent)) as stepping:
        yield EpochCalls(problem, recipe, stepping)


def _descent(
    problem: Problem, recipe: Recipe, state: TrainingState, callbacks: Sequence[Callback]
) -> Descent | None:
    solver = solver_rule(recipe.solver)
    if solver is None or not _is_known(recipe.clipping):
        return None
    return Descent(
        objective=problem.objective,
        data=problem.data,
        params=state.params,
        slots=tuple(state.solver.slots.values()),
        solver=solver,
        l2_per_weight=problem.l2_per_weight,
        clipping=_clipping_rule(recipe.clipping),
        dropout=recipe.dropout,
        dropout_seed=state.dropout_seed,
        stop_on_divergence=recipe.on_divergence != "continue",
        after_step=_after_step(callbacks, recipe.batches.n_steps(problem.n_samples)),
    )


def solver_rule(solver: Solver) -> SolverRule | None:
    """Describe a solver of this library; None for any other.

    Parameters
    ----------
    solver : Solver

    Returns
    -------
    SolverRule or None
    """
    if isinstance(solver, Adam):
        return SolverRule(
            "adam",
            beta_1=solver.beta_1,
            beta_2=solver.beta_2,
            epsilon=solver.epsilon,
            weight_decay=solver.weight_decay,
        )
    if isinstance(solver, GradientDescent):
        return SolverRule(
            "nesterov" if solver.nesterovs_momentum else "gradient_descent",
            momentum=solver.momentum,
        )
    return None


def _is_known(clipping: Clipping | None) -> bool:
    return clipping is None or isinstance(clipping, ClipNorm | ClipValue)


def _clipping_rule(clipping: Clipping | None) -> ClippingRule | None:
    if isinstance(clipping, ClipNorm):
        return ClippingRule("norm", clipping.max_norm)
    if isinstance(clipping, ClipValue):
        return ClippingRule("value", clipping.max_value)
    return None


def _starts(batches: Batches, n_samples: int, n_steps: int) -> Array:
    """Tell where the rows of each step begin, and where the last ones end."""
    if isinstance(batches, ShuffledBatches | InOrderBatches):
        return np.minimum(np.arange(n_steps + 1) * batches.size, n_samples)
    parts = _parts(batches, batches.initial_order(n_samples), n_samples, n_steps)
    return np.cumsum([0, *(len(part) for part in parts)])


def _rows(batches: Batches, order: Array | None, n_samples: int, n_steps: int) -> Array | None:
    """Give the rows of all steps, one after another; None stands for 0, 1, 2, …."""
    if isinstance(batches, ShuffledBatches | InOrderBatches):
        return order
    return np.concatenate(_parts(batches, order, n_samples, n_steps))


def _parts(batches: Batches, order: Array | None, n_samples: int, n_steps: int) -> list[Array]:
    return [_written_out(batches.rows(order, n_samples, step)) for step in range(n_steps)]


def _written_out(rows: slice | Array) -> Array:
    return np.arange(rows.start or 0, rows.stop) if isinstance(rows, slice) else rows


def _after_step(callbacks: Sequence[Callback], n_steps: int) -> Callable[[int], bool] | None:
    following = [callback for callback in callbacks if getattr(callback, "follows_steps", True)]
    if not following:
        return None
    return lambda step: ask_after_step(following, step, n_steps)
