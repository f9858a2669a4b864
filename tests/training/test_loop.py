import math
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from chainrule.parameters import Parameters
from chainrule.training import (
    Adaptive,
    Constant,
    EpochCallback,
    GradientDescent,
    InOrderBatches,
    InverseScaling,
    Problem,
    Progress,
    Recipe,
    Result,
    StopFlag,
    Stopping,
    StopReason,
    TrainingDivergedError,
    Validated,
    fit,
    resume,
)

Scripted = Callable[[Sequence[float]], Problem]
WHOLE = Recipe(GradientDescent(0.0), Constant(0.5), InOrderBatches(10), max_epochs=8)


class AfterStep:
    """A callback that calls a function after one step, counted over all epochs."""

    def __init__(self, step: int, function: Callable[[], bool]) -> None:
        self.left = step
        self.function = function

    def on_step_end(self, _step: int, _n_steps: int, /) -> bool:
        self.left -= 1
        return self.left == 0 and self.function()

    def on_epoch_end(self, _progress: Progress, /) -> bool:
        return False


def train(problem: Problem, params: Parameters, recipe: Recipe, **parts: object) -> Result:
    random_state = np.random.RandomState(0)
    return fit(problem, params, recipe, random_state=random_state, **parts)  # type: ignore[arg-type]


def test_training_makes_the_loss_small(blobs: Problem, params: Parameters) -> None:
    result = train(blobs, params, Recipe(schedule=Constant(0.05), max_epochs=100))
    assert result.history.loss_curve[-1] < 0.4 * result.history.loss_curve[0]


def test_the_given_parameters_are_left_as_they_are(blobs: Problem, params: Parameters) -> None:
    before = params.vector.copy()
    result = train(blobs, params, Recipe(max_epochs=2))
    assert params.vector.tolist() == before.tolist()
    assert result.params.vector.tolist() != before.tolist()


def test_one_seed_gives_one_result(blobs: Problem, params: Parameters) -> None:
    first, second = (train(blobs, params, Recipe(max_epochs=3)) for _ in range(2))
    assert first.params.vector.tobytes() == second.params.vector.tobytes()


def test_the_loss_of_an_epoch_is_the_mean_over_rows_before_the_updates(
    scripted: Scripted, params: Parameters
) -> None:
    recipe = replace(WHOLE, batches=InOrderBatches(4), max_epochs=2)
    result = train(scripted([1.0, 2.0, 6.0, 0.5]), params, recipe)
    assert result.history.loss_curve == [(4 * 1 + 4 * 2 + 2 * 6) / 10, 0.5]


def test_epochs_and_samples_are_counted(blobs: Problem, params: Parameters) -> None:
    result = train(blobs, params, Recipe(max_epochs=3))
    assert (result.n_iter, result.t) == (3, 3 * 53)
    assert [record.epoch for record in result.history.records] == [1, 2, 3]


def test_the_limit_of_epochs_ends_training(scripted: Scripted, params: Parameters) -> None:
    result = train(scripted([1.0]), params, WHOLE)
    assert (result.stop_reason, result.n_iter) == (StopReason.MAX_EPOCHS, 8)
    assert "limit of 8 epochs" in result.message


def test_no_improvement_ends_training(scripted: Scripted, params: Parameters) -> None:
    recipe = replace(WHOLE, stopping=Stopping(n_iter_no_change=2))
    result = train(scripted([1.0]), params, recipe)
    assert (result.stop_reason, result.n_iter) == (StopReason.CONVERGED, 4)
    assert "loss did not improve by more than 0.0001 for 2 epochs" in result.message


def test_convergence_in_the_last_epoch_is_convergence(
    scripted: Scripted, params: Parameters
) -> None:
    recipe = replace(WHOLE, stopping=Stopping(n_iter_no_change=2), max_epochs=4)
    assert train(scripted([1.0]), params, recipe).stop_reason is StopReason.CONVERGED


def test_a_plateau_lowers_an_adaptive_rate_and_begins_the_count_anew(
    scripted: Scripted, params: Parameters
) -> None:
    schedule = Adaptive(4.0, factor=4.0, smallest=1.0)
    recipe = replace(WHOLE, schedule=schedule, stopping=Stopping(n_iter_no_change=1))
    result = train(scripted([1.0]), params, recipe)
    rates = [record.learning_rate for record in result.history.records]
    # One epoch sets the best loss, two do not improve: η/4. Two more: η = 1 ends training.
    assert rates == [4.0] * 3 + [1.0] * 2
    assert result.stop_reason is StopReason.CONVERGED


def test_the_rate_falls_after_the_epoch_and_with_the_samples(
    scripted: Scripted, params: Parameters
) -> None:
    result = train(scripted([1.0]), params, replace(WHOLE, schedule=InverseScaling(0.5)))
    rates = [record.learning_rate for record in result.history.records]
    assert rates == [0.5] + [0.5 / (10 * epoch + 1) ** 0.5 for epoch in range(1, 8)]


def test_a_schedule_may_give_every_step_its_own_rate(
    scripted: Scripted, params: Parameters
) -> None:
    seen: list[float] = []

    class Rising:
        learning_rate_init = 1.0

        def at(self, rate: float, progress: float, /) -> float:
            seen.append(progress)
            return rate * progress

        def after_epoch(self, rate: float, _t: int, /) -> float:
            return rate

        def on_plateau(self, _rate: float, /) -> None:
            return

    recipe = replace(WHOLE, schedule=Rising(), batches=InOrderBatches(5), max_epochs=2)
    result = train(scripted([1.0]), params, recipe)
    assert seen == [0.0, 0.5, 1.0, 1.5]
    np.testing.assert_allclose(result.params.vector, params.vector - sum(seen))


def test_the_best_parameters_are_those_after_the_best_epoch(
    scripted: Scripted, params: Parameters
) -> None:
    scores = iter([0.1, 0.7, 0.9, 0.2, 0.3, 0.3, 0.3, 0.3])
    recipe = replace(WHOLE, stopping=Stopping("validation_score", keep_best=True))
    result = train(scripted([1.0]), params, recipe, validation=lambda _: Validated(next(scores)))
    assert (result.best_value, result.best_epoch) == (0.9, 3)
    # Every step takes the rate, 1/2, from each parameter.
    np.testing.assert_allclose(result.best.vector, params.vector - 3 * 0.5)
    np.testing.assert_allclose(result.params.vector, params.vector - 8 * 0.5)


def test_without_keeping_the_best_the_last_are_the_best(blobs: Problem, params: Parameters) -> None:
    result = train(blobs, params, Recipe(max_epochs=3))
    assert result.best.vector.tolist() == result.params.vector.tolist()


def test_validation_is_recorded_after_every_epoch(scripted: Scripted, params: Parameters) -> None:
    result = train(scripted([1.0]), params, WHOLE, validation=lambda _: Validated(0.25, 2.5))
    assert result.history.validation_scores == [0.25] * 8
    assert result.history.validation_losses == [2.5] * 8


def test_a_callback_is_told_of_every_epoch_and_may_end_training(
    scripted: Scripted, params: Parameters
) -> None:
    told: list[int] = []

    def third(progress: Progress) -> bool:
        told.append(progress.record.epoch)
        return progress.record.epoch == 3

    result = train(scripted([1.0]), params, WHOLE, callbacks=[EpochCallback(third)])
    assert told == [1, 2, 3]
    assert (result.stop_reason, result.n_iter) == (StopReason.CALLBACK, 3)


def test_every_callback_is_told_even_after_one_has_asked_to_stop(
    scripted: Scripted, params: Parameters
) -> None:
    told: list[int] = []
    last = EpochCallback(lambda progress: told.append(progress.record.epoch))
    train(scripted([1.0]), params, WHOLE, callbacks=[EpochCallback(lambda _: True), last])
    assert told == [1]


def test_a_flag_ends_training_within_a_step(scripted: Scripted, params: Parameters) -> None:
    flag = StopFlag()

    def raise_flag() -> bool:
        flag.set()
        return False

    setter = AfterStep(7, raise_flag)
    recipe = replace(WHOLE, batches=InOrderBatches(2))
    result = train(scripted([1.0]), params, recipe, callbacks=[setter, flag])
    assert (result.stop_reason, result.n_iter, result.t) == (StopReason.CALLBACK, 1, 10)
    np.testing.assert_allclose(result.params.vector, params.vector - 7 * 0.5)


def test_a_stop_at_the_last_step_completes_the_epoch(
    scripted: Scripted, params: Parameters
) -> None:
    recipe = replace(WHOLE, batches=InOrderBatches(5))
    result = train(scripted([1.0]), params, recipe, callbacks=[AfterStep(4, lambda: True)])
    assert (result.stop_reason, result.n_iter) == (StopReason.CALLBACK, 2)


def test_convergence_is_the_reason_even_where_a_callback_asks_to_stop(
    scripted: Scripted, params: Parameters
) -> None:
    recipe = replace(WHOLE, stopping=Stopping(n_iter_no_change=1))
    third = EpochCallback(lambda progress: progress.record.epoch == 3)
    result = train(scripted([1.0]), params, recipe, callbacks=[third])
    assert (result.stop_reason, result.n_iter) == (StopReason.CONVERGED, 3)


def press_ctrl_c() -> bool:
    signal.raise_signal(signal.SIGINT)
    return False


def test_ctrl_c_leaves_the_parameters_of_the_last_whole_step(
    scripted: Scripted, params: Parameters
) -> None:
    recipe = replace(WHOLE, batches=InOrderBatches(2))
    result = train(scripted([1.0]), params, recipe, callbacks=[AfterStep(7, press_ctrl_c)])
    assert (result.stop_reason, result.n_iter) == (StopReason.INTERRUPTED, 1)
    assert result.history.loss_curve == [1.0]
    np.testing.assert_allclose(result.params.vector, params.vector - 7 * 0.5)


def test_ctrl_c_during_validation_keeps_the_best_so_far(
    scripted: Scripted, params: Parameters
) -> None:
    def validate(at: Parameters) -> Validated:
        # The sixth epoch has taken 6 · 1/2 from each parameter.
        if at.vector[0] < params.vector[0] - 2.75:
            signal.raise_signal(signal.SIGINT)
        return Validated(score=-abs(float(at.vector[0] - params.vector[0]) + 1))

    recipe = replace(WHOLE, stopping=Stopping("validation_score", keep_best=True))
    result = train(scripted([1.0]), params, recipe, validation=validate)
    assert (result.stop_reason, result.n_iter, result.best_epoch) == (StopReason.INTERRUPTED, 5, 2)
    np.testing.assert_allclose(result.best.vector, params.vector - 2 * 0.5)


def test_ctrl_c_before_any_epoch_still_leaves_parameters(
    scripted: Scripted, params: Parameters
) -> None:
    recipe = replace(WHOLE, stopping=Stopping(keep_best=True), batches=InOrderBatches(2))
    result = train(scripted([1.0]), params, recipe, callbacks=[AfterStep(1, press_ctrl_c)])
    np.testing.assert_allclose(result.best.vector, params.vector - 0.5)
    assert (result.n_iter, result.best_epoch, result.best_value) == (0, 0, math.inf)


def test_blas_has_one_thread_while_training(blobs: Problem, params: Parameters) -> None:
    threads: list[int] = []

    def look(_: Progress) -> None:
        threads.extend(p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas")

    with threadpool_limits(limits=2, user_api="blas"):
        train(blobs, params, Recipe(max_epochs=1), callbacks=[EpochCallback(look)])
    assert set(threads) == {1}


DIVERGING = [3.0, 2.0, 1.0, 1e200, math.inf]


def test_divergence_is_an_error_that_says_where_and_what_to_try(
    scripted: Scripted, params: Parameters
) -> None:
    recipe = replace(WHOLE, batches=InOrderBatches(4))
    with pytest.raises(TrainingDivergedError) as caught:
        train(scripted(DIVERGING), params, recipe)
    for words in ("step 2 of epoch 2", "last finite loss was 1e+200", "smaller learning_rate"):
        assert words in str(caught.value)


def test_the_error_carries_the_last_finite_parameters(
    scripted: Scripted, params: Parameters
) -> None:
    recipe = replace(WHOLE, batches=InOrderBatches(5))
    with pytest.raises(TrainingDivergedError) as caught:
        train(scripted(DIVERGING), params, recipe)
    result = caught.value.result
    assert (result.stop_reason, result.n_iter) == (StopReason.DIVERGED, 2)
    np.testing.assert_allclose(result.params.vector, params.vector - 4 * 0.5)


def test_divergence_can_be_a_result_instead(scripted: Scripted, params: Parameters) -> None:
    recipe = replace(WHOLE, on_divergence="stop", stopping=Stopping(keep_best=True))
    result = train(scripted(DIVERGING), params, recipe)
    assert result.stop_reason is StopReason.DIVERGED
    assert result.divergence is not None
    assert result.message == result.divergence.message
    np.testing.assert_allclose(result.best.vector, params.vector - 3 * 0.5)


def test_training_can_go_on_through_divergence(scripted: Scripted, params: Parameters) -> None:
    recipe = replace(WHOLE, on_divergence="continue")
    result = train(scripted(DIVERGING), params, recipe, validation=lambda _: Validated(0.5))
    assert (result.stop_reason, result.n_iter) == (StopReason.MAX_EPOCHS, 8)
    assert len(result.history.validation_scores) == 8
    assert result.divergence is not None
    assert (result.divergence.epoch, result.divergence.last_finite_loss) == (5, 1e200)
    np.testing.assert_allclose(result.params.vector, params.vector - 4 * 0.5)


def test_parameters_that_overflow_in_the_last_step_of_an_epoch_are_divergence(
    scripted: Scripted, params: Parameters
) -> None:
    recipe = replace(WHOLE, schedule=Constant(math.inf), on_divergence="stop")
    result = train(scripted([1.0]), params, recipe)
    assert result.divergence is not None
    assert result.divergence.what == "parameters"
    assert result.params.vector.tolist() == params.vector.tolist()


def test_a_rate_far_too_large_is_noticed_without_a_warning(
    blobs: Problem, params: Parameters
) -> None:
    with pytest.raises(TrainingDivergedError, match="is not finite"):
        train(blobs, params, Recipe(GradientDescent(), Constant(1e300)))


def test_a_state_that_has_converged_is_not_trained_on(
    scripted: Scripted, params: Parameters
) -> None:
    recipe = replace(WHOLE, stopping=Stopping(n_iter_no_change=1))
    first = train(scripted([1.0]), params, recipe)
    assert first.state is not None
    second = resume(scripted([1.0]), first.state, recipe)
    assert (second.stop_reason, second.n_iter) == (StopReason.CONVERGED, first.n_iter)


def test_a_result_does_not_move_when_its_state_is_trained_on(
    blobs: Problem, params: Parameters
) -> None:
    result = train(blobs, params, Recipe(max_epochs=2))
    before = result.params.vector.copy()
    assert result.state is not None
    resume(blobs, result.state, Recipe(max_epochs=4))
    assert result.params.vector.tolist() == before.tolist()
