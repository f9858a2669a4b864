import numpy as np
import pytest

from chainrule.errors import SpecificationError
from chainrule.parameters import Parameters
from chainrule.training import Problem, Recipe, ShuffledBatches, StopAfter, StopReason, fit


class Clock:
    """Moves on by a second whenever it is looked at."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now - 1.0


def test_training_ends_within_the_step_in_which_the_time_is_over(
    blobs: Problem, params: Parameters
) -> None:
    # Three steps an epoch, and the clock is looked at after each and after the epoch.
    recipe = Recipe(batches=ShuffledBatches(20))
    stop = StopAfter(6.0, clock=Clock())
    random_state = np.random.RandomState(0)
    result = fit(blobs, params, recipe, random_state=random_state, callbacks=[stop])
    assert (result.stop_reason, result.n_iter) == (StopReason.CALLBACK, 1)
    assert result.state is not None
    assert result.state.solver.t == 5


def test_training_ends_after_the_epoch_in_which_the_time_is_over(
    blobs: Problem, params: Parameters
) -> None:
    recipe, stop = Recipe(batches=ShuffledBatches(20)), StopAfter(4.0, clock=Clock())
    random_state = np.random.RandomState(0)
    result = fit(blobs, params, recipe, random_state=random_state, callbacks=[stop])
    assert result.n_iter == 1
    assert result.state is not None
    assert result.state.solver.t == 3


def test_a_training_that_is_quick_enough_is_left_alone(blobs: Problem, params: Parameters) -> None:
    recipe, random_state = Recipe(max_epochs=3), np.random.RandomState(0)
    stop = StopAfter(1e9)
    result = fit(blobs, params, recipe, random_state=random_state, callbacks=[stop])
    assert result.stop_reason is StopReason.MAX_EPOCHS


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
def test_a_time_that_is_not_positive_is_refused(seconds: float) -> None:
    with pytest.raises(SpecificationError, match="seconds must be greater than 0"):
        StopAfter(seconds)
