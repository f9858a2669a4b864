"""The sigmoid linear unit, also called swish (Elfwing, Uchibe and Doya, 2018)."""

from chainrule.calculus.function import Function, y, z
from chainrule.functions.logistic import LOGISTIC

__all__ = ["SILU"]

SILU = Function(
    "silu",
    r"\operatorname{silu}",
    "silu",
    value=z * LOGISTIC(z),
    derivative=LOGISTIC(z) + y * (1 - LOGISTIC(z)),
)
