"""Part 1: one layer with one output, by its target and by its inputs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from chainrule.calculus import Expression, Sum
from chainrule.calculus.algebra import gathered
from chainrule.calculus.rules import Rule, Scope, product, total
from chainrule.derivation.chain import Chain
from chainrule.derivation.document import Equation, Item, Line, Prose, Section
from chainrule.derivation.page import Page
from chainrule.derivation.parts.output import OutputPart

__all__ = ["UnitPart"]

_PART = 1


@final
@dataclass(frozen=True)
class UnitPart:
    """The derivatives of a single unit, for each term of its loss and for all of it.

    Parameters
    ----------
    page : Page
        The network, the layout and the level of detail.
    output : OutputPart
        Where the derivative of the output comes from.
    """

    page: Page
    output: OutputPart

    def section(self) -> Section:
        """Write the part."""
        return Section(_PART, "One unit", tuple(self._items()))

    def _items(self) -> Iterator[Item]:
        q = self.page.quantities
        yield Prose(("In terms of the sample and the weights, the loss is",))
        value = Line(self._in_full(q.loss), "forward equations")
        yield Equation(_PART, q.E, (Line(q.loss, "definition"), value), is_definition=True)
        yield Prose(("By the target:",))
        yield self._by_target()
        terms = q.loss.terms if isinstance(q.loss, Sum) else (q.loss,)
        if len(terms) > 1:
            yield Prose(("By the inputs, first one term of the loss at a time:",))
            yield from (self._term(term).equation(_PART) for term in terms)
            yield Prose(("The whole loss is their sum:",))
        else:
            yield Prose(("By the inputs:",))
        yield self._by_inputs(terms).equation(_PART, is_result=True)

    def _in_full(self, expression: Expression) -> Expression:
        """Write the forward equations in place of ``y``."""
        q = self.page.quantities
        scope = q.scope

        def put(node: Expression, _: Scope) -> Expression | None:
            return q.forward[node] if node in (q.y(1), q.z(1)) else None  # type: ignore[index]

        rule = Rule("", "", put)
        return rule.everywhere(rule.everywhere(expression, scope), scope)

    def _by_target(self) -> Equation:
        page, q = self.page, self.page.quantities
        chain = page.chain(page.by(q.E, q.t)).defined().differentiate().tidied()
        chain.to(self._in_full(chain.current), "forward equations")
        return chain.equation(_PART, is_result=True)

    def _term(self, term: Expression) -> Chain:
        """Differentiate a term of the loss by the inputs, through ``y`` and ``z``."""
        page, q = self.page, self.page.quantities
        by_output = page.by(term, q.y(1))
        by_input = page.by(q.z(1), q.x)
        chain = page.chain(page.by(term, q.x))
        chain.to(product([by_output, page.by(q.y(1), q.z(1)), by_input]), "chain rule")
        slope = page.chain(by_output).differentiate().tidied().current
        jacobian = self.output.jacobian_entry.current
        weights = page.rules.laid_out(q.W(1))
        chain.to(product([slope, jacobian, weights]), "the three factors put in")
        short = product([gathered(product([slope, jacobian])), weights])
        chain.to(short, "cancelled")
        return chain.to(self._in_full(short), "forward equations")

    def _by_inputs(self, terms: tuple[Expression, ...]) -> Chain:
        page, q = self.page, self.page.quantities
        if len(terms) == 1:
            whole = self._term(q.loss)
            chain = page.chain(page.by(q.E, q.x)).to(whole.left, "definition")
            for line in whole.lines:
                chain.to(line.right, line.rule)
            return chain
        weights = page.rules.laid_out(q.W(1))
        chain = page.chain(page.by(q.E, q.x))
        chain.to(total(page.by(term, q.x) for term in terms), "linearity")
        short = product([self.output.entry.current, weights])
        chain.to(short, "both terms together")
        return chain.to(self._in_full(short), "forward equations")
