"""Cross-entropy of independent yes-or-no outputs."""

from chainrule.calculus.primitives import log
from chainrule.losses.loss import Loss, ratio, t, y
from chainrule.outputs.output import Range

__all__ = ["BINARY_CROSS_ENTROPY"]

BINARY_CROSS_ENTROPY = Loss(
    name="binary_cross_entropy",
    value=-(t.T @ log(y)) - (1 - t).T @ log(1 - y),
    by_output=((1 - t) / (1 - y) - t / y).T,
    by_target=(log(1 - y) - log(y)).T,
    needs=Range.UNIT_INTERVAL,
    targets=Range.UNIT_INTERVAL,
    canonical="logistic",
    delta=(y - t).T,
    stable={
        t / y: ratio,
        (1 - t) / (1 - y): lambda t, y: ratio(1 - t, 1 - y),
    },
)
