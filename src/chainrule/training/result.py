"""What training ends with."""

from dataclasses import dataclass
from enum import Enum
from typing import final

from chainrule.errors import DivergenceError
from chainrule.parameters import Parameters
from chainrule.training.divergence import Divergence
from chainrule.training.history import History
from chainrule.training.state import TrainingState

__all__ = ["Result", "StopReason", "TrainingDivergedError"]


@final
class StopReason(Enum):
    """Why training ended."""

    CONVERGED = "converged"
    MAX_EPOCHS = "max_epochs"
    INTERRUPTED = "interrupted"
    CALLBACK = "callback"
    DIVERGED = "diverged"
    #: L-BFGS only: the line search found no better point.
    LINE_SEARCH = "line_search"


@final
@dataclass(frozen=True)
class Result:
    """What training ends with, however it ended.

    Parameters
    ----------
    params : Parameters
        The last parameters; after a divergence the last that were finite.
    best : Parameters
        The best parameters where the stopping criterion keeps them, else the last.
    stop_reason : StopReason
        Why training ended.
    message : str
        The same in a sentence.
    history : History
        A record for every completed epoch.
    n_iter : int
        Epochs completed (iterations, for L-BFGS).
    t : int
        Samples seen in completed epochs; 0 for L-BFGS.
    best_value : float
        The best monitored loss or score.
    best_epoch : int
        The epoch of `best_value`; 0 where none was completed.
    divergence : Divergence or None
        Where training left the finite numbers, if it did.
    state : TrainingState or None
        The state at the end, to go on from after a completed epoch; L-BFGS has none.
    """

    params: Parameters
    best: Parameters
    stop_reason: StopReason
    message: str
    history: History
    n_iter: int
    t: int
    best_value: float
    best_epoch: int
    divergence: Divergence | None = None
    state: TrainingState | None = None


@final
class TrainingDivergedError(DivergenceError):
    """Training left the finite numbers; what was reached before is in `result`.

    Parameters
    ----------
    divergence : Divergence
        Where it happened.
    result : Result
        The result up to there, with the last finite and the best parameters.

    Examples
    --------
    >>> issubclass(TrainingDivergedError, ValueError)
    True
    """

    def __init__(self, divergence: Divergence, result: Result) -> None:
        self.divergence = divergence
        self.result = result
        super().__init__(divergence.message)
