from collections.abc import Callable, Sequence

import numpy as np

from chainrule.parameters import Parameters
from chainrule.training import (
    Constant,
    GradientDescent,
    InOrderBatches,
    Problem,
    Recipe,
    StopFlag,
    begin,
    run_epoch,
)

RECIPE = Recipe(GradientDescent(0.0), Constant(0.5), InOrderBatches(4))


def test_an_epoch_is_a_step_for_every_batch(
    scripted: Callable[[Sequence[float]], Problem], params: Parameters
) -> None:
    state = begin(params, RECIPE, n_samples=10, random_state=np.random.RandomState(0))
    epoch = run_epoch(scripted([1.0, 2.0, 3.0]), RECIPE, state)
    assert (epoch.n_steps, epoch.n_rows, epoch.loss, epoch.completed) == (3, 10, 1.8, True)
    np.testing.assert_allclose(state.params.vector, params.vector - 3 * 0.5)


def test_an_epoch_that_is_stopped_is_not_completed(
    scripted: Callable[[Sequence[float]], Problem], params: Parameters
) -> None:
    state = begin(params, RECIPE, n_samples=10, random_state=np.random.RandomState(0))
    epoch = run_epoch(scripted([1.0]), RECIPE, state, [StopFlag(is_set=True)])
    assert (epoch.n_steps, epoch.completed, epoch.stop_asked) == (1, False, True)


def test_a_step_whose_loss_is_not_finite_is_not_taken(
    scripted: Callable[[Sequence[float]], Problem], params: Parameters
) -> None:
    state = begin(params, RECIPE, n_samples=10, random_state=np.random.RandomState(0))
    epoch = run_epoch(scripted([1.0, float("nan")]), RECIPE, state)
    assert epoch.divergence is not None
    assert (epoch.divergence.step, epoch.divergence.last_finite_loss) == (2, 1.0)
    np.testing.assert_allclose(state.params.vector, params.vector - 0.5)
