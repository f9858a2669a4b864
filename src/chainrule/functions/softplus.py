"""The softplus, the integral of the logistic function."""

import numpy as np
import scipy.special

from chainrule.arrays import Array
from chainrule.calculus.function import Function, z
from chainrule.calculus.primitives import exp, log
from chainrule.functions.logistic import LOGISTIC

__all__ = ["SOFTPLUS"]


def _evaluate(values: Array) -> Array:
    """Evaluate ``max(z, 0) + log(1 + e^-|z|)``."""
    nonnegative = np.real(values) >= 0
    decay = np.exp(np.where(nonnegative, -values, values))
    # SciPy's log1p, since NumPy's loses every digit of a small complex argument
    return np.where(nonnegative, values, 0) + scipy.special.log1p(decay)


SOFTPLUS = Function(
    "softplus",
    r"\operatorname{softplus}",
    "softplus",
    value=log(1 + exp(z)),
    derivative=LOGISTIC(z),
    evaluate=_evaluate,
)
