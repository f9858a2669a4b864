"""Part 10: second derivatives: the output, the blocks of a layer, and Hessian-vector products."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import final

from chainrule.calculus import Constant, Expression, Function, Variable
from chainrule.calculus.algebra import multiplied_out, simplified
from chainrule.calculus.curvature import Hessian, KroneckerProduct
from chainrule.calculus.entries import collected
from chainrule.calculus.function import entrywise
from chainrule.calculus.function import z as function_argument
from chainrule.calculus.indexed import Entry, Index, Kronecker, Layout, indices_in
from chainrule.calculus.matrices import transposed
from chainrule.calculus.rules import product
from chainrule.derivation.chain import Chain, Fact
from chainrule.derivation.document import Equation, Item, Line, Prose, Section
from chainrule.derivation.network_rules import is_long, primed
from chainrule.derivation.page import Page
from chainrule.derivation.parts.output import OutputPart
from chainrule.derivation.truth import Setting

__all__ = ["SecondPart"]

_PART = 10
_SECOND = Setting(is_second=True)


@final
@dataclass(frozen=True)
class SecondPart:
    """The curvature of the loss of one sample.

    Parameters
    ----------
    page : Page
        The network, the layout and the level of detail.
    output : OutputPart
        Where ``∂E/∂z(L)`` and ``∂y/∂z(L)`` come from.
    """

    page: Page
    output: OutputPart

    def section(self) -> Section:
        """Write the part."""
        return Section(_PART, "Second derivatives", tuple(self._items()))

    def _items(self) -> Iterator[Item]:
        q = self.page.quantities
        yield Prose(("Differentiating part 2 once more gives the curvature over the outputs:",))
        yield self._hessian_entries()
        if q.architecture.has_canonical_loss and q.sizes[-1] != 1:
            yield self._hessian()
        yield from self._blocks()
        yield from self._products()

    # ∂²E/∂z∂z

    @cached_property
    def _whole(self) -> Hessian:
        q = self.page.quantities
        return Hessian(q.E, q.z(q.n_layers))

    @cached_property
    def _indices(self) -> tuple[Index, ...]:
        q = self.page.quantities
        if q.sizes[-1] == 1:
            return ()
        used = {index.letter for index in indices_in(self.output.entry.current)}
        second = next(letter for letter in "jpqr" if letter not in used)
        return Index("i", q.sizes[-1]), Index(second, q.sizes[-1])

    @cached_property
    def _entries(self) -> Chain:
        page, q = self.page, self.page.quantities
        z = q.z(q.n_layers)
        left = Entry(self._whole, self._indices) if self._indices else self._whole
        by = Entry(z, self._indices[1:]) if self._indices else z
        chain = page.chain(left)
        chain.assumption = self.output.entry.assumption
        chain.to(page.by(self.output.entry.current, by), "part 2").differentiate()
        derived = page.chain(chain.current)
        derived.by(self._slope().rule("the outputs by the pre-activations")).differentiate()
        short = simplified(derived.current)
        if is_long(short) and not page.quantities.architecture.has_canonical_loss:
            return chain  # the rest would fill lines that nobody reads
        return chain.by(self._slope().rule("the outputs by the pre-activations")).to(
            short, "simplified"
        )

    def _slope(self) -> Fact:
        """Know ``∂y_i/∂z_j``, which is zero for ``i ≠ j`` unless the output is a softmax."""
        q = self.page.quantities
        fact = self.output.jacobian_entry.fact()
        if q.has_softmax or not self._indices:
            return fact
        i, j = self._indices
        y = Entry(q.y(q.n_layers), (i,))
        left = self.page.by(y, Entry(q.z(q.n_layers), (j,)))
        return Fact(left, product([fact.right, Kronecker(i, j)]))

    def _hessian_entries(self) -> Equation:
        return self._entries.equation(_PART, setting=_SECOND)

    @cached_property
    def _matrix(self) -> Expression:
        i, j = self._indices
        return collected(multiplied_out(self._entries.current), i, j)

    def _hessian(self) -> Equation:
        chain = self.page.chain(self._whole)
        chain.assumption = self.output.entry.assumption
        chain.to(self._matrix, "entries put together")
        return chain.equation(_PART, setting=_SECOND, is_result=True)

    # The blocks of a layer

    def _blocks(self) -> Iterator[Item]:
        q = self.page.quantities
        yield Prose(
            (
                "With the rows of ",
                q.W(q.n_layers),
                " one after another in a vector, the Gauss–Newton block ",
                self._block("G", q.n_layers),
                " of its layer is that curvature between the derivatives of ",
                q.z(q.n_layers),
                " by these weights. "
                "It is a Kronecker product, and for the last layer the Hessian itself:",
            )
        )
        for layer in range(q.n_layers, 0, -1):
            if layer < q.n_layers:
                yield self._jacobian(layer)
            yield self._kronecker("G", layer)
        if q.architecture.has_canonical_loss:
            yield Prose(
                (
                    "Where the targets are drawn from the model, the mean outer product of the "
                    "gradient is the Fisher information, and for this loss the same matrix:",
                )
            )
            for layer in range(q.n_layers, 0, -1):
                yield self._kronecker("F", layer)

    def _block(self, letter: str, layer: int) -> Variable:
        q = self.page.quantities
        pair = KroneckerProduct(q.z(layer) @ q.z(layer).T, q.y(layer - 1) @ q.y(layer - 1).T)
        return Variable(letter, pair.shape, layer)

    def _jacobian(self, layer: int) -> Equation:
        """Write ``∂z(L)/∂z(l)`` by the layer above."""
        page, q = self.page, self.page.quantities
        chain = page.chain(page.by(q.z(q.n_layers), q.z(layer)))
        slope = page.by(q.y(layer), q.z(layer))
        weights = page.by(q.z(layer + 1), q.y(layer))
        current = page.rules.ordered(weights, slope)
        if layer + 1 < q.n_layers:
            upper = page.by(q.z(q.n_layers), q.z(layer + 1))
            current = page.rules.ordered(upper, current)
        chain.to(current, "chain rule").by(page.rules.linear_map, page.rules.elementwise)
        return chain.equation(_PART)

    def _kronecker(self, letter: str, layer: int) -> Equation:
        page, q = self.page, self.page.quantities
        chain = page.chain(self._block(letter, layer))
        inner: Expression = self._whole
        if layer < q.n_layers:
            J: Expression = page.by(q.z(q.n_layers), q.z(layer))
            left, right = J, transposed(J)
            if page.layout is not Layout.DENOMINATOR:
                left, right = right, left
            inner = product([left, self._whole, right])
        below = q.y(layer - 1)
        chain.assumption = self.output.entry.assumption if letter == "F" else None
        chain.to(KroneckerProduct(inner, below @ below.T), "Kronecker product")
        return chain.equation(_PART, setting=_SECOND, is_result=letter == "G")

    # Hessian-vector products

    def _products(self) -> Iterator[Item]:
        q = self.page.quantities
        V, c = self._moving("V", 1), self._moving("c", 1)
        moved = (" and ", q.b(1), " along ", c) if q.architecture.bias else ()
        words = "To multiply the whole Hessian by a vector, let every "
        yield Prose((words, q.W(1), " move along a ", V, *moved, ". With the columns"))
        for layer in range(q.n_layers, 0, -1):
            yield self._column(layer)
        yield Prose(("and a dot for the derivative along the way, it goes forward",))
        for layer in q.layers:
            yield self._line(dotted(q.z(layer)), self._moved_pre_activation(layer))
            if layer < q.n_layers:
                slope = self.page.rules.slope(layer)
                moved_output = slope * dotted(q.z(layer))
                yield self._line(dotted(q.y(layer)), moved_output)
        yield Prose(("then, with the second derivatives of the functions",))
        for function in dict.fromkeys(q.architecture.hidden):
            yield from self._bend(function)
        yield Prose(("backward",))
        for layer in range(q.n_layers, 0, -1):
            yield self._line(dotted(self._gradient(layer)), self._moved_gradient(layer))
        yield Prose(("and the product has a part for each matrix of weights:",))
        for layer in range(q.n_layers, 0, -1):
            yield self._line(self._product(layer), self._moved_weights(layer))

    def _bend(self, function: Function) -> Iterator[Equation]:
        """Differentiate the derivative of a function."""
        page, z = self.page, self.page.quantities.argument
        first = primed(function)
        if first.value is None:
            return
        value = entrywise(first.value, {function_argument: z})
        chain = page.chain(page.by(first(z), z)).to(page.by(value, z), "definition")
        yield chain.differentiate().tidied().equation(_PART)

    def _line(self, left: Variable, right: Expression) -> Equation:
        chain = self.page.chain(left).to(right, "derivative along the direction")
        return chain.equation(_PART, setting=_SECOND)

    def _moving(self, letter: str, layer: int) -> Variable:
        q = self.page.quantities
        like = q.W(layer) if letter == "V" else q.b(layer)
        return Variable(letter, like.shape, layer)

    def _gradient(self, layer: int) -> Variable:
        return Variable("g", self.page.quantities.z(layer).shape, layer)

    def _column(self, layer: int) -> Equation:
        """Stand the derivative by the pre-activations up as a column."""
        page, q = self.page, self.page.quantities
        by = page.by(q.E, q.z(layer))
        column = by if by.shape == q.z(layer).shape else by.T
        lines = (Line(column, "definition"),)
        return Equation(_PART, self._gradient(layer), lines, _SECOND, is_definition=True)

    def _product(self, layer: int) -> Variable:
        return Variable("P", self.page.quantities.W(layer).shape, layer)

    def _moved_pre_activation(self, layer: int) -> Expression:
        q = self.page.quantities
        value: Expression = self._moving("V", layer) @ q.y(layer - 1)
        if layer > 1:
            value = value + q.W(layer) @ dotted(q.y(layer - 1))
        return value + self._moving("c", layer) if q.architecture.bias else value

    def _moved_gradient(self, layer: int) -> Expression:
        q, rules = self.page.quantities, self.page.rules
        if layer == q.n_layers:
            return product([self._whole, dotted(q.z(layer))])
        above, W = self._gradient(layer + 1), q.W(layer + 1)
        moved = self._moving("V", layer + 1).T @ above + W.T @ dotted(above)
        bend = rules.bend(layer)
        first = moved * rules.slope(layer)
        if isinstance(bend, Constant):
            return first  # the function is straight, piece by piece
        return first + (W.T @ above) * bend * dotted(q.z(layer))

    def _moved_weights(self, layer: int) -> Expression:
        q = self.page.quantities
        value = dotted(self._gradient(layer)) @ q.y(layer - 1).T
        if layer > 1:
            value = value + self._gradient(layer) @ dotted(q.y(layer - 1)).T
        return value


def dotted(variable: Variable) -> Variable:
    """Put a dot on the letter of a quantity: its derivative along a direction."""
    return Variable(f"{variable.name}\N{COMBINING DOT ABOVE}", variable.shape, variable.layer)
