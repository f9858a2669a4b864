"""Two-dimensional arrays of mpmath numbers that never broadcast."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

from mpmath import mp

Entries = tuple[tuple[Any, ...], ...]


class DisagreementError(Exception):
    """Shapes or indices that do not go together."""


@final
@dataclass(frozen=True)
class Value:
    """An array; or a scalar, which is no array of one entry; a numeral is a scalar too."""

    entries: Entries
    scalar: bool = False
    numeral: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.entries), len(self.entries[0])

    @property
    def number(self) -> Any:
        return self.entries[0][0]


def scalar(number: Any, numeral: bool = False) -> Value:
    return Value(((number,),), True, numeral)


def array(rows: Sequence[Sequence[Any]]) -> Value:
    return Value(tuple(tuple(row) for row in rows))


def mapped(function: Callable[[Any], Any], a: Value) -> Value:
    return Value(tuple(tuple(function(x) for x in row) for row in a.entries), a.scalar)


def negative(a: Value) -> Value:
    return Value(mapped(lambda x: -x, a).entries, a.scalar, a.numeral)


def transposed(a: Value) -> Value:
    return Value(tuple(zip(*a.entries, strict=True)), a.scalar, a.numeral)


def combined(operation: Callable[[Any, Any], Any], a: Value, b: Value) -> Value:
    """Entry by entry; a numeral beside an array is that multiple of ones."""
    if a.numeral and not b.scalar:
        return mapped(lambda y: operation(a.number, y), b)
    if b.numeral and not a.scalar:
        return mapped(lambda x: operation(x, b.number), a)
    if a.scalar != b.scalar or a.shape != b.shape:
        raise DisagreementError(f"{a.shape} beside {b.shape}")
    rows = zip(a.entries, b.entries, strict=True)
    entries = tuple(tuple(map(operation, x, y)) for x, y in rows)
    return Value(entries, a.scalar, a.numeral and b.numeral)


def added(a: Value, b: Value) -> Value:
    return combined(lambda x, y: x + y, a, b)


def subtracted(a: Value, b: Value) -> Value:
    return combined(lambda x, y: x - y, a, b)


def entrywise(a: Value, b: Value) -> Value:
    if a.scalar or b.scalar:
        return multiple(a, b)
    return combined(lambda x, y: x * y, a, b)


def multiple(a: Value, b: Value) -> Value:
    """A product one of whose factors is a scalar."""
    if b.scalar:
        a, b = b, a
    product = mapped(lambda y: a.number * y, b)
    return Value(product.entries, b.scalar, a.numeral and b.numeral)


def conform(a: Value, b: Value) -> bool:
    return a.shape[1] == b.shape[0]


def matrix_product(a: Value, b: Value) -> Value:
    if a.scalar or b.scalar:
        return multiple(a, b)
    if not conform(a, b):
        raise DisagreementError(f"{a.shape} times {b.shape}")
    columns = list(zip(*b.entries, strict=True))
    return Value(tuple(tuple(mp.fdot(row, column) for column in columns) for row in a.entries))


def diagonal(a: Value) -> Value:
    if a.scalar or a.shape[1] != 1:
        raise DisagreementError(f"diag of {a.shape}")
    n = a.shape[0]
    return array([[a.entries[i][0] if i == j else mp.zero for j in range(n)] for i in range(n)])


def distance(a: Value, b: Value) -> Any:
    """The largest difference, relative to the largest entry."""
    pairs = [
        (x, y)
        for row, other in zip(a.entries, b.entries, strict=True)
        for x, y in zip(row, other, strict=True)
    ]
    scale = max(max(abs(x), abs(y)) for x, y in pairs)
    return max(abs(x - y) for x, y in pairs) / max(scale, mp.mpf(10) ** -3)
