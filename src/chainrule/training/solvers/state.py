"""What a solver is, and what it remembers between steps."""

from dataclasses import dataclass, field
from typing import Protocol, final

from chainrule.arrays import Array
from chainrule.parameters import Parameters

__all__ = ["Solver", "SolverState"]


@final
@dataclass
class SolverState:
    """The memory of a solver: a count and vectors shaped like the parameters, nothing else.

    Being plain, it can be saved, restored bit for bit, and handed to an engine that does the
    steps of a whole epoch itself.

    Parameters
    ----------
    t : int
        Steps done.
    slots : dict of str to array, shape (n_parameters,)
        The vectors by name, such as ``"velocity"``.

    Examples
    --------
    >>> SolverState().t
    0
    """

    t: int = 0
    slots: dict[str, Array] = field(default_factory=dict)


class Solver(Protocol):
    """A rule for one step along the gradient of a mini-batch."""

    @property
    def name(self) -> str:
        """The solver's name."""

    def start(self, params: Parameters) -> SolverState:
        """Give the state before the first step."""

    def step(
        self, params: Parameters, gradient: Parameters, state: SolverState, rate: float
    ) -> None:
        """Update `params` and `state` in place; `gradient` is consumed."""
