"""How to train: the parts that the loop is given."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, final, get_args

from chainrule.dropout import Dropout
from chainrule.errors import UnknownNameError
from chainrule.training.batches import Batches, ShuffledBatches
from chainrule.training.clipping import Clipping
from chainrule.training.hyperparameters import require_at_least
from chainrule.training.schedules import Constant, Schedule
from chainrule.training.solvers import Adam, Solver
from chainrule.training.stopping import Stopping

__all__ = ["OnDivergence", "Recipe"]

#: What to do when the loss or the parameters are no longer finite.
OnDivergence: TypeAlias = Literal["raise", "stop", "continue"]


@final
@dataclass(frozen=True)
class Recipe:
    """The parts of a training and its limit; configuration only, no state.

    Parameters
    ----------
    solver : Solver, default=Adam()
        The rule for a step.
    schedule : Schedule, default=Constant()
        The learning rate.
    batches : Batches, default=ShuffledBatches(200)
        The order of the samples and how many a step takes.
    stopping : Stopping, default=Stopping()
        When to end before `max_epochs`, and whether to keep the best parameters.
    max_epochs : int, default=200
        Epochs at most, those of a resumed state included.
    on_divergence : {"raise", "stop", "continue"}, default="raise"
        What to do when the loss or the parameters are no longer finite: raise a
        `TrainingDivergedError` that carries the result, return that result, or go on to the
        end (as scikit-learn does) and report it then. The result's parameters are the last
        finite ones in each case.
    clipping : Clipping, optional
        A bound on the gradient of every step, such as `ClipNorm`.
    dropout : Dropout, optional
        The rates at which steps do without hidden outputs. The losses of training are then those
        of the thinned networks; validation sees the whole one.

    Raises
    ------
    UnknownNameError
        Where `on_divergence` is none of the three.
    SpecificationError
        Where `max_epochs` is below 1.

    Examples
    --------
    >>> from chainrule.training import GradientDescent
    >>> Recipe(solver=GradientDescent(momentum=0.5), schedule=Constant(0.1)).max_epochs
    200
    """

    solver: Solver = field(default_factory=Adam)
    schedule: Schedule = field(default_factory=Constant)
    batches: Batches = field(default_factory=lambda: ShuffledBatches(200))
    stopping: Stopping = field(default_factory=Stopping)
    max_epochs: int = 200
    on_divergence: OnDivergence = "raise"
    clipping: Clipping | None = None
    dropout: Dropout | None = None

    def __post_init__(self) -> None:
        require_at_least("max_epochs", self.max_epochs, 1)
        if self.on_divergence not in get_args(OnDivergence):
            raise UnknownNameError("on_divergence", self.on_divergence, get_args(OnDivergence))
