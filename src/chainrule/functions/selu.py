"""The self-normalising exponential unit (Klambauer et al., 2017, eq. 2, constants of eq. 14)."""

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.function import Function, y, z
from chainrule.calculus.nodes import Constant, Select
from chainrule.calculus.primitives import exp

__all__ = ["SELU"]

_SCALE = 1.0507009873554805
_ALPHA = 1.6732632423543772

_scale = Constant(_SCALE)
_scale_alpha = Constant(_SCALE * _ALPHA)


def _evaluate(values: Array) -> Array:
    positive = np.real(values) > 0
    decay = np.expm1(np.where(positive, 0, values))
    return np.where(positive, _SCALE * values, _SCALE * _ALPHA * decay)


SELU = Function(
    "selu",
    r"\operatorname{selu}",
    "selu",
    value=Select(z, _scale * z, _scale_alpha * (exp(z) - 1)),
    derivative=Select(z, _scale, y + _scale_alpha),
    evaluate=_evaluate,
    analytic=False,
)
