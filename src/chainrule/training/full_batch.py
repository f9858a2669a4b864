"""Training on all samples at once, with a solver that drives itself: L-BFGS."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal, final

import numpy as np

from chainrule.arrays import Array
from chainrule.parameters import Parameters
from chainrule.training.callbacks import Callback, Progress, ask_after_epoch, ask_after_step
from chainrule.training.divergence import Divergence
from chainrule.training.history import EpochRecord, History
from chainrule.training.problem import Problem
from chainrule.training.result import Result, StopReason, TrainingDivergedError
from chainrule.training.solvers import LBFGS, Minimum
from chainrule.training.threads import one_blas_thread

__all__ = ["fit_full_batch"]


def fit_full_batch(
    problem: Problem,
    params: Parameters,
    solver: LBFGS,
    *,
    callbacks: Sequence[Callback] = (),
    on_divergence: Literal["raise", "stop"] = "raise",
) -> Result:
    """Minimise the objective over all samples.

    Parameters
    ----------
    problem : Problem
        What is descended.
    params : Parameters
        Where training begins; left as they are. The result is float64 whatever they are.
    solver : LBFGS
        The method with its limits.
    callbacks : sequence of Callback, optional
        Told after every evaluation (as a step) and iteration (as an epoch), and may end
        training.
    on_divergence : {"raise", "stop"}, default="raise"
        Whether to raise where the loss is not finite, or to return the result up to there.

    Returns
    -------
    Result
        Also after Ctrl-C: the parameters are then those of the last iteration. The history has
        a record an iteration, with the loss after it.

    Raises
    ------
    TrainingDivergedError
        Where the method ends at a loss or at parameters that are not finite.

    Examples
    --------
    >>> from chainrule.engine.reference import ReferenceEngine
    >>> from chainrule.network import Architecture
    >>> from chainrule.objective import Batch, Objective
    >>> from chainrule.parameters import initial_parameters
    >>> architecture = Architecture.of([1, 1], output="identity")
    >>> x = np.linspace(-1, 1, 20)[:, np.newaxis]
    >>> problem = Problem(ReferenceEngine(), Objective(architecture), Batch(x, 3 * x - 1, None))
    >>> params = initial_parameters(architecture, np.random.RandomState(0))
    >>> result = fit_full_batch(problem, params, LBFGS())
    >>> result.stop_reason.value, result.params.vector.round(3).tolist()
    ('converged', [3.0, -1.0])
    """
    start = params.like(params.vector.astype(np.float64))
    run = _Run(problem, solver, callbacks, start)
    with one_blas_thread(), np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        reason, message = _minimise(run)
    result = _result(run, reason, message)
    if run.divergence is not None and on_divergence == "raise":
        raise TrainingDivergedError(run.divergence, result)
    return result


@final
class _StopAskedError(Exception):
    """A callback asked to stop; this carries it through SciPy."""


@final
@dataclass
class _Run:
    """One call of `fit_full_batch`; `params` are those of the last finite iteration."""

    problem: Problem
    solver: LBFGS
    callbacks: Sequence[Callback]
    params: Parameters
    history: History = field(default_factory=History)
    evaluations: int = 0
    last_finite_loss: float = math.nan
    divergence: Divergence | None = None
    started: float = field(default_factory=perf_counter)

    def evaluate(self, vector: Array) -> tuple[float, Array]:
        """Give SciPy the loss and its gradient, in arrays that nobody writes to again."""
        everything = self.problem.rows(slice(0, self.problem.n_samples))
        loss, gradient = self.problem.loss_and_gradient(self.params.like(vector), everything)
        self.evaluations += 1
        if math.isfinite(loss):
            self.last_finite_loss = loss
        if ask_after_step(self.callbacks, self.evaluations, self.solver.max_fun):
            raise _StopAskedError
        return loss, gradient.vector.astype(np.float64)

    def after_iteration(self, vector: Array, loss: float) -> None:
        """Enter an iteration into the history and tell the callbacks."""
        now, iteration = perf_counter(), len(self.history.records) + 1
        record = EpochRecord(iteration, loss, math.nan, now - self.started)
        self.started = now
        if math.isfinite(loss) and np.isfinite(vector).all():
            self.params = self.params.like(vector.copy())
        self.history.records.append(record)
        network = self.problem.objective.architecture
        progress = Progress(record, self.solver.max_iter, self.params, None, network)
        if ask_after_epoch(self.callbacks, progress):
            raise _StopAskedError


def _minimise(run: _Run) -> tuple[StopReason, str]:
    n_iter = run.history.records.__len__
    try:
        minimum = run.solver.minimise(run.evaluate, run.params.vector, run.after_iteration)
    except _StopAskedError:
        return StopReason.CALLBACK, f"a callback asked to stop after {n_iter()} iterations"
    except KeyboardInterrupt:
        return StopReason.INTERRUPTED, f"interrupted after {n_iter()} iterations"
    return _conclude(run, minimum)


def _conclude(run: _Run, minimum: Minimum) -> tuple[StopReason, str]:
    if not math.isfinite(minimum.value) or not np.isfinite(minimum.vector).all():
        what: Literal["loss", "parameters"] = (
            "loss" if np.isfinite(minimum.vector).all() else "parameters"
        )
        run.divergence = Divergence(what, minimum.n_iter, run.evaluations, run.last_finite_loss)
        return StopReason.DIVERGED, run.divergence.message
    run.params = run.params.like(minimum.vector)
    return _reason(run, minimum), minimum.message


def _reason(run: _Run, minimum: Minimum) -> StopReason:
    if minimum.converged:
        return StopReason.CONVERGED
    exhausted = minimum.n_iter >= run.solver.max_iter or run.evaluations > run.solver.max_fun
    return StopReason.MAX_EPOCHS if exhausted else StopReason.LINE_SEARCH


def _result(run: _Run, reason: StopReason, message: str) -> Result:
    losses = [loss for loss in run.history.loss_curve if math.isfinite(loss)]
    return Result(
        params=run.params,
        best=run.params,
        stop_reason=reason,
        message=message,
        history=run.history,
        n_iter=len(run.history.records),
        t=0,
        best_value=min(losses, default=run.last_finite_loss),
        best_epoch=len(run.history.records),
        divergence=run.divergence,
    )
