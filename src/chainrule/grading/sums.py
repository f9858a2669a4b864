"""Sums over indices, and what conditions such as ``i ≠ j`` select."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from chainrule.grading.arithmetic import add, elementwise
from chainrule.grading.notation import Reference
from chainrule.grading.problems import NotUnderstoodError
from chainrule.grading.roles import references
from chainrule.grading.scope import Scope
from chainrule.grading.value import SAMPLES, Value, number
from chainrule.read.tree import (
    Group,
    Node,
    Number,
    Plus,
    Product,
    Relation,
    Sequence,
    Summation,
    Symbol,
)

__all__ = ["condition_mask", "letters_of", "sum_over"]

_SAMPLE_COUNTS: Final = frozenset(["m", "N", "M"])


def letters_of(node: Node | None) -> Iterator[str]:
    """Give the index letters that stand in a condition or below a sum."""
    if isinstance(node, Symbol):
        yield node.name
    elif isinstance(node, Relation):
        yield from letters_of(node.left)
        yield from letters_of(node.right)
    elif isinstance(node, Product):
        for factor in node.factors:
            yield from letters_of(factor)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from letters_of(item)
    elif isinstance(node, Group):
        yield from letters_of(node.body)


def _conditions(node: Node | None) -> list[Relation]:
    """Give the conditions that relate two indices."""
    if isinstance(node, Sequence):
        return [one for item in node.items for one in _conditions(item)]
    if isinstance(node, Relation) and node.sign in ("=", "!="):
        both = isinstance(node.left, Symbol) and isinstance(node.right, Symbol)
        return [node] if both else []
    return []


def _bound(node: Summation, scope: Scope) -> list[str]:
    """Say which letters a sum runs over: of a bare condition those that are not known outside."""
    below = node.below
    if (
        isinstance(below, Relation)
        and below.sign in ("=", "in", "<", "<=")
        and node.above is not None
    ):
        return [name for name in letters_of(below.left) if len(name) <= 8]
    if isinstance(below, Relation) and below.sign == "in":
        return list(letters_of(below.left))
    if isinstance(below, Relation) and isinstance(below.right, Number):
        return list(letters_of(below.left))
    candidates = list(dict.fromkeys(letters_of(below)))
    if not _conditions(below):
        return candidates
    explicit = _explicit(below)
    if explicit:
        return explicit
    outside = scope.free | frozenset(scope.axes)
    inner = [name for name in candidates if name not in outside]
    return inner[:1] or candidates[-1:]


def _explicit(below: Node | None) -> list[str]:
    """Give the letters of ``k=1, k≠i`` that have a first value, or stand alone."""
    if not isinstance(below, Sequence):
        return []
    found: list[str] = []
    for item in below.items:
        if isinstance(item, Symbol):
            found.append(item.name)
        elif isinstance(item, Relation) and isinstance(item.right, Number):
            found += letters_of(item.left)
    return found


def sum_over(node: Summation, scope: Scope) -> Value:
    """Evaluate a sum."""
    if node.kind != "sum":
        raise NotUnderstoodError("products over an index are not graded")
    letters = _bound(node, scope)
    if not letters:
        return _over_repeated(node, scope)
    if len(letters) == 1 and _counts_layers(letters[0], node, scope):
        return _over_layers(node, letters[0], scope)
    inner = scope
    for letter in letters:
        inner = inner.bound(letter, sample=_is_sample(letter, node, scope))
    value = scope.evaluate(node.body, inner)
    for condition in _conditions(node.below):
        value = elementwise(value, condition_mask(condition, inner, value))
    for letter in letters:
        value = _summed(value, letter, inner)
    return value


def _summed(value: Value, letter: str, scope: Scope) -> Value:
    axis = scope.axis(letter)
    if letter in scope.samples:
        if SAMPLES in value.axes:
            value = value.renamed(SAMPLES, axis)
        if axis not in value.axes:
            return Value(value.data * scope.world.n_samples, value.axes)
        return value.summed(axis)
    if axis not in value.axes:
        if letter in scope.sizes:
            return Value(value.data * scope.sizes[letter], value.axes)
        raise NotUnderstoodError(f"the index {letter} of the sum does not occur in it")
    if scope.unreduced:
        return value.renamed(axis, scope.unreduced)
    return value.summed(axis)


def _over_repeated(node: Summation, scope: Scope) -> Value:
    """Read a sum without an index as one over all that is not free outside."""
    value = scope.evaluate(node.body, scope)
    outside = scope.free | frozenset(scope.axes.values())
    axes = [axis for axis in value.axes if axis not in outside and axis != SAMPLES]
    if not axes and SAMPLES in value.axes:
        axes = [SAMPLES]
    if not axes and value.is_number:
        raise NotUnderstoodError("over what the sum runs")
    if not axes:
        return Value(np.sum(value.data, axis=(-1, -2), keepdims=True), value.axes)
    for axis in axes:
        value = value.summed(axis)
    return value


def _mentions(letter: str, node: Node, scope: Scope) -> Iterator[Reference]:
    for reference in references([node], scope.program.notation):
        if letter in (reference.sample, *reference.indices) or (
            reference.layer is not None and reference.layer.letter == letter
        ):
            yield reference


def _counts_layers(letter: str, node: Summation, scope: Scope) -> bool:
    if letter not in scope.program.notation.layer_letters:
        return False
    mentions = list(_mentions(letter, node.body, scope))
    return bool(mentions) and all(
        one.layer is not None and one.layer.letter == letter for one in mentions
    )


def _over_layers(node: Summation, letter: str, scope: Scope) -> Value:
    first = 1
    if isinstance(node.below, Relation) and isinstance(node.below.right, Number):
        first = int(float(node.below.right.text))
    last = scope.program.n_layers if node.above is None else _last(node.above, scope)
    total: Value | None = None
    for layer in range(first, min(last, first + 64) + 1):
        inner = replace(scope, layers={**scope.layers, letter: layer})
        value = scope.evaluate(node.body, inner)
        total = value if total is None else add(total, value)
    return number(0.0) if total is None else total


def _last(node: Node, scope: Scope) -> int:
    if isinstance(node, Number):
        return int(float(node.text))
    if isinstance(node, Symbol) and node.name in ("L", "N", "n", "K"):
        return scope.program.n_layers
    if isinstance(node, Plus):
        return scope.program.n_layers
    raise NotUnderstoodError("over which layers the sum runs")


def _is_sample(letter: str, node: Summation, scope: Scope) -> bool:
    """Say whether a sum runs over samples: by its bound, or by how its letter is written."""
    mentions = list(_mentions(letter, node.body, scope))
    if any(one.sample == letter for one in mentions):
        return True
    return isinstance(node.above, Symbol) and node.above.name in _SAMPLE_COUNTS


def condition_mask(condition: Relation, scope: Scope, value: Value | None = None) -> Value:
    """Give ones where a condition holds, zeros elsewhere."""
    left, right = condition.left, condition.right
    if isinstance(left, Symbol) and isinstance(right, Symbol):
        first, second = scope.axis(left.name), scope.axis(right.name)
        size = _size_of((first, left.name), (second, right.name), value, scope)
        equal = Value(np.eye(size)[..., None, None], ("?1", "?2"))
        mask = equal.renamed("?1", first).renamed("?2", second)
        if condition.sign == "=":
            return mask
        if condition.sign == "!=":
            return Value(1 - mask.data, mask.axes)
    return _comparison(condition, scope)


def _size_of(
    first: tuple[str, str], second: tuple[str, str], value: Value | None, scope: Scope
) -> int:
    for axis, letter in (first, second):
        if value is not None and axis in value.axes:
            return value.size_of(axis)
        if letter in scope.sizes:
            return scope.sizes[letter]
    raise NotUnderstoodError(f"over what the index {first[1]} runs")


def _comparison(condition: Relation, scope: Scope) -> Value:
    left = scope.evaluate(condition.left, scope)
    right = scope.evaluate(condition.right, scope)
    difference = add(left, Value(-right.data, right.axes, right.kind))
    real = np.real(difference.data)
    holds = {
        "<": real < 0,
        "<=": real <= 0,
        ">": real > 0,
        ">=": real >= 0,
        "=": real == 0,
        "!=": real != 0,
    }.get(condition.sign)
    if holds is None:
        raise NotUnderstoodError("a condition that is not understood")
    return Value(holds.astype(np.float64), difference.axes)
