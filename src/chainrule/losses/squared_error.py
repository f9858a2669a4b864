"""Half the squared error."""

from chainrule.calculus.primitives import HALF
from chainrule.losses.loss import Loss, t, y

__all__ = ["SQUARED_ERROR"]

SQUARED_ERROR = Loss(
    name="squared_error",
    value=HALF * ((y - t).T @ (y - t)),
    by_output=(y - t).T,
    by_target=(t - y).T,
    canonical="identity",
    delta=(y - t).T,
)
