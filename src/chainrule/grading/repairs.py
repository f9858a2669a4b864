"""The likely mistake: the smallest change that makes a formula right."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, final

import numpy as np

from chainrule.grading.chains import Chain
from chainrule.grading.comparison import equal
from chainrule.grading.edits import QUICK, Palette, edits_of
from chainrule.grading.formulas import evaluate
from chainrule.grading.judge import READINGS, Judge, may_turn, mentions_samples
from chainrule.grading.notation import Reference
from chainrule.grading.problems import FormulaError
from chainrule.grading.program import Program
from chainrule.grading.scope import Scope
from chainrule.grading.value import SAMPLES, Value
from chainrule.read.latex import Style, to_latex
from chainrule.read.tree import (
    Call,
    Derivative,
    Group,
    Nabla,
    Negative,
    Node,
    Number,
    Plus,
    Product,
    Scripted,
    Symbol,
    walk,
)

__all__ = ["Repair", "Repairs"]

_MOST_SUGGESTIONS: Final = 4
_MOST_CANDIDATES: Final = 700
_MOST_PAIRS: Final = 2_000
#: A bound for machines that are busy; the numbers of candidates are what decides.
_SECONDS: Final = 8.0
_MOST_FACTORS: Final = 24
#: Mistakes in the order in which they are believed, where several changes fit.
_BELIEF: Final = (
    *("misplaced-diag", "misplaced-transpose", "missing-transpose", "extra-transpose"),
    *("missing-derivative", "wrong-index", "wrong-layer", "wrong-variable", "sign"),
    *("softmax-elementwise", "derivative-argument", "missing-prime", "decayed-bias"),
    *("missing-decay", "lambda-half", "sum-for-mean", "mean-for-sum", "missing-sum"),
    *("wrong-summation-index", "missing-diag", "extra-diag", "elementwise-product"),
    *("matrix-product", "factors-swapped"),
)

#: Believed equally: the shortest correction wins.
_ALIKE: Final = dict.fromkeys(
    ["half-lambda", "factor-of-two", "extra-factor", "missing-factor"], "lambda-half"
)


@final
@dataclass(frozen=True)
class Repair:
    """A change that makes a formula right: the mistake that it corrects, and the result."""

    mistake: str
    node: Node
    latex: str
    n_edits: int = 1
    is_turned: bool = False


@final
@dataclass
class _Truth:
    """What a formula must be equal to, at every point."""

    wanted: Value
    scope: Scope
    allowed: frozenset[str]


@final
@dataclass
class Repairs:
    """Looks for the likely mistakes of one chain.

    Parameters
    ----------
    judge : Judge
        Knows what names mean.
    chain : Chain
        Where the mistake stands.
    share : float
        The share of the usual number of changes that is tried.
    """

    judge: Judge
    chain: Chain
    share: float = 1.0
    _can_turn: bool = False

    def of(self, left: Node, right: Node, start: Node | None) -> list[Repair]:
        """Find changes that make a right side equal to the truth.

        Parameters
        ----------
        left, right : Node
            The two sides of the step that is wrong.
        start : Node or None
            The beginning of its chain, which is the truth where it has a value.

        Returns
        -------
        list of Repair
            The likeliest first; several may fit. Empty where none is small enough.
        """
        for truth_node in (start, left):
            if truth_node is None:
                continue
            truths = self._truths(truth_node, right)
            if truths:
                self._can_turn = may_turn(truth_node)
                found = self._search(right, truths, self._palette(truth_node, right))
                if found:
                    return found
        return []

    def _truths(self, node: Node, right: Node) -> list[_Truth]:
        program = self.judge.understanding.program_of(self.chain.section)
        batch = mentions_samples([node, right], program)
        worlds = self.judge.understanding.worlds(program, "sum-to-one", batch)
        truths: list[_Truth] = []
        for bindings in self.judge.bindings([node, right], self.chain, program):
            for world in worlds[:3]:
                scope = self.judge.scope(world, [node, right], self.chain, READINGS[0], bindings)
                scope = replace(scope, mean_loss=batch)
                try:
                    with np.errstate(all="ignore"):
                        wanted = evaluate(node, scope)
                except (FormulaError, ArithmeticError, ValueError):
                    continue
                free = frozenset(wanted.axes) - {SAMPLES}
                truths.append(_Truth(wanted, replace(scope, free=free), free))
        return truths

    def _is_right(self, node: Node, truths: list[_Truth], turned: bool = False) -> bool:
        n_checked = 0
        for truth in truths:
            try:
                with np.errstate(all="ignore"):
                    got = evaluate(node, truth.scope)
                    conditions = self.chain.conditions
                    got = got.T if turned else got
                    finding = equal(truth.wanted, got, truth.allowed, truth.scope, conditions)
            except FormulaError as problem:
                if type(problem).__name__.startswith("Outside"):
                    continue
                return False
            except (ArithmeticError, ValueError, IndexError):
                return False
            if not finding.is_right:
                return False
            n_checked += 1
        return n_checked > 0

    def _search(self, right: Node, truths: list[_Truth], palette: Palette) -> list[Repair]:
        deadline = time.monotonic() + _SECONDS
        seen: set[str] = set()
        found = self._fitting(
            islice(edits_of(right, palette), int(self.share * _MOST_CANDIDATES)),
            truths,
            seen,
            deadline,
            1,
        )
        if not found:
            found = self._fitting(
                islice(_pairs(right, palette), int(self.share * _MOST_PAIRS)),
                truths,
                seen,
                deadline,
                2,
            )
        return self._ranked(found)

    def _fitting(
        self,
        candidates: Iterator[tuple[str, Node]],
        truths: list[_Truth],
        seen: set[str],
        deadline: float,
        n_edits: int,
    ) -> list[Repair]:
        style = Style()
        found: list[Repair] = []
        for mistake, node in candidates:
            latex = to_latex(node, style)
            if latex in seen:
                continue
            seen.add(latex)
            turned = self._can_turn and not self._is_right(node, truths)
            if self._is_right(node, truths, turned):
                found.append(Repair(mistake, node, latex, n_edits, turned))
                if len(found) >= (8 if n_edits == 1 else 2):
                    break
            if time.monotonic() > deadline:
                break
        return found

    def _ranked(self, found: list[Repair]) -> list[Repair]:
        belief = {name: at for at, name in enumerate(_BELIEF)}
        document = self.judge.understanding.document.source.text.replace(" ", "")

        def rank(repair: Repair) -> tuple[int, bool, bool, int, int]:
            first = repair.mistake.split("+")[0]
            stands = repair.latex.replace(" ", "") in document
            order = belief.get(_ALIKE.get(first, first), len(belief))
            return (repair.n_edits, repair.is_turned, not stands, order, len(repair.latex))

        return sorted(found, key=rank)[:_MOST_SUGGESTIONS]

    def _palette(self, start: Node, right: Node) -> Palette:
        understanding = self.judge.understanding
        program = understanding.program
        nodes = [start, right, *self.chain.nodes()]
        by_node = _variable(start)
        by = None if by_node is None else program.notation.refer(by_node)
        letters = _letters(nodes, program.notation.refer)
        left_letters = _letters([start], program.notation.refer)
        return Palette(
            program,
            tuple(letters),
            tuple(_variables(nodes)),
            tuple([*slopes(program, start), *self._factors(nodes, program)][:_MOST_FACTORS]),
            _transpose_sign(understanding.document.source.text),
            _elementwise_sign(understanding.document.source.text),
            by,
            by_node,
            tuple(left_letters),
        )

    def _factors(self, nodes: list[Node], program: Program) -> list[Node]:
        """Collect what the document multiplies with: ``σ'(z)``, ``(1 - y)``, quantities."""
        found: dict[Node, None] = {}
        document = self.judge.understanding.document
        others = [
            side.node
            for passage in document.passages
            for row in passage.rows
            for equation in row.equations
            for side in equation.sides
            if side.node is not None
        ]
        for node in [*nodes, *others[:80]]:
            for one in walk(node):
                if _is_factor(one):
                    found.setdefault(one)
                elif isinstance(one, Product):
                    named = (f for f in one.factors if program.notation.refer(f) is not None)
                    found.update(dict.fromkeys(named))
        return list(found)


def slopes(program: Program, start: Node) -> Iterator[Node]:
    """Give the derivatives of the activation that belong to the left side: ``f'(z)``, ``1 - a``."""
    by = _variable(start) or start
    reference = program.notation.refer(by)
    if reference is None or not isinstance(by, Scripted | Symbol):
        return
    pre = by if reference.name == program.roles.pre else _renamed(by, program.roles.pre)
    act = _renamed(by, program.roles.act)
    for name in sorted(program.notation.functions):
        if name in program.functions_applied:
            function = Symbol(name, name if len(name) == 1 else f"\\{name}")
            yield Call(Scripted(function, primes=1), (pre,))
    yield Product((act, Group(Plus((Number("1"), Negative(act))))), ("",))


def _renamed(node: Scripted | Symbol, name: str) -> Node:
    if isinstance(node, Symbol):
        return Symbol(name, name)
    return replace(node, base=Symbol(name, name)) if isinstance(node.base, Symbol) else node


def _is_factor(node: Node) -> bool:
    if isinstance(node, Call):
        return isinstance(node.function, Scripted) and node.function.primes > 0
    if isinstance(node, Group):
        body = node.body
        return isinstance(body, Plus) and body.terms[0] == Number("1") and len(body.terms) == 2
    return False


def _pairs(right: Node, palette: Palette) -> Iterator[tuple[str, Node]]:
    """Give trees that are two changes away, those of two changes of one kind first."""
    for rule in QUICK:
        for mistake, node in islice(edits_of(right, palette, (rule,)), 60):
            for other, changed in islice(edits_of(node, palette, (rule,)), 80):
                yield _joint(mistake, other), changed
    for rule in QUICK:
        others = tuple(one for one in QUICK if one is not rule)
        for mistake, node in islice(edits_of(right, palette, (rule,)), 40):
            for other, changed in islice(edits_of(node, palette, others), 120):
                yield _joint(mistake, other), changed


def _joint(first: str, second: str) -> str:
    return first if first == second else f"{first}+{second}"


def _letters(nodes: list[Node], refer: object) -> list[str]:
    letters: dict[str, None] = {}
    for node in nodes:
        for one in walk(node):
            reference = refer(one) if callable(refer) else None
            if isinstance(reference, Reference):
                letters.update(dict.fromkeys(i for i in reference.indices if isinstance(i, str)))
    return [letter for letter in letters if len(letter) == 1][:6]


def _variable(start: Node) -> Node | None:
    if isinstance(start, Derivative):
        return start.by
    if isinstance(start, Nabla):
        return start.by
    if isinstance(start, Product) and start.factors[0] == Symbol("d") and len(start.factors) == 2:
        return start.factors[1]
    return _variable(start.body) if isinstance(start, Negative | Group) else None


def _variables(nodes: list[Node]) -> list[Node]:
    found: dict[Node, None] = {}
    for node in nodes:
        for one in walk(node):
            if isinstance(one, Derivative):
                found.setdefault(one.by)
    return list(found)[:8]


def _transpose_sign(text: str) -> Symbol:
    counts: Mapping[str, int] = {
        r"\top": text.count(r"\top"),
        "T": text.count("^T") + text.count("^{T") + text.count("T}"),
        r"\intercal": text.count(r"\intercal"),
    }
    sign = max(counts, key=lambda one: counts[one])
    return Symbol(sign.lstrip("\\"), sign)


def _elementwise_sign(text: str) -> str:
    counts = {
        "odot": text.count(r"\odot"),
        "circ": text.count(r"\circ"),
        "ast": text.count(r"\ast") + text.count("*") // 4 + text.count(" * "),
    }
    return max(counts, key=lambda one: counts[one])
