"""The softmax output: a distribution over the classes."""

import numpy as np
import scipy.special

from chainrule.arrays import Array
from chainrule.calculus.nodes import ColumnSums, Diag
from chainrule.calculus.primitives import exp, log
from chainrule.outputs.output import Output, Range, g, y, z

__all__ = ["SOFTMAX"]


def _shifted(rows: Array) -> Array:
    """Subtract the largest real part of a row, which changes no quotient and prevents overflow."""
    return rows - np.max(np.real(rows), axis=-1, keepdims=True)


def _softmax(rows: Array) -> Array:
    exponentials = np.exp(_shifted(rows))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def _log_softmax(rows: Array) -> Array:
    shifted = _shifted(rows)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def _log_one_minus_softmax(rows: Array) -> Array:
    """Evaluate ``log(1 - y)``; for the largest output from the others, since 1 - y cancels."""
    logs = _log_softmax(rows)
    is_largest = np.arange(rows.shape[-1]) == np.argmax(np.real(rows), axis=-1)[..., None]
    others = np.where(is_largest, -np.inf, logs)
    shift = np.max(np.real(others), axis=-1, keepdims=True)
    of_largest = shift + np.log(np.sum(np.exp(others - shift), axis=-1, keepdims=True))
    return np.where(is_largest, of_largest, scipy.special.log1p(-np.exp(others)))


SOFTMAX = Output(
    name="softmax",
    latex=r"\operatorname{softmax}",
    text="softmax",
    range=Range.SIMPLEX,
    value=exp(z) / ColumnSums(exp(z)),
    jacobian=Diag(y) - y @ y.T,
    pullback=g * y.T - (g @ y) @ y.T,
    evaluate=_softmax,
    logarithms={log(y): _log_softmax, log(1 - y): _log_one_minus_softmax},
)
