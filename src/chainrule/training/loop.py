"""The training loop, for solvers that take steps along the gradients of mini-batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import final

import numpy as np

from chainrule.parameters import Parameters
from chainrule.training.callbacks import Callback, Progress, ask_after_epoch
from chainrule.training.divergence import Divergence
from chainrule.training.epoch import Epoch, run_epoch
from chainrule.training.history import EpochRecord
from chainrule.training.in_one_call import EpochCalls, in_one_call
from chainrule.training.problem import Problem
from chainrule.training.recipe import Recipe
from chainrule.training.result import Result, StopReason, TrainingDivergedError
from chainrule.training.state import TrainingState, begin
from chainrule.training.threads import one_blas_thread
from chainrule.training.validation import Validated, Validation

__all__ = ["fit", "resume"]


def fit(
    problem: Problem,
    params: Parameters,
    recipe: Recipe,
    *,
    random_state: np.random.RandomState,
    validation: Validation | None = None,
    callbacks: Sequence[Callback] = (),
) -> Result:
    """Train from the beginning.

    Parameters
    ----------
    problem : Problem
        What is descended.
    params : Parameters
        Where training begins; left as they are.
    recipe : Recipe
        How to train.
    random_state : numpy.random.RandomState
        Where the shuffles come from; training moves it on.
    validation : callable, optional
        Called with the parameters after every epoch, such as `HeldOut`.
    callbacks : sequence of Callback, optional
        Told after every step and epoch, and may end training.

    Returns
    -------
    Result
        Also after Ctrl-C: the parameters are then those after the last whole step.

    Raises
    ------
    TrainingDivergedError
        Where the loss or the parameters left the finite numbers, unless
        ``recipe.on_divergence`` says otherwise. The result up to there is its `result`.

    Examples
    --------
    >>> from chainrule.engine.reference import ReferenceEngine
    >>> from chainrule.network import Architecture
    >>> from chainrule.objective import Batch, Objective
    >>> from chainrule.parameters import initial_parameters
    >>> from chainrule.training import Constant, GradientDescent, InOrderBatches
    >>> architecture = Architecture.of([1, 1], output="identity")
    >>> x = np.linspace(-1, 1, 20)[:, np.newaxis]
    >>> problem = Problem(ReferenceEngine(), Objective(architecture), Batch(x, 3 * x - 1, None))
    >>> random_state = np.random.RandomState(0)
    >>> params = initial_parameters(architecture, random_state)
    >>> recipe = Recipe(GradientDescent(), Constant(0.1), InOrderBatches(5), max_epochs=100)
    >>> result = fit(problem, params, recipe, random_state=random_state)
    >>> result.stop_reason.value, result.params.vector.round(1).tolist()
    ('converged', [3.0, -1.0])
    """
    index = None if problem.index is None else problem.index.copy()
    state = begin(
        params, recipe, n_samples=problem.n_samples, random_state=random_state, index=index
    )
    return resume(problem, state, recipe, validation=validation, callbacks=callbacks)


def resume(
    problem: Problem,
    state: TrainingState,
    recipe: Recipe,
    *,
    validation: Validation | None = None,
    callbacks: Sequence[Callback] = (),
) -> Result:
    """Go on training from the end of an epoch, with the same bits as if there had been no pause.

    Parameters
    ----------
    problem : Problem
        What is descended.
    state : TrainingState
        Where training stands, as at the end of an epoch; changed in place.
    recipe : Recipe
        How to train; ``recipe.max_epochs`` counts the epochs already done.
    validation : callable, optional
        Called with the parameters after every epoch.
    callbacks : sequence of Callback, optional
        Told after every step and epoch, and may end training.

    Returns
    -------
    Result

    Raises
    ------
    TrainingDivergedError
        As `fit`.
    """
    run = _Run(problem, recipe, state, validation, callbacks)
    # An overflow is noticed as a divergence, which says more than NumPy's warning would.
    with (
        one_blas_thread(),
        np.errstate(over="ignore", invalid="ignore", divide="ignore"),
        in_one_call(problem, recipe, state, callbacks) as run.calls,
    ):
        reason = _run_until_stopped(run)
    result = _result(run, reason)
    if run.divergence is not None and recipe.on_divergence == "raise":
        raise TrainingDivergedError(run.divergence, result)
    return result


@final
@dataclass
class _Run:
    """One call of `resume`: the parts that it was given, where it diverged, the engine's calls."""

    problem: Problem
    recipe: Recipe
    state: TrainingState
    validation: Validation | None
    callbacks: Sequence[Callback]
    divergence: Divergence | None = None
    calls: EpochCalls | None = None


def _run_until_stopped(run: _Run) -> StopReason:
    try:
        while not run.state.converged and run.state.epoch < run.recipe.max_epochs:
            reason = _run_one_epoch(run)
            if reason is not None:
                return reason
    except KeyboardInterrupt:
        return StopReason.INTERRUPTED
    return StopReason.CONVERGED if run.state.converged else StopReason.MAX_EPOCHS


def _run_one_epoch(run: _Run) -> StopReason | None:
    state, recipe, started = run.state, run.recipe, perf_counter()
    state.order = recipe.batches.next_order(state.order, state.random_state)
    epoch = run_epoch(run.problem, recipe, state, run.callbacks, run.calls)
    run.divergence = run.divergence or epoch.divergence
    if epoch.divergence is not None and recipe.on_divergence != "continue":
        return StopReason.DIVERGED
    if not epoch.completed:
        return StopReason.CALLBACK
    record = _conclude(run, epoch, started)
    network = run.problem.objective.architecture
    is_finite = epoch.has_finite_parameters
    progress = Progress(record, recipe.max_epochs, state.params, state, network, is_finite)
    asked = ask_after_epoch(run.callbacks, progress)
    return StopReason.CALLBACK if (asked or epoch.stop_asked) and not state.converged else None


def _conclude(run: _Run, epoch: Epoch, started: float) -> EpochRecord:
    """Enter a completed epoch into the state: record, best parameters, rate."""
    state = run.state
    seen = run.validation(state.params) if run.validation is not None else Validated()
    seconds = perf_counter() - started
    record = EpochRecord(state.epoch + 1, epoch.loss, epoch.rate, seconds, seen.score, seen.loss)
    plateau = run.recipe.stopping.update(state.stopping, record, state.params.vector)
    state.history.records.append(record)
    state.epoch += 1
    state.t += epoch.n_rows
    if epoch.divergence is None:
        state.last_finite[...] = state.params.vector
    _move_rate(state, run.recipe, plateau)
    return record


def _move_rate(state: TrainingState, recipe: Recipe, plateau: bool) -> None:
    state.rate = recipe.schedule.after_epoch(state.rate, state.t)
    if not plateau:
        return
    lower = recipe.schedule.on_plateau(state.rate)
    if lower is None:
        state.converged = True
    else:
        state.rate, state.stopping.count = lower, 0


def _result(run: _Run, reason: StopReason) -> Result:
    state, stopping = run.state, run.recipe.stopping
    params = _finite_parameters(run)
    best = state.stopping.best_vector
    return Result(
        params=params,
        best=params if best is None else state.params.like(best),
        stop_reason=reason,
        message=_message(run, reason),
        history=state.history,
        n_iter=state.epoch,
        t=state.t,
        best_value=stopping.best_value(state.stopping),
        best_epoch=state.stopping.best_epoch,
        divergence=run.divergence,
        state=state,
    )


def _finite_parameters(run: _Run) -> Parameters:
    vector = run.state.params.vector
    if run.divergence is None and np.isfinite(vector).all():
        return run.state.params.copy()
    return run.state.params.like(run.state.last_finite.copy())


def _message(run: _Run, reason: StopReason) -> str:
    stopping, epoch = run.recipe.stopping, run.state.epoch
    if reason is StopReason.DIVERGED and run.divergence is not None:
        return run.divergence.message
    return {
        StopReason.CONVERGED: (
            f"the {stopping.monitor.replace('_', ' ')} did not improve by more than "
            f"{stopping.tol:g} for {stopping.n_iter_no_change} epochs"
        ),
        StopReason.MAX_EPOCHS: (
            f"the limit of {epoch} epoch{'' if epoch == 1 else 's'} was reached without convergence"
        ),
        StopReason.INTERRUPTED: f"interrupted after {epoch} whole epochs",
        StopReason.CALLBACK: f"a callback asked to stop after {epoch} whole epochs",
    }[reason]
