"""Cross-entropy between a target distribution and the outputs."""

from chainrule.calculus.nodes import ColumnSums
from chainrule.calculus.primitives import log
from chainrule.losses.loss import Loss, ratio, t, y
from chainrule.outputs.output import Range

__all__ = ["CROSS_ENTROPY"]

CROSS_ENTROPY = Loss(
    name="cross_entropy",
    value=-(t.T @ log(y)),
    by_output=-(t / y).T,
    by_target=-log(y).T,
    needs=Range.UNIT_INTERVAL,
    targets=Range.SIMPLEX,
    canonical="softmax",
    # (y - t)ᵀ where the targets sum to one exactly; the factor keeps it true where they almost do
    delta=(ColumnSums(t) @ y - t).T,
    stable={t / y: ratio},
)
