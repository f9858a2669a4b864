"""What a callback is and what it is told; the simplest two."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, final

from chainrule.network import Architecture
from chainrule.parameters import Parameters
from chainrule.training.history import EpochRecord
from chainrule.training.state import TrainingState

__all__ = ["Callback", "EpochCallback", "Progress", "StopFlag", "ask_after_epoch", "ask_after_step"]


@final
@dataclass(frozen=True)
class Progress:
    """What a callback is told at the end of an epoch (of an iteration, for L-BFGS).

    Parameters
    ----------
    record : EpochRecord
        What the epoch came to.
    max_epochs : int
        How many there are at most.
    params : Parameters
        The parameters after the epoch; to be copied, not kept.
    state : TrainingState or None
        The whole state, to be copied and resumed from; L-BFGS has none.
    architecture : Architecture, optional
        The network; training always tells it.
    is_finite : bool, default=True
        Whether every parameter is finite.
    """

    record: EpochRecord
    max_epochs: int
    params: Parameters
    state: TrainingState | None
    architecture: Architecture | None = None
    is_finite: bool = True


class Callback(Protocol):
    """Something that follows training. Both methods return True to end it there.

    One whose class has ``follows_steps = False`` is not asked after steps by engines that do many
    of them in one call.
    """

    def on_step_end(self, step: int, n_steps: int, /) -> bool:
        """Follow a step (for L-BFGS, an evaluation): the number of this one in its epoch.

        It is called after every step, so it should cost next to nothing.
        """

    def on_epoch_end(self, progress: Progress, /) -> bool:
        """Follow an epoch."""


@final
@dataclass(frozen=True)
class EpochCallback:
    """A callback that is one function, called at the end of each epoch.

    Parameters
    ----------
    function : callable
        Takes a `Progress`. An answer that is true ends training; None goes on.

    Examples
    --------
    >>> from chainrule.training import EpochCallback
    >>> losses = []
    >>> callback = EpochCallback(lambda progress: losses.append(progress.record.loss))
    """

    follows_steps: ClassVar[bool] = False

    function: Callable[[Progress], object]

    def on_step_end(self, _step: int, _n_steps: int, /) -> bool:
        """Go on.

        Parameters
        ----------
        _step, _n_steps : int

        Returns
        -------
        bool
            False.
        """
        return False

    def on_epoch_end(self, progress: Progress, /) -> bool:
        """Ask the function.

        Parameters
        ----------
        progress : Progress

        Returns
        -------
        bool
            Whether the function's answer was true.
        """
        return bool(self.function(progress))


@final
@dataclass
class StopFlag:
    """A flag that ends training within a step once it is set, from a signal handler or a thread.

    Parameters
    ----------
    is_set : bool, default=False

    Examples
    --------
    >>> flag = StopFlag()
    >>> flag.on_step_end(1, 10)
    False
    >>> flag.set()
    >>> flag.on_step_end(2, 10)
    True
    """

    is_set: bool = field(default=False)

    def set(self) -> None:
        """Ask training to end."""
        self.is_set = True

    def on_step_end(self, _step: int, _n_steps: int, /) -> bool:
        """Tell whether the flag is set.

        Parameters
        ----------
        _step, _n_steps : int

        Returns
        -------
        bool
        """
        return self.is_set

    def on_epoch_end(self, _progress: Progress, /) -> bool:
        """Tell whether the flag is set.

        Parameters
        ----------
        _progress : Progress

        Returns
        -------
        bool
        """
        return self.is_set


def ask_after_step(callbacks: Sequence[Callback], step: int, n_steps: int) -> bool:
    """Tell every callback of a step, and whether one of them asks to stop.

    Parameters
    ----------
    callbacks : sequence of Callback
    step, n_steps : int
        The number of the step in its epoch, and of all of them.

    Returns
    -------
    bool
    """
    answers = [callback.on_step_end(step, n_steps) for callback in callbacks]
    return any(answers)


def ask_after_epoch(callbacks: Sequence[Callback], progress: Progress) -> bool:
    """Tell every callback of an epoch, and whether one of them asks to stop.

    Parameters
    ----------
    callbacks : sequence of Callback
    progress : Progress

    Returns
    -------
    bool
    """
    answers = [callback.on_epoch_end(progress) for callback in callbacks]
    return any(answers)
