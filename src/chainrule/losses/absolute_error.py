"""The absolute error, whose minimiser is the median."""

from chainrule.calculus.primitives import absolute
from chainrule.losses.loss import Loss

__all__ = ["ABSOLUTE_ERROR"]

ABSOLUTE_ERROR = Loss.of_residual("absolute_error", absolute)
