"""The leaky rectified linear unit (Maas, Hannun and Ng, 2013), with slope 0.01 below zero."""

from chainrule.calculus.function import Function, z
from chainrule.calculus.nodes import Constant, Select

__all__ = ["LEAKY_RELU"]

_SLOPE = 0.01

LEAKY_RELU = Function(
    "leaky_relu",
    r"\operatorname{lrelu}",
    "lrelu",
    value=Select(z, z, _SLOPE * z),
    derivative=Select(z, Constant(1), Constant(_SLOPE)),
    analytic=False,
)
