"""The hyperbolic tangent."""

import numpy as np

from chainrule.calculus.function import Function, y, z
from chainrule.calculus.primitives import exp

__all__ = ["TANH"]

TANH = Function(
    "tanh",
    r"\tanh",
    "tanh",
    value=(exp(z) - exp(-z)) / (exp(z) + exp(-z)),
    derivative=1 - y**2,
    evaluate=np.tanh,
)
