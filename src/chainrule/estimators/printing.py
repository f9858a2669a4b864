"""What `verbose` prints: a line an epoch, and why training ends."""

from dataclasses import dataclass
from typing import final

from chainrule.training import Adaptive, Progress, Recipe

__all__ = ["PrintedEpochs"]


@final
@dataclass(frozen=True)
class PrintedEpochs:
    """Print every epoch to standard output, in scikit-learn's words.

    Parameters
    ----------
    recipe : Recipe, optional
        How the network is trained; L-BFGS has none.

    Examples
    --------
    >>> from chainrule.training import EpochRecord
    >>> record = EpochRecord(epoch=1, loss=0.25, learning_rate=0.1, seconds=0.0)
    >>> PrintedEpochs().on_epoch_end(Progress(record, 10, None, None))
    Iteration 1, loss = 0.25000000
    False
    """

    recipe: Recipe | None = None

    def on_step_end(self, _step: int, _n_steps: int, /) -> bool:
        """Print nothing.

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
        """Print the epoch.

        Parameters
        ----------
        progress : Progress

        Returns
        -------
        bool
            False.
        """
        record = progress.record
        print(f"Iteration {record.epoch}, loss = {record.loss:.8f}")
        if record.validation_score is not None:
            print(f"Validation score: {record.validation_score:f}")
        if self.recipe is not None:
            _print_plateau(self.recipe, progress)
        return False


def _print_plateau(recipe: Recipe, progress: Progress) -> None:
    consequence = _consequence(recipe, progress)
    if consequence:
        stopping = recipe.stopping
        watched = "Training loss" if stopping.monitor == "loss" else "Validation score"
        print(
            f"{watched} did not improve more than tol={stopping.tol:f} "
            f"for {stopping.n_iter_no_change} consecutive epochs. {consequence}"
        )


def _consequence(recipe: Recipe, progress: Progress) -> str:
    """Say what a plateau led to, or nothing where there was none."""
    state, adaptive = progress.state, isinstance(recipe.schedule, Adaptive)
    if state is None:
        return ""
    if state.converged:
        return "Learning rate too small. Stopping." if adaptive else "Stopping."
    lowered = adaptive and state.rate < progress.record.learning_rate
    return f"Setting learning rate to {state.rate:f}" if lowered else ""
