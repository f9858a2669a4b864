"""The functions that formulas name, on real and complex numbers; values only, no derivatives."""

from collections.abc import Callable
from typing import Final

import numpy as np

from chainrule.calculus.evaluate import values
from chainrule.functions import FUNCTIONS
from chainrule.grading.problems import NotUnderstoodError, ShapeMistakeError
from chainrule.grading.value import OPEN, Numbers, Value

__all__ = ["ELEMENTWISE", "apply_elementwise", "slope", "softmax_over"]


def _sign(numbers: Numbers) -> Numbers:
    return np.sign(np.real(numbers))


def _absolute(numbers: Numbers) -> Numbers:
    return np.where(np.real(numbers) < 0, -numbers, numbers)


_NUMPY: Final[dict[str, Callable[[Numbers], Numbers]]] = {
    "log": np.log,
    "exp": np.exp,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "sin": np.sin,
    "cos": np.cos,
    "sqrt": np.sqrt,
    "sign": _sign,
    "abs": _absolute,
    "exponential": np.exp,
}
#: Every function that acts entry by entry.
ELEMENTWISE: Final = frozenset([*_NUMPY, *FUNCTIONS])

_STEP: Final = 1e-30
#: Where numbers are complex already, the slope is a central difference of order six.
_DIFFERENCES: Final = ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))
_SPACING: Final = 1e-3


def evaluate(name: str, numbers: Numbers) -> Numbers:
    """Apply a named function to every entry."""
    with np.errstate(all="ignore"):
        if name in _NUMPY:
            inexact = np.asarray(numbers)
            if name in ("log", "sqrt") and not np.iscomplexobj(inexact) and np.any(inexact < 0):
                return np.where(inexact < 0, np.nan, _NUMPY[name](np.abs(inexact)))
            return _NUMPY[name](inexact)
        if name in FUNCTIONS:
            return values(FUNCTIONS[name], numbers)
    raise NotUnderstoodError(f"the function {name} is not known")


def apply_elementwise(name: str, argument: Value) -> Value:
    """Apply a named function to every entry of a value."""
    if argument.kind in OPEN:
        raise ShapeMistakeError("a function of ones whose number is left open")
    return argument.with_data(evaluate(name, argument.data))


def slope(function: Callable[[Value], Value], argument: Value) -> Value:
    """Differentiate a function of one entry at every entry, by its values alone."""
    if not np.iscomplexobj(argument.data):
        moved = argument.with_data(argument.data + 1j * _STEP)
        result = function(moved)
        return Value(np.imag(result.data) / _STEP, result.axes)
    total: Value | None = None
    for step, weight in _DIFFERENCES:
        for sign in (1, -1):
            moved = argument.with_data(argument.data + sign * step * _SPACING)
            term = function(moved)
            data = term.data * (sign * weight / _SPACING)
            total = Value(data if total is None else total.data + data, term.axes)
    if total is None:
        raise NotUnderstoodError("the function has no slope")
    return total


def softmax_over(argument: Value, axis: int) -> Value:
    """Take the softmax over an axis of the numbers."""
    shifted = argument.data - np.max(np.real(argument.data), axis=axis, keepdims=True)
    exponentials = np.exp(shifted)
    return argument.with_data(exponentials / np.sum(exponentials, axis=axis, keepdims=True))
