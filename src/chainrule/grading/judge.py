"""Is one formula equal to another: under which reading, and under which assumption."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, final

from chainrule.grading.arithmetic import Rules
from chainrule.grading.chains import Chain, context_layer, layers_in
from chainrule.grading.comparison import RIGHT, Finding, Reading, compared
from chainrule.grading.definitions import coded
from chainrule.grading.formulas import evaluate
from chainrule.grading.keys import letter_sizes
from chainrule.grading.problems import (
    OutsideNetworkError,
)
from chainrule.grading.program import Program
from chainrule.grading.roles import references
from chainrule.grading.scope import Layout, Scope
from chainrule.grading.understanding import Understanding
from chainrule.grading.world import World
from chainrule.read.tree import (
    Call,
    Derivative,
    Nabla,
    Node,
    Relation,
    Scripted,
    Summation,
    Symbol,
    replaced,
    walk,
)

__all__ = ["ASSUMPTIONS", "READINGS", "Finding", "Judge", "Reading"]

ASSUMPTIONS: Final = ("free", "sum-to-one", "one-hot")

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
    #: The sizes of indices, found once for all points; the nodes are kept with them.
    _sizes: dict[tuple[object, ...], tuple[dict[str, int], Sequence[Node]]] = field(
        default_factory=dict
    )

    def compare(self, left: Node, right: Node, chain: Chain, start: Node | None = None) -> Finding:
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
            if not self._can_help(reading, strict) or (reading.transposed and not may_turn(left)):
                continue
            for assumption in ASSUMPTIONS:
                finding = self.once(left, right, chain, reading, assumption, start, program)
                strict = strict or finding
                if finding.is_right:
                    name = "" if assumption == "free" else assumption
                    return replace(
                        finding, reading=finding.reading or reading.name, assumption=name
                    )
                if finding.verdict != "wrong":
                    break  # another target changes no shape
            if not reading.name and self._holds_of_a_number(left, right, chain, start):
                return RIGHT
        return strict or Finding("unread", "no reading applies")

    def _holds_of_a_number(self, left: Node, right: Node, chain: Chain, start: Node | None) -> bool:
        """Say whether ``∂f(x)/∂x = …`` is right of a number ``x``, which is no quantity then."""
        name = dummy_in(left if start is None else start)
        if name is None:
            return False
        nodes = [with_dummy(one, name) for one in (left, right)]
        first = None if start is None else with_dummy(start, name)
        return self.once(nodes[0], nodes[1], chain, READINGS[0], "free", first).is_right

    def _program(self, reading: Reading, chain: Chain) -> Program | None:
        if reading.name != "scalar":
            return self.understanding.program_of(chain.section)
        return self.understanding.unit(chain.section)

    def _can_help(self, reading: Reading, strict: Finding | None) -> bool:
        if strict is None or reading.name == "scalar":
            return True
        if strict.verdict == "unread" and reading.name != "softmax-component":
            return reading.name == "chain"
        # documents with transposed Jacobians write their chains from right to left
        return not (reading.name == "chain" and self.layout.jacobian_transposed)

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
        program = program or self.understanding.program_of(chain.section)
        nodes = [left, right] + ([start] if start is not None else [])
        batch = mentions_samples(nodes, program)
        worlds = self.understanding.worlds(program, assumption, batch)
        outcomes: dict[tuple[tuple[str, int], ...], Finding] = {}
        for bindings in self.bindings(nodes, chain, program):
            for world in worlds:
                scope = self.scope(world, nodes, chain, reading, bindings)
                scope = replace(scope, mean_loss=batch)
                finding = compared(left, right, start, scope, reading, chain.conditions)
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
        said = self.understanding
        rules = replace(reading.rules, einstein=said.sums_silently, star=said.star_is_elementwise)
        scope = Scope(world, evaluate, rules, self.layout, dict(bindings))
        try:
            number = program.layer_number(layer, dict(bindings))
        except OutsideNetworkError:
            number = None
        scope = replace(scope, context_layer=number)
        key = (id(chain), len(chain.sides), *map(id, nodes), *bindings.items(), id(world.shapes))
        key = (*key, world.n_samples)
        if key not in self._sizes:
            self._sizes[key] = (letter_sizes([*nodes, *chain.nodes()], scope), nodes)
        return replace(scope, sizes=self._sizes[key][0])

    def bindings(
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


def dummy_in(node: Node) -> str | None:
    """Give the ``x`` of ``∂f(x)/∂x`` and of ``f'(x)``, if nothing else stands there."""
    of, by = (node.of, node.by) if isinstance(node, Derivative) else (node, None)
    if not isinstance(of, Call) or len(of.arguments) != 1:
        return None
    argument = of.arguments[0]
    primed = isinstance(of.function, Scripted) and of.function.primes > 0
    if not isinstance(argument, Symbol) or (by is None and not primed):
        return None
    return argument.name if by is None or by == argument else None


def with_dummy(node: Node, name: str) -> Node:
    """Write a number of its own for a name."""
    for one in list(walk(node)):
        if one == Symbol(name):
            node = replaced(node, one, coded((f"{name}?", None)))
    return node


def may_turn(node: Node) -> bool:
    """Say whether the layout leaves the orientation open: not for ``∇`` and ``dW``."""
    return not any(isinstance(one, Nabla) or one == Symbol("d") for one in walk(node))


def _allows(conditions: Sequence[Relation], bindings: Mapping[str, int], program: Program) -> bool:
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


def mentions_samples(nodes: Sequence[Node], program: Program, depth: int = 3) -> bool:
    """Say whether formulas speak of several samples: ``m``, or an index of samples."""
    if depth and any(
        mentions_samples([body], program, depth - 1) for body in _numbers_in(nodes, program)
    ):
        return True
    for reference in references(nodes, program.notation):
        if reference.sample is not None or reference.name in ("m", "N"):
            return True
        is_delta = reference.name == "Delta" and reference.layer is not None
        if is_delta or program.stacked(reference.name) is not None:
            return True
    for node in nodes:
        for one in walk(node):
            above = one.above if isinstance(one, Summation) else None
            if isinstance(above, Symbol) and above.name in ("m", "N"):
                return True
    return "X" in program.names and "x" not in program.names


def _numbers_in(nodes: Sequence[Node], program: Program) -> Iterator[Node]:
    """Give what numbers besides the loss, which are differentiated, are: sums over samples."""
    for node in nodes:
        for one in walk(node):
            if not isinstance(one, Derivative | Nabla) or one.of is None:
                continue
            reference = program.notation.refer(one.of)
            found = None if reference is None else program.find(reference.name, None)
            body = None if found is None else found.definition.body
            is_other = reference is not None and reference.name != program.roles.loss
            if isinstance(body, Node) and is_other:
                yield body


def _combined(outcomes: Mapping[tuple[tuple[str, int], ...], Finding], program: Program) -> Finding:
    """Join what was found at several layers: all must be right."""
    if not outcomes:
        return Finding("unread", "it speaks of a layer that the network does not have")
    wrong = {key: one for key, one in outcomes.items() if not one.is_right}
    if not wrong:
        return RIGHT
    last = {key for key in wrong if any(number >= program.last for _, number in key)}
    if len(outcomes) > len(wrong) == len(last) and last:
        return replace(RIGHT, reading="hidden-layers")
    return next(iter(wrong.values()))
