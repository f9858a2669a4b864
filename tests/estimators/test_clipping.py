"""Log losses of clipped probabilities."""

import numpy as np
import pytest

from chainrule.engine import ReferenceEngine
from chainrule.estimators.clipping import with_clipped_probabilities
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters


def certain(output: str, dtype: str) -> tuple[Architecture, Parameters, Batch]:
    """A network that is entirely sure of the wrong answer."""
    width = 1 if output == "logistic" else 2
    architecture = Architecture.of([1, width], output=output)
    vector = np.zeros(2 * width, dtype)
    vector[0] = 1000
    T = np.zeros((1, width), dtype)
    T[0, 1:] = 1
    return architecture, Parameters.over(architecture, vector), Batch(np.ones((1, 1), dtype), T)


@pytest.mark.parametrize(("dtype", "most"), [("f4", 15.9424), ("f8", 36.0437)])
@pytest.mark.parametrize("output", ["logistic", "softmax"])
def test_no_sample_costs_more_than_the_logarithm_of_epsilon(
    output: str, dtype: str, most: float
) -> None:
    architecture, params, batch = certain(output, dtype)
    clipped = with_clipped_probabilities(architecture)
    assert ReferenceEngine().loss(Objective(architecture), params, batch) == 1000
    loss = ReferenceEngine().loss(Objective(clipped), params, batch)
    assert loss == pytest.approx(most, rel=1e-5)


@pytest.mark.parametrize("output", ["logistic", "softmax"])
def test_the_gradient_is_not_clipped(output: str) -> None:
    architecture, params, batch = certain(output, "f8")
    clipped, engine = with_clipped_probabilities(architecture), ReferenceEngine()
    expected = engine.loss_and_gradient(Objective(architecture), params, batch)[1]
    got = engine.loss_and_gradient(Objective(clipped), params, batch)[1]
    assert got.vector.tolist() == expected.vector.tolist()


def test_the_network_is_still_the_same() -> None:
    architecture = Architecture.of([2, 3])
    assert with_clipped_probabilities(architecture) == architecture


@pytest.mark.parametrize("output", ["identity", "exponential"])
def test_outputs_that_are_no_probabilities_are_left_alone(output: str) -> None:
    architecture = Architecture.of([2, 3], output=output)
    assert with_clipped_probabilities(architecture) is architecture
