"""The functions that definitions are written with: values against mpmath, derivatives by step."""

from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from chainrule.calculus import Function, derivatives, values
from chainrule.calculus.primitives import (
    HALF,
    absolute,
    exp,
    log,
    normal_cdf,
    normal_density,
    sign,
)

mpmath.mp.dps = 50

DEFINITIONS: list[tuple[Function, Callable[[mpmath.mpf], mpmath.mpf], float]] = [
    (exp, mpmath.exp, 1e-15),
    (log, mpmath.log, 1e-15),
    # The squared argument in the exponent costs z² / 2 roundings in the tail.
    (normal_density, mpmath.npdf, 1e-13),
    (normal_cdf, mpmath.ncdf, 1e-12),
    (absolute, abs, 0.0),
    (sign, mpmath.sign, 0.0),
]
POINTS = np.concatenate([np.geomspace(1e-300, 30, 40), [1.0, 2.5]])


@pytest.mark.parametrize(("function", "truth", "bound"), DEFINITIONS)
def test_values_are_those_of_the_definition(
    function: Function, truth: Callable[[mpmath.mpf], mpmath.mpf], bound: float
) -> None:
    points = POINTS if function is log else np.concatenate([-POINTS, POINTS])
    given = values(function, points)
    expected = np.array([float(truth(mpmath.mpf(float(p)))) for p in points])
    np.testing.assert_allclose(given, expected, rtol=bound)


@pytest.mark.parametrize("function", [exp, log, normal_density, normal_cdf])
def test_derivatives_are_those_of_the_values_by_complex_step(function: Function) -> None:
    points = np.concatenate([-np.geomspace(1e-3, 10, 20), np.geomspace(1e-3, 10, 20)])
    points = np.abs(points) if function is log else points
    stepped = values(function, points + 1e-30j).imag / 1e-30
    formula = derivatives(function, points, values(function, points))
    np.testing.assert_allclose(formula, stepped, rtol=1e-11)


def test_the_slope_of_the_absolute_value_is_the_sign() -> None:
    points = np.array([-2.0, 0.0, 3.0])
    assert values(sign, points).tolist() == [-1, 0, 1]
    assert derivatives(absolute, points, np.abs(points)).tolist() == [-1, 0, 1]
    assert derivatives(sign, points, np.sign(points)).tolist() == [0, 0, 0]


def test_absolute_value_and_sign_branch_on_the_real_part() -> None:
    points = np.array([-2 + 1e-30j, 3 - 1e-30j])
    assert values(absolute, points).tolist() == [2 - 1e-30j, 3 - 1e-30j]
    assert values(sign, points).tolist() == [-1, 1]


@pytest.mark.parametrize("function", [exp, log, normal_density, normal_cdf, absolute, sign])
def test_float32_stays_float32(function: Function) -> None:
    assert values(function, np.array([0.5, 1.5], np.float32)).dtype == np.float32


def test_one_half_is_exact() -> None:
    assert HALF.value == 1 / 2
