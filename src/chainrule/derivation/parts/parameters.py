"""Parts 4 and 7: the weights and biases of the last layer, and of the hidden ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from chainrule.calculus import Expression
from chainrule.calculus.entries import collected
from chainrule.calculus.indexed import Derivative, Entry
from chainrule.calculus.matrices import transposed
from chainrule.calculus.rules import PICK
from chainrule.derivation.chain import Fact
from chainrule.derivation.document import Detail, Equation, Item, Prose, Section
from chainrule.derivation.page import Page

__all__ = ["ParameterParts"]


@final
@dataclass(frozen=True)
class ParameterParts:
    """The derivatives of the loss by weights and biases.

    Parameters
    ----------
    page : Page
        The network, the layout and the level of detail.
    output_facts : tuple of Fact
        ``∂E/∂z(L)``, entry by entry and as a whole, or nothing where it is too long.
    """

    page: Page
    output_facts: tuple[Fact, ...]

    def of_output(self) -> Section:
        """Write ``∂E/∂W(L)`` and ``∂E/∂b(L)``."""
        q = self.page.quantities
        title = (
            "The weights and biases of the output" if q.architecture.bias else "The output weights"
        )
        first = Prose(("A weight acts through one pre-activation alone:",))
        return Section(4, title, (first, *self._layer(4, q.n_layers, Detail.NORMAL)))

    def of_hidden(self) -> Section:
        """Write ``∂E/∂W(l)`` and ``∂E/∂b(l)`` of the hidden layers."""
        q = self.page.quantities
        title = "The hidden weights and biases" if q.architecture.bias else "The hidden weights"
        items: list[Item] = [Prose(("As in part 4, with the pre-activations of part 6:",))]
        for layer in range(q.n_layers - 1, 0, -1):
            level = Detail.NORMAL if layer == q.n_layers - 1 else Detail.FULL
            items += self._layer(7, layer, level)
        return Section(7, title, tuple(items))

    def _layer(self, part: int, layer: int, level: Detail) -> Iterator[Equation]:
        yield from self._weight_entries(part, layer, level)
        yield self._weights(part, layer)
        if self.page.quantities.architecture.bias:
            yield from self._biases(part, layer)

    def _is_last(self, layer: int) -> bool:
        return layer == self.page.quantities.n_layers

    def _weight(self, layer: int) -> Expression:
        q = self.page.quantities
        W = q.W(layer)
        v = self.page.index(q.y(layer - 1), "v")
        if q.z(layer).shape.is_scalar:
            return Entry(W, (v,))
        return Entry(W, (self.page.index(q.z(layer), "u"), v))

    def _weight_entries(self, part: int, layer: int, level: Detail) -> Iterator[Equation]:
        page, q = self.page, self.page.quantities
        w = self._weight(layer)
        inner = page.chain(page.by(page.entry(q.z(layer), "k"), w)).defined().differentiate()
        yield inner.equation(part, level=Detail.FULL if part == 7 else level)
        chain = page.chain(page.by(q.E, w)).by(page.rules.chain)
        chain.by(inner.fact().rule("linear map"), PICK)
        if self._is_last(layer) and self.output_facts:
            chain.by(self.output_facts[0].rule("part 2"))
        equation = chain.equation(part, level=level)
        yield equation if part == 4 else equation.in_short()

    def _weights(self, part: int, layer: int) -> Equation:
        page, q = self.page, self.page.quantities
        chain = page.chain(page.by(q.E, q.W(layer)))
        chain.to(page.rules.like_matrix(self._outer(layer)), "entries put together")
        if self._is_last(layer) and self.output_facts:
            chain.by(self.output_facts[1].rule("part 2"))
        return chain.equation(part, is_result=True)

    def _outer(self, layer: int) -> Expression:
        """Put ``∂E/∂z_u y_v`` together to a matrix like ``W(l)``."""
        page, q = self.page, self.page.quantities
        v = page.index(q.y(layer - 1), "v")
        y = Entry(q.y(layer - 1), (v,))
        if q.z(layer).shape.is_scalar:
            return page.by(q.E, q.z(layer)) * transposed(q.y(layer - 1))
        u = page.index(q.z(layer), "u")
        slope = Derivative(q.E, Entry(q.z(layer), (u,)), page.layout)
        return collected(slope * y, u, v)

    def _biases(self, part: int, layer: int) -> Iterator[Equation]:
        page, q = self.page, self.page.quantities
        b = page.entry(q.b(layer), "u")
        inner = page.chain(page.by(page.entry(q.z(layer), "k"), b)).defined().differentiate()
        yield inner.equation(part, level=Detail.FULL)
        chain = page.chain(page.by(q.E, b)).by(page.rules.chain)
        yield chain.by(inner.fact().rule("linear map"), PICK).equation(part, level=Detail.FULL)
        whole = page.chain(page.by(q.E, q.b(layer)))
        whole.to(page.by(q.E, q.z(layer)), "entries put together")
        if self._is_last(layer) and self.output_facts:
            whole.by(self.output_facts[1].rule("part 2"))
        yield whole.equation(part, is_result=True)
