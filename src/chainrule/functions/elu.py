"""The exponential linear unit (Clevert, Unterthiner and Hochreiter, 2016, eq. 15), with α = 1."""

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.function import Function, y, z
from chainrule.calculus.nodes import Constant, Select
from chainrule.calculus.primitives import exp

__all__ = ["ELU"]


def _evaluate(values: Array) -> Array:
    positive = np.real(values) > 0
    return np.where(positive, values, np.expm1(np.where(positive, 0, values)))


ELU = Function(
    "elu",
    r"\operatorname{elu}",
    "elu",
    value=Select(z, z, exp(z) - 1),
    derivative=Select(z, Constant(1), y + 1),
    evaluate=_evaluate,
    analytic=False,
)
