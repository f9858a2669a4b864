"""Parts 3, 5 and 6: through the weights to a hidden layer, and through its function."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from chainrule.calculus import Function
from chainrule.calculus.function import entrywise
from chainrule.calculus.function import y as function_value
from chainrule.calculus.function import z as function_argument
from chainrule.calculus.matrices import transposed
from chainrule.calculus.nodes import Diag, Product
from chainrule.derivation.chain import Chain, Fact
from chainrule.derivation.document import Detail, Equation, Item, Prose, Section
from chainrule.derivation.page import Page

__all__ = ["HiddenParts"]


@final
@dataclass(frozen=True)
class HiddenParts:
    """The derivatives of the loss by the hidden layers and the inputs.

    Parameters
    ----------
    page : Page
        The network, the layout and the level of detail.
    output_facts : tuple of Fact
        ``∂E/∂z(L)``, entry by entry and as a whole, or nothing where it is too long.
    """

    page: Page
    output_facts: tuple[Fact, ...]

    # Part 3: by the outputs of the layer below

    def outputs(self) -> Section:
        """Write ``∂E/∂y(l-1)`` for every layer, down to the inputs."""
        q = self.page.quantities
        below = "the hidden outputs" if q.n_layers > 1 else "the inputs"
        items: list[Item] = [Prose((f"The pre-activations are linear in {below} below them.",))]
        for layer in range(q.n_layers, 0, -1):
            items += self._output_entries(layer)
            items.append(self._output(layer))
        title = "The hidden outputs and the inputs" if q.n_layers > 1 else "The inputs"
        return Section(3, title, tuple(items))

    def _output_entries(self, layer: int) -> Iterator[Equation]:
        page, q = self.page, self.page.quantities
        below = page.entry(q.y(layer - 1), "v")
        chain = page.chain(page.by(q.E, below)).by(page.rules.chain)
        inner = page.chain(page.by(page.entry(q.z(layer), "u"), below))
        inner.defined().differentiate()
        yield inner.equation(3, level=Detail.FULL)
        chain.by(inner.fact().rule("linear map"))
        if layer == q.n_layers and self.output_facts:
            chain.by(self.output_facts[0].rule("part 2"))
        yield chain.equation(3, level=Detail.FULL)

    def _output(self, layer: int) -> Equation:
        page, q = self.page, self.page.quantities
        chain = page.chain(page.by(q.E, q.y(layer - 1)))
        chain.by(page.rules.matrix_chain, page.rules.linear_map)
        if layer == q.n_layers and self.output_facts:
            chain.by(self.output_facts[1].rule("part 2"))
        equation = chain.equation(3, is_result=True)
        return equation if layer >= q.n_layers - 1 else equation.in_short()

    # Part 5: the functions

    def functions(self) -> Section:
        """Write ``f'`` of every function in use, and the Jacobian of every hidden layer."""
        q = self.page.quantities
        distinct = tuple(dict.fromkeys(q.architecture.hidden))
        items: list[Item] = [
            Prose(("Each hidden unit depends on its own pre-activation alone.",), Detail.NORMAL)
        ]
        items += [chain.equation(5) for function in distinct for chain in self._slopes(function)]
        items.append(Prose(("So the Jacobian of a hidden layer is diagonal:",)))
        for layer in range(q.n_layers - 1, 0, -1):
            items.append(self._unit(layer))
            items.append(self._jacobian(layer))
        return Section(5, "The hidden functions", tuple(items))

    def _slopes(self, function: Function) -> Iterator[Chain]:
        """Differentiate the definition of a function."""
        if function.value is None or function.value == function_argument:
            return
        page = self.page
        z = page.quantities.argument
        value = entrywise(function.value, {function_argument: z})
        chain = page.chain(page.by(function(z), z))
        chain.to(page.by(value, z), "definition").differentiate().tidied()
        arguments = {function_argument: z, function_value: function(z)}
        yield chain.to(entrywise(function.derivative, arguments), "in terms of the value")

    def _unit(self, layer: int) -> Equation:
        page, q = self.page, self.page.quantities
        y, z = page.entry(q.y(layer), "i"), page.entry(q.z(layer), "i")
        chain = page.chain(page.by(y, z)).defined()
        index = page.index(q.z(layer), "i")
        chain.to(page.rules.slope_entry(layer, index), "elementwise function")
        return chain.equation(5, level=Detail.FULL)

    def _jacobian(self, layer: int) -> Equation:
        page, q = self.page, self.page.quantities
        chain = page.chain(page.by(q.y(layer), q.z(layer))).by(page.rules.elementwise)
        return chain.equation(5, is_result=True)

    # Part 6: by the pre-activations

    def pre_activations(self) -> Section:
        """Write ``∂E/∂z(l)`` for every hidden layer."""
        q = self.page.quantities
        items: list[Item] = [Prose(("By the chain rule, with parts 3 and 5:",))]
        for layer in range(q.n_layers - 1, 0, -1):
            if layer == q.n_layers - 1 or self.page.shows(Detail.FULL):
                items.append(self._pre_activation_entry(layer))
            items.append(self._pre_activation(layer))
        return Section(6, "The hidden pre-activations", tuple(items))

    def _pre_activation_entry(self, layer: int) -> Equation:
        page, q = self.page, self.page.quantities
        index = page.index(q.z(layer), "i")
        chain = page.chain(page.by(q.E, page.entry(q.z(layer), "i"))).by(page.rules.chain)
        slope = Fact(
            page.by(page.entry(q.y(layer), "i"), page.entry(q.z(layer), "i")),
            page.rules.slope_entry(layer, index),
        )
        return chain.by(slope.rule("part 5")).equation(6, level=Detail.FULL)

    def _pre_activation(self, layer: int) -> Equation:
        page, q = self.page, self.page.quantities
        chain = page.chain(page.by(q.E, q.z(layer)))
        chain.by(page.rules.matrix_chain, page.rules.elementwise)
        if layer == q.n_layers - 1 and self.output_facts:
            above = page.chain(page.by(q.E, q.y(layer)))
            above.by(page.rules.matrix_chain, page.rules.linear_map)
            above.by(self.output_facts[1].rule(""))
            chain.by(above.fact().rule("part 3"))
        equation = self._as_hadamard(chain).equation(6, is_result=True)
        return equation if layer == q.n_layers - 1 else equation.in_short()

    def _as_hadamard(self, chain: Chain) -> Chain:
        """Write a row times a diagonal matrix as an elementwise product."""
        current = chain.current
        factors = current.factors if isinstance(current, Product) else (current,)
        diagonals = [factor for factor in factors if isinstance(factor, Diag)]
        if len(diagonals) != 1:
            return chain
        rest = [factor for factor in factors if factor is not diagonals[0]]
        slope = diagonals[0].operand
        vector = rest[0] if len(rest) == 1 else Product(tuple(rest))
        turned = slope if vector.shape == slope.shape else transposed(slope)
        return chain.to(vector * turned, "diagonal factor")
