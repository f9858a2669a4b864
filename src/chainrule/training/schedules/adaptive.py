"""A rate that is divided when nothing improves."""

from dataclasses import dataclass
from typing import final

from chainrule.training.hyperparameters import require_at_least, require_positive

__all__ = ["Adaptive"]


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
