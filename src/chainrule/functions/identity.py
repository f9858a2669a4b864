"""The identity."""

from chainrule.calculus.function import Function, z
from chainrule.calculus.nodes import Constant

__all__ = ["IDENTITY"]

IDENTITY = Function("identity", r"\operatorname{id}", "id", value=z, derivative=Constant(1))
