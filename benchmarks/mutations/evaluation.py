"""What an expression is worth at a point, read strictly or by a wider reading."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, final

from mpmath import mp

from mutations import tree
from mutations.values import (
    DisagreementError,
    Value,
    added,
    conform,
    diagonal,
    entrywise,
    mapped,
    matrix_product,
    multiple,
    negative,
    scalar,
    subtracted,
    transposed,
)


@final
@dataclass(frozen=True)
class Reading:
    """How side by side is understood.

    Attributes
    ----------
    elementwise
        Neighbours of one shape that are no matrix product combine entry by entry.
    liberal
        What one may dispute about: entry by entry even where there is a matrix product, an array of
        one entry as a scalar, ``diag`` of a row.
    grouping
        Which factors combine first: the left ones, the right ones, or neighbours of one shape.
    """

    elementwise: bool = False
    liberal: bool = False
    grouping: Literal["left", "right", "alike"] = "left"


STRICT, ELEMENTWISE = Reading(), Reading(elementwise=True)
LIBERAL = (
    Reading(liberal=True),
    Reading(elementwise=True, liberal=True),
    Reading(elementwise=True, liberal=True, grouping="right"),
    Reading(elementwise=True, liberal=True, grouping="alike"),
)


def logistic(z: Any) -> Any:
    return 1 / (1 + mp.exp(-z))


def logistic_slope(z: Any) -> Any:
    return logistic(z) * (1 - logistic(z))


def positive(z: Any) -> Any:
    return mp.one if mp.re(z) > 0 else mp.zero


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "logistic": logistic,
    "logistic'": logistic_slope,
    "tanh": mp.tanh,
    "tanh'": lambda z: 1 - mp.tanh(z) ** 2,
    "relu": lambda z: z if mp.re(z) > 0 else mp.zero * z,
    "positive": positive,
}


@final
@dataclass(frozen=True)
class Scope:
    """The arrays of a point, the sizes, and what the indices stand for at the moment."""

    arrays: Mapping[str, Value]
    sizes: Mapping[str, int]
    reading: Reading = STRICT
    indices: Mapping[str, tuple[int, int]] | None = None

    def index(self, letter: str, extent: int) -> int:
        """Where an index stands, which must run over exactly the axis that it is used on."""
        number, size = (self.indices or {}).get(letter, (0, -1))
        if size != extent:
            raise DisagreementError(f"index {letter} on an axis of {extent}")
        return number

    def bound(self, letter: str, number: int, size: int) -> "Scope":
        return replace(self, indices={**(self.indices or {}), letter: (number, size)})


def evaluated(node: tree.Node, scope: Scope) -> Value:
    """The value, or a `DisagreementError`."""
    match node:
        case tree.Symbol(name):
            return scope.arrays[name]
        case tree.Number(value):
            return scalar(mp.mpf(value), numeral=True)
        case tree.Entry() | tree.Kronecker() | tree.Total():
            return _indexed(node, scope)
        case tree.Product(factors):
            return _product([evaluated(factor, scope) for factor in factors], scope.reading)
        case tree.Fraction(left, right):
            return _quotient(evaluated(left, scope), evaluated(right, scope))
        case tree.Applied(function, body):
            return mapped(FUNCTIONS[function], evaluated(body, scope))
        case tree.Diagonal(body):
            return _diagonal(evaluated(body, scope), scope.reading)
        case tree.Negative(body):
            return negative(evaluated(body, scope))
        case tree.Transposed(body):
            return transposed(evaluated(body, scope))
        case tree.Plus() | tree.Minus() | tree.Entrywise():
            operation = {tree.Plus: added, tree.Minus: subtracted, tree.Entrywise: entrywise}
            return operation[type(node)](evaluated(node.left, scope), evaluated(node.right, scope))
    raise TypeError(f"no rule for {node}")


def _indexed(node: tree.Entry | tree.Kronecker | tree.Total, scope: Scope) -> Value:
    if isinstance(node, tree.Entry):
        return scalar(_entry(scope.arrays[node.name], node.indices, scope))
    if isinstance(node, tree.Kronecker):
        first, size = _anywhere(node.first, scope)
        return scalar(mp.one if first == scope.index(node.second, size) else mp.zero)
    size = scope.sizes[node.size]
    terms = [evaluated(node.body, scope.bound(node.index, k, size)) for k in range(size)]
    total = terms[0]
    for term in terms[1:]:
        total = added(total, term)
    return replace(total, numeral=False)


def _anywhere(letter: str, scope: Scope) -> tuple[int, int]:
    if letter not in (scope.indices or {}):
        raise DisagreementError(f"index {letter} is bound nowhere")
    return (scope.indices or {})[letter]


def _entry(a: Value, indices: tuple[str, ...], scope: Scope) -> Any:
    rows, columns = a.shape
    if len(indices) == 1:
        flat = [x for row in a.entries for x in row]
        return flat[scope.index(indices[0], max(rows, columns))]
    return a.entries[scope.index(indices[0], rows)][scope.index(indices[1], columns)]


def _quotient(a: Value, b: Value) -> Value:
    if not b.scalar:
        raise DisagreementError(f"divided by an array {b.shape}")
    if b.number == 0:
        raise DisagreementError("divided by zero")
    return replace(mapped(lambda x: x / b.number, a), numeral=a.numeral and b.numeral)


def _diagonal(a: Value, reading: Reading) -> Value:
    return diagonal(transposed(a) if reading.liberal and a.shape[0] == 1 else a)


def _product(factors: list[Value], reading: Reading) -> Value:
    """From left to right, as it is read, unless the reading says otherwise."""
    if reading.grouping == "right":
        value = factors[-1]
        for factor in factors[-2::-1]:
            value = _pair(factor, value, reading)
        return value
    if reading.grouping == "alike":
        factors = _joined(factors)
    value = factors[0]
    for factor in factors[1:]:
        value = _pair(value, factor, reading)
    return value


def _joined(factors: list[Value]) -> list[Value]:
    """Neighbours of one shape as one factor."""
    joined = factors[:1]
    for factor in factors[1:]:
        alike = not factor.scalar and not joined[-1].scalar and factor.shape == joined[-1].shape
        joined[-1:] = [entrywise(joined[-1], factor)] if alike else [joined[-1], factor]
    return joined


def _pair(a: Value, b: Value, reading: Reading) -> Value:
    if a.scalar or b.scalar:
        return multiple(a, b)
    if reading.liberal and (1, 1) in (a.shape, b.shape):
        return multiple(replace(a, scalar=a.shape == (1, 1)), replace(b, scalar=b.shape == (1, 1)))
    if reading.elementwise and a.shape == b.shape and (reading.liberal or not conform(a, b)):
        return entrywise(a, b)
    return matrix_product(a, b)
