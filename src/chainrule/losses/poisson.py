"""Half the Poisson deviance."""

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.nodes import ColumnSums
from chainrule.calculus.primitives import log
from chainrule.losses.loss import Loss, ratio, t, y
from chainrule.outputs.output import Range

__all__ = ["POISSON"]


def _t_log_t(targets: Array, _outputs: Array) -> Array:
    """Evaluate ``t log t``, whose limit at zero is zero."""
    return targets * np.log(np.where(targets == 0, 1, targets))


POISSON = Loss(
    name="poisson",
    value=ColumnSums(t * log(t) - t * log(y) - t + y),
    by_output=(1 - t / y).T,
    by_target=(log(t) - log(y)).T,
    needs=Range.POSITIVE,
    targets=Range.POSITIVE,
    canonical="exponential",
    delta=(y - t).T,
    stable={t * log(t): _t_log_t, t / y: ratio},
    singular_target=0.0,
)
