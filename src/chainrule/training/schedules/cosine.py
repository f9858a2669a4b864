"""A rate that falls along a half cosine, after an optional warm-up."""

from dataclasses import dataclass
from typing import final

from chainrule.errors import SpecificationError
from chainrule.training.hyperparameters import require_at_least, require_fraction, require_positive
from chainrule.training.schedules.annealing import half_cosine

__all__ = ["Cosine"]


@final
@dataclass(frozen=True)
class Cosine:
    """A rate that falls along a half cosine, step by step: ``η = η_0 (1 + cos(π p)) / 2``.

    With ``P`` epochs done of ``N``, and ``w`` of them for the warm-up, ``p = (P - w)/(N - w)``.
    During the warm-up, ``P < w``, the rate climbs in a straight line,
    ``η = η_0 (s + (1 - s) P/w)``. With a `last_factor` ``e`` the cosine ends at ``e η_0``.

    Parameters
    ----------
    learning_rate_init : float, default=0.001
        The highest rate ``η_0``.
    max_epochs : int, default=200
        ``N``, where the rate has come to its end; it stays there in epochs beyond.
    warm_up : float, default=0.0
        The epochs ``w`` (a fraction is allowed) of the climb.
    first_factor : float, default=0.1
        The share ``s`` of `learning_rate_init` with which the climb begins.
    last_factor : float, default=0.0
        The share ``e`` of `learning_rate_init` with which the fall ends.

    Raises
    ------
    SpecificationError
        Where `learning_rate_init` is not positive, `max_epochs` is below 1, the warm-up does not
        lie within them, or a factor is not a share.

    References
    ----------
    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017
    (arXiv:1608.03983), equation 5, without restarts. The warm-up: Goyal et al., "Accurate, large
    minibatch SGD", 2017 (arXiv:1706.02677), section 2.2, "gradual warmup".

    Examples
    --------
    >>> schedule = Cosine(0.1, max_epochs=12, warm_up=2)
    >>> [round(schedule.at(0.1, done), 4) for done in (0, 1, 2, 7, 12)]
    [0.01, 0.055, 0.1, 0.05, 0.0]
    """

    learning_rate_init: float = 0.001
    max_epochs: int = 200
    warm_up: float = 0.0
    first_factor: float = 0.1
    last_factor: float = 0.0

    def __post_init__(self) -> None:
        require_positive("learning_rate_init", self.learning_rate_init)
        require_at_least("max_epochs", self.max_epochs, 1)
        require_fraction("first_factor", self.first_factor, closed=True)
        require_fraction("last_factor", self.last_factor, closed=True)
        if not 0 <= self.warm_up < self.max_epochs:
            raise SpecificationError(
                f"warm_up must be at least 0 and less than the {self.max_epochs} epochs of "
                f"max_epochs, got {self.warm_up}"
            )

    def at(self, rate: float, progress: float, /) -> float:
        """Give the rate of a step.

        Parameters
        ----------
        rate : float
            ``η_0``.
        progress : float
            ``P``, epochs since the beginning.

        Returns
        -------
        float
        """
        if progress < self.warm_up:
            # η = η_0 (s + (1 - s) P/w)
            return rate * (self.first_factor + (1 - self.first_factor) * progress / self.warm_up)
        # η = e η_0 + (1 - e) η_0 (1 + cos(π p)) / 2
        share = (progress - self.warm_up) / (self.max_epochs - self.warm_up)
        return rate * half_cosine(1.0, self.last_factor, share)

    def after_epoch(self, rate: float, _t: int, /) -> float:
        """Keep the rate, from which `at` makes that of every step.

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
