"""The likely mistake: the smallest change that makes a formula right."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import Final, final

import numpy as np

from chainrule.grading.chains import Chain
from chainrule.grading.comparison import equal
from chainrule.grading.edits import QUICK, Palette, edits_of
from chainrule.grading.formulas import evaluate
from chainrule.grading.gathering import palette_of
from chainrule.grading.judge import (
    READINGS,
    Judge,
    Reading,
    dummy_in,
    may_turn,
    mentions_samples,
    with_dummy,
)
from chainrule.grading.problems import FormulaError, OutsideNetworkError
from chainrule.grading.scope import Scope
from chainrule.grading.value import SAMPLES, Value
from chainrule.read.latex import Style, to_latex
from chainrule.read.tree import Node

__all__ = ["Repair", "Repairs"]

_MOST_SUGGESTIONS: Final = 4
_MOST_CANDIDATES: Final = 1_500
_MOST_PAIRS: Final = 2_000
#: A bound for machines that are busy; the numbers of candidates are what decides.
_SECONDS: Final = 8.0
#: With so many corrections of one change, or of two, the search is over.
_ENOUGH: Final = {1: 12, 2: 2}
_STRICT, _ENTRYWISE = (one for one in READINGS if one.name in ("", "elementwise"))
_PLAIN_D: Final = re.compile(r"\\frac\{d")
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
class _Fit(Enum):
    """How a formula is equal to the truth: not, as it stands, or transposed."""

    NONE = 0
    STRAIGHT = 1
    TURNED = 2


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
    #: The name that stands for a number, in ``d f(x)/dx``.
    _dummy: str | None = None

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
        for truth_node in [left] if start is None or start is left else [start, left]:
            self._can_turn = may_turn(truth_node)
            for self._dummy in dict.fromkeys((dummy_in(truth_node), None)):
                found = self._search(right, truth_node)
                if found:
                    return found
        return []

    def _numbered(self, node: Node) -> Node:
        """Write the name that stands for a number so that it is one."""
        return node if self._dummy is None else with_dummy(node, self._dummy)

    def _truths(self, node: Node, right: Node, reading: Reading) -> list[_Truth]:
        node, right = self._numbered(node), self._numbered(right)
        program = self.judge.understanding.program_of(self.chain.section)
        batch = mentions_samples([node, right], program)
        worlds = self.judge.understanding.worlds(program, "sum-to-one", batch)
        truths: list[_Truth] = []
        for bindings in self.judge.bindings([node, right], self.chain, program):
            for world in worlds[:3]:
                scope = self.judge.scope(world, [node, right], self.chain, reading, bindings)
                scope = replace(scope, mean_loss=batch)
                try:
                    with np.errstate(all="ignore"):
                        wanted = evaluate(node, scope)
                except (FormulaError, ArithmeticError, ValueError):
                    continue
                free = frozenset(wanted.axes) - {SAMPLES}
                truths.append(_Truth(wanted, replace(scope, free=free), free))
        return truths

    def _fit(self, node: Node, truths: list[_Truth]) -> _Fit:
        """Say whether a formula is equal to the truth at every point, as it stands or turned."""
        node = self._numbered(node)
        ways = [_Fit.STRAIGHT, _Fit.TURNED] if self._can_turn else [_Fit.STRAIGHT]
        n_checked = 0
        for truth in truths:
            try:
                with np.errstate(all="ignore"):
                    got = evaluate(node, truth.scope)
                    ways = [way for way in ways if self._agrees(truth, got, way)]
            except OutsideNetworkError:
                continue
            except (FormulaError, ArithmeticError, ValueError, IndexError):
                return _Fit.NONE
            if not ways:
                return _Fit.NONE
            n_checked += 1
        return ways[0] if n_checked else _Fit.NONE

    def _agrees(self, truth: _Truth, got: Value, way: _Fit) -> bool:
        got = got.T if way is _Fit.TURNED else got
        conditions = self.chain.conditions
        return equal(truth.wanted, got, truth.allowed, truth.scope, conditions).is_right

    def _search(self, right: Node, truth_node: Node) -> list[Repair]:
        """Try one change, strictly read and then entry by entry, and two changes at last."""
        deadline = time.monotonic() + _SECONDS
        palette = palette_of(self.judge.understanding, self.chain, truth_node, right)
        for reading, n_edits in ((_STRICT, 1), (_ENTRYWISE, 1), (_STRICT, 2)):
            truths = self._truths(truth_node, right, reading)
            if truths:
                candidates = _changed(right, palette, n_edits, self.share)
                found = self._fitting(candidates, truths, deadline, n_edits)
                if found:
                    return self._ranked(found)
        return []

    def _fitting(
        self,
        candidates: Iterator[tuple[str, Node]],
        truths: list[_Truth],
        deadline: float,
        n_edits: int,
    ) -> list[Repair]:
        seen: set[str] = set()
        found: list[Repair] = []
        for mistake, node in candidates:
            latex = to_latex(node, self._style)
            if latex in seen:
                continue
            seen.add(latex)
            fit = self._fit(node, truths)
            if fit is not _Fit.NONE:
                found.append(Repair(mistake, node, latex, n_edits, fit is _Fit.TURNED))
                if len(found) >= _ENOUGH[n_edits]:
                    break
            if time.monotonic() > deadline:
                break
        return found

    @cached_property
    def _style(self) -> Style:
        text = self.judge.understanding.document.source.text
        plain = _PLAIN_D.search(text) is not None and r"\partial" not in text
        return Style(differential="d" if plain else r"\partial")

    def _ranked(self, found: list[Repair]) -> list[Repair]:
        belief = {name: at for at, name in enumerate(_BELIEF)}
        document = self.judge.understanding.document.source.text.replace(" ", "")

        def rank(repair: Repair) -> tuple[int, bool, bool, int, int]:
            first = repair.mistake.split("+")[0]
            stands = repair.latex.replace(" ", "") in document
            order = belief.get(_ALIKE.get(first, first), len(belief))
            return (repair.n_edits, repair.is_turned, not stands, order, len(repair.latex))

        return sorted(found, key=rank)[:_MOST_SUGGESTIONS]


def _changed(
    right: Node, palette: Palette, n_edits: int, share: float
) -> Iterator[tuple[str, Node]]:
    if n_edits == 1:
        return islice(edits_of(right, palette), int(share * _MOST_CANDIDATES))
    return islice(_pairs(right, palette), int(share * _MOST_PAIRS))


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
