"""Every loss: its value by hand, its derivatives by step, its delta by the chain rule."""

from collections.abc import Callable

import numpy as np
import pytest

from chainrule.calculus import Expression, evaluate, to_text
from chainrule.calculus.primitives import log
from chainrule.errors import SpecificationError
from chainrule.losses import LOSSES, POISSON, Loss, huber, pinball
from chainrule.losses.loss import ratio, t, y
from chainrule.outputs import OUTPUTS, Range
from chainrule.outputs.output import z

N = 4
H = 1e-30


def residual_sum(rho: Callable[[float], float]) -> Callable[[np.ndarray, np.ndarray], float]:
    return lambda outputs, targets: sum(rho(float(r)) for r in outputs - targets)


def huber_penalty(delta: float) -> Callable[[float], float]:
    return lambda r: r * r / 2 if abs(r) <= delta else delta * (abs(r) - delta / 2)


VALUES: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "cross_entropy": lambda o, d: -float(np.sum(d * np.log(o))),
    "binary_cross_entropy": lambda o, d: (
        -float(np.sum(d * np.log(o)) + np.sum((1 - d) * np.log(1 - o)))
    ),
    "squared_error": residual_sum(lambda r: r * r / 2),
    "poisson": lambda o, d: float(np.sum(d * np.log(d / o) - d + o)),
    "absolute_error": residual_sum(abs),
    "huber": residual_sum(huber_penalty(1.0)),
    "pinball": residual_sum(lambda r: max(r / 2, -r / 2)),
}
every_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=list(LOSSES))


def samples(loss: Loss) -> list[tuple[np.ndarray, np.ndarray]]:
    """Outputs and targets within the loss's ranges, and residuals on both sides of one."""
    rng = np.random.default_rng(1)
    if loss.needs >= Range.UNIT_INTERVAL:
        return [(rng.uniform(0.05, 0.95, N), rng.uniform(0.05, 0.95, N)) for _ in range(5)]
    if loss.needs == Range.POSITIVE:
        return [(rng.uniform(0.1, 5, N), rng.uniform(0.1, 5, N)) for _ in range(5)]
    return [(rng.normal(size=N) * 2, rng.normal(size=N) * 2) for _ in range(5)]


def value_of(expression: Expression, outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return evaluate(expression, {y: outputs[..., None], t: targets[..., None]})


@every_loss
def test_the_value_is_that_of_the_formula_by_hand(loss: Loss) -> None:
    for outputs, targets in samples(loss):
        given = value_of(loss.value, outputs, targets).item()
        assert given == pytest.approx(VALUES[loss.name](outputs, targets), rel=1e-13)


@every_loss
def test_the_derivative_by_the_output_is_that_of_the_value(loss: Loss) -> None:
    for outputs, targets in samples(loss):
        moved = outputs + 1j * H * np.eye(N)
        stepped = value_of(loss.value, moved, targets + 0j)[:, 0, 0].imag / H
        given = value_of(loss.by_output, outputs, targets)
        assert given.shape == (1, N)
        np.testing.assert_allclose(given[0], stepped, rtol=1e-13)


@every_loss
def test_the_derivative_by_the_target_is_that_of_the_value(loss: Loss) -> None:
    for outputs, targets in samples(loss):
        moved = targets + 1j * H * np.eye(N)
        stepped = value_of(loss.value, outputs + 0j, moved)[:, 0, 0].imag / H
        given = value_of(loss.by_target, outputs, targets)
        np.testing.assert_allclose(given[0], stepped, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("loss", [loss for loss in LOSSES.values() if loss.delta is not None])
def test_delta_is_what_remains_of_the_chain_rule(loss: Loss) -> None:
    output = OUTPUTS[loss.canonical]
    rng = np.random.default_rng(2)
    for _, targets in samples(loss):  # cross-entropy's delta holds for targets of any sum
        point = rng.normal(size=N)
        outputs = output.evaluate(point)
        jacobian = evaluate(output.jacobian, {z: point[:, None], y: outputs[:, None]})
        chained = value_of(loss.by_output, outputs, targets) @ jacobian
        assert loss.delta is not None
        given = value_of(loss.delta, outputs, targets)
        np.testing.assert_allclose(given, chained, rtol=1e-12, atol=1e-14)


def test_every_output_has_one_canonical_loss() -> None:
    canonical = {loss.canonical: loss.name for loss in LOSSES.values() if loss.canonical}
    assert canonical == {
        "softmax": "cross_entropy",
        "logistic": "binary_cross_entropy",
        "identity": "squared_error",
        "exponential": "poisson",
    }
    assert all((loss.delta is None) == (not loss.canonical) for loss in LOSSES.values())


def test_the_canonical_pairs_share_one_delta_where_targets_sum_to_one() -> None:
    outputs, targets = np.array([0.2, 0.5, 0.3]), np.array([0.0, 1.0, 0.0])
    for loss in LOSSES.values():
        if loss.delta is not None:
            given = value_of(loss.delta, outputs, targets)
            np.testing.assert_allclose(given[0], outputs - targets)


@every_loss
def test_a_perfect_output_costs_the_least(loss: Loss) -> None:
    for _, targets in samples(loss):
        least = value_of(loss.value, targets, targets).item()
        for factor in (0.9, 1.05):
            if loss.name != "cross_entropy":  # whose outputs are bound to sum to one
                assert value_of(loss.value, targets * factor, targets).item() > least


def test_ranges_say_what_outputs_and_targets_a_loss_takes() -> None:
    assert {name: (loss.needs, loss.targets) for name, loss in LOSSES.items()} == {
        "cross_entropy": (Range.UNIT_INTERVAL, Range.SIMPLEX),
        "binary_cross_entropy": (Range.UNIT_INTERVAL, Range.UNIT_INTERVAL),
        "squared_error": (Range.REAL, Range.REAL),
        "poisson": (Range.POSITIVE, Range.POSITIVE),
        "absolute_error": (Range.REAL, Range.REAL),
        "huber": (Range.REAL, Range.REAL),
        "pinball": (Range.REAL, Range.REAL),
    }


def test_only_losses_with_a_kink_are_not_analytic() -> None:
    kinked = {name for name, loss in LOSSES.items() if not loss.analytic}
    assert kinked == {"absolute_error", "huber", "pinball"}


def test_only_the_poisson_deviance_has_a_target_at_which_its_slope_is_infinite() -> None:
    singular = {
        loss.name: loss.singular_target
        for loss in LOSSES.values()
        if loss.singular_target is not None
    }
    assert singular == {"poisson": 0.0}
    (t_log_t,) = [stable for part, stable in POISSON.stable.items() if log(t) in part.walk()]
    assert t_log_t(np.array([0.0, 1.0, 2.0]), np.ones(3)).tolist() == [0, 0, 2 * np.log(2)]


def test_a_ratio_of_zero_to_zero_is_zero() -> None:
    given = ratio(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 2.0, 2.0, 0.0]))
    assert given.tolist() == [0, 0, 0.5, np.inf]


def test_a_ratio_may_overflow_without_a_warning() -> None:
    assert ratio(np.array([1.0]), np.array([1e-310])).item() == np.inf


@pytest.mark.parametrize("delta", [0.1, 1.0, 2.5])
def test_hubers_loss_has_its_bend_where_it_is_told(delta: float) -> None:
    for outputs, targets in samples(LOSSES["huber"]):
        given = value_of(huber(delta).value, outputs, targets).item()
        assert given == pytest.approx(residual_sum(huber_penalty(delta))(outputs, targets))


def test_hubers_loss_is_smooth_at_its_bend() -> None:
    bend, zero = np.array([2.0]), np.zeros(1)
    for nearby in (bend, np.nextafter(bend, 3)):
        assert value_of(huber(2.0).value, nearby, zero).item() == pytest.approx(2.0)
        assert value_of(huber(2.0).by_output, nearby, zero).item() == pytest.approx(2.0)


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_the_pinball_loss_is_least_at_the_quantile(quantile: float) -> None:
    data = np.linspace(0, 1, 201)
    costs = [
        sum(value_of(pinball(quantile).value, np.array([c]), np.array([d])).item() for d in data)
        for c in data[::10]
    ]
    assert data[::10][int(np.argmin(costs))] == pytest.approx(quantile, abs=1e-12)


@pytest.mark.parametrize("delta", [0, -1.0, float("inf"), float("nan")])
def test_a_bend_of_hubers_loss_must_be_positive(delta: float) -> None:
    with pytest.raises(SpecificationError, match="delta of the Huber loss must be positive, got"):
        huber(delta)


@pytest.mark.parametrize("quantile", [0, 1, -0.5, float("nan")])
def test_a_quantile_lies_between_zero_and_one(quantile: float) -> None:
    with pytest.raises(SpecificationError, match="quantile of the pinball loss must lie between"):
        pinball(quantile)


def test_the_same_parameter_makes_the_same_loss() -> None:
    assert huber(2.0) == huber(2.0)
    assert huber(2.0) != huber(1.0)


def test_losses_read_as_the_page_writes_them() -> None:
    assert to_text(LOSSES["cross_entropy"].value) == "-tᵀ log(y)"
    assert to_text(LOSSES["squared_error"].value) == "1/2 (y - t)ᵀ (y - t)"
    assert to_text(LOSSES["cross_entropy"].delta or t) == "((𝟏ᵀ t) y - t)ᵀ"
