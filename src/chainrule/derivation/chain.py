"""A chain of equalities in the making: rules are applied, and every line is recorded."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import final

from chainrule.calculus import Expression
from chainrule.calculus.algebra import gathered, simplified
from chainrule.calculus.indexed import Derivative, Entry, Index, IndexSum, Kronecker, reindexed
from chainrule.calculus.nodes import Constant, Negative, Product, Sum
from chainrule.calculus.rules import (
    DEFINITION,
    DIFFERENTIATION,
    Rule,
    Scope,
    product,
    summed,
    total,
)
from chainrule.derivation.document import Case, Detail, Equation, Line
from chainrule.derivation.truth import Setting

__all__ = ["COMPLETE", "DISTRIBUTE", "SPLIT", "Chain", "Fact", "in_case"]


@final
@dataclass(frozen=True)
class Fact:
    """An equation that later lines may use, for any values of its indices.

    Parameters
    ----------
    left : Derivative
        What is known.
    right : Expression
        What it is.
    assumption : str, optional
        On what condition.
    """

    left: Derivative
    right: Expression
    assumption: str | None = None

    def rule(self, name: str) -> Rule:
        """Make a rule that puts the right side in place of the left."""
        return Rule(name, "", self._rewritten, self.assumption)

    def _rewritten(self, node: Expression, _: Scope) -> Expression | None:
        if not isinstance(node, Derivative):
            return None
        new: dict[Index, Index] = {}
        if _matches(self.left.of, node.of, new) and _matches(self.left.by, node.by, new):
            return reindexed(self.right, new)
        return None


def _matches(pattern: Expression, given: Expression, new: dict[Index, Index]) -> bool:
    if isinstance(pattern, Entry) and isinstance(given, Entry):
        if pattern.base != given.base or len(pattern.indices) != len(given.indices):
            return False
        pairs = zip(pattern.indices, given.indices, strict=True)
        return all(new.setdefault(old, index) == index for old, index in pairs)
    return pattern == given


class Chain:
    """Records the lines of one equation.

    Parameters
    ----------
    scope : Scope
        The forward equations.
    left : Expression
        The left side.
    """

    def __init__(self, scope: Scope, left: Expression) -> None:
        self.scope = scope
        self.left = left
        self.current = left
        self.lines: list[Line] = []
        self.assumption: str | None = None

    def to(self, right: Expression, rule: str, *, is_minor: bool = False) -> "Chain":
        """Write a line, unless nothing has changed."""
        if right != self.current:
            self.current = right
            self.lines.append(Line(right, rule, self.assumption, is_minor))
        return self

    def by(self, *rules: Rule) -> "Chain":
        """Apply each rule in turn, wherever it fits."""
        for rule in rules:
            new = rule.everywhere(self.current, self.scope)
            if new != self.current and rule.assumption is not None:
                self.assumption = rule.assumption
            self.to(new, rule.name, is_minor=rule.is_minor)
        return self

    def assuming(self, assumption: str, right: Expression, rule: str) -> "Chain":
        """Write a line that needs an assumption; so do all that follow."""
        self.assumption = assumption
        return self.to(right, rule)

    def differentiate(self) -> "Chain":
        """Apply the rules of differentiation until no derivative is left that they know."""
        while True:
            before = self.current
            for rule in DIFFERENTIATION:
                self.by(rule)
                if self.current != before:
                    break
            else:
                return self

    def defined(self) -> "Chain":
        """Write what is differentiated as the forward equations have it."""
        return self.by(DEFINITION)

    def tidied(self, rule: str = "simplified") -> "Chain":
        """Bring a scalar into its shortest form."""
        return self.to(simplified(self.current), rule)

    def cancelled(self) -> "Chain":
        """Cancel quotients and gather equal terms of a scalar."""
        return self.to(gathered(self.current), "cancelled", is_minor=True)

    def fact(self) -> Fact:
        """Keep the outcome for later."""
        if not isinstance(self.left, Derivative):
            raise TypeError("only a derivative is a fact for later lines")
        return Fact(self.left, self.current, self.assumption)

    def equation(
        self,
        part: int,
        *,
        level: Detail = Detail.NORMAL,
        setting: Setting | None = None,
        case: Case | None = None,
        is_result: bool = False,
    ) -> Equation:
        """Finish."""
        return Equation(
            part,
            self.left,
            tuple(self.lines),
            setting or Setting(),
            level,
            case,
            is_result=is_result,
        )


def in_case(expression: Expression, case: Case) -> Expression:
    """Write an expression for indices that agree, or that do not."""

    def value(node: Expression, _: Scope) -> Expression | None:
        if isinstance(node, Kronecker) and {node.left, node.right} == {case.left, case.right}:
            return Constant(int(case.equal))
        return None

    written = Rule("case", "", value).everywhere(expression, Scope())
    return reindexed(written, {case.right: case.left}) if case.equal else written


def _split(node: Expression, _: Scope) -> Expression | None:
    """``Σ_j f_j = f_i + Σ_{j≠i} f_j`` where the terms are different for ``j = i``."""
    if not isinstance(node, IndexSum) or node.other_than is not None:
        return None
    for delta in node.body.walk():
        if isinstance(delta, Kronecker) and node.index in (delta.left, delta.right):
            other = delta.right if delta.left == node.index else delta.left
            here = in_case(node.body, Case(other, node.index, True))
            elsewhere = in_case(node.body, Case(other, node.index, False))
            rest = IndexSum(node.index, elsewhere, other)
            return total([here, summed(rest, elsewhere)])
    return None


def _complete(node: Expression, _: Scope) -> Expression | None:
    """``Σ_{j≠i} f_j = Σ_j f_j - f_i``."""
    if not isinstance(node, IndexSum) or node.other_than is None:
        return None
    left_out = reindexed(node.body, {node.index: node.other_than})
    return replace(node, other_than=None) - left_out


def _distribute(node: Expression, _: Scope) -> Expression | None:
    """``Σ_j a_j (δ_ij - b_i) = Σ_j a_j δ_ij - Σ_j a_j b_i``."""
    if not isinstance(node, IndexSum) or node.other_than is not None:
        return None
    sign, body = (
        (True, node.body.operand) if isinstance(node.body, Negative) else (False, node.body)
    )
    factors = list(body.factors) if isinstance(body, Product) else [body]
    for place, factor in enumerate(factors):
        if isinstance(factor, Sum) and _has_delta(factor):
            rest = [*factors[:place], *factors[place + 1 :]]
            terms = [_summed(node.index, term, rest) for term in factor.terms]
            return total(-term for term in terms) if sign else total(terms)
    return None


def _summed(index: Index, term: Expression, rest: Iterable[Expression]) -> Expression:
    is_negative = isinstance(term, Negative)
    inner = term.operand if isinstance(term, Negative) else term
    body = product([*rest, inner])
    value = summed(IndexSum(index, body), body)
    return -value if is_negative else value


def _has_delta(node: Expression) -> bool:
    return any(isinstance(inner, Kronecker) for inner in node.walk())


SPLIT = Rule("one term apart", "Σ_j f_j = f_i + Σ_{j≠i} f_j", _split)
COMPLETE = Rule("that term put back", "Σ_{j≠i} f_j = Σ_j f_j - f_i", _complete)
DISTRIBUTE = Rule("multiplied out", "Σ_j a_j (b_j + c_j) = Σ_j a_j b_j + Σ_j a_j c_j", _distribute)
