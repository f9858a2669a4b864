"""Sums, products and quotients of values, as strict as they are on paper.

`Rules` says what a reading allows beyond that.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from chainrule.grading.problems import NotUnderstoodError, ShapeMistakeError
from chainrule.grading.value import OPEN, Numbers, Value, aligned, described

__all__ = ["Rules", "add", "divide", "elementwise", "multiply", "power"]


@final
@dataclass(frozen=True)
class Rules:
    """What a reading allows.

    Parameters
    ----------
    elementwise : bool
        Two operands of one shape, side by side or divided, combine entry by entry.
    component : bool
        ``σ(z_j)`` at the output is the j-th component of the softmax.
    scalar : bool
        The scope is of one unit.
    chain : bool
        A product of derivatives, each by what the next one is of, contracts all that they share.
    einstein : bool
        An index that occurs twice in a term and not on the left is summed over.
    star : bool
        ``*`` is nothing but the product entry by entry, as the document says.
    """

    elementwise: bool = False
    component: bool = False
    scalar: bool = False
    chain: bool = False
    einstein: bool = False
    star: bool = False


def _open_ended(value: Value, other: Value) -> Numbers:
    """Write ones and identities out in the size that their neighbour in a sum has."""
    rows, columns = other.shape
    if value.kind == "identity":
        if rows != columns:
            raise ShapeMistakeError(f"an identity matrix does not fit {described(other.shape)}")
        return np.eye(rows) * value.data
    shape = (rows if value.shape[0] == 1 else value.shape[0], columns)
    if value.shape[0] not in (1, rows) or value.shape[1] not in (1, columns):
        raise ShapeMistakeError(f"ones do not fit {described(other.shape)}")
    return np.broadcast_to(value.data, (*value.data.shape[:-2], *shape))


def add(first: Value, second: Value) -> Value:
    """Add; a numeral beside an array is that multiple of ones."""
    if first.kind in OPEN and second.kind == "":
        first = Value(_open_ended(first, second), first.axes)
    elif second.kind in OPEN and first.kind == "":
        second = Value(_open_ended(second, first), second.axes)
    numerals = (first.kind == "numeral", second.kind == "numeral")
    if first.shape != second.shape and not any(numerals):
        raise ShapeMistakeError(
            f"{described(first.shape)} and {described(second.shape)} cannot be added"
        )
    left, right, axes = aligned(first, second)
    kind = first.kind if first.kind == second.kind else ""
    if any(numerals):
        kind = next((one for one in (first.kind, second.kind) if one in OPEN), kind)
    return Value(left + right, axes, kind)


def elementwise(first: Value, second: Value) -> Value:
    """Multiply entry by entry."""
    if first.kind in OPEN and second.kind == "":
        first = Value(_open_ended(first, second), first.axes)
    elif second.kind in OPEN and first.kind == "":
        second = Value(_open_ended(second, first), second.axes)
    if first.shape != second.shape and "numeral" not in (first.kind, second.kind):
        raise ShapeMistakeError(
            f"{described(first.shape)} and {described(second.shape)} "
            "cannot be multiplied entry by entry"
        )
    left, right, axes = aligned(first, second)
    return Value(left * right, axes, first.kind if first.kind == second.kind else "")


def _scaled(first: Value, second: Value) -> Value:
    left, right, axes = aligned(first, second)
    both = first.kind == second.kind == "numeral"
    kind = "numeral" if both else next((k for k in (first.kind, second.kind) if k in OPEN), "")
    return Value(left * right, axes, kind)


def _with_ones(first: Value, second: Value) -> Value:
    """Multiply by a vector of ones or an identity whose size the other factor decides."""
    if first.kind == "identity" or second.kind == "identity":
        return _scaled(first, second)
    if second.kind == "ones" and second.shape == (1, 1):
        return _scaled(Value(np.sum(first.data, axis=-1, keepdims=True), first.axes), second.plain)
    if first.kind == "ones-row" and first.shape == (1, 1):
        return _scaled(first.plain, Value(np.sum(second.data, axis=-2, keepdims=True), second.axes))
    left, right, axes = aligned(first, second)
    return Value(left * right, axes, "ones")


def matrix_product(first: Value, second: Value) -> Value:
    """Multiply matrices; a 1 × 1 factor scales."""
    if first.is_number or second.is_number:
        return _scaled(first, second)
    if first.kind in OPEN or second.kind in OPEN:
        return _with_ones(first, second)
    if first.shape[1] != second.shape[0]:
        raise ShapeMistakeError(
            f"{described(first.shape)} times {described(second.shape)} is no matrix product"
        )
    left, right, axes = aligned(first, second)
    return Value(left @ right, axes)


def _is_vector(value: Value) -> bool:
    return 1 in value.shape and value.shape != (1, 1)


def _dot(first: Value, second: Value) -> Value:
    """Multiply two columns, or two rows, to a number."""
    left, right, axes = aligned(first, second)
    return Value(np.sum(left * right, axis=(-1, -2), keepdims=True), axes)


def multiply(first: Value, second: Value, sign: str, rules: Rules) -> Value:
    """Multiply two factors by the sign that stands between them."""
    if sign in ("odot", "circ"):
        if first.is_number != second.is_number and sign == "circ":
            return _scaled(first, second)
        return elementwise(first, second)
    if first.is_number or second.is_number:
        return _scaled(first, second)
    same = first.shape == second.shape
    if sign == "ast" and (same or rules.star):
        return elementwise(first, second)
    if sign == "otimes":
        return _outer(first, second, rules)
    if sign == "cdot" and same and _is_vector(first):
        return elementwise(first, second) if rules.elementwise else _dot(first, second)
    if rules.elementwise and same and first.shape[0] != first.shape[1]:
        return elementwise(first, second)
    return matrix_product(first, second)


def _outer(first: Value, second: Value, rules: Rules) -> Value:
    if rules.elementwise:
        return elementwise(first, second)
    if not (_is_vector(first) and _is_vector(second)):
        raise ShapeMistakeError("⊗ is read as the outer product of two vectors, or entry by entry")
    column = first if first.shape[1] == 1 else first.T
    row = second if second.shape[0] == 1 else second.T
    return matrix_product(column, row)


def divide(first: Value, second: Value, rules: Rules) -> Value:
    """Divide by a number; a numeral by an array; arrays of one shape where a reading allows it."""
    if second.kind in OPEN:
        raise NotUnderstoodError("a quotient by ones or by an identity matrix")
    allowed = (
        second.is_number
        or first.kind == "numeral"
        or (rules.elementwise and first.shape == second.shape)
    )
    if not allowed:
        raise ShapeMistakeError(
            f"{described(first.shape)} cannot be divided by {described(second.shape)}"
        )
    left, right, axes = aligned(first, second)
    kind = "numeral" if first.kind == second.kind == "numeral" else ""
    if second.is_number and first.kind in OPEN:
        kind = first.kind
    with np.errstate(all="ignore"):
        return Value(left / right, axes, kind)


def power(base: Value, exponent: Value, rules: Rules) -> Value:
    """Raise to a power: numbers, square matrices, and anything else entry by entry."""
    if not exponent.is_number or exponent.axes:
        raise NotUnderstoodError("an exponent that is not a number")
    exponent_number = exponent.data.reshape(-1)[0]
    whole = exponent.kind == "numeral" and float(np.real(exponent_number)).is_integer()
    is_square = base.shape[0] == base.shape[1]
    if base.is_number or (base.kind == "" and (rules.elementwise or not is_square)):
        with np.errstate(all="ignore"):
            raised = base.data ** (int(np.real(exponent_number)) if whole else exponent_number)
        return base.with_data(raised)
    if is_square and whole and 1 <= np.real(exponent_number) <= 4:
        return Value(np.linalg.matrix_power(base.data, int(np.real(exponent_number))), base.axes)
    raise ShapeMistakeError(f"{described(base.shape)} has no power")
