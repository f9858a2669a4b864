"""An epoch in the terms of an engine that does many steps in one call."""

from collections.abc import Callable, Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.engine import ClippingRule, SolverRule, Steps, does_steps
from chainrule.training.batches import Batches, InOrderBatches, ShuffledBatches
from chainrule.training.callbacks import Callback, ask_after_step
from chainrule.training.clipping import ClipNorm, Clipping, ClipValue
from chainrule.training.problem import Problem
from chainrule.training.recipe import Recipe
from chainrule.training.schedules import Adaptive, Constant, InverseScaling
from chainrule.training.solvers import Adam, GradientDescent, Solver
from chainrule.training.state import TrainingState

__all__ = ["steps_of_epoch"]


def steps_of_epoch(
    problem: Problem, recipe: Recipe, state: TrainingState, callbacks: Sequence[Callback]
) -> Steps | None:
    """Describe the steps of an epoch, where the engine can do them and knows every part.

    Parameters
    ----------
    problem : Problem
        What is descended.
    recipe : Recipe
        How to train.
    state : TrainingState
        Where training stands.
    callbacks : sequence of Callback
        Asked after every step, unless they say that they do not follow steps.

    Returns
    -------
    Steps or None
        None where the epoch has to be done step by step.
    """
    engine, solver = problem.engine, solver_rule(recipe.solver)
    if not does_steps(engine) or solver is None:
        return None
    if not (_is_known(recipe.clipping) and engine.can_step(problem.objective)):
        return None
    n_steps = recipe.batches.n_steps(problem.n_samples)
    rows, starts = _rows(recipe.batches, state.order, problem.n_samples, n_steps)
    return Steps(
        objective=problem.objective,
        data=problem.data,
        params=state.params,
        slots=tuple(state.solver.slots.values()),
        steps_before=state.solver.t,
        rows=rows,
        starts=starts,
        rates=_rates(recipe, state, n_steps),
        solver=solver,
        l2_per_weight=problem.l2_per_weight,
        clipping=_clipping_rule(recipe.clipping),
        dropout=recipe.dropout,
        dropout_seed=state.dropout_seed,
        stop_on_divergence=recipe.on_divergence != "continue",
        after_step=_after_step(callbacks, n_steps),
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


def _rows(
    batches: Batches, order: Array | None, n_samples: int, n_steps: int
) -> tuple[Array | None, Array]:
    """Give the rows of all steps, and where those of each begin and the last ones end."""
    if isinstance(batches, ShuffledBatches | InOrderBatches):
        return order, np.minimum(np.arange(n_steps + 1) * batches.size, n_samples)
    parts = [_written_out(batches.rows(order, n_samples, step)) for step in range(n_steps)]
    lengths = [0, *(len(part) for part in parts)]
    return np.concatenate(parts), np.cumsum(lengths)


def _written_out(rows: slice | Array) -> Array:
    return np.arange(rows.start or 0, rows.stop) if isinstance(rows, slice) else rows


def _rates(recipe: Recipe, state: TrainingState, n_steps: int) -> Array:
    schedule = recipe.schedule
    if isinstance(schedule, Constant | Adaptive | InverseScaling):  # these move between epochs
        return np.full(n_steps, schedule.at(state.rate, state.epoch))
    return np.array(
        [schedule.at(state.rate, state.epoch + step / n_steps) for step in range(n_steps)]
    )


def _after_step(callbacks: Sequence[Callback], n_steps: int) -> Callable[[int], bool] | None:
    following = [callback for callback in callbacks if getattr(callback, "follows_steps", True)]
    if not following:
        return None
    return lambda step: ask_after_step(following, step, n_steps)
