"""The variables of a network's mathematics, and the forward equations between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus import SCALAR, Constant, Expression, Function, Ones, Shape, Size, Variable
from chainrule.calculus.entries import entry
from chainrule.calculus.function import z as argument
from chainrule.calculus.indexed import Index, LayerSum, Sample, SquaredNorm, rebuilt
from chainrule.calculus.rules import Scope
from chainrule.calculus.shapes import Dimension
from chainrule.derivation.symbols import Symbols
from chainrule.losses.loss import t as loss_target
from chainrule.network import Architecture
from chainrule.outputs.output import Output
from chainrule.outputs.output import y as loss_output
from chainrule.outputs.output import z as output_argument

__all__ = ["Quantities", "substituted"]


@final
@dataclass(frozen=True)
class Quantities:
    """Everything that has a name in a derivation.

    Parameters
    ----------
    architecture : Architecture
        The network.
    symbols : Symbols
        How its quantities are called.
    """

    architecture: Architecture
    symbols: Symbols

    E = Variable("E")
    decay = Variable("λ")
    m = Variable("m")

    @property
    def n_layers(self) -> int:
        """``L``."""
        return self.architecture.n_layers

    @property
    def layers(self) -> range:
        """``1 … L``."""
        return range(1, self.n_layers + 1)

    @cached_property
    def rows(self) -> dict[Expression, Expression]:
        """For each column of one sample the matrix whose rows are those of all samples."""
        columns = [self.x, self.t, *map(self.z, self.layers), *map(self.y, self.layers)]
        return {column: self.stacked(column) for column in columns}

    @cached_property
    def sizes(self) -> tuple[Dimension, ...]:
        """``n_0 … n_L`` as symbols; a single output is one for good."""
        is_single = self.architecture.layer_sizes[-1] == 1
        last = 1 if is_single else Size("n", self.n_layers)
        return (*(Size("n", layer) for layer in range(self.n_layers)), last)

    def _column(self, letter: str, size: Dimension, layer: int | None = None) -> Variable:
        return Variable(letter, Shape(size, 1), layer)

    @cached_property
    def x(self) -> Variable:
        """A sample, ``n_0 × 1``."""
        return self._column(self.symbols.inputs, self.sizes[0])

    @cached_property
    def t(self) -> Variable:
        """Its target, ``n_L × 1``."""
        return self._column(self.symbols.targets, self.sizes[-1])

    @cached_property
    def argument(self) -> Variable:
        """The argument of an elementwise function."""
        return Variable(self.symbols.pre_activations)

    def W(self, layer: int) -> Variable:
        """Name the weights of a layer."""
        shape = Shape(self.sizes[layer], self.sizes[layer - 1])
        return Variable(self.symbols.weights, shape, layer)

    def b(self, layer: int) -> Variable:
        """Name the biases of a layer."""
        return self._column(self.symbols.biases, self.sizes[layer], layer)

    def z(self, layer: int) -> Variable:
        """Name the pre-activations of a layer."""
        return self._column(self.symbols.pre_activations, self.sizes[layer], layer)

    def y(self, layer: int) -> Variable:
        """Name the outputs of a layer: ``x`` for layer 0, and without a layer for the last."""
        if layer == 0:
            return self.x
        if layer == self.n_layers:
            return self._column(self.symbols.outputs, self.sizes[layer])
        return self._column(self.symbols.hidden_outputs, self.sizes[layer], layer)

    def stacked(self, column: Variable) -> Variable:
        """Name the matrix whose rows are such columns, one for each sample."""
        shape = Shape(Size("m"), column.shape.rows)
        return Variable(column.name.upper(), shape, column.layer)

    def delta(self, layer: int) -> Variable:
        """``Δ(l)``, the rows ``∂E/∂z(l)`` of all samples."""
        return Variable("Δ", Shape(Size("m"), self.sizes[layer]), layer)

    @cached_property
    def s(self) -> Index:
        """The index of a sample."""
        return Index("s", Size("m"))

    def sample(self, column: Variable) -> Sample:
        """Name such a column of one sample of a batch."""
        return Sample(self.stacked(column), self.s, column)

    @cached_property
    def losses(self) -> Variable:
        """The losses of the samples, ``m × 1``."""
        return Variable("E", Shape(Size("m"), 1))

    @cached_property
    def parameters(self) -> tuple[Variable, ...]:
        """All weights and biases."""
        layers = self.layers
        biases = [self.b(layer) for layer in layers] if self.architecture.bias else []
        return (*(self.W(layer) for layer in layers), *biases)

    @cached_property
    def forward(self) -> dict[Variable, Expression]:
        """The forward equations for one sample, in order, the loss last."""
        found: dict[Variable, Expression] = {}
        for layer in self.layers:
            z = self.W(layer) @ self.y(layer - 1)
            found[self.z(layer)] = z + self.b(layer) if self.architecture.bias else z
            found[self.y(layer)] = self.activated(layer)
        found[self.E] = self.loss
        return found

    def activated(self, layer: int) -> Expression:
        """Write ``f(z(l))``, or the output function in primitives where it is not elementwise."""
        if layer < self.n_layers:
            return applied(self.architecture.hidden[layer - 1], self.z(layer))
        value = substituted(self.architecture.output.value, {output_argument: self.z(layer)})
        is_identity = self.architecture.output.name == "identity"
        return self.z(layer) if is_identity else value

    @cached_property
    def loss(self) -> Expression:
        """``E`` of one sample."""
        value = self.architecture.loss.value
        written = substituted(value, {loss_output: self.y(self.n_layers), loss_target: self.t})
        return entry(written) if self.sizes[-1] == 1 else written

    @cached_property
    def penalty(self) -> Expression:
        """``(λ/2) Σ_l ‖W(l)‖²``."""
        norms = tuple(SquaredNorm(self.W(layer)) for layer in self.layers)
        body = SquaredNorm(Variable(self.symbols.weights, self.W(1).shape, "l"))
        return self.decay / 2 * (LayerSum(body, norms) if len(norms) > 1 else norms[0])

    @cached_property
    def scope(self) -> Scope:
        """What follows from what."""
        return Scope(self.forward)

    @cached_property
    def has_softmax(self) -> bool:
        """Whether the outputs depend on one another's pre-activations."""
        return not is_elementwise(self.architecture.output)

    def oracle_names(self) -> dict[Variable, str]:
        """Say what the oracle calls the quantities of one sample."""
        names = {self.x: "x", self.t: "t", self.E: "E"}
        for layer in self.layers:
            names |= {self.W(layer): f"W({layer})", self.z(layer): f"z({layer})"}
            names |= {self.y(layer): f"y({layer})"}
            if self.architecture.bias:
                names[self.b(layer)] = f"b({layer})"
        return names


def applied(function: Function, operand: Expression) -> Expression:
    """Apply an elementwise function; the identity leaves no trace."""
    return operand if function.value == argument else function(operand)


def is_elementwise(output: Output) -> bool:
    """Say whether each output depends on its own pre-activation alone."""
    return output.value.children == (output_argument,)


def named_output(output: Output) -> Function | None:
    """Name an output that is not elementwise, so that its forward equation can be written."""
    if is_elementwise(output):
        return None

    def evaluate(columns: Array) -> Array:
        return np.swapaxes(output.evaluate(np.swapaxes(columns, -1, -2)), -1, -2)

    slope = Constant(1)  # never read: its Jacobian is not diagonal
    return Function(output.name, output.latex, output.text, slope, evaluate=evaluate)


def substituted(expression: Expression, by: Mapping[Expression, Expression]) -> Expression:
    """Write expressions of one other shape for the variables of a table's formula.

    The tables of outputs and losses are written for columns of n entries; numerals beside them take
    the new shape.

    Examples
    --------
    >>> from chainrule.calculus import to_text
    >>> from chainrule.losses import SQUARED_ERROR
    >>> y, t = Variable("y", Shape(Size("n", 2), 1)), Variable("t", Shape(Size("n", 2), 1))
    >>> to_text(substituted(SQUARED_ERROR.by_output, {loss_output: y, loss_target: t}))
    '(y - t)ᵀ'
    """
    if expression in by:
        return by[expression]
    shape = next(iter(by.values())).shape
    match expression:
        case Constant() if expression.shape != SCALAR:
            return Constant(expression.value, shape, expression.latex, expression.text)
        case Ones() if expression.shape != SCALAR:
            return Ones(shape)
    over = {child: substituted(child, by) for child in expression.children}
    return rebuilt(expression, over)
