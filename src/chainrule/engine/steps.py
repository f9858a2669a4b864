"""Many steps of a solver in one call: what is asked of an engine that can do them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeGuard, final

from chainrule.arrays import Array
from chainrule.dropout import Dropout
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters

__all__ = [
    "ClippingRule",
    "Descent",
    "SolverRule",
    "StepEngine",
    "Stepping",
    "Steps",
    "StepsDone",
    "does_steps",
]


@final
@dataclass(frozen=True)
class SolverRule:
    """The rule of a step, with its numbers; those of other rules are not used.

    Parameters
    ----------
    kind : {"gradient_descent", "nesterov", "adam"}
        The rule. The first two have one vector of memory, Adam has two.
    momentum, beta_1, beta_2, epsilon, weight_decay : float
        As in `chainrule.training.solvers`.
    """

    kind: Literal["gradient_descent", "nesterov", "adam"]
    momentum: float = 0.0
    beta_1: float = 0.0
    beta_2: float = 0.0
    epsilon: float = 1.0
    weight_decay: float = 0.0


@final
@dataclass(frozen=True)
class ClippingRule:
    """A bound on the gradient: on its length, or on every entry.

    Parameters
    ----------
    kind : {"norm", "value"}
        What is bounded.
    bound : float
        The bound.
    """

    kind: Literal["norm", "value"]
    bound: float


@final
@dataclass(frozen=True, eq=False)
class Descent:
    """What all steps of a training have in common.

    Parameters
    ----------
    objective : Objective
        What is descended, without dropout; its `l2` is ``λ``, or with `l2_per_weight` the number
        that each step divides by the total weight of its batch.
    data : Batch
        All samples. ``X`` may be a SciPy CSR matrix, and ``T`` rows that are kept otherwise.
    params : Parameters
        Changed in place.
    slots : tuple of arrays
        The solver's memory, changed in place.
    solver : SolverRule
        The rule of a step.
    l2_per_weight : bool
        See `objective`.
    clipping : ClippingRule, optional
        A bound on the gradient.
    dropout : Dropout, optional
        The rates of dropout; the number of a step is `Steps.before` and those done since.
    dropout_seed : int
        The seed of all masks.
    stop_on_divergence : bool
        Whether to end before the first update by a loss that is not finite.
    after_step : callable, optional
        Called with the number of steps done; ends the call where it returns True.
    """

    objective: Objective
    data: Batch
    params: Parameters
    slots: tuple[Array, ...]
    solver: SolverRule
    l2_per_weight: bool = False
    clipping: ClippingRule | None = None
    dropout: Dropout | None = None
    dropout_seed: int = 0
    stop_on_divergence: bool = True
    after_step: Callable[[int], bool] | None = None


@final
@dataclass(eq=False, slots=True)
class Steps:
    """Steps to be done, one after another.

    Parameters
    ----------
    before : int
        Steps that the solver has done before.
    rows : array of int32 or int64, optional
        The rows of all steps, one after another; None stands for 0, 1, 2, ….
    starts : array of int64, shape (n_steps + 1,)
        Where the rows of each step begin, and where the last ones end.
    rates : array, shape (n_steps,)
        The learning rates.
    """

    before: int
    rows: Array | None
    starts: Array
    rates: Array


@final
@dataclass
class StepsDone:
    """What has been done, also where a call ended with an exception.

    Parameters
    ----------
    n_steps : int
        The steps whose loss was evaluated.
    n_updates : int
        Those that changed the parameters; one less where the loss of the last was not finite.
    n_rows : int
        The rows seen.
    total : float
        The sum of the losses, each times its number of rows.
    last_finite_loss : float, optional
        The last loss that was finite.
    diverged_at : int, optional
        The step, 1 for the first, whose loss was the first not to be finite.
    finite_before : float, optional
        The last finite loss before that.
    stopped : bool
        Whether `after_step` ended the call.
    weightless : bool
        Whether the next batch has no weight by which the penalty could be divided.
    """

    n_steps: int = 0
    n_updates: int = 0
    n_rows: int = 0
    total: float = 0.0
    last_finite_loss: float | None = None
    diverged_at: int | None = None
    finite_before: float | None = None
    stopped: bool = False
    weightless: bool = False


class Stepping(Protocol):
    """A training that an engine is ready to go on with, until it is closed."""

    def do(self, steps: Steps, done: StepsDone, /) -> None:
        """Do the steps, and write into `done` how far they got, whatever happens."""
        ...

    def close(self) -> None:
        """Let go of what the training took."""
        ...


class StepEngine(Protocol):
    """An engine that can do many steps in one call."""

    def can_step(self, objective: Objective) -> bool:
        """Tell whether it has all that the objective needs."""
        ...

    def stepping(self, descent: Descent) -> Stepping:
        """Make ready for the steps of a training."""
        ...


def does_steps(engine: object) -> TypeGuard[StepEngine]:
    """Tell whether an engine can do many steps in one call.

    Parameters
    ----------
    engine : object
        Any engine.

    Returns
    -------
    bool
    """
    return hasattr(engine, "stepping")
