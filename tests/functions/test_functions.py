"""Every hidden function: its value against a definition of 50 digits, its derivative by step.

The definitions are written here a second time, in mpmath, so that an entry and its test cannot be
wrong together.
"""

from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from chainrule.calculus import Function, derivatives, evaluate, values
from chainrule.calculus.function import z
from chainrule.functions import FUNCTIONS, RELU

mpmath.mp.dps = 50

EPS = np.finfo(np.float64).eps
# Below this a result loses digits to underflow, and only its absolute error is bounded.
SMALLEST = 1e-290

# Klambauer et al. (2017), eq. 14.
TAIL = mpmath.erfc(1 / mpmath.sqrt(2)) * mpmath.sqrt(mpmath.e)
SELU_ALPHA = mpmath.sqrt(2 / mpmath.pi) / (1 - TAIL)
SELU_SCALE = (1 - TAIL) * mpmath.sqrt(
    2
    * mpmath.pi
    / (
        2 * mpmath.erfc(mpmath.sqrt(2)) * mpmath.e**2
        + mpmath.pi * TAIL**2
        - 2 * (2 + mpmath.pi) * TAIL
        + mpmath.pi
        + 2
    )
)


def softplus(v: mpf) -> mpf:
    return mpmath.log1p(mpmath.exp(v))


DEFINITIONS: dict[str, Callable[[mpf], mpf]] = {
    "identity": lambda v: v,
    "logistic": lambda v: 1 / (1 + mpmath.exp(-v)),
    "tanh": mpmath.tanh,
    "relu": lambda v: max(v, mpf(0)),
    "leaky_relu": lambda v: v if v > 0 else mpf(0.01) * v,
    "elu": lambda v: v if v > 0 else mpmath.expm1(v),
    "selu": lambda v: SELU_SCALE * (v if v > 0 else SELU_ALPHA * mpmath.expm1(v)),
    "gelu": lambda v: v * mpmath.ncdf(v),
    "silu": lambda v: v / (1 + mpmath.exp(-v)),
    "mish": lambda v: v * mpmath.tanh(softplus(v)),
    "softplus": softplus,
}

_SIZES = np.concatenate(
    [np.geomspace(1e-300, 1e-8, 20), np.geomspace(1e-8, 1e4, 120), np.linspace(0.1, 750, 120)]
)
POINTS = np.concatenate([-_SIZES, [0.0], _SIZES])
# Within these the plain definition neither overflows nor loses all its digits.
MODERATE = np.linspace(-15, 15, 121) + 0.0625

every_function = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))


def allowed_ulps(name: str, points: np.ndarray) -> np.ndarray:
    """Two units in the last place; Φ's exponent z²/2 costs its own rounding in gelu's left tail."""
    return 2 + (points**2 if name == "gelu" else 0) * (points < 0)


def true_values(name: str, points: np.ndarray) -> np.ndarray:
    return np.array([float(DEFINITIONS[name](mpf(float(p)))) for p in points])


def test_every_function_has_a_definition_here() -> None:
    assert set(DEFINITIONS) == set(FUNCTIONS)
    assert all(name == function.name for name, function in FUNCTIONS.items())


@every_function
def test_values_are_right_to_the_last_places_up_to_ten_thousand(function: Function) -> None:
    given, truth = values(function, POINTS), true_values(function.name, POINTS)
    bound = allowed_ulps(function.name, POINTS) * EPS * np.abs(truth) + EPS * SMALLEST
    wrong = POINTS[np.abs(given - truth) > bound]
    assert wrong.size == 0


@every_function
def test_a_complex_evaluation_branches_on_the_real_part(function: Function) -> None:
    points = POINTS[np.abs(POINTS) < 700]
    given, truth = values(function, points + 0j), true_values(function.name, points)
    bound = (4 + allowed_ulps(function.name, points)) * EPS * np.abs(truth) + EPS * SMALLEST
    assert np.all(given.imag == 0)
    assert np.all(np.abs(given.real - truth) <= bound)


@every_function
def test_the_definition_says_what_the_evaluation_computes(function: Function) -> None:
    assert function.value is not None
    written = evaluate(function.value, {z: MODERATE[:, None, None]})[:, 0, 0]
    np.testing.assert_allclose(written, values(function, MODERATE), rtol=1e-9)


@every_function
def test_the_derivative_is_that_of_the_definition(function: Function) -> None:
    assert function.value is not None
    stepped = evaluate(function.value, {z: MODERATE[:, None, None] + 1e-30j})[:, 0, 0].imag / 1e-30
    slopes = derivatives(function, MODERATE, values(function, MODERATE))
    np.testing.assert_allclose(slopes, stepped, rtol=1e-13, atol=4e-15)


@every_function
def test_the_complex_step_through_the_stable_evaluation_is_the_derivative(
    function: Function,
) -> None:
    points = np.concatenate([-np.geomspace(1e-8, 600, 80), np.geomspace(1e-8, 600, 80)])
    stepped = values(function, points + 1e-30j).imag / 1e-30
    slopes = derivatives(function, points, values(function, points))
    np.testing.assert_allclose(slopes, stepped, rtol=1e-13, atol=4e-15)


@every_function
def test_derivatives_are_finite_up_to_ten_thousand(function: Function) -> None:
    slopes = derivatives(function, POINTS, values(function, POINTS))
    assert np.all(np.isfinite(slopes))
    assert np.all(np.abs(slopes) <= 1.8)


@every_function
def test_float32_stays_float32_and_is_right_to_its_last_places(function: Function) -> None:
    points = POINTS.astype(np.float32)
    given = values(function, points)
    assert given.dtype == np.float32
    assert derivatives(function, points, given).dtype == np.float32
    truth = true_values(function.name, points.astype(np.float64))
    single = np.finfo(np.float32)
    bound = (2 + allowed_ulps(function.name, points)) * single.eps * np.abs(truth) + single.tiny
    assert np.all(np.abs(given - truth) <= bound)


@every_function
def test_arrays_of_any_shape_are_served(function: Function) -> None:
    block = np.linspace(-2, 2, 24).reshape(2, 3, 4)
    given = values(function, block)
    assert given.shape == block.shape
    assert np.array_equal(given.ravel(), values(function, block.ravel()))


@every_function
def test_what_is_not_a_number_is_not_hidden(function: Function) -> None:
    assert np.isnan(values(function, np.array([np.nan]))).all()


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "selu"])
def test_a_function_with_a_kink_is_not_called_analytic(name: str) -> None:
    assert not FUNCTIONS[name].analytic


@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("relu", 0.0),
        ("leaky_relu", 0.01),
        ("elu", 1.0),
        ("selu", 1.0507009873554805 * 1.6732632423543772),
    ],
)
def test_at_its_kink_a_function_takes_the_slope_from_the_left(name: str, slope: float) -> None:
    zero = np.zeros(1)
    given = derivatives(FUNCTIONS[name], zero, values(FUNCTIONS[name], zero))
    assert given.item() == pytest.approx(slope, rel=1e-15)


def test_the_rectifier_has_no_negative_zero_and_no_copy_of_a_negative() -> None:
    assert values(RELU, np.array([-1.0, -0.0, 2.0])).tolist() == [0, 0, 2]
