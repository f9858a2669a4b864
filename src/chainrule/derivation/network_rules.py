"""The rules that a network adds to those of differentiation: its own chain rule, and matrices.

Entry by entry, the chain rule sums over the quantities through which the loss is reached. For whole
vectors it is a product of matrices whose order the layout decides.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import final

from chainrule.calculus import Constant, Diag, Expression, Function, Select, Variable
from chainrule.calculus.algebra import complexity, simplified
from chainrule.calculus.entries import entry, fresh_index
from chainrule.calculus.function import entrywise
from chainrule.calculus.function import y as function_value
from chainrule.calculus.function import z as function_argument
from chainrule.calculus.indexed import Derivative, Entry, Index, IndexSum, Layout, free_indices
from chainrule.calculus.matrices import transposed
from chainrule.calculus.rules import Rule, Scope, differentiated, product
from chainrule.derivation.quantities import Quantities

__all__ = ["NetworkRules", "bent", "is_long", "primed"]


#: From which complexity on a formula is not written in the place of its name.
_LONG = 12


def is_long(formula: Expression) -> bool:
    """Say whether a formula is better called by its name than written within another."""
    has_cases = any(isinstance(node, Select) for node in formula.walk())
    return has_cases or complexity(formula) > _LONG


def primed(function: Function) -> Function:
    """Make the derivative of an elementwise function a function of its own, ``f'``."""
    value = entrywise(
        function.derivative,
        {function_argument: function_argument, function_value: function(function_argument)},
    )
    return Function(
        f"{function.name}'",
        f"{function.latex}'",
        f"{function.text}'",
        derivative=Constant(0),  # never read: it is not differentiated again here
        value=value,
        analytic=function.analytic,
    )


def bent(function: Function) -> Function:
    """Make the second derivative of an elementwise function a function of its own, ``f''``."""
    first = primed(function)
    slope = Derivative(first.value or Constant(0), function_argument)
    return Function(
        f"{function.name}''",
        f"{function.latex}''",
        f"{function.text}''",
        derivative=Constant(0),  # never read: it is not differentiated again here
        value=simplified(differentiated(slope, Scope())),
        analytic=function.analytic,
    )


@final
@dataclass(frozen=True)
class NetworkRules:
    """The chain rule and the matrix rules of one network in one layout.

    Parameters
    ----------
    quantities : Quantities
        The network's variables.
    layout : Layout
        How derivatives are laid out.
    """

    quantities: Quantities
    layout: Layout

    @cached_property
    def _next(self) -> dict[Variable, Variable]:
        """Through which quantity the loss depends on each."""
        q = self.quantities
        found: dict[Variable, Variable] = {}
        for layer in range(1, q.n_layers + 1):
            found |= dict.fromkeys((q.y(layer - 1), q.W(layer), q.b(layer)), q.z(layer))
            found[q.z(layer)] = q.y(layer)
        return found

    @cached_property
    def _layers(self) -> dict[Variable, int]:
        q = self.quantities
        return {v: layer for layer in range(1, q.n_layers + 1) for v in (q.z(layer), q.y(layer))}

    @property
    def chain(self) -> Rule:
        """``∂E/∂z_i = Σ_j ∂E/∂y_j ∂y_j/∂z_i``."""
        return Rule("chain rule", "∂E/∂z_i = Σ_j ∂E/∂y_j ∂y_j/∂z_i", self._chain)

    def _chain(self, node: Expression, _: Scope) -> Expression | None:
        if not isinstance(node, Derivative) or node.of != self.quantities.E:
            return None
        through = self._next.get(node.variable)
        if through is None:
            return None
        index = self._index(through, node)
        middle = through if index is None else Entry(through, (index,))
        pair = (
            Derivative(node.of, middle, self.layout),
            Derivative(middle, node.by, self.layout),
        )
        value = product(pair)
        bound = index is not None and index not in free_indices(node.by)
        return IndexSum(index, value) if bound and index is not None else value

    def _index(self, through: Variable, node: Derivative) -> Index | None:
        """Choose what is summed over; an elementwise function needs the one entry only."""
        if through.shape.is_scalar:
            return None
        used = free_indices(node.by)
        size = through.shape.rows
        is_output = through == self.quantities.y(self.quantities.n_layers)
        if through in self._elementwise:
            return next(iter(used))
        if is_output:
            return Index("j", size)
        letters = {index.letter for index in used}
        return Index("u", size) if "u" not in letters else fresh_index(size, used)

    @cached_property
    def _elementwise(self) -> frozenset[Variable]:
        q = self.quantities
        hidden = [q.y(layer) for layer in range(1, q.n_layers)]
        return frozenset(hidden if q.has_softmax else [*hidden, q.y(q.n_layers)])

    @property
    def matrix_chain(self) -> Rule:
        """``∂E/∂z = ∂E/∂y ∂y/∂z``, in the order of the layout."""
        pattern = "∂E/∂z = ∂E/∂y ∂y/∂z"
        if self.layout is Layout.DENOMINATOR:
            pattern = "∂E/∂z = ∂y/∂z ∂E/∂y"
        return Rule("chain rule", pattern, self._matrix_chain)

    def _matrix_chain(self, node: Expression, _: Scope) -> Expression | None:
        if not isinstance(node, Derivative) or not isinstance(node.by, Variable):
            return None
        through = self._next.get(node.by)
        if node.of != self.quantities.E or through is None:
            return None
        first = Derivative(node.of, through, self.layout)
        return self.ordered(first, Derivative(through, node.by, self.layout))

    def ordered(self, outer: Expression, inner: Expression) -> Expression:
        """Multiply the derivative of the outer function by that of the inner, as laid out."""
        pair = (inner, outer) if self.layout is Layout.DENOMINATOR else (outer, inner)
        return product(pair)

    @property
    def linear_map(self) -> Rule:
        """``∂(W y + b)/∂y = W``."""
        pattern = "∂(W y + b)/∂y = W"
        if self.layout is Layout.DENOMINATOR:
            pattern += "ᵀ"
        return Rule("linear map", pattern, self._linear_map)

    def _linear_map(self, node: Expression, _: Scope) -> Expression | None:
        q = self.quantities
        if not isinstance(node, Derivative) or node.of not in self._layers:
            return None
        layer = self._layers.get(node.variable, 0)
        upper = self._layers[node.of] if isinstance(node.of, Variable) else 0
        if node.of != q.z(upper) or node.by != q.y(upper - 1) or layer not in (0, upper - 1):
            return None
        return self.laid_out(q.W(upper))

    def laid_out(self, jacobian: Expression) -> Expression:
        """Transpose a Jacobian (rows follow what is differentiated) where the layout does."""
        return transposed(jacobian) if self.layout is Layout.DENOMINATOR else jacobian

    def gradient(self, column: Expression) -> Expression:
        """Lay out a derivative by a vector that is given as a column."""
        return column if self.layout is Layout.DENOMINATOR else transposed(column)

    def like_matrix(self, matrix: Expression) -> Expression:
        """Lay out a derivative by a matrix that is given in the shape of that matrix."""
        return transposed(matrix) if self.layout is Layout.NUMERATOR else matrix

    @property
    def elementwise(self) -> Rule:
        """``∂f(z)/∂z = diag(f'(z))``."""
        return Rule("elementwise function", "∂f(z)/∂z = diag(f'(z))", self._jacobian)

    def _jacobian(self, node: Expression, _: Scope) -> Expression | None:
        q = self.quantities
        if not isinstance(node, Derivative) or node.of not in self._elementwise:
            return None
        layer = self._layers.get(node.variable, 0)
        if node.of != q.y(layer) or node.by != q.z(layer) or layer == q.n_layers:
            return None
        return Diag(self.slope(layer))

    def slope(self, layer: int) -> Expression:
        """Write ``f'(z(l))`` of a hidden layer: in terms of ``y(l)`` if short, else by its name."""
        q = self.quantities
        function = q.architecture.hidden[layer - 1]
        if is_long(function.derivative):
            return primed(function)(q.z(layer))
        arguments = {function_argument: q.z(layer), function_value: q.y(layer)}
        return entrywise(function.derivative, arguments)

    def bend(self, layer: int) -> Expression:
        """Write ``f''(z(l))`` of a hidden layer, by its name."""
        q = self.quantities
        function = bent(q.architecture.hidden[layer - 1])
        z = q.z(layer)
        is_zero = function.value == Constant(0)
        return Constant(0, z.shape) if is_zero else function(z)

    def slope_entry(self, layer: int, index: Index) -> Expression:
        """Write ``f'(z_i(l))``."""
        return entry(self.slope(layer), index)
