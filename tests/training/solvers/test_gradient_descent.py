import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.errors import SpecificationError
from chainrule.network import Architecture
from chainrule.parameters import Parameters
from chainrule.training import GradientDescent

GRADIENTS = np.random.default_rng(0).normal(size=(20, 2))


def descend(solver: GradientDescent, start: list[float], rate: float = 0.1) -> Parameters:
    """Take a step for each of the gradients."""
    architecture = Architecture.of([1, 1], output="identity")
    params = Parameters.over(architecture, np.array(start))
    state = solver.start(params)
    for gradient in GRADIENTS:
        solver.step(params, params.like(gradient.copy()), state, rate)
    assert state.t == len(GRADIENTS)
    return params


def test_without_momentum_a_step_is_the_rate_times_the_gradient() -> None:
    for nesterov in (True, False):
        params = descend(GradientDescent(0.0, nesterov), [1.0, 2.0])
        np.testing.assert_allclose(
            params.vector, [1.0, 2.0] - 0.1 * GRADIENTS.sum(axis=0), rtol=1e-12
        )


def test_plain_momentum_is_the_velocity_of_the_formula() -> None:
    v, theta = np.zeros(2), np.array([1.0, 2.0])
    for g in GRADIENTS:
        v = 0.9 * v - 0.1 * g
        theta = theta + v
    assert descend(GradientDescent(0.9, False), [1.0, 2.0]).vector.tolist() == theta.tolist()


@given(momentum=st.floats(0, 1))
def test_nesterovs_step_is_the_plain_step_seen_from_the_point_ahead(momentum: float) -> None:
    # With the same gradients the two paths differ by the look-ahead μ v of the last velocity.
    v = np.zeros(2)
    for g in GRADIENTS:
        v = momentum * v - 0.1 * g
    plain = descend(GradientDescent(momentum, False), [1.0, 2.0]).vector
    ahead = descend(GradientDescent(momentum, True), [1.0, 2.0]).vector
    np.testing.assert_allclose(ahead, plain + momentum * v, rtol=1e-9, atol=1e-12)


def test_the_weights_are_views_of_what_was_moved() -> None:
    params = descend(GradientDescent(), [1.0, 2.0])
    assert params.weights[0].item() == params.vector[0]


def test_single_precision_stays_single() -> None:
    params = Parameters.over(Architecture.of([1, 1], output="identity"), np.ones(2, np.float32))
    state = GradientDescent().start(params)
    GradientDescent().step(params, params.copy(), state, 0.1)
    assert params.vector.dtype == np.float32
    assert state.slots["velocity"].dtype == np.float32


@pytest.mark.parametrize("momentum", [-0.1, 1.1, float("nan")])
def test_a_momentum_outside_zero_to_one_is_refused(momentum: float) -> None:
    with pytest.raises(SpecificationError, match=r"momentum must be in \[0, 1\]"):
        GradientDescent(momentum)
