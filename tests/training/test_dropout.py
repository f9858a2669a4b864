"""Dropout in training: which masks the steps get."""

from dataclasses import replace

import numpy as np
import pytest

from chainrule.dropout import Dropout
from chainrule.errors import SpecificationError
from chainrule.parameters import Parameters
from chainrule.training import (
    Constant,
    GradientDescent,
    HeldOut,
    InOrderBatches,
    Problem,
    Recipe,
    Result,
    begin,
    fit,
)

RECIPE = Recipe(
    GradientDescent(0.0), Constant(0.1), InOrderBatches(30), max_epochs=3, dropout=Dropout(0.5)
)


def train(problem: Problem, params: Parameters, recipe: Recipe = RECIPE, seed: int = 0) -> Result:
    return fit(problem, params, recipe, random_state=np.random.RandomState(seed))


def test_every_step_has_masks_of_its_own(blobs: Problem, params: Parameters) -> None:
    result, by_hand = train(blobs, params), params.copy()
    assert result.state is not None
    for step in range(6):
        rows = slice(0, 30) if step % 2 == 0 else slice(30, 53)
        masks = Dropout(0.5).masks(result.state.dropout_seed, step)
        _, gradient = blobs.loss_and_gradient(by_hand, blobs.rows(rows), masks)
        by_hand.vector[...] -= 0.1 * gradient.vector
    np.testing.assert_allclose(result.params.vector, by_hand.vector, rtol=1e-12)


def test_the_seed_of_the_masks_comes_from_the_random_state(
    blobs: Problem, params: Parameters
) -> None:
    first, again, other = (train(blobs, params, seed=seed) for seed in (0, 0, 1))
    assert first.params.vector.tobytes() == again.params.vector.tobytes()
    assert first.params.vector.tobytes() != other.params.vector.tobytes()


def test_without_dropout_nothing_is_drawn(params: Parameters) -> None:
    random_state = np.random.RandomState(0)
    begin(params, replace(RECIPE, dropout=None), n_samples=5, random_state=random_state)
    assert random_state.uniform() == np.random.RandomState(0).uniform()


def test_the_penalty_of_a_step_stays_with_dropout(blobs: Problem) -> None:
    batch, masks = blobs.rows(slice(0, 5)), Dropout(0.5).masks(0, 0)
    assert blobs.objective_of(batch, masks).l2 == 0.01
    per_weight = replace(blobs, l2_per_weight=True).objective_of(batch, masks)
    assert (per_weight.l2, per_weight.dropout) == (0.002, masks)


def test_validation_sees_the_whole_network(blobs: Problem, params: Parameters) -> None:
    masked = replace(blobs, objective=blobs.objective_of(blobs.data, Dropout(0.5).masks(0, 0)))
    assert HeldOut(masked)(params) == HeldOut(blobs)(params)


def test_rates_that_do_not_fit_the_network_are_refused(blobs: Problem, params: Parameters) -> None:
    with pytest.raises(SpecificationError, match="2 dropout rates do not fit 1 hidden layers"):
        train(blobs, params, replace(RECIPE, dropout=Dropout((0.1, 0.2))))
