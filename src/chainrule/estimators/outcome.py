"""How a training ended, in scikit-learn's warnings and errors."""

import math
import warnings

from scipy.optimize import OptimizeResult
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.optimize import _check_optimize_result

from chainrule.errors import DivergenceError
from chainrule.training import Divergence, Progress, Result, StopReason

__all__ = ["diverged", "is_hopeless", "tell_full_batch", "tell_stochastic"]

#: SciPy's numbers for the ends of L-BFGS that are no convergence.
_STATUS = {StopReason.MAX_EPOCHS: 1, StopReason.LINE_SEARCH: 2, StopReason.DIVERGED: 2}


def diverged(divergence: Divergence | None, remedy: str) -> DivergenceError:
    """Make the error for weights that are not finite.

    Parameters
    ----------
    divergence : Divergence or None
        Where it began; None where the weights were not finite from the start.
    remedy : str
        What to try.

    Returns
    -------
    DivergenceError
        A ValueError that begins with scikit-learn's message.
    """
    began = "" if divergence is None else f" {_sentence(divergence)} Try {remedy}."
    return DivergenceError(
        "Solver produced non-finite parameter weights. The input data may contain large values "
        f"and need to be preprocessed.{began}"
    )


def is_hopeless(progress: Progress) -> bool:
    """Tell whether a weight is infinite or NaN, which no step can mend."""
    return not progress.is_finite


def tell_stochastic(result: Result, max_iter: int | None, remedy: str) -> None:
    """Warn where training was interrupted, did not converge, or passed through infinity.

    Parameters
    ----------
    result : Result
        What training ended with.
    max_iter : int or None
        The limit of epochs; None where one epoch was asked for, which need not converge.
    remedy : str
        What to try after a divergence.
    """
    _tell_interruption(result)
    if result.stop_reason is StopReason.MAX_EPOCHS and max_iter is not None:
        _warn(
            f"Stochastic Optimizer: Maximum iterations ({max_iter}) reached and the optimization "
            "hasn't converged yet."
        )
    if result.divergence is not None:
        _warn(f"{_sentence(result.divergence)} Try {remedy}. The weights that are kept are finite.")


def tell_full_batch(result: Result, max_iter: int) -> None:
    """Warn where L-BFGS was interrupted or did not converge.

    Parameters
    ----------
    result : Result
        What training ended with.
    max_iter : int
        The limit of iterations.
    """
    _tell_interruption(result)
    if result.stop_reason in _STATUS:
        status = _STATUS[result.stop_reason]
        ended = OptimizeResult()
        message = _sentence(result.divergence) if result.divergence else result.message
        ended.update(status=status, nit=result.n_iter, message=message)
        _check_optimize_result("lbfgs", ended, max_iter)


def _tell_interruption(result: Result) -> None:
    if result.stop_reason is StopReason.INTERRUPTED:
        warnings.warn("Training interrupted by user.", stacklevel=2)


def _warn(message: str) -> None:
    warnings.warn(message, ConvergenceWarning, stacklevel=2)


def _sentence(divergence: Divergence) -> str:
    before = (
        f"the last finite loss was {divergence.last_finite_loss:.6g}"
        if math.isfinite(divergence.last_finite_loss)
        else "no loss was finite before"
    )
    verb = "was" if divergence.what == "loss" else "were"
    return (
        f"The {divergence.what} {verb} not finite at step {divergence.step} of epoch "
        f"{divergence.epoch}; {before}."
    )
