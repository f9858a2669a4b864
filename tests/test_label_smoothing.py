"""The smoothing of targets; the rest of chainrule.targets is tested beside the network."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.arrays import Array
from chainrule.engine import ReferenceEngine
from chainrule.errors import SpecificationError
from chainrule.gradient_check import compare
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import initial_parameters
from chainrule.targets import smoothed_targets, target_matrix

SOFTMAX = Architecture.of([3, 4, 5], hidden="tanh")
LOGISTIC = Architecture.of([3, 4, 5], hidden="tanh", output="logistic")
LABELS = np.array([0, 4, 2, 2])


def one_hot(architecture: Architecture) -> Array:
    return target_matrix(architecture, LABELS, 4, np.float64)


@given(epsilon=st.floats(0, 1))
def test_the_targets_of_a_softmax_stay_distributions(epsilon: float) -> None:
    T = smoothed_targets(SOFTMAX, one_hot(SOFTMAX), epsilon)
    np.testing.assert_allclose(T.sum(axis=1), 1.0, rtol=1e-14)
    np.testing.assert_allclose(T[1], [epsilon / 5] * 4 + [1 - epsilon + epsilon / 5])


def test_the_targets_of_logistic_outputs_come_closer_to_one_half_each() -> None:
    T = smoothed_targets(LOGISTIC, np.array([[1.0, 0.0, 1.0, 1.0, 0.0]]), 0.2)
    np.testing.assert_allclose(T, [[0.9, 0.1, 0.9, 0.9, 0.1]])


def test_one_logistic_output_is_smoothed_as_two_classes_of_a_softmax() -> None:
    one = smoothed_targets(Architecture.of([3, 1], output="logistic"), np.array([[1.0]]), 0.3)
    two = smoothed_targets(Architecture.of([3, 2]), np.array([[0.0, 1.0]]), 0.3)
    assert one[0, 0] == two[0, 1]


def test_no_smoothing_changes_no_bit_and_full_smoothing_leaves_nothing() -> None:
    T = one_hot(SOFTMAX)
    assert smoothed_targets(SOFTMAX, T, 0.0).tobytes() == T.tobytes()
    assert smoothed_targets(SOFTMAX, T, 1.0).tolist() == [[0.2] * 5] * 4


def test_the_given_targets_are_left_and_single_precision_stays_single() -> None:
    T = one_hot(SOFTMAX).astype(np.float32)
    assert smoothed_targets(SOFTMAX, T, 0.1).dtype == np.float32
    assert set(T.ravel()) == {0.0, 1.0}


@pytest.mark.parametrize("architecture", [SOFTMAX, LOGISTIC])
def test_the_gradient_on_smoothed_targets_is_right(architecture: Architecture) -> None:
    T = smoothed_targets(architecture, one_hot(architecture), 0.1)
    params = initial_parameters(architecture, np.random.RandomState(0))
    batch = Batch(np.random.default_rng(0).normal(size=(4, 3)), T)
    assert compare(Objective(architecture), params, batch, ReferenceEngine()).passed


@pytest.mark.parametrize("epsilon", [-0.1, 1.1, float("nan")])
def test_a_share_outside_the_unit_interval_is_refused(epsilon: float) -> None:
    with pytest.raises(SpecificationError, match=r"label smoothing must be in \[0, 1\]"):
        smoothed_targets(SOFTMAX, one_hot(SOFTMAX), epsilon)


@pytest.mark.parametrize("output", ["identity", "exponential"])
def test_targets_that_are_no_classes_are_refused(output: str) -> None:
    architecture = Architecture.of([3, 5], output=output)
    with pytest.raises(SpecificationError, match=f"the output '{output}' has none"):
        smoothed_targets(architecture, np.ones((4, 5)), 0.1)
