import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.errors import SpecificationError
from chainrule.parameters import Parameters
from chainrule.training import Cosine, GradientDescent, Problem, Recipe, ShuffledBatches, fit


def test_the_rate_is_equation_five_of_the_paper() -> None:
    schedule, done = Cosine(0.3, max_epochs=40, last_factor=0.1), np.arange(0, 40, 0.7)
    lowest, highest = 0.03, 0.3
    expected = lowest + 0.5 * (highest - lowest) * (1 + np.cos(done / 40 * math.pi))
    np.testing.assert_allclose([schedule.at(0.3, p) for p in done], expected, rtol=1e-13)


def test_the_warm_up_is_a_straight_line_to_the_highest_rate() -> None:
    schedule = Cosine(0.2, max_epochs=10, warm_up=4, first_factor=0.5)
    climb = [schedule.at(0.2, p) for p in (0, 1, 2, 3, 4)]
    assert climb == pytest.approx([0.1, 0.125, 0.15, 0.175, 0.2])


def test_after_the_warm_up_the_fall_takes_the_rest_of_the_epochs() -> None:
    schedule = Cosine(0.2, max_epochs=10, warm_up=4)
    assert schedule.at(0.2, 7) == pytest.approx(0.1)
    assert schedule.at(0.2, 10) == 0.0


@given(done=st.floats(0, 50), warm_up=st.floats(0, 19))
def test_the_rate_never_leaves_its_bounds(done: float, warm_up: float) -> None:
    assert 0.0 <= Cosine(0.2, max_epochs=20, warm_up=warm_up).at(0.2, done) <= 0.2


def test_every_step_has_its_own_rate_and_the_record_the_first(
    blobs: Problem, params: Parameters
) -> None:
    recipe = Recipe(
        GradientDescent(0.0), Cosine(0.5, max_epochs=4), ShuffledBatches(27), max_epochs=4
    )
    result = fit(blobs, params, recipe, random_state=np.random.RandomState(0))
    rates = [record.learning_rate for record in result.history.records]
    assert rates == pytest.approx([0.25 * (1 + math.cos(math.pi * p / 4)) for p in range(4)])
    assert result.state is not None
    assert result.state.rate == 0.5


def test_the_rate_falls_within_an_epoch(blobs: Problem, params: Parameters) -> None:
    recipe = Recipe(
        GradientDescent(0.0), Cosine(0.5, max_epochs=1), ShuffledBatches(27), max_epochs=1
    )
    result = fit(blobs, params, recipe, random_state=np.random.RandomState(0))
    by_hand, random_state = params.copy(), np.random.RandomState(0)
    order = np.arange(53)
    random_state.shuffle(order)
    for rate, rows in ((0.5, order[:27]), (0.25, order[27:])):
        _, gradient = blobs.loss_and_gradient(by_hand, blobs.rows(rows))
        by_hand.vector[...] -= rate * gradient.vector
    np.testing.assert_allclose(result.params.vector, by_hand.vector, rtol=1e-12)


@pytest.mark.parametrize("warm_up", [-1.0, 20.0, float("nan")])
def test_a_warm_up_that_does_not_fit_the_epochs_is_refused(warm_up: float) -> None:
    with pytest.raises(SpecificationError, match="warm_up must be at least 0 and less than the 20"):
        Cosine(max_epochs=20, warm_up=warm_up)


@pytest.mark.parametrize("name", ["first_factor", "last_factor"])
def test_a_factor_that_is_no_share_is_refused(name: str) -> None:
    with pytest.raises(SpecificationError, match=rf"{name} must be in \[0, 1\], got 1.5"):
        Cosine(**{name: 1.5})  # type: ignore[arg-type]


def test_a_limit_below_one_epoch_is_refused() -> None:
    with pytest.raises(SpecificationError, match="max_epochs must be at least 1"):
        Cosine(max_epochs=0)
