"""Two formulas compared at one point: indices, then shapes, then numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, final

import numpy as np

from chainrule.grading.arithmetic import Rules
from chainrule.grading.formulas import evaluate
from chainrule.grading.problems import (
    FormulaError,
    IndexMistakeError,
    NotUnderstoodError,
    OutsideNetworkError,
    ShapeMistakeError,
)
from chainrule.grading.scope import Scope
from chainrule.grading.sums import condition_mask
from chainrule.grading.value import SAMPLES, Value, described
from chainrule.read.tree import Node, Relation, Symbol

__all__ = ["RIGHT", "Finding", "Reading", "compared", "equal"]

_TOLERANCE: Final = 1e-9
#: What a document can provoke that no rule here has foreseen; it is then not graded.
_UNFORESEEN: Final = (ArithmeticError, IndexError, MemoryError, RecursionError, ValueError)


@final
@dataclass(frozen=True)
class Reading:
    """A way to read a step: its name, what it allows, whether the right side is transposed."""

    name: str
    rules: Rules = field(default_factory=Rules)
    transposed: bool = False


@final
@dataclass(frozen=True)
class Finding:
    """The outcome of comparing two formulas.

    Parameters
    ----------
    verdict : str
        ``right``, ``shape``, ``wrong`` or ``unread``.
    message : str
        Why it is not right.
    reading, assumption : str
        On what ground it is right, empty for none.
    in_left : bool
        Whether it is the left side that has no value.
    is_index : bool
        Whether it is the indices that do not fit.
    """

    verdict: str
    message: str = ""
    reading: str = ""
    assumption: str = ""
    in_left: bool = False
    is_index: bool = False

    @property
    def is_right(self) -> bool:
        """Whether the two are equal."""
        return self.verdict == "right"


RIGHT: Final = Finding("right")


def compared(
    left: Node,
    right: Node,
    start: Node | None,
    scope: Scope,
    reading: Reading,
    conditions: Sequence[Relation],
) -> Finding | None:
    """Compare at one point; None where the network has no such layer."""
    try:
        with np.errstate(all="ignore"):
            return _compared_values(left, right, start, scope, reading, conditions)
    except OutsideNetworkError:
        return None
    except _UNFORESEEN as problem:
        return Finding("unread", f"it has no value: {type(problem).__name__}")


def _compared_values(
    left: Node,
    right: Node,
    start: Node | None,
    scope: Scope,
    reading: Reading,
    conditions: Sequence[Relation],
) -> Finding:
    free = _free_letters(start, scope) if start is not None else frozenset[str]()
    try:
        wanted = evaluate(left, replace(scope, free=free))
    except (ShapeMistakeError, IndexMistakeError, NotUnderstoodError) as problem:
        return _problem(problem, in_left=True)
    allowed = free | frozenset(wanted.axes)
    try:
        got = evaluate(right, replace(scope, free=allowed if start is None else free or allowed))
        got = got.T if reading.transposed else got
        return equal(wanted, got, allowed, scope, conditions)
    except (ShapeMistakeError, IndexMistakeError, NotUnderstoodError) as problem:
        return _problem(problem, in_left=False)


def _free_letters(node: Node, scope: Scope) -> frozenset[str]:
    try:
        return frozenset(evaluate(node, scope).axes) - {SAMPLES}
    except OutsideNetworkError:
        raise
    except FormulaError:
        return frozenset()


def _problem(problem: FormulaError, *, in_left: bool) -> Finding:
    if isinstance(problem, ShapeMistakeError):
        return Finding("shape", str(problem), in_left=in_left)
    if isinstance(problem, IndexMistakeError):
        return Finding("wrong", str(problem), in_left=in_left, is_index=True)
    return Finding("unread", str(problem), in_left=in_left)


def equal(
    wanted: Value,
    got: Value,
    allowed: frozenset[str],
    scope: Scope,
    conditions: Sequence[Relation],
) -> Finding:
    """Compare two values: free indices first, then shapes, then numbers."""
    wanted, got = _conditioned(wanted, got, conditions, scope)
    extra = [axis for axis in got.axes if axis not in wanted.axes and axis not in allowed]
    extra = [axis for axis in extra if axis != SAMPLES]
    if extra:
        letters = ", ".join(axis.split("·")[0] for axis in extra)
        return Finding("wrong", f"the index {letters} is free on the right alone", is_index=True)
    got = _spread(got, wanted)
    wanted = _spread(wanted, got)
    if wanted.shape != got.shape:
        return Finding(
            "shape", f"the left side is {described(wanted.shape)}, the right {described(got.shape)}"
        )
    axes = wanted.axes + tuple(axis for axis in got.axes if axis not in wanted.axes)
    first, second = wanted.ordered(axes), got.ordered(axes)
    if not (np.all(np.isfinite(first)) and np.all(np.isfinite(second))):
        return Finding("unread", "it has no finite value at random points")
    scale = max(
        float(np.max(np.abs(first), initial=0.0)), float(np.max(np.abs(second), initial=0.0))
    )
    try:
        difference = float(np.max(np.abs(first - second), initial=0.0))
    except ValueError:
        return Finding("wrong", "an index runs over two different sizes", is_index=True)
    if difference <= _TOLERANCE * max(scale, 1e-3):
        return RIGHT
    return Finding("wrong", f"at random points the two differ by up to {difference:.2g}")


def _spread(value: Value, other: Value) -> Value:
    """Write zero, ones and the identity out in the shape of the other side."""
    if value.kind == "identity" and other.shape[0] == other.shape[1] > 1:
        return Value(value.data * np.eye(other.shape[0]), value.axes)
    if value.kind in ("ones", "ones-row") and other.kind == "":
        return Value(
            np.broadcast_to(value.data, (*value.data.shape[:-2], *other.shape)), value.axes
        )
    if value.kind == "numeral" and not np.any(value.data) and other.shape != (1, 1):
        return Value(np.zeros((*value.data.shape[:-2], *other.shape)), value.axes)
    return value


def _conditioned(
    wanted: Value, got: Value, conditions: Sequence[Relation], scope: Scope
) -> tuple[Value, Value]:
    """Look at those components only that the conditions speak of."""
    for one in conditions:
        if not (isinstance(one.left, Symbol) and isinstance(one.right, Symbol)):
            continue
        first, second = one.left.name, one.right.name
        axes = set(wanted.axes) | set(got.axes)
        if not {first, second} <= axes:
            continue
        if one.sign == "=":
            wanted, got = wanted.renamed(second, first), got.renamed(second, first)
        elif one.sign == "!=":
            whole = wanted if {first, second} <= set(wanted.axes) else got
            try:
                mask = condition_mask(one, scope, whole)
            except FormulaError:
                continue
            wanted, got = _masked(wanted, mask), _masked(got, mask)
    return wanted, got


def _masked(value: Value, mask: Value) -> Value:
    axes = value.axes + tuple(axis for axis in mask.axes if axis not in value.axes)
    return Value(value.ordered(axes) * mask.ordered(axes), axes, value.kind)
