"""The gradients under dropout, with the masks given, against the forward pass alone."""

import numpy as np
import pytest

from chainrule.dropout import Dropout
from chainrule.engine import ReferenceEngine
from chainrule.gradient_check import compare
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters, initial_parameters

ENGINE = ReferenceEngine()
MASKS = Dropout((0.5, 0.25)).masks(seed=1, step=2)


def network(hidden: str, output: str = "softmax", loss: str | None = None) -> Architecture:
    return Architecture.of([3, 6, 5, 4], hidden=hidden, output=output, loss=loss)


def batch(weighted: bool = False) -> Batch:
    rng = np.random.default_rng(0)
    T = rng.dirichlet(np.ones(4), size=7)
    return Batch(rng.normal(size=(7, 3)), T, rng.uniform(0.5, 2, size=7) if weighted else None)


def start(architecture: Architecture) -> Parameters:
    return initial_parameters(architecture, np.random.RandomState(0))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("output", "loss"),
    [
        ("softmax", None),
        ("logistic", None),
        ("identity", None),
        ("exponential", None),
        ("softmax", "squared_error"),
        ("identity", "huber"),
    ],
)
@pytest.mark.parametrize("hidden", ["logistic", "tanh", "relu", "gelu", "softplus", "mish"])
def test_every_gradient_is_right_with_the_masks_given(
    hidden: str, output: str, loss: str | None, weighted: bool
) -> None:
    architecture = network(hidden, output, loss)
    objective = Objective(architecture, l2=0.1, dropout=MASKS)
    check = compare(objective, start(architecture), batch(weighted), ENGINE)
    assert check.passed, str(check)


def test_a_dropped_output_is_zero_and_what_is_kept_is_scaled() -> None:
    architecture = network("softplus")
    params, mask = start(architecture), MASKS.of_layer(1, (7, 6), np.float64)
    plain = ENGINE.trace(Objective(architecture), params, batch())
    masked = ENGINE.trace(Objective(architecture, dropout=MASKS), params, batch())
    np.testing.assert_array_equal(masked["y(1)"], mask * plain["y(1)"])
    assert set(mask.ravel()) == {0.0, 2.0}


def test_the_loss_is_that_of_the_masked_network() -> None:
    architecture = network("tanh")
    objective, params = Objective(architecture, l2=0.1, dropout=MASKS), start(architecture)
    loss = ENGINE.loss(objective, params, batch())
    assert loss == ENGINE.loss_and_gradient(objective, params, batch())[0]
    assert loss == ENGINE.trace(objective, params, batch())["E"]
    assert loss != ENGINE.loss(Objective(architecture, l2=0.1), params, batch())


def test_a_rate_of_zero_changes_no_bit() -> None:
    architecture = network("tanh")
    none = Objective(architecture, dropout=Dropout(0.0).masks(0, 0))
    (loss, gradient), (plain_loss, plain) = (
        ENGINE.loss_and_gradient(objective, start(architecture), batch())
        for objective in (none, Objective(architecture))
    )
    assert (loss, gradient.vector.tobytes()) == (plain_loss, plain.vector.tobytes())


def test_the_mean_gradient_over_many_masks_is_that_of_a_network_linear_in_them() -> None:
    # One identity layer and a squared error: E[m mᵀ] is known, so the mean has a closed form.
    architecture = Architecture.of([1, 1, 1], hidden="identity", output="identity", bias=False)
    params = Parameters.over(architecture, np.array([2.0, 3.0]))
    one = Batch(np.array([[1.0]]), np.array([[1.0]]))
    gradients = [
        ENGINE.loss_and_gradient(
            Objective(architecture, dropout=Dropout(0.5).masks(0, step)), params, one
        )[1].vector
        for step in range(4000)
    ]
    # ∂E/∂w_2 = (w_2 m w_1 - 1) m w_1 with E[m] = 1 and E[m²] = 2
    expected = [3 * (3 * 2 * 2 - 1), 2 * (3 * 2 * 2 - 1)]
    np.testing.assert_allclose(np.mean(gradients, axis=0), expected, rtol=0.1)


def test_single_precision_stays_single() -> None:
    architecture = network("relu")
    params = initial_parameters(architecture, np.random.RandomState(0), np.float32)
    given = batch()
    single = Batch(given.X.astype(np.float32), given.T.astype(np.float32))
    _, gradient = ENGINE.loss_and_gradient(Objective(architecture, dropout=MASKS), params, single)
    assert gradient.vector.dtype == np.float32
