"""Mish, a smooth relative of the rectifier (Misra, 2019)."""

from chainrule.calculus.function import Function, z
from chainrule.functions.logistic import LOGISTIC
from chainrule.functions.softplus import SOFTPLUS
from chainrule.functions.tanh import TANH

__all__ = ["MISH"]

_gate = TANH(SOFTPLUS(z))

MISH = Function(
    "mish",
    r"\operatorname{mish}",
    "mish",
    value=z * _gate,
    derivative=_gate + z * (1 - _gate**2) * LOGISTIC(z),
)
