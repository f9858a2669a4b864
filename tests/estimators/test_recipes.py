"""From names to the parts of a training."""

import math
from typing import Any

import pytest

from chainrule.dropout import Dropout
from chainrule.estimators import MLPClassifier
from chainrule.estimators.recipes import Optimizer, recipe_of
from chainrule.training import (
    Adam,
    Adaptive,
    ClipNorm,
    ClipValue,
    Constant,
    Cosine,
    GradientDescent,
    InOrderBatches,
    InverseScaling,
    OneCycle,
    Recipe,
    ShuffledBatches,
    SolverState,
    Stopping,
)


def recipe(n_samples: int = 1000, **told: Any) -> Recipe:
    return recipe_of(MLPClassifier(**told), n_samples, n_hidden=1, max_epochs=7)


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
    going_on = recipe_of(MLPClassifier(), 10, n_hidden=1, optimizer=optimizer, max_epochs=1)
    assert (going_on.solver, going_on.schedule) == (optimizer.solver, optimizer.schedule)


@pytest.mark.parametrize("solver", ["sgd", "adam"])
@pytest.mark.parametrize(
    ("told", "schedule"),
    [
        ({"learning_rate": "cosine"}, Cosine(0.3, 50)),
        ({"learning_rate": "cosine", "warm_up": 2.5}, Cosine(0.3, 50, warm_up=2.5)),
        ({"learning_rate": "one_cycle"}, OneCycle(0.3, 50)),
    ],
)
def test_both_solvers_heed_the_schedules_that_span_the_whole_training(
    solver: str, told: dict[str, Any], schedule: object
) -> None:
    found = recipe(solver=solver, learning_rate_init=0.3, max_iter=50, **told)
    assert found.schedule == schedule


def test_decoupled_weight_decay_is_adams() -> None:
    assert recipe(weight_decay=0.25).solver == Adam(weight_decay=0.25)


def test_a_gradient_is_clipped_by_its_norm_or_element_by_element() -> None:
    assert recipe(clip_norm=2.0).clipping == ClipNorm(2.0)
    assert recipe(clip_value=0.5).clipping == ClipValue(0.5)


def test_dropout_has_one_rate_or_one_a_layer() -> None:
    assert recipe(dropout=0.5).dropout == Dropout(0.5)
    assert recipe(dropout=[0.25]).dropout == Dropout((0.25,))
    assert recipe(dropout=[0.0]).dropout is None


def test_the_best_epoch_is_kept_without_stopping_at_it() -> None:
    found = recipe(restore_best=True).stopping
    assert (found.monitor, found.keep_best, found.best_of) == ("loss", True, None)
