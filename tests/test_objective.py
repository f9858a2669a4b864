"""The objective: the mean, the weights, the penalty; nothing else divides by m."""

import numpy as np
import pytest
from cases import PAIRS, Case

from chainrule.objective import Batch, Objective

X, T = np.arange(6.0).reshape(3, 2), np.eye(3)[:, :2]


def batch(weight: list[float] | None = None) -> Batch:
    return Batch(X, T, None if weight is None else np.array(weight))


def test_without_weights_every_sample_has_its_mth() -> None:
    assert batch().n_samples == 3
    assert batch().total_weight == 3
    assert batch().shares.tolist() == [1 / 3] * 3


def test_with_weights_a_sample_has_its_weight_in_the_sum() -> None:
    assert batch([1, 0, 3]).total_weight == 4
    assert batch([1, 0, 3]).shares.tolist() == [0.25, 0, 0.75]


def test_shares_have_the_type_of_the_inputs() -> None:
    single = Batch(X.astype(np.float32), T, np.ones(3))
    assert single.shares.dtype == np.float32
    assert Batch(X + 0j, T).shares.dtype == np.float64


@pytest.mark.parametrize("index", [slice(0, 2), np.array([2, 0])])
def test_rows_take_inputs_targets_and_weights_together(index: slice | np.ndarray) -> None:
    part = batch([1, 2, 3]).rows(index)
    assert np.array_equal(part.X, X[index])
    assert np.array_equal(part.T, T[index])
    assert part.sample_weight is not None
    assert np.array_equal(part.sample_weight, np.array([1, 2, 3])[index])
    assert batch().rows(index).sample_weight is None


def objective(l2: float = 0.0, output: str = "identity", loss: str | None = None) -> Objective:
    case = Case((), output, loss or "squared_error", sizes=(2, 2))
    return Objective(case.network.architecture, l2)


def test_a_sample_loss_sums_over_the_outputs() -> None:
    losses = objective().sample_losses(np.array([[1.0, 2.0], [0.0, 0.0]]), np.zeros((2, 2)))
    assert losses.tolist() == [2.5, 0.0]


def test_the_mean_weighs_the_samples() -> None:
    losses = np.array([1.0, 5.0, 3.0])
    assert objective().mean(losses, batch()) == pytest.approx(3)
    assert objective().mean(losses, batch([1, 0, 3])) == pytest.approx(2.5)


def test_a_scale_of_all_weights_changes_nothing() -> None:
    losses = np.array([1.0, 5.0, 3.0])
    one, other = batch([1, 2, 3]), batch([10, 20, 30])
    assert objective().mean(losses, one) == pytest.approx(objective().mean(losses, other))


def test_the_penalty_is_half_lambda_times_the_squares_of_the_weights() -> None:
    weights = [np.array([[1.0, 2.0]]), np.array([[3.0]])]
    assert objective(0.5).penalty(weights) == pytest.approx(0.25 * 14)
    assert objective(0.0).penalty(weights) == 0
    assert objective(0.5).decay(weights[0]).tolist() == [[0.5, 1.0]]


def test_the_penalty_of_complex_weights_is_the_square_and_not_the_modulus() -> None:
    assert objective(2.0).penalty([np.array([[1j]])]) == -1


def test_leading_axes_are_a_stack() -> None:
    stack = np.random.default_rng(0).normal(size=(4, 3, 2))
    losses = objective().sample_losses(stack, T)
    assert losses.shape == (4, 3)
    assert objective().mean(losses, batch()).shape == (4,)
    assert objective(1.0).penalty([stack]).shape == (4,)


@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_the_stable_logarithms_give_what_the_formula_gives(output: str, loss: str) -> None:
    case = Case((), output, loss, sizes=(3, 4), m=6)
    o = Objective(case.network.architecture)
    Z, T = np.random.default_rng(1).normal(size=(6, 4)), case.samples().T
    Y = o.architecture.output.evaluate(Z)
    plain, stable = o.sample_losses(Y, T), o.sample_losses(Y, T, Z)
    np.testing.assert_allclose(stable, plain, rtol=1e-12)


@pytest.mark.parametrize("z", [-1e4, -1e3, -50, 50, 1e3, 1e4])
def test_losses_far_out_are_finite_and_right(z: float) -> None:
    Z, T = np.array([[z, 0.0]]), np.array([[1.0, 0.0]])
    expected = max(-z, 0)
    for output, loss in [("softmax", "cross_entropy"), ("logistic", "cross_entropy")]:
        o = objective(0.0, output, loss)
        given = o.sample_losses(o.architecture.output.evaluate(Z), T, Z)
        assert given.item() == pytest.approx(expected, abs=1e-15)


def test_a_target_of_zero_costs_nothing_by_its_logarithm() -> None:
    o = objective(0.0, "exponential", "poisson")
    losses = o.sample_losses(np.array([[2.0, 3.0]]), np.zeros((1, 2)), np.log([[2.0, 3.0]]))
    assert losses.item() == pytest.approx(5)
