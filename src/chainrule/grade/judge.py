"""Is one formula equal to another: under which reading, and under which assumption."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from chainrule.grade.arithmetic import Rules
from chainrule.grade.chains import Chain, context_layer, layers_in
from chainrule.grade.formulas import evaluate
from chainrule.grade.problems import (
    FormulaError,
    IndexMistake,
    NotUnderstood,
    OutsideNetwork,
    ShapeMistake,
)
from chainrule.grade.program import Program
from chainrule.grade.quantities import letter_sizes
from chainrule.grade.roles import references
from chainrule.grade.scope import Layout, Scope
from chainrule.grade.sums import condition_mask
from chainrule.grade.understanding import Understanding
from chainrule.grade.value import SAMPLES, Value, described
from chainrule.grade.world import World
from chainrule.read.tree import Node, Relation, Summation, Symbol, walk

__all__ = ["ASSUMPTIONS", "READINGS", "Finding", "Judge", "Reading"]

_TOLERANCE: Final = 1e-9
#: What a document can provoke that no rule here has foreseen; it is then not graded.
_UNFORESEEN: Final = (ArithmeticError, IndexError, MemoryError, RecursionError, ValueError)
ASSUMPTIONS: Final = ("free", "sum-to-one", "one-hot")


@final
@dataclass(frozen=True)
class Reading:
    """A way to read a step: its name, what it allows, whether the right side is transposed."""

    name: str
    rules: Rules = Rules()
    transposed: bool = False


#: In the order in which they are tried; the first is the strict one.
READINGS: Final = (
    Reading(""),
    Reading("scalar", Rules(scalar=True)),
    Reading("elementwise", Rules(elementwise=True)),
    Reading("orientation", Rules(), transposed=True),
    Reading("elementwise+orientation", Rules(elementwise=True), transposed=True),
    Reading("softmax-component", Rules(component=True)),
    Reading("chain", Rules(chain=True)),
)


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


_RIGHT: Final = Finding("right")


@final
@dataclass
class Judge:
    """Compares formulas of one document.

    Parameters
    ----------
    understanding : Understanding
        What the names mean.
    layout : Layout
        How derivatives lie.
    """

    understanding: Understanding
    layout: Layout
    einstein: bool = False

    def compare(
        self, left: Node, right: Node, chain: Chain, start: Node | None = None
    ) -> Finding:
        """Compare two formulas under every reading and assumption, the strictest first.

        Parameters
        ----------
        left, right : Node
            The two sides.
        chain : Chain
            Where they stand: its conditions, layers and indices.
        start : Node or None
            The beginning of the chain, whose free indices are allowed on the right.

        Returns
        -------
        Finding
            Right on the first ground that holds, or why it is not, strictly read.
        """
        strict: Finding | None = None
        for reading in READINGS:
            program = self._program(reading, chain)
            if program is None:
                continue
            if not self._can_help(reading, left, right, strict):
                continue
            for assumption in ASSUMPTIONS:
                finding = self.once(left, right, chain, reading, assumption, start, program)
                strict = strict or finding
                if finding.is_right:
                    name = "" if assumption == "free" else assumption
                    return replace(finding, reading=finding.reading or reading.name, assumption=name)
                if finding.verdict != "wrong":
                    break  # another target changes no shape
        return strict or Finding("unread", "no reading applies")

    def _program(self, reading: Reading, chain: Chain) -> Program | None:
        if reading.name != "scalar":
            return self.understanding.program
        return self.understanding.unit(chain.section)

    def _can_help(self, reading: Reading, left: Node, right: Node, strict: Finding | None) -> bool:
        if strict is None or reading.name == "scalar":
            return True
        if strict.verdict == "unread" and reading.name != "softmax-component":
            return reading.name == "chain"
        return True

    def once(
        self,
        left: Node,
        right: Node,
        chain: Chain,
        reading: Reading,
        assumption: str,
        start: Node | None = None,
        program: Program | None = None,
    ) -> Finding:
        """Compare under one reading and one assumption, at every point and every layer."""
        program = program or self.understanding.program
        nodes = [left, right] + ([start] if start is not None else [])
        batch = mentions_samples(nodes, program)
        worlds = self.understanding.worlds(program, assumption, batch)
        outcomes: dict[tuple[tuple[str, int], ...], Finding] = {}
        for bindings in self._bindings(nodes, chain, program):
            for world in worlds:
                scope = self.scope(world, nodes, chain, reading, bindings)
                finding = _compared(left, right, start, scope, reading, chain.conditions)
                if finding is not None:
                    outcomes[tuple(bindings.items())] = finding
                if finding is None or not finding.is_right:
                    break
        return _combined(outcomes, program)

    def scope(
        self,
        world: World,
        nodes: Sequence[Node],
        chain: Chain,
        reading: Reading,
        bindings: Mapping[str, int],
    ) -> Scope:
        """Give the scope in which the sides of a step are evaluated."""
        program = world.program
        layer = context_layer(list(chain.nodes()) or list(nodes), program.notation)
        rules = replace(reading.rules, einstein=self.einstein)
        scope = Scope(world, evaluate, rules, self.layout, dict(bindings))
        try:
            number = program.layer_number(layer, dict(bindings))
        except OutsideNetwork:
            number = None
        scope = replace(scope, context_layer=number)
        return replace(scope, sizes=letter_sizes([*nodes, *chain.nodes()], scope))

    def _bindings(
        self, nodes: Sequence[Node], chain: Chain, program: Program
    ) -> Iterator[dict[str, int]]:
        """Give the layers at which a formula with a layer letter is checked."""
        layers = layers_in([*nodes, *chain.nodes()], program.notation)
        letters = sorted({one.letter for one in layers} - {"", "L", "n_l"})
        if not letters:
            yield {}
            return
        for number in range(program.base, program.last + 2):
            bindings = dict.fromkeys(letters, number)
            if _allows(chain.conditions, bindings, program):
                yield bindings


def _allows(
    conditions: Sequence[Relation], bindings: Mapping[str, int], program: Program
) -> bool:
    for one in conditions:
        if isinstance(one.left, Symbol) and one.left.name in bindings:
            number = bindings[one.left.name]
            try:
                other = int(float(getattr(one.right, "text", "x")))
            except ValueError:
                if not (isinstance(one.right, Symbol) and one.right.name == "L"):
                    continue
                other = program.last
            holds = {
                "=": number == other,
                "!=": number != other,
                "<": number < other,
                "<=": number <= other,
                ">": number > other,
                ">=": number >= other,
            }
            # “l = 1, …, L” is a range and not a condition
            if not holds.get(one.sign, True) and not (one.sign == "=" and other == 1):
                return False
    return True


def mentions_samples(nodes: Sequence[Node], program: Program) -> bool:
    """Say whether formulas speak of several samples: ``m``, or an index of samples."""
    for reference in references(nodes, program.notation):
        if reference.sample is not None or reference.name in ("m", "N"):
            return True
        if reference.name == "ones" and "X" in program.names:
            return True
    for node in nodes:
        for one in walk(node):
            if isinstance(one, Summation) and isinstance(one.above, Symbol):
                if one.above.name in ("m", "N"):
                    return True
    return "X" in program.names and "x" not in program.names


def _combined(
    outcomes: Mapping[tuple[tuple[str, int], ...], Finding], program: Program
) -> Finding:
    """Join what was found at several layers: all must be right."""
    if not outcomes:
        return Finding("unread", "it speaks of a layer that the network does not have")
    wrong = {key: one for key, one in outcomes.items() if not one.is_right}
    if not wrong:
        return _RIGHT
    last = {key for key in wrong if any(number >= program.last for _, number in key)}
    if len(outcomes) > len(wrong) == len(last) and last:
        return replace(_RIGHT, reading="hidden-layers")
    return next(iter(wrong.values()))


def _compared(
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
    except OutsideNetwork:
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
    except (ShapeMistake, IndexMistake, NotUnderstood) as problem:
        return _problem(problem, in_left=True)
    allowed = free | frozenset(wanted.axes)
    try:
        got = evaluate(right, replace(scope, free=allowed if start is None else free or allowed))
        got = got.T if reading.transposed else got
        return _equal(wanted, got, allowed, scope, conditions)
    except (ShapeMistake, IndexMistake, NotUnderstood) as problem:
        return _problem(problem, in_left=False)


def _free_letters(node: Node, scope: Scope) -> frozenset[str]:
    try:
        return frozenset(evaluate(node, scope).axes) - {SAMPLES}
    except OutsideNetwork:
        raise
    except FormulaError:
        return frozenset()


def _problem(problem: FormulaError, *, in_left: bool) -> Finding:
    if isinstance(problem, ShapeMistake):
        return Finding("shape", str(problem), in_left=in_left)
    if isinstance(problem, IndexMistake):
        return Finding("wrong", str(problem), in_left=in_left, is_index=True)
    return Finding("unread", str(problem), in_left=in_left)


def _equal(
    wanted: Value,
    got: Value,
    allowed: frozenset[str],
    scope: Scope,
    conditions: Sequence[Relation],
) -> Finding:
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
    scale = max(float(np.max(np.abs(first), initial=0.0)), float(np.max(np.abs(second), initial=0.0)))
    try:
        difference = float(np.max(np.abs(first - second), initial=0.0))
    except ValueError:
        return Finding("wrong", "an index runs over two different sizes", is_index=True)
    if difference <= _TOLERANCE * max(scale, 1e-3):
        return _RIGHT
    return Finding("wrong", f"at random points the two differ by up to {difference:.2g}")


def _spread(value: Value, other: Value) -> Value:
    """Write zero, ones and the identity out in the shape of the other side."""
    if value.kind == "identity" and other.shape[0] == other.shape[1] > 1:
        return Value(value.data * np.eye(other.shape[0]), value.axes)
    if value.kind == "ones" and other.kind == "":
        return Value(np.broadcast_to(value.data, (*value.data.shape[:-2], *other.shape)), value.axes)
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
