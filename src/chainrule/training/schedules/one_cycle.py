"""A rate that rises and falls once."""

from dataclasses import dataclass
from typing import final

from chainrule.errors import SpecificationError
from chainrule.training.hyperparameters import require_at_least, require_positive
from chainrule.training.schedules.annealing import half_cosine

__all__ = ["OneCycle"]


@final
@dataclass(frozen=True)
class OneCycle:
    """A rate that rises to ``η_0`` and falls far below where it began, step by step.

    From ``η_0/d`` it rises along a half cosine to ``η_0``, which it reaches after the share
    `rise` of `max_epochs`, and falls along another to ``η_0/(d f)`` at their end.

    Parameters
    ----------
    learning_rate_init : float, default=0.001
        The highest rate ``η_0``.
    max_epochs : int, default=200
        The epochs of the cycle; in those beyond, the rate stays at its end.
    rise : float, default=0.3
        The share of the cycle in which the rate rises.
    div_factor : float, default=25.0
        ``d``: how many times lower the rate begins.
    final_div_factor : float, default=1e4
        ``f``: how many times lower than it began the rate ends.

    Raises
    ------
    SpecificationError
        Where `learning_rate_init` is not positive, `max_epochs` or a divisor is below 1, or
        `rise` is not between 0 and 1.

    Notes
    -----
    The momentum stays as the solver has it; in the paper it moves against the rate.

    References
    ----------
    Smith and Topin, "Super-convergence: very fast training of neural networks using large
    learning rates", 2018 (arXiv:1708.07120), section 3, where both ways are straight lines and a
    third one leads from ``η_0/d`` to the end. The two cosines, the names and the defaults are
    those of ``torch.optim.lr_scheduler.OneCycleLR``.

    Examples
    --------
    >>> schedule = OneCycle(0.1, max_epochs=10)
    >>> [round(schedule.at(0.1, done), 6) for done in (0, 1.5, 3, 6.5, 10)]
    [0.004, 0.052, 0.1, 0.05, 0.0]
    """

    learning_rate_init: float = 0.001
    max_epochs: int = 200
    rise: float = 0.3
    div_factor: float = 25.0
    final_div_factor: float = 1e4

    def __post_init__(self) -> None:
        require_positive("learning_rate_init", self.learning_rate_init)
        require_at_least("max_epochs", self.max_epochs, 1)
        require_at_least("div_factor", self.div_factor, 1)
        require_at_least("final_div_factor", self.final_div_factor, 1)
        if not 0 < self.rise < 1:
            raise SpecificationError(f"rise must be between 0 and 1, got {self.rise}")

    def at(self, rate: float, progress: float, /) -> float:
        """Give the rate of a step.

        Parameters
        ----------
        rate : float
            ``η_0``.
        progress : float
            Epochs since the beginning.

        Returns
        -------
        float
        """
        first, done = 1 / self.div_factor, progress / self.max_epochs
        if done < self.rise:
            # from η_0/d to η_0
            return rate * half_cosine(first, 1.0, done / self.rise)
        # from η_0 to η_0/(d f)
        last = first / self.final_div_factor
        return rate * half_cosine(1.0, last, (done - self.rise) / (1 - self.rise))

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
