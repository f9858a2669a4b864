"""The same rate throughout."""

from dataclasses import dataclass
from typing import final

from chainrule.training.hyperparameters import require_positive

__all__ = ["Constant"]


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
