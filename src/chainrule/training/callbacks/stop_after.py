"""A limit on the time that training takes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import final

from chainrule.training.callbacks.callback import Progress
from chainrule.training.hyperparameters import require_positive

__all__ = ["StopAfter"]


@final
@dataclass(frozen=True)
class StopAfter:
    """A callback that ends training once some time has passed since the callback was made.

    It is asked after every step, so training ends within a step of the limit. A pause between
    two trainings counts; make one for each.

    Parameters
    ----------
    seconds : float
        The time that training may take.
    clock : callable, default=time.monotonic
        Gives the time in seconds.

    Raises
    ------
    SpecificationError
        Where `seconds` is not positive.

    Examples
    --------
    >>> times = iter([100.0, 107.0, 112.0])
    >>> callback = StopAfter(10.0, clock=lambda: next(times))
    >>> callback.on_step_end(1, 2), callback.on_step_end(2, 2)
    (False, True)
    """

    seconds: float
    clock: Callable[[], float] = monotonic
    _began: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        require_positive("seconds", self.seconds)
        object.__setattr__(self, "_began", self.clock())

    def on_step_end(self, _step: int, _n_steps: int, /) -> bool:
        """Tell whether the time is over.

        Parameters
        ----------
        _step, _n_steps : int

        Returns
        -------
        bool
        """
        return self.clock() - self._began >= self.seconds

    def on_epoch_end(self, _progress: Progress, /) -> bool:
        """Tell whether the time is over.

        Parameters
        ----------
        _progress : Progress

        Returns
        -------
        bool
        """
        return self.clock() - self._began >= self.seconds
