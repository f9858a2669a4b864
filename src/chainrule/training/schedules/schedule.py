"""What a schedule is."""

from typing import Protocol

__all__ = ["Schedule"]


class Schedule(Protocol):
    """How the learning rate moves."""

    @property
    def learning_rate_init(self) -> float:
        """The rate ``η_0``, from which all others are made."""

    def at(self, rate: float, progress: float, /) -> float:
        """Give the rate of a step, `progress` epochs (a fraction) after the beginning."""

    def after_epoch(self, rate: float, t: int, /) -> float:
        """Give the rate of the next epoch, `t` samples after the beginning."""

    def on_plateau(self, rate: float, /) -> float | None:
        """Give the rate to go on with when nothing improves, or None to end training."""
