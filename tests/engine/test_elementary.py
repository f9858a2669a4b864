"""The kernels' own elementary functions, against mpmath: their largest error is as stated.

The table is that of native/generic/elementary.hpp.
"""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.engine.native import elementary

# name, exact function, domain, largest error in ULP for float32 and float64
FUNCTIONS: list[tuple[str, Callable[[Any], Any], tuple[float, float], tuple[float, float]]] = [
    ("exp", mpmath.exp, (-110, 89), (1, 1)),
    ("expm1", mpmath.expm1, (-30, 88), (2, 2)),
    ("log", mpmath.log, (1e-44, 1e30), (1, 1)),
    ("log1p", mpmath.log1p, (-0.5, 1e6), (2, 2)),
    ("tanh", mpmath.tanh, (-25, 25), (3, 3)),
    ("logistic", lambda x: 1 / (1 + mpmath.exp(-x)), (-104, 60), (3, 3)),
    ("softplus", lambda x: mpmath.log1p(mpmath.exp(x)), (-104, 100), (3, 3)),
    ("normal_cdf", mpmath.ncdf, (-14.5, 8), (5, 5)),
]
NAMES = [name for name, *_ in FUNCTIONS]
# subnormal results and arguments in float64 too
WIDE = {"exp": (-760, 709.7), "log": (5e-324, 1.7e308), "normal_cdf": (-38.5, 9)}


def arguments(domain: tuple[float, float], dtype: type) -> Array:
    """Take numbers all over the domain, many of them near 0 and near 1."""
    low, high = domain
    rng = np.random.default_rng(0)
    near_zero = rng.choice([-1.0, 1.0], 300) * 10 ** rng.uniform(-12, 0, 300)
    near_one = 1 + rng.choice([-1.0, 1.0], 100) * 10 ** rng.uniform(-7, -1, 100)
    even = np.linspace(low, high, 500) if low < 0 else 10 ** np.linspace(
        np.log10(low), np.log10(high), 500
    )  # fmt: skip
    x: Array = np.concatenate([near_zero, near_one, even]).astype(dtype)
    return x[(x > low) & (x < high)]


def ulps(given: Array, x: Array, exact: Callable[[Any], Any]) -> Array:
    """Count units in the last place between results and exact values."""
    with mpmath.workdps(40):
        truth = [exact(mpmath.mpf(float(value))) for value in x]
        spacing = np.spacing(np.abs(np.array([float(value) for value in truth]).astype(x.dtype)))
        return np.array(
            [
                float(abs(mpmath.mpf(float(one)) - value) / mpmath.mpf(float(unit)))
                for one, value, unit in zip(given, truth, spacing, strict=True)
            ]
        )


@pytest.mark.parametrize(("name", "exact", "domain", "bounds"), FUNCTIONS, ids=NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_error_is_at_most_the_stated_one(
    name: str,
    exact: Callable[[Any], Any],
    domain: tuple[float, float],
    bounds: tuple[float, float],
    dtype: type,
    stated_error_factor: Callable[[str, Array], Array],
) -> None:
    if dtype is np.float64:
        domain = WIDE.get(name, domain)
    x = arguments(domain, dtype)
    errors = ulps(elementary(name, x), x, exact)
    bound = (bounds[dtype is np.float64] + 0.5) * stated_error_factor(name, x)
    worst = int(np.argmax(errors / bound))
    assert errors[worst] <= bound[worst], f"{errors[worst]} ULP at {x[worst]}"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nan_stays_nan(name: str, dtype: type) -> None:
    assert np.isnan(elementary(name, np.array([np.nan], dtype)))[0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_limits(dtype: type) -> None:
    x: Array = np.array([-np.inf, np.inf, 0], dtype)
    assert elementary("exp", x).tolist() == [0, np.inf, 1]
    assert elementary("expm1", x).tolist() == [-1, np.inf, 0]
    assert elementary("tanh", x).tolist() == [-1, 1, 0]
    assert elementary("logistic", x).tolist() == [0, 1, 0.5]
    assert elementary("softplus", x)[:2].tolist() == [0, np.inf]
    assert elementary("normal_cdf", x).tolist() == [0, 1, 0.5]
    assert elementary("log", x)[1:].tolist() == [np.inf, -np.inf]
    assert np.isnan(elementary("log", x)[0])
    assert elementary("log1p", x)[1:].tolist() == [np.inf, 0]


def test_a_name_that_is_none() -> None:
    with pytest.raises(ValueError, match="no elementary function"):
        elementary("sine", np.zeros(1))
