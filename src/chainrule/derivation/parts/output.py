"""Part 2: from the loss to the pre-activations of the last layer."""

from dataclasses import dataclass
from functools import cached_property
from typing import final

from chainrule.calculus import Diag, Expression, to_text
from chainrule.calculus.algebra import complexity, gathered, multiplied_out, named, simplified
from chainrule.calculus.entries import collected, entry
from chainrule.calculus.function import Apply
from chainrule.calculus.indexed import Entry, Index, IndexSum
from chainrule.calculus.nodes import Constant, Quotient
from chainrule.calculus.rules import Rule, Scope
from chainrule.derivation.chain import COMPLETE, DISTRIBUTE, SPLIT, Chain, Fact, in_case
from chainrule.derivation.document import (
    SUM_TO_ONE,
    Case,
    Equation,
    Item,
    Prose,
    Section,
)
from chainrule.derivation.network_rules import is_long
from chainrule.derivation.page import Page
from chainrule.derivation.parts.forward import loss_name

__all__ = ["OutputPart"]

_PART = 2
_TOGETHER = "entries put together"


@final
@dataclass(frozen=True)
class OutputPart:
    """The derivatives of the loss by ``y`` and ``z(L)``, and of ``y`` by ``z(L)``.

    Parameters
    ----------
    page : Page
        The network, the layout and the level of detail.
    """

    page: Page

    @cached_property
    def _i(self) -> Index:
        return Index("i", self.page.quantities.sizes[-1])

    @cached_property
    def _j(self) -> Index:
        return Index("j", self.page.quantities.sizes[-1])

    @property
    def _is_single(self) -> bool:
        return self.page.quantities.sizes[-1] == 1

    @cached_property
    def _y(self) -> tuple[Expression, Expression]:
        y = self.page.quantities.y(self.page.quantities.n_layers)
        return self.page.entry(y, "i"), self.page.entry(y, "j")

    @cached_property
    def _z(self) -> Expression:
        q = self.page.quantities
        return self.page.entry(q.z(q.n_layers), "i")

    # ∂E/∂y

    @cached_property
    def by_output_entry(self) -> Chain:
        """``∂E/∂y_i`` by the rules of differentiation."""
        page = self.page
        chain = page.chain(page.by(page.quantities.E, self._y[0]))
        return chain.defined().differentiate().tidied()

    @cached_property
    def by_output(self) -> Chain:
        """``∂E/∂y``."""
        page, q = self.page, self.page.quantities
        chain = page.chain(page.by(q.E, q.y(q.n_layers)))
        column = collected(self.by_output_entry.current, self._i)
        return chain.to(page.rules.gradient(column), _TOGETHER)

    # ∂y/∂z

    @cached_property
    def jacobian_entry(self) -> Chain:
        """``∂y_j/∂z_i``, or ``∂y_i/∂z_i`` where no other entry moves."""
        page, q = self.page, self.page.quantities
        of = self._y[1] if q.has_softmax else self._y[0]
        chain = page.chain(page.by(of, self._z)).defined().differentiate()
        if q.has_softmax:
            return chain.to(self._recognised(chain.current), "in terms of the outputs")
        named_value = self._in_terms_of_output(chain.current)
        return chain.to(named_value, "in terms of the output").tidied()

    def _recognised(self, expression: Expression) -> Expression:
        """Write ``y_i`` for ``e^{z_i} / Σ_k e^{z_k}``."""
        names = {}
        below: Expression = Constant(1)
        for index, y in ((self._i, self._y[0]), (self._j, self._y[1])):
            value = entry(self._value, index, used=frozenset({self._i, self._j}))
            if not isinstance(value, Quotient):
                raise TypeError(f"{to_text(value)} is not a quotient")
            names[value.numerator] = y
            below = value.denominator
        return named(expression, below, names)

    @property
    def _value(self) -> Expression:
        q = self.page.quantities
        return q.forward[q.y(q.n_layers)]

    def _in_terms_of_output(self, expression: Expression) -> Expression:
        value = entry(self._value, None if self._is_single else self._i)

        def put(node: Expression, _: Scope) -> Expression | None:
            return self._y[0] if isinstance(node, Apply) and node == value else None

        return Rule("", "", put).everywhere(expression, self.page.quantities.scope)

    @cached_property
    def cases(self) -> tuple[Equation, ...]:
        """``∂y_j/∂z_i`` for ``i = j`` and for ``i ≠ j``."""
        found = []
        for equal in (True, False):
            case = Case(self._i, self._j, equal)
            left = self.jacobian_entry.left
            chain = Chain(self.page.quantities.scope, in_case(left, case))
            value = gathered(in_case(self.jacobian_entry.current, case))
            chain.to(value, "equal indices" if equal else "different indices")
            found.append(chain.equation(_PART, case=None if equal else case))
        return tuple(found)

    @cached_property
    def jacobian(self) -> Chain:
        """``∂y/∂z``."""
        page, q = self.page, self.page.quantities
        chain = page.chain(page.by(q.y(q.n_layers), q.z(q.n_layers)))
        value = self.jacobian_entry.current
        if q.has_softmax:
            matrix = collected(multiplied_out(value), self._j, self._i)
        else:
            matrix = Diag(collected(value, self._i))
        return chain.to(page.rules.laid_out(matrix), _TOGETHER)

    # ∂E/∂z

    @cached_property
    def entry(self) -> Chain:
        """``∂E/∂z_i``."""
        if not self.page.quantities.has_softmax:
            return self._substituted().cancelled().tidied()
        apart, out = self._split(), self._distributed()
        shorter = complexity(out.current) < complexity(apart.current)
        chain = out if shorter else apart
        summed = self._with_sum_one(chain.current)
        if summed == chain.current or not self._may_assume:
            return chain
        return chain.assuming(SUM_TO_ONE, summed, "the targets sum to one")

    @property
    def _may_assume(self) -> bool:
        return self.page.quantities.architecture.has_canonical_loss

    def _substituted(self) -> Chain:
        page = self.page
        chain = page.chain(page.by(page.quantities.E, self._z)).by(page.rules.chain)
        known = [self.by_output_entry.fact(), self.jacobian_entry.fact()]
        current = chain.current
        for fact in known:
            current = fact.rule("").everywhere(current, page.quantities.scope)
        return chain.to(current, "both factors put in")

    def _split(self) -> Chain:
        chain = self._substituted().by(SPLIT).cancelled()
        return chain.to(simplified(COMPLETE.everywhere(chain.current, chain.scope)), COMPLETE.name)

    def _distributed(self) -> Chain:
        return self._substituted().by(DISTRIBUTE).differentiate().tidied()

    def _with_sum_one(self, expression: Expression) -> Expression:
        t = self.page.quantities.t

        def one(node: Expression, _: Scope) -> Expression | None:
            if isinstance(node, IndexSum) and node.other_than is None:
                is_sum = isinstance(node.body, Entry) and node.body.base == t
                return Constant(1) if is_sum else None
            return None

        written = Rule("", "", one).everywhere(expression, self.page.quantities.scope)
        return written if written == expression else simplified(written)

    @cached_property
    def free_entry(self) -> Expression:
        """``∂E/∂z_i`` whatever the targets sum to."""
        lines = [line for line in self.entry.lines if line.assumption is None]
        return lines[-1].right

    @cached_property
    def free_column(self) -> Expression:
        """``∂E/∂z(L)`` as a column, whatever the targets sum to."""
        return self._column_of(self.free_entry)

    @cached_property
    def column(self) -> Expression:
        """``∂E/∂z(L)`` as a column, on the assumption of `entry`."""
        return self._column_of(self.entry.current)

    def _column_of(self, written: Expression) -> Expression:
        return written if self._is_single else collected(written, self._i)

    @cached_property
    def vector(self) -> Chain:
        """``∂E/∂z(L)``."""
        page, q = self.page, self.page.quantities
        if self._is_single:
            return self.entry
        chain = page.chain(page.by(q.E, q.z(q.n_layers))).by(page.rules.matrix_chain)
        current = chain.current
        for fact in (self.by_output.fact(), self.jacobian.fact()):
            current = fact.rule("").everywhere(current, q.scope)
        chain.to(current, "both factors put in")
        chain.to(page.rules.gradient(self.free_column), "simplified")
        if self.entry.assumption is None:
            return chain
        value = page.rules.gradient(self.column)
        return chain.assuming(self.entry.assumption, value, "the targets sum to one")

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """``∂E/∂z(L)``, entry by entry and as a whole."""
        return self.entry.fact(), self.vector.fact()

    @cached_property
    def short_facts(self) -> tuple[Fact, ...]:
        """The same where they are short enough to be put into the parts that follow."""
        return () if is_long(self.column) else self.facts

    def section(self) -> Section:
        """Write the part."""
        return Section(_PART, "The output layer", tuple(self._items()))

    def _items(self) -> list[Item]:
        q = self.page.quantities
        name = loss_name(q.architecture.loss.name)
        first = Prose((f"The derivative of the {name} by an output:",))
        items: list[Item] = [first, self.by_output_entry.equation(_PART)]
        if self._is_single:
            items += self._single()
        elif q.has_softmax:
            items += self._softmax()
        else:
            items += self._elementwise()
        return items

    def _single(self) -> list[Item]:
        return [
            Prose(("The derivative of the output:",)),
            self.jacobian_entry.equation(_PART),
            Prose(("Together, by the chain rule:",)),
            self.entry.equation(_PART, is_result=True),
        ]

    def _elementwise(self) -> list[Item]:
        return [
            self.by_output.equation(_PART, is_result=True),
            Prose(
                (
                    "Each output depends on its own pre-activation alone, so that the Jacobian is "
                    "diagonal:",
                )
            ),
            self.jacobian_entry.equation(_PART),
            self.jacobian.equation(_PART, is_result=True),
            Prose(("Together, by the chain rule, entry by entry and as a vector:",)),
            self.entry.equation(_PART),
            self.vector.equation(_PART, is_result=True),
        ]

    def _softmax(self) -> list[Item]:
        equal, different = self.cases
        return [
            self.by_output.equation(_PART, is_result=True),
            Prose(("Every output depends on every pre-activation. By the quotient rule:",)),
            self.jacobian_entry.equation(_PART),
            Prose(("Case ", Case(self._i, self._j, True), ":")),
            equal,
            Prose(("Case ", Case(self._i, self._j, False), ":")),
            different,
            Prose(("Both cases together are the Jacobian:",)),
            self.jacobian.equation(_PART, is_result=True),
            Prose(("The chain rule sums over all outputs, since each depends on ", self._z, ":")),
            self.entry.equation(_PART),
            Prose(("The same with vectors:",)),
            self.vector.equation(_PART, is_result=True),
        ]
