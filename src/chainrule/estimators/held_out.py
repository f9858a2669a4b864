"""What an estimator watches after every epoch: held-out samples, their score and their loss."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any, final

import numpy as np
from sklearn.metrics import check_scoring

from chainrule.arrays import Array
from chainrule.errors import SpecificationError
from chainrule.parameters import Parameters
from chainrule.training import HeldOut, Progress, Validated, Validation

__all__ = ["ByIteration", "Scored", "parts_of", "scored"]


def parts_of(validation_data: Any) -> tuple[Any, Any, Any]:
    """Take apart what the user held out.

    Parameters
    ----------
    validation_data : tuple
        ``(X, y)`` or ``(X, y, sample_weight)``.

    Returns
    -------
    X, y, sample_weight
        The last of them None where it was not given.

    Raises
    ------
    SpecificationError
        If it is anything else.

    Examples
    --------
    >>> parts_of(([[1.0]], [2.0]))
    ([[1.0]], [2.0], None)
    """
    is_tuple = isinstance(validation_data, tuple | list)
    if not is_tuple or len(validation_data) not in (2, 3):
        length = f" of {len(validation_data)} parts" if is_tuple else ""
        raise SpecificationError(
            "validation_data must be a tuple (X, y) or (X, y, sample_weight), got a "
            f"{type(validation_data).__name__}{length}"
        )
    X, y, *weight = validation_data
    return X, y, weight[0] if weight else None


@final
@dataclass(frozen=True)
class Scored:
    """Held-out samples with a score that is a function of the parameters.

    Parameters
    ----------
    held_out : HeldOut
        Gives their loss.
    score : callable, optional
        Takes the parameters; by default minus the loss.
    """

    held_out: HeldOut
    score: Callable[[Parameters], float] | None = None

    def __call__(self, params: Parameters) -> Validated:
        """Validate.

        Parameters
        ----------
        params : Parameters
            After an epoch.

        Returns
        -------
        Validated
        """
        loss = self.held_out(params).loss
        if self.score is not None:
            return Validated(self.score(params), loss)
        return Validated(None if loss is None else -loss, loss)


def scored(
    held_out: HeldOut,
    scoring: str | Callable[..., Any] | None,
    fitted: Callable[[Parameters], Any],
    answers: Callable[[], tuple[Any, Array, Array | None]],
) -> Validation:
    """Watch held-out samples with the score that the user asks for.

    Parameters
    ----------
    held_out : HeldOut
        With the score that is used where none is asked for.
    scoring : str, callable or None
        The name of a scorer, a scorer, ``"loss"`` for minus the loss, or None.
    fitted : callable
        Gives an estimator that predicts with the parameters that it takes.
    answers : callable
        Gives the inputs of the held-out samples, what is to be predicted, and sample weights or
        None; asked only where there is a scorer, which needs a copy of them.

    Returns
    -------
    Validation
    """
    if scoring is None:
        return held_out
    if scoring == "loss":
        return Scored(held_out)
    X, y, weight = answers()

    def score(params: Parameters) -> float:
        if not np.isfinite(params.vector).all():
            return np.nan
        estimator = fitted(params)
        scorer = check_scoring(estimator, scoring)
        takes_weights = weight is not None and _takes_weights(scorer)
        weights = {"sample_weight": weight} if takes_weights else {}
        return _number(scorer(estimator, X, y, **weights), scoring)

    return Scored(held_out, score)


def _takes_weights(scorer: Any) -> bool:
    if hasattr(scorer, "_accept_sample_weight"):  # one of scikit-learn's
        return bool(scorer._accept_sample_weight())
    return "sample_weight" in signature(scorer).parameters


def _number(value: Any, scoring: object) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise SpecificationError(
            f"scoring={scoring!r} must give one number, and gave {value!r}"
        ) from None


@final
@dataclass(frozen=True)
class ByIteration:
    """A callback that validates after every iteration of L-BFGS, which does not do so itself.

    Parameters
    ----------
    validation : Validation
        What is watched.
    seen : list of Validated
        Grows by one entry an iteration.
    best : list
        The best score so far and its parameters; empty before the first.
    """

    validation: Validation
    seen: list[Validated]
    best: list[tuple[float, Parameters]]

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
        """Validate.

        Parameters
        ----------
        progress : Progress

        Returns
        -------
        bool
            False.
        """
        found = self.validation(progress.params)
        self.seen.append(found)
        score = -np.inf if found.score is None or np.isnan(found.score) else found.score
        if not self.best or score > self.best[-1][0]:
            self.best[:] = [(score, progress.params.copy())]
        return False
