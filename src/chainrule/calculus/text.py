"""Expressions written in plain text with Unicode."""

from fractions import Fraction
from typing import ClassVar, final

from chainrule.calculus.function import Apply
from chainrule.calculus.nodes import (
    Constant,
    Expression,
    Power,
    Quotient,
    Select,
    Variable,
)
from chainrule.calculus.writer import Binding, Writer, digits

__all__ = ["to_text"]

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def to_text(expression: Expression) -> str:
    """Write an expression in one line of text.

    Parameters
    ----------
    expression : Expression
        What to write.

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
    return _Text().write(expression)


@final
class _Text(Writer):
    parentheses: ClassVar = "(%s)"
    hadamard: ClassVar = " ∘ "
    times: ClassVar = " · "
    ones: ClassVar = "𝟏"
    ones_transposed: ClassVar = "𝟏ᵀ"

    def variable(self, node: Variable) -> str:
        return node.name if node.layer is None else f"{node.name}({node.layer})"

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
        choice = f"{self.write(node.positive)} if {self.write(node.test)} > 0"
        return f"({choice} else {self.write(node.otherwise)})"

    def template(self, node: Apply) -> str:
        return node.function.text
