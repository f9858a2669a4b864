"""The scores that early stopping watches, taken from outputs a part of the samples at a time.

They are scikit-learn's accuracy and coefficient of determination. All held-out outputs at once, and
what is made of them on the way, can take more memory than the samples do.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from chainrule.arrays import Array
from chainrule.estimators.samples import Samples
from chainrule.training import ScoreByParts

__all__ = ["accuracy", "determination"]

_ROWS_AT_ONCE: Final = 16384


def accuracy(held_out: Samples, answers: Callable[[Array], Array]) -> ScoreByParts:
    """Score by the share of samples all of whose labels are right.

    Parameters
    ----------
    held_out : Samples
        What is scored.
    answers : callable
        Gives labels for outputs, or for targets.

    Returns
    -------
    ScoreByParts

    References
    ----------
    scikit-learn 1.9, ``accuracy_score``.

    Examples
    --------
    >>> held_out = Samples(np.eye(2), np.array([[1.0], [0.0]]))
    >>> accuracy(held_out, np.round)([np.array([[0.8], [0.7]])])
    0.5
    """
    weight = held_out.weights()

    def score(parts: Iterable[Array]) -> float:
        right = np.empty(held_out.n_samples, np.bool_)
        for rows, outputs in _placed(parts):
            is_right = answers(held_out.targets(rows)) == answers(outputs)
            right[rows] = is_right.reshape(len(is_right), -1).all(axis=1)
        return float(np.average(right, weights=weight))

    return score


def determination(held_out: Samples) -> ScoreByParts:
    """Score by the mean over the outputs of the coefficient of determination.

    Parameters
    ----------
    held_out : Samples
        What is scored.

    Returns
    -------
    ScoreByParts
        Gives NaN where an output is not finite, and for a single sample.

    References
    ----------
    scikit-learn 1.9, ``r2_score``.

    Examples
    --------
    >>> held_out = Samples(np.eye(2), np.array([[1.0], [3.0]]))
    >>> determination(held_out)([np.array([[2.0]]), np.array([[3.0]])])
    0.5
    """
    weight = held_out.weights()

    def total(rows: slice, squares: Array) -> Array:
        return np.asarray((squares if weight is None else weight[rows, None] * squares).sum(axis=0))

    def truth(rows: slice) -> Array:
        return held_out.targets(rows).astype(np.float64, copy=False)

    whole = held_out.n_samples if weight is None else weight.sum()
    parts_of_truth = list(_parts(held_out.n_samples))
    mean = np.sum([total(rows, truth(rows)) for rows in parts_of_truth], axis=0) / whole
    squares = [total(rows, (truth(rows) - mean) ** 2) for rows in parts_of_truth]
    spread = np.sum(squares, axis=0)

    def score(parts: Iterable[Array]) -> float:
        error = np.zeros_like(spread)
        for rows, outputs in _placed(parts):
            if not np.isfinite(outputs).all():
                return np.nan
            error = error + total(rows, (truth(rows) - outputs) ** 2)
        if held_out.n_samples < 2:
            text = "R^2 score is not well-defined with less than two samples."
            warnings.warn(text, UndefinedMetricWarning, stacklevel=2)
            return np.nan
        return float(np.mean(_explained(error, spread)))

    return score


def _explained(error: Array, spread: Array) -> Array:
    """Give ``1 - error/spread``; where there is no spread 1 for no error, and else 0."""
    varies = spread != 0
    shares = 1 - error / np.where(varies, spread, 1)
    return np.where(varies, shares, error == 0)


def _parts(n_samples: int) -> Iterator[slice]:
    for start in range(0, n_samples, _ROWS_AT_ONCE):
        yield slice(start, min(start + _ROWS_AT_ONCE, n_samples))


def _placed(parts: Iterable[Array]) -> Iterator[tuple[slice, Array]]:
    start = 0
    for outputs in parts:
        yield slice(start, start + len(outputs)), outputs
        start += len(outputs)
