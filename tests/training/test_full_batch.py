import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.engine import ReferenceEngine
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters
from chainrule.training import (
    LBFGS,
    EpochCallback,
    Problem,
    Progress,
    StopFlag,
    StopReason,
    TrainingDivergedError,
    fit_full_batch,
)
from chainrule.training.solvers import Minimum

Scripted = Callable[[Sequence[float]], Problem]


def test_it_ends_where_the_gradient_is_small(blobs: Problem, params: Parameters) -> None:
    result = fit_full_batch(blobs, params, LBFGS(max_iter=1000, tol=1e-3))
    _, gradient = blobs.loss_and_gradient(result.params, blobs.data)
    assert result.stop_reason is StopReason.CONVERGED
    assert np.abs(gradient.vector).max() <= 1e-3


def test_every_iteration_has_a_record(blobs: Problem, params: Parameters) -> None:
    result = fit_full_batch(blobs, params, LBFGS(max_iter=7))
    losses = result.history.loss_curve
    assert (result.n_iter, len(losses), result.t) == (7, 7, 0)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] == result.best_value == blobs.loss_and_gradient(result.params, blobs.data)[0]


@pytest.mark.parametrize("solver", [LBFGS(max_iter=5), LBFGS(max_fun=5)])
def test_a_limit_ends_it(blobs: Problem, params: Parameters, solver: LBFGS) -> None:
    result = fit_full_batch(blobs, params, solver)
    assert result.stop_reason is StopReason.MAX_EPOCHS
    assert "REACHED" in result.message or "EXCEEDS" in result.message


def test_the_given_parameters_are_left_as_they_are(blobs: Problem, params: Parameters) -> None:
    before = params.vector.copy()
    fit_full_batch(blobs, params, LBFGS(max_iter=2))
    assert params.vector.tolist() == before.tolist()


def test_single_precision_ends_in_double(blobs: Problem, params: Parameters) -> None:
    single = params.like(params.vector.astype(np.float32))
    assert fit_full_batch(blobs, single, LBFGS(max_iter=2)).params.vector.dtype == np.float64
    at_once = fit_full_batch(blobs, single, LBFGS(), callbacks=[StopFlag(is_set=True)])
    assert at_once.params.vector.dtype == np.float64


def test_a_callback_may_end_it_after_an_iteration(blobs: Problem, params: Parameters) -> None:
    kept: list[list[float]] = []

    def third(progress: Progress) -> bool:
        kept.append(progress.params.vector.tolist())
        return progress.record.epoch == 3

    result = fit_full_batch(blobs, params, LBFGS(), callbacks=[EpochCallback(third)])
    assert (result.stop_reason, result.n_iter) == (StopReason.CALLBACK, 3)
    assert result.params.vector.tolist() == kept[-1]


def test_a_flag_ends_it_within_an_evaluation(blobs: Problem, params: Parameters) -> None:
    result = fit_full_batch(blobs, params, LBFGS(), callbacks=[StopFlag(is_set=True)])
    assert (result.stop_reason, result.n_iter) == (StopReason.CALLBACK, 0)
    assert result.params.vector.tolist() == params.vector.tolist()


def test_ctrl_c_leaves_the_parameters_of_the_last_iteration(
    blobs: Problem, params: Parameters
) -> None:
    class CtrlC:
        def __init__(self) -> None:
            self.last: list[float] = []

        def on_step_end(self, step: int, _n_steps: int, /) -> bool:
            if step == 6:
                signal.raise_signal(signal.SIGINT)
            return False

        def on_epoch_end(self, progress: Progress, /) -> bool:
            self.last = progress.params.vector.tolist()
            return False

    callback = CtrlC()
    result = fit_full_batch(blobs, params, LBFGS(), callbacks=[callback])
    assert result.stop_reason is StopReason.INTERRUPTED
    assert result.n_iter >= 1
    assert result.params.vector.tolist() == callback.last


def test_divergence_is_an_error_that_carries_the_result(
    scripted: Scripted, params: Parameters
) -> None:
    with pytest.raises(TrainingDivergedError, match="loss is not finite") as caught:
        fit_full_batch(scripted([float("nan")]), params, LBFGS())
    assert caught.value.result.params.vector.tolist() == params.vector.tolist()


def test_divergence_can_be_a_result_instead(scripted: Scripted, params: Parameters) -> None:
    result = fit_full_batch(scripted([float("nan")]), params, LBFGS(), on_divergence="stop")
    assert result.stop_reason is StopReason.DIVERGED


class UphillEngine(ReferenceEngine):  # type: ignore[misc]
    """Points the wrong way: its gradient has the opposite sign."""

    def loss_and_gradient(
        self, objective: Objective, params: Parameters, batch: Batch
    ) -> tuple[float, Parameters]:
        loss, gradient = super().loss_and_gradient(objective, params, batch)
        return loss, params.like(-gradient.vector)


def test_a_line_search_that_finds_nothing_is_said(blobs: Problem, params: Parameters) -> None:
    result = fit_full_batch(replace(blobs, engine=UphillEngine()), params, LBFGS())
    assert result.stop_reason is StopReason.LINE_SEARCH
    assert "ABNORMAL" in result.message


class EndsNowhere:
    """A solver that ends at a loss of NaN, at a point of its own."""

    max_iter, max_fun = 10, 10

    def __init__(self, where: float) -> None:
        self.where = where

    def minimise(self, function: object, vector: Array, after_iteration: object) -> Minimum:
        return Minimum(np.full_like(vector, self.where), np.nan, 1, False, "")


@pytest.mark.parametrize(("where", "what"), [(0.0, "loss"), (np.nan, "parameters")])
def test_parameters_that_are_not_finite_are_told_from_a_loss_that_is_not(
    blobs: Problem, params: Parameters, where: float, what: str
) -> None:
    solver = cast(LBFGS, EndsNowhere(where))
    result = fit_full_batch(blobs, params, solver, on_divergence="stop")
    assert result.divergence is not None
    assert result.divergence.what == what
    assert result.params.vector.tolist() == params.vector.tolist()
