"""The report that training has left the finite numbers."""

import math
from dataclasses import dataclass
from typing import Literal, final

__all__ = ["Divergence"]


@final
@dataclass(frozen=True)
class Divergence:
    """Where training first left the finite numbers.

    Parameters
    ----------
    what : {"loss", "parameters"}
        What was no longer finite.
    epoch : int
        The epoch, 1 for the first. (L-BFGS: the iteration.)
    step : int
        The step within the epoch, 1 for the first. (L-BFGS: the evaluation.)
    last_finite_loss : float
        The last loss that was finite: of a batch in the same epoch, or else of the epoch before;
        NaN where there was none.

    Examples
    --------
    >>> Divergence("loss", epoch=2, step=7, last_finite_loss=1e200).message
    'the loss is not finite at step 7 of epoch 2 (the last finite loss was 1e+200); try a \
smaller learning_rate_init, or scale the inputs and targets'
    """

    what: Literal["loss", "parameters"]
    epoch: int
    step: int
    last_finite_loss: float

    @property
    def message(self) -> str:
        """One sentence: what, where, what to try."""
        verb = "is" if self.what == "loss" else "are"
        where = f"step {self.step} of epoch {self.epoch}"
        before = (
            f"the last finite loss was {self.last_finite_loss:.6g}"
            if math.isfinite(self.last_finite_loss)
            else "no loss was finite before it"
        )
        return (
            f"the {self.what} {verb} not finite at {where} ({before}); "
            "try a smaller learning_rate_init, or scale the inputs and targets"
        )
