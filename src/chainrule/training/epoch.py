"""One epoch: a step of the solver for every mini-batch.

An engine that can do many steps in one call is given the whole epoch (`in_one_call`); for any
other, and for parts that such an engine does not know, the steps are done here one by one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, final

import numpy as np

from chainrule.engine import StepsDone
from chainrule.training.callbacks import Callback, ask_after_step
from chainrule.training.divergence import Divergence
from chainrule.training.in_one_call import EpochCalls
from chainrule.training.problem import Problem
from chainrule.training.recipe import Recipe
from chainrule.training.state import TrainingState

__all__ = ["Epoch", "run_epoch"]


@final
@dataclass
class Epoch:
    """What has been summed over the steps of an epoch so far.

    Parameters
    ----------
    total : float, default=0.0
        The sum of the batch losses, each times its number of rows.
    n_rows : int, default=0
        The rows seen.
    n_steps : int, default=0
        The steps done.
    rate : float
        The learning rate of the first step; NaN before it.
    completed : bool, default=False
        Whether every step was done.
    stop_asked : bool, default=False
        Whether a callback asked to stop.
    last_finite_loss : float
        The last finite batch loss; before the first, the loss of the epoch before or NaN.
    divergence : Divergence, optional
        Where the epoch first left the finite numbers.
    has_finite_parameters : bool, default=True
        Whether the parameters after the last step are finite.

    Examples
    --------
    >>> Epoch(total=6.0, n_rows=3).loss
    2.0
    """

    total: float = 0.0
    n_rows: int = 0
    n_steps: int = 0
    rate: float = math.nan
    completed: bool = False
    stop_asked: bool = False
    last_finite_loss: float = math.nan
    divergence: Divergence | None = None
    has_finite_parameters: bool = True

    @property
    def loss(self) -> float:
        """The mean of the batch losses, weighted by their numbers of rows."""
        return self.total / self.n_rows


def run_epoch(
    problem: Problem,
    recipe: Recipe,
    state: TrainingState,
    callbacks: Sequence[Callback] = (),
    calls: EpochCalls | None = None,
) -> Epoch:
    """Do the steps of one epoch, in place, in the order that the state holds.

    Parameters
    ----------
    problem : Problem
        What is descended.
    recipe : Recipe
        How to train.
    state : TrainingState
        Its parameters and its solver's memory change.
    callbacks : sequence of Callback, optional
        Asked after every step.
    calls : EpochCalls, optional
        The engine, made ready by `in_one_call` for these very parts. Without it the steps are
        done one by one.

    Returns
    -------
    Epoch
        Not completed where a callback asked to stop before the last step, or where the loss
        was no longer finite and the recipe does not go on.
    """
    epoch = Epoch(last_finite_loss=state.history.last_loss)
    if calls is not None:
        _in_one_call(problem, calls, state, epoch)
    else:
        _one_by_one(problem, recipe, state, epoch, callbacks)
    if epoch.divergence is not None and recipe.on_divergence != "continue":
        return epoch
    epoch.completed = epoch.n_steps == recipe.batches.n_steps(problem.n_samples)
    _check_parameters(state, epoch)
    return epoch


def _in_one_call(problem: Problem, calls: EpochCalls, state: TrainingState, epoch: Epoch) -> None:
    done = StepsDone()
    try:
        steps = calls.run(state, done)
    finally:
        state.solver.t += done.n_updates
        _take_over(done, state, epoch)
    epoch.rate = float(steps.rates[0])
    if done.weightless:
        rows = slice(*steps.starts[done.n_steps : done.n_steps + 2])
        problem.objective_of(problem.data.rows(rows if steps.rows is None else steps.rows[rows]))


def _take_over(done: StepsDone, state: TrainingState, epoch: Epoch) -> None:
    """Enter what an engine has done into the epoch."""
    before = epoch.last_finite_loss
    epoch.n_steps, epoch.n_rows, epoch.total = done.n_steps, done.n_rows, done.total
    epoch.stop_asked = done.stopped
    if done.last_finite_loss is not None:
        epoch.last_finite_loss = done.last_finite_loss
    if done.diverged_at is not None:
        finite = before if done.finite_before is None else done.finite_before
        epoch.divergence = Divergence("loss", state.epoch + 1, done.diverged_at, finite)


def _one_by_one(
    problem: Problem,
    recipe: Recipe,
    state: TrainingState,
    epoch: Epoch,
    callbacks: Sequence[Callback],
) -> None:
    n_steps = recipe.batches.n_steps(problem.n_samples)
    while epoch.n_steps < n_steps and not epoch.stop_asked:
        _step(problem, recipe, state, epoch, n_steps)
        if epoch.divergence is not None and recipe.on_divergence != "continue":
            return
        epoch.stop_asked = ask_after_step(callbacks, epoch.n_steps, n_steps)


def _step(
    problem: Problem, recipe: Recipe, state: TrainingState, epoch: Epoch, n_steps: int
) -> None:
    rows = recipe.batches.rows(state.order, problem.n_samples, epoch.n_steps)
    batch = problem.data.rows(rows)
    masks = recipe.dropout.masks(state.dropout_seed, state.solver.t) if recipe.dropout else None
    loss, gradient = problem.loss_and_gradient(state.params, batch, masks)
    rate = recipe.schedule.at(state.rate, state.epoch + epoch.n_steps / n_steps)
    if epoch.n_steps == 0:
        epoch.rate = rate
    epoch.n_steps += 1
    epoch.total += loss * batch.n_samples
    epoch.n_rows += batch.n_samples
    if math.isfinite(loss):
        epoch.last_finite_loss = loss
    else:
        _note(epoch, "loss", state)
        if recipe.on_divergence != "continue":
            return
    if recipe.clipping is not None:
        recipe.clipping.clip(gradient)
    recipe.solver.step(state.params, gradient, state.solver, rate)


def _check_parameters(state: TrainingState, epoch: Epoch) -> None:
    # The loss of the next step would show it, but the last step of an epoch has none.
    epoch.has_finite_parameters = bool(np.isfinite(state.params.vector).all())
    if not epoch.has_finite_parameters:
        _note(epoch, "parameters", state)


def _note(epoch: Epoch, what: Literal["loss", "parameters"], state: TrainingState) -> None:
    if epoch.divergence is None:
        epoch.divergence = Divergence(what, state.epoch + 1, epoch.n_steps, epoch.last_finite_loss)
