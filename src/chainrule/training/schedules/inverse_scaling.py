"""A rate that falls with a power of the samples seen."""

from dataclasses import dataclass
from typing import final

from chainrule.training.hyperparameters import require_at_least, require_positive

__all__ = ["InverseScaling"]


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
