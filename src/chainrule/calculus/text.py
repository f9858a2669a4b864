"""Expressions written in plain text with Unicode."""

import unicodedata
from fractions import Fraction
from typing import ClassVar, final

from chainrule.calculus.curvature import Hessian
from chainrule.calculus.function import Apply
from chainrule.calculus.indexed import Derivative, Entry, Index, IndexSum, LayerSum, Sample
from chainrule.calculus.nodes import (
    Constant,
    Expression,
    Power,
    Quotient,
    Select,
    Variable,
)
from chainrule.calculus.writer import Binding, LayerScript, Writer, digits, slope_of

__all__ = ["to_text"]

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def to_text(expression: Expression, *, layers: LayerScript = LayerScript.PARENTHESES) -> str:
    """Write an expression in one line of text.

    Parameters
    ----------
    expression : Expression
        What to write.
    layers : LayerScript
        How the layer of a variable is written.

    Returns
    -------
    str
        The line.

    Examples
    --------
    >>> from chainrule.calculus import Shape, Size, Variable
    >>> y = Variable("y", Shape(Size("n"), 1))
    >>> to_text(y @ y.T)
    'y yᵀ'
    """
    return _Text(layers).write(expression)


@final
class _Text(Writer):
    hadamard = " ∘ "
    times: ClassVar = " · "
    ones: ClassVar = "𝟏"
    ones_transposed: ClassVar = "𝟏ᵀ"

    def variable(self, node: Variable) -> str:
        return f"{unicodedata.normalize('NFC', node.name)}{self._layer(node.layer)}"

    def _layer(self, layer: int | str | None) -> str:
        if layer is None:
            return ""
        if self.layers is LayerScript.SUBSCRIPT:
            return f"_{layer}"
        return f"[{layer}]" if self.layers is LayerScript.BRACKETS else f"({layer})"

    def constant(self, node: Constant) -> str:
        value = node.value
        if node.text:
            return node.text
        if isinstance(value, Fraction) and value.denominator != 1:
            return f"{value.numerator}/{value.denominator}"
        return digits(value)

    def quotient(self, node: Quotient) -> str:
        numerator = self.within(node.numerator, Binding.SCRIPT)
        return f"{numerator}/{self.within(node.denominator, Binding.SCRIPT)}"

    def power(self, node: Power) -> str:
        exponent = str(node.exponent).translate(_SUPERSCRIPTS)
        return f"{self.within(node.base, Binding.ATOM)}{exponent}"

    def transpose(self, operand: Expression) -> str:
        return f"{self.within(operand, Binding.ATOM)}ᵀ"

    def diag(self, operand: Expression) -> str:
        return f"diag({self.write(operand)})"

    def select(self, node: Select) -> str:
        choice = f"{self.write(node.positive)} if {self.comparison(node.test)}"
        return f"({choice} else {self.write(node.otherwise)})"

    def template(self, node: Apply) -> str:
        return node.function.text

    def hessian(self, node: Hessian, indices: tuple[Index, ...]) -> str:
        entries = [self.write(Entry(node.by, (index,))) for index in indices]
        first, second = entries or [self.write(node.by)] * 2
        turned = "" if indices or node.shape.is_scalar else "ᵀ"
        return f"∂²{self.write(node.of)}/∂{first}∂{second}{turned}"

    def entry(self, node: Entry) -> str:
        if isinstance(node.base, Hessian):
            return self.hessian(node.base, node.indices)
        index = "".join(index.letter for index in node.indices)
        base = node.base
        if isinstance(base, Variable) and (
            base.layer is None or self.layers is not LayerScript.SUBSCRIPT
        ):
            return f"{base.name}_{index}{self._layer(base.layer)}"
        return f"({self.write(base)})_{index}"

    def sample(self, node: Sample) -> str:
        name, layer = node.column.name, node.column.layer
        if layer is not None and self.layers is LayerScript.SUBSCRIPT:
            return f"{name}_{layer},{node.index.letter}"
        return f"{name}_{node.index.letter}{self._layer(layer)}"

    def summation(self, node: IndexSum | LayerSum) -> str:
        if isinstance(node, LayerSum):
            return "Σ_l"
        if node.other_than is not None:
            return f"Σ_{{{node.index.letter}≠{node.other_than.letter}}}"
        return f"Σ_{node.index.letter}"

    def kronecker(self, left: Index, right: Index) -> str:
        return f"δ_{left.letter}{right.letter}"

    def norm(self, operand: Expression) -> str:
        return f"‖{self.write(operand)}‖²"

    def derivative(self, node: Derivative) -> str:
        function = slope_of(node)
        if function is not None:
            return f"{function.text}'({self.write(node.by)})"
        above, below = self.write(node.of), self.within(node.by, Binding.ATOM)
        simple = isinstance(node.of, Variable | Entry | Sample)
        return f"∂{above}/∂{below}" if simple else f"∂({above})/∂{below}"
