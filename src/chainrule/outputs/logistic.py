"""The logistic output: one or several independent probabilities."""

from chainrule.calculus.evaluate import values
from chainrule.calculus.primitives import log
from chainrule.functions.logistic import LOGISTIC
from chainrule.functions.softplus import SOFTPLUS
from chainrule.outputs.output import Output, Range, y

__all__ = ["LOGISTIC_OUTPUT"]

LOGISTIC_OUTPUT = Output.of(
    LOGISTIC,
    range=Range.UNIT_INTERVAL,
    logarithms={
        log(y): lambda z: -values(SOFTPLUS, -z),
        log(1 - y): lambda z: -values(SOFTPLUS, z),
    },
)
