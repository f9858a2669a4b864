"""The rectified linear unit."""

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.function import Function, y, z
from chainrule.calculus.nodes import Constant, Indicator, Select

__all__ = ["RELU"]


def _evaluate(values: Array) -> Array:
    return np.where(np.real(values) <= 0, 0, values)  # so that NaN stays NaN


RELU = Function(
    "relu",
    r"\operatorname{relu}",
    "relu",
    value=Select(z, z, Constant(0)),
    derivative=Indicator(y),
    evaluate=_evaluate,
    analytic=False,
)
