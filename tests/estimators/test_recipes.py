"""From names to the parts of a training."""

import math
from typing import Any

import pytest

from chainrule.estimators import MLPClassifier
from chainrule.estimators.recipes import Optimizer, recipe_of
from chainrule.training import (
    Adam,
    Adaptive,
    Constant,
    GradientDescent,
    InOrderBatches,
    InverseScaling,
    Recipe,
    ShuffledBatches,
    SolverState,
    Stopping,
)


def recipe(n_samples: int = 1000, **told: Any) -> Recipe:
    return recipe_of(MLPClassifier(**told), n_samples, max_epochs=7)


def test_the_defaults_are_adam_with_a_constant_rate_and_shuffled_batches_of_200() -> None:
    expected = Recipe(
        Adam(), Constant(0.001), ShuffledBatches(200), Stopping(), 7, on_divergence="continue"
    )
    assert recipe() == expected


@pytest.mark.parametrize(
    ("name", "schedule"),
    [
        ("constant", Constant(0.3)),
        ("invscaling", InverseScaling(0.3, 0.7)),
        ("adaptive", Adaptive(0.3)),
    ],
)
def test_gradient_descent_heeds_the_schedule_and_adam_does_not(name: str, schedule: object) -> None:
    told: dict[str, Any] = {"learning_rate": name, "learning_rate_init": 0.3, "power_t": 0.7}
    assert recipe(solver="sgd", **told).schedule == schedule
    assert recipe(solver="adam", **told).schedule == Constant(0.3)


def test_a_solver_takes_its_own_hyperparameters() -> None:
    descent = recipe(solver="sgd", momentum=0.3, nesterovs_momentum=False).solver
    assert descent == GradientDescent(0.3, nesterovs_momentum=False)
    assert recipe(beta_1=0.1, beta_2=0.2, epsilon=0.3).solver == Adam(0.1, 0.2, 0.3)


def test_small_data_is_one_batch() -> None:
    assert recipe(n_samples=30).batches == ShuffledBatches(30)
    assert recipe(shuffle=False, batch_size=8).batches == InOrderBatches(8)


def test_early_stopping_watches_the_score_and_keeps_the_best() -> None:
    found = recipe(early_stopping=True, tol=0.5, n_iter_no_change=math.inf).stopping
    assert found == Stopping("validation_score", 0.5, math.inf, keep_best=True)


def test_an_optimizer_that_lives_on_keeps_its_solver_and_schedule() -> None:
    optimizer = Optimizer(GradientDescent(), Adaptive(0.5), SolverState(), 0.1)
    going_on = recipe_of(MLPClassifier(), 10, optimizer=optimizer, max_epochs=1)
    assert (going_on.solver, going_on.schedule) == (optimizer.solver, optimizer.schedule)
