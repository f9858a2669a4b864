"""Learning-rate schedules: what the rate is at each step of training.

A schedule is asked at three moments: before every step (`at`), after every epoch
(`after_epoch`) and when the stopping criterion sees no improvement any more (`on_plateau`). The
rate that it moves is one number of the training state; the schedule itself never changes.
"""

from dataclasses import dataclass
from typing import Protocol, final

from chainrule.training.hyperparameters import require_at_least, require_positive

__all__ = ["Adaptive", "Constant", "InverseScaling", "Schedule"]


class Schedule(Protocol):
    """How the learning rate moves."""

    @property
    def learning_rate_init(self) -> float:
        """The rate ``η_0`` that training begins with."""

    def at(self, rate: float, progress: float, /) -> float:
        """Give the rate of a step, `progress` epochs (a fraction) after the beginning."""

    def after_epoch(self, rate: float, t: int, /) -> float:
        """Give the rate of the next epoch, `t` samples after the beginning."""

    def on_plateau(self, rate: float, /) -> float | None:
        """Give the rate to go on with when nothing improves, or None to end training."""


@final
@dataclass(frozen=True)
class Constant:
    """The same rate throughout: ``η = η_0``.

    Parameters
    ----------
    learning_rate_init : float, default=0.001
        The rate ``η_0``.

    Raises
    ------
    SpecificationError
        Where `learning_rate_init` is not positive.

    Examples
    --------
    >>> Constant(0.1).after_epoch(0.1, 1000)
    0.1
    """

    learning_rate_init: float = 0.001

    def __post_init__(self) -> None:
        require_positive("learning_rate_init", self.learning_rate_init)

    def at(self, rate: float, _progress: float, /) -> float:
        """Give the rate of a step: the epoch's.

        Parameters
        ----------
        rate : float
            The epoch's rate.
        _progress : float
            Epochs since the beginning.

        Returns
        -------
        float
        """
        return rate

    def after_epoch(self, rate: float, _t: int, /) -> float:
        """Keep the rate.

        Parameters
        ----------
        rate : float
        _t : int
            Samples since the beginning.

        Returns
        -------
        float
        """
        return rate

    def on_plateau(self, _rate: float, /) -> None:
        """End training.

        Parameters
        ----------
        _rate : float
        """
        return


@final
@dataclass(frozen=True)
class InverseScaling:
    """A rate that falls with the samples seen: ``η = η_0 / (t + 1)^power_t`` after each epoch.

    Parameters
    ----------
    learning_rate_init : float, default=0.001
        The rate ``η_0`` of the first epoch.
    power_t : float, default=0.5
        The exponent.

    Raises
    ------
    SpecificationError
        Where `learning_rate_init` is not positive or `power_t` is negative.

    References
    ----------
    scikit-learn 1.9, ``learning_rate="invscaling"``. `t` counts samples, not steps.

    Examples
    --------
    >>> InverseScaling(0.1, power_t=0.5).after_epoch(0.1, 99)
    0.01
    """

    learning_rate_init: float = 0.001
    power_t: float = 0.5

    def __post_init__(self) -> None:
        require_positive("learning_rate_init", self.learning_rate_init)
        require_at_least("power_t", self.power_t, 0)

    def at(self, rate: float, _progress: float, /) -> float:
        """Give the rate of a step: the epoch's.

        Parameters
        ----------
        rate : float
            The epoch's rate.
        _progress : float
            Epochs since the beginning.

        Returns
        -------
        float
        """
        return rate

    def after_epoch(self, _rate: float, t: int, /) -> float:
        """Give ``η_0 / (t + 1)^power_t``.

        Parameters
        ----------
        _rate : float
            Not used: the rate follows from `t` alone.
        t : int
            Samples since the beginning.

        Returns
        -------
        float
        """
        return float(self.learning_rate_init) / float((t + 1) ** self.power_t)

    def on_plateau(self, _rate: float, /) -> None:
        """End training.

        Parameters
        ----------
        _rate : float
        """
        return


@final
@dataclass(frozen=True)
class Adaptive:
    """A rate that is divided whenever nothing improves: ``η ← η / factor``.

    Parameters
    ----------
    learning_rate_init : float, default=0.001
        The rate to begin with.
    factor : float, default=5.0
        What the rate is divided by on a plateau.
    smallest : float, default=1e-6
        A plateau at this rate, or below it, ends training.

    Raises
    ------
    SpecificationError
        Where `learning_rate_init` is not positive, `factor` is below 1 or `smallest` is negative.

    References
    ----------
    scikit-learn 1.9, ``learning_rate="adaptive"``.

    Examples
    --------
    >>> Adaptive(0.1).on_plateau(0.1)
    0.02
    >>> Adaptive(0.1).on_plateau(1e-6) is None
    True
    """

    learning_rate_init: float = 0.001
    factor: float = 5.0
    smallest: float = 1e-6

    def __post_init__(self) -> None:
        require_positive("learning_rate_init", self.learning_rate_init)
        require_at_least("factor", self.factor, 1)
        require_at_least("smallest", self.smallest, 0)

    def at(self, rate: float, _progress: float, /) -> float:
        """Give the rate of a step: the epoch's.

        Parameters
        ----------
        rate : float
            The epoch's rate.
        _progress : float
            Epochs since the beginning.

        Returns
        -------
        float
        """
        return rate

    def after_epoch(self, rate: float, _t: int, /) -> float:
        """Keep the rate.

        Parameters
        ----------
        rate : float
        _t : int
            Samples since the beginning.

        Returns
        -------
        float
        """
        return rate

    def on_plateau(self, rate: float, /) -> float | None:
        """Give the next smaller rate, or None where the rate is small enough already.

        Parameters
        ----------
        rate : float

        Returns
        -------
        float or None
        """
        return None if rate <= self.smallest else rate / self.factor
