"""The logistic function, the classical hidden unit."""

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.function import Function, y, z
from chainrule.calculus.primitives import exp

__all__ = ["LOGISTIC"]


def _evaluate(values: Array) -> Array:
    """Take ``1/(1+e^-z)`` or ``e^z/(1+e^z)``, whichever exponential cannot overflow."""
    nonnegative = np.real(values) >= 0
    decay = np.exp(np.where(nonnegative, -values, values))
    return np.where(nonnegative, 1, decay) / (1 + decay)


LOGISTIC = Function(
    "logistic",
    r"\sigma",
    "σ",
    value=1 / (1 + exp(-z)),
    derivative=y * (1 - y),
    evaluate=_evaluate,
)
