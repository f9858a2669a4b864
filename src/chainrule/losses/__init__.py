"""The losses, one file each."""

from chainrule.losses.absolute_error import ABSOLUTE_ERROR
from chainrule.losses.binary_cross_entropy import BINARY_CROSS_ENTROPY
from chainrule.losses.cross_entropy import CROSS_ENTROPY
from chainrule.losses.huber import HUBER, huber
from chainrule.losses.loss import Loss
from chainrule.losses.pinball import PINBALL, pinball
from chainrule.losses.poisson import POISSON
from chainrule.losses.squared_error import SQUARED_ERROR

__all__ = [
    "ABSOLUTE_ERROR",
    "BINARY_CROSS_ENTROPY",
    "CROSS_ENTROPY",
    "HUBER",
    "LOSSES",
    "PINBALL",
    "POISSON",
    "SQUARED_ERROR",
    "Loss",
    "huber",
    "pinball",
]

#: Every loss by its name, with its usual parameters.
LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        CROSS_ENTROPY,
        BINARY_CROSS_ENTROPY,
        SQUARED_ERROR,
        POISSON,
        ABSOLUTE_ERROR,
        HUBER,
        PINBALL,
    )
}
