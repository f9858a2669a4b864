"""Derivatives, taken from the values alone: one quantity is moved by a complex step.

No rule of differentiation is used, so that what is graded is compared with something that cannot
share its mistakes.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from chainrule.grading.components import indexed
from chainrule.grading.definitions import Key, coded
from chainrule.grading.keys import resolved, stack_of
from chainrule.grading.notation import Reference
from chainrule.grading.problems import IndexMistakeError, NotUnderstoodError
from chainrule.grading.quantities import quantity
from chainrule.grading.scope import Scope
from chainrule.grading.value import SAMPLES, Value
from chainrule.grading.world import World
from chainrule.read.tree import Derivative, Group, Node

__all__ = ["chain_of_derivatives", "differential_of", "differentiate", "gradient"]

_STEP: Final = 1e-30
_MOVED: Final = "∂"


def _moved(key: Key, shift: Value, scope: Scope) -> Scope:
    if scope.world.parent is not None:
        raise NotUnderstoodError("the derivative of a derivative is not graded")
    step = Value(shift.data * (1j * _STEP), shift.axes)
    world = replace(
        scope.world, parent=scope.world, moved=key, shift=step, memory={}, stack=[], failures={}
    )
    return scope.in_world(world)


def _slope(of: Node, key: Key, shift: Value, scope: Scope) -> Value:
    quantity(key, scope)
    moved = scope.evaluate(of, _moved(key, shift, scope))
    return Value(np.imag(moved.data) / _STEP, moved.axes)


def _whole_shift(value: Value) -> Value:
    rows, columns = value.shape
    steps = np.eye(rows * columns).reshape(rows * columns, rows, columns)
    return Value(steps, (_MOVED,))


def _component_shift(value: Value, reference: Reference, scope: Scope) -> Value:
    """Move one component, for all values of its index at once."""
    rows, columns = value.shape
    steps = np.eye(rows * columns).reshape(rows, columns, rows, columns)
    shift = Value(steps, ("?row", "?column"))
    samples = value.size_of(SAMPLES) if SAMPLES in value.axes else 0
    indices, sample = list(reference.indices), reference.sample
    if samples and indices and sample is None:
        is_sample = str(indices[0]) in scope.samples or (len(indices) == 2 and 1 in value.shape)
        sample = indices.pop(0) if is_sample else None
    if sample is not None and samples:
        stack = np.eye(samples)[:, :, None, None, None, None] * steps
        shift = Value(stack, ("?sample", SAMPLES, "?row", "?column"))
        shift = _named(shift, "?sample", sample, scope)
    if not indices:
        return _flattened(shift)
    if len(indices) == 1:
        long, short = ("?row", "?column") if columns == 1 else ("?column", "?row")
        if shift.size_of(short) != 1:
            raise IndexMistakeError("a matrix has two indices")
        return _named(shift.taken(short, 0), long, indices[0], scope)
    if len(indices) != 2:
        raise IndexMistakeError("more than two components")
    return _named(_named(shift, "?row", indices[0], scope), "?column", indices[1], scope)


def _flattened(shift: Value) -> Value:
    rest = tuple(axis for axis in shift.axes if axis not in ("?row", "?column"))
    data = shift.ordered((*rest, "?row", "?column"))
    lead = data.shape[: len(rest)]
    return Value(data.reshape(*lead, -1, *data.shape[-2:]), (*rest, _MOVED))


def _named(shift: Value, axis: str, index: str | int, scope: Scope) -> Value:
    if isinstance(index, int):
        return shift.taken(axis, index - 1)
    return shift.renamed(axis, scope.check_letter(index))


def _target(by: Node, scope: Scope) -> tuple[Reference, Key]:
    while isinstance(by, Group):
        by = by.body
    reference = scope.program.notation.refer(by)
    if reference is not None and scope.program.stacked(reference.name) is not None:
        return reference, (
            reference.name,
            scope.program.layer_number(reference.layer, dict(scope.layers)),
        )
    if reference is None or reference.power is not None or reference.primes:
        raise NotUnderstoodError("a derivative by something that is not a quantity")
    return reference, resolved(reference, scope)


def _by_stack(of: Node, key: Key, scope: Scope) -> Value:
    """Differentiate by all samples of a quantity at once, as by one matrix."""
    value = quantity(key, scope)
    if value.axes != (SAMPLES,):
        raise NotUnderstoodError(f"{key[0]} does not differ between samples")
    count, n = value.size_of(SAMPLES), value.shape[0] * value.shape[1]
    steps = np.eye(count * n).reshape(count * n, count, *value.shape)
    result = _slope(of, key, Value(steps, (_MOVED, SAMPLES)), scope)
    rows = _laid_out(result, Value(np.zeros((count, n))), scope, is_matrix=True)
    return rows.T if scope.program.stacks_are_columns else rows


def differentiate(of: Node, by: Node, scope: Scope) -> Value:
    """Evaluate ``∂ of / ∂ by``, laid out as the document does."""
    reference, key = _target(by, scope)
    stack = stack_of(key, scope)
    if stack is not None and not reference.indices:
        return _by_stack(of, stack, scope)
    value = quantity(key, scope)
    if reference.indices or reference.sample is not None:
        shift = _component_shift(value, reference, scope)
        result = _slope(of, key, shift, scope)
        if _MOVED in result.axes:
            return _laid_out(result, value, scope)
        turned = scope.layout.jacobian_transposed and result.shape[1] == 1 and not result.is_number
        return result.T if turned else result
    if value.shape == (1, 1):
        shift = Value(np.ones((1, 1)))
        return _slope(of, key, shift, scope)
    result = _slope(of, key, _whole_shift(value), scope)
    laid_out = _laid_out(result, value, scope)
    return laid_out.T if reference.transposed else laid_out


def _with_moved(result: Value) -> Value:
    """Make sure that the moved axis is there: what does not depend on it has slope zero."""
    return result


def _laid_out(result: Value, value: Value, scope: Scope, is_matrix: bool = False) -> Value:
    rows, columns = value.shape
    if _MOVED not in result.axes:
        zeros = np.zeros((rows * columns, *([1] * len(result.axes)), *result.shape))
        result = Value(zeros + result.data, (_MOVED, *result.axes))
    rest = tuple(axis for axis in result.axes if axis != _MOVED)
    data = result.ordered((*rest, _MOVED))
    lead = data.shape[: len(rest)]
    layout = scope.layout
    is_vector = 1 in (rows, columns) and not is_matrix
    if result.shape == (1, 1):
        flat = data.reshape(*lead, rows, columns)
        if is_vector:
            column = flat.reshape(*lead, rows * columns, 1)
            return Value(column if layout.columns else np.swapaxes(column, -1, -2), rest)
        return Value(np.swapaxes(flat, -1, -2) if layout.matrix_transposed else flat, rest)
    if 1 not in result.shape or not is_vector:
        raise NotUnderstoodError("this derivative has more than two axes, and no agreed shape")
    flat = data.reshape(*lead, rows * columns, -1)
    jacobian = flat if layout.jacobian_transposed else np.swapaxes(flat, -1, -2)
    return Value(jacobian, rest)


def gradient(of: Node, by: Node, scope: Scope) -> Value:
    """Evaluate ``∇_by of``, which is shaped like the variable in every layout."""
    columns = replace(scope.layout, columns=True, matrix_transposed=False)
    value = differentiate(of, by, replace(scope, layout=columns))
    reference, key = _target(by, scope)
    if stack_of(key, scope) is not None:
        return value
    if not reference.indices and quantity(key, scope).shape[0] == 1:
        return value.T if value.shape[1] == 1 else value
    return value


def differential_of(by: Node, scope: Scope) -> Value:
    """Evaluate ``dW``: the gradient of the loss, shaped like ``W``."""
    reference, key = _target(by, scope)
    bare = replace(reference, transposed=False)
    value = quantity(key, scope)
    loss = coded((scope.program.roles.loss, None))
    of_one = reference.sample is not None and value.axes == (SAMPLES,)
    of_one &= not (reference.transposed or reference.indices)
    result = gradient(loss, by if of_one else coded(key), scope)
    of_samples = stack_of(key, scope) is not None or reference.sample is not None
    of_samples |= scope.world.batch_axis(value.data.shape) is not None
    if scope.layout.samples_summed and of_samples:
        result = Value(result.data * scope.world.n_samples, result.axes)
    result = result if of_one else indexed(result, bare.indices, bare.sample, scope)
    return result.T if reference.transposed else result


def chain_of_derivatives(factors: list[Node], scope: Scope) -> Value:
    """Contract a chain of derivatives over all that they share, whatever its shape.

    Raises
    ------
    NotUnderstoodError
        If the factors are no such chain.
    """
    derivatives = [one for one in factors if isinstance(one, Derivative)]
    if len(derivatives) != len(factors) or len(factors) < 2:
        raise NotUnderstoodError("no chain of derivatives")
    tensor: Value | None = None
    for one in derivatives:
        flat = _flat_derivative(one, scope)
        tensor = flat if tensor is None else _contracted(tensor, flat)
    _, key = _target(derivatives[-1].by, scope)
    if tensor is None:
        raise NotUnderstoodError("no chain of derivatives")
    value = quantity(key, scope)
    if tensor.shape[0] != 1:
        raise NotUnderstoodError("a chain that does not begin with a number")
    axes = (*tensor.axes, _MOVED)
    return _laid_out(Value(tensor.data[..., 0, :, None, None], axes), value, scope)


def _flat_derivative(one: Derivative, scope: Scope) -> Value:
    """Give a derivative with the entries of its function as rows, those of its variable across."""
    _, key = _target(one.by, scope)
    result = _slope(one.of, key, _whole_shift(quantity(key, scope)), scope)
    if _MOVED not in result.axes:
        raise NotUnderstoodError("a derivative that is zero")
    rest = tuple(axis for axis in result.axes if axis != _MOVED)
    data = result.ordered((*rest, _MOVED))
    flat = data.reshape(*data.shape[:-2], -1)
    return Value(np.swapaxes(flat, -1, -2), rest)


def _contracted(first: Value, second: Value) -> Value:
    if first.shape[1] != second.shape[0]:
        raise NotUnderstoodError("the derivatives do not follow from one another")
    if first.axes != second.axes and first.axes and second.axes:
        raise NotUnderstoodError("a chain with indices")
    return Value(first.data @ second.data, first.axes or second.axes)


def is_perturbed(world: World) -> bool:
    """Say whether something is moved in a world."""
    return world.parent is not None
