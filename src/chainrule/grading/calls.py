"""Functions of values: entry by entry, softmax, diag, and those that a document defines."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from chainrule.grading.definitions import Builtin
from chainrule.grading.functions import ELEMENTWISE, apply_elementwise, slope, softmax_over
from chainrule.grading.problems import NotUnderstoodError, ShapeMistakeError
from chainrule.grading.scope import Scope
from chainrule.grading.value import OPEN, Value, described
from chainrule.read.tree import Node

__all__ = ["apply_named", "apply_symbol", "diagonal"]

#: Letters that stand for the softmax where a document does not define them.
_SOFTMAX_LETTERS: Final = frozenset(["s", "S"])


def apply_named(name: str, argument: Value, scope: Scope) -> Value:
    """Apply a function by its name."""
    if name in ELEMENTWISE:
        return apply_elementwise(name, argument)
    if name == "softmax":
        return _softmax(argument, scope)
    if name == "diag":
        return diagonal(argument)
    if name == "trace":
        return Value(np.trace(argument.data, axis1=-2, axis2=-1)[..., None, None], argument.axes)
    raise NotUnderstoodError(f"the function {name} is not known")


def _softmax(argument: Value, scope: Scope) -> Value:
    if argument.is_number:
        raise ShapeMistakeError("the softmax takes all outputs at once, and is given a number")
    rows, columns = argument.shape
    if columns == 1:
        return softmax_over(argument, -2)
    if rows == 1:
        return softmax_over(argument, -1)
    batch = scope.world.batch_axis(argument.data.shape)
    if batch is None:
        raise ShapeMistakeError(f"the softmax of a matrix of {described(argument.shape)}")
    return softmax_over(argument, -1 if batch == -2 else -2)


def diagonal(argument: Value) -> Value:
    """Put a vector on the diagonal of a matrix."""
    if argument.kind in ("ones", "ones-row"):
        return Value(argument.data, argument.axes, "identity")
    if 1 not in argument.shape:
        raise ShapeMistakeError(f"diag takes a vector, and is given {described(argument.shape)}")
    flat = argument.data.reshape(*argument.data.shape[:-2], -1)
    return Value(flat[..., None] * np.eye(flat.shape[-1]), argument.axes)


def apply_symbol(name: str, layer: int | None, primes: int, argument: Value, scope: Scope) -> Value:
    """Apply what a letter stands for, or its derivative: the document's function or the network's.

    Parameters
    ----------
    name : str
        The letter.
    layer : int or None
        Its layer, where it has one.
    primes : int
        0 for the function, 1 for its derivative.
    argument : Value
        What it is applied to.
    scope : Scope
        Where.

    Returns
    -------
    Value
        Of the shape of the argument.
    """
    function = _function(name, layer, scope)
    if primes == 0:
        return function(argument)
    if primes > 1:
        raise NotUnderstoodError("second derivatives are not graded")
    if _means_softmax(name, scope):
        raise ShapeMistakeError(
            "the derivative of the softmax is a matrix, and is used entry by entry"
        )
    if argument.kind in OPEN:
        raise ShapeMistakeError("a function of ones whose number is left open")
    return slope(function, argument)


def _means_softmax(name: str, scope: Scope) -> bool:
    if name == "softmax":
        return True
    defined = scope.program.find(name, None, "function") is not None
    return name in _SOFTMAX_LETTERS and not defined and scope.program.output == "softmax"


def _function(name: str, layer: int | None, scope: Scope) -> Callable[[Value], Value]:
    program = scope.program
    found = program.find(name, None, "function")
    if found is not None and not isinstance(found.definition.body, Builtin):
        body, parameter = found.definition.body, found.definition.parameter
        return lambda argument: _defined(body, parameter, argument, scope)
    is_own = name == "sigma" or _means_softmax(name, scope)
    applied = "" if is_own else program.applied_at(layer)
    if applied and applied != name and name not in ELEMENTWISE:
        return _function(applied, layer, scope)
    known = name if name in (*ELEMENTWISE, "softmax", "diag", "trace") else ""
    if not known:
        known = "softmax" if _means_softmax(name, scope) else program.function_of(name)
    return lambda argument: apply_named(known, argument, scope)


def _defined(body: Node, parameter: str, argument: Value, scope: Scope) -> Value:
    """Evaluate the body of a function; on an array it acts entry by entry."""
    rules = replace(scope.rules, elementwise=True)
    inner = replace(scope.of_definition(), rules=rules, locals={parameter: argument})
    return scope.evaluate(body, inner)
