"""Expressions written in LaTeX."""

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

__all__ = ["to_latex"]

_GREEK = {
    "α": r"\alpha",
    "β": r"\beta",
    "γ": r"\gamma",
    "δ": r"\delta",
    "Δ": r"\Delta",
    "ε": r"\varepsilon",
    "η": r"\eta",
    "θ": r"\theta",
    "κ": r"\kappa",
    "λ": r"\lambda",
    "μ": r"\mu",
    "ν": r"\nu",
    "π": r"\pi",
    "ρ": r"\rho",
    "σ": r"\sigma",
    "τ": r"\tau",
    "φ": r"\varphi",
    "ω": r"\omega",
}


def to_latex(expression: Expression) -> str:
    r"""Write an expression in LaTeX.

    Parameters
    ----------
    expression : Expression
        What to write.

    Returns
    -------
    str
        LaTeX for math mode.

    Examples
    --------
    >>> from chainrule.functions import LOGISTIC
    >>> print(to_latex(LOGISTIC.value))
    \frac{1}{1 + e^{-z}}
    """
    return _Latex().write(expression)


@final
class _Latex(Writer):
    parentheses: ClassVar = r"\left(%s\right)"
    hadamard: ClassVar = r" \circ "
    times: ClassVar = r" \cdot "
    ones: ClassVar = r"\mathbf{1}"
    ones_transposed: ClassVar = r"\mathbf{1}^\top"

    def variable(self, node: Variable) -> str:
        letter = _GREEK.get(node.name, node.name)
        return letter if node.layer is None else f"{letter}^{{({node.layer})}}"

    def constant(self, node: Constant) -> str:
        value = node.value
        if node.latex:
            return node.latex
        if isinstance(value, Fraction) and value.denominator != 1:
            sign = "-" if value < 0 else ""
            return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
        return digits(value)

    def quotient(self, node: Quotient) -> str:
        return rf"\frac{{{self.write(node.numerator)}}}{{{self.write(node.denominator)}}}"

    def power(self, node: Power) -> str:
        circ = "" if node.shape.is_scalar else r"\circ "
        return f"{self._scripted(node.base)}^{{{circ}{node.exponent}}}"

    def transpose(self, operand: Expression) -> str:
        return rf"{self._scripted(operand)}^\top"

    def _scripted(self, base: Expression) -> str:
        has_script = isinstance(base, Variable) and base.layer is not None
        return f"{{{self.write(base)}}}" if has_script else self.within(base, Binding.ATOM)

    def diag(self, operand: Expression) -> str:
        return rf"\operatorname{{diag}}({self.write(operand)})"

    def select(self, node: Select) -> str:
        cases = (
            rf"{self.write(node.positive)} & {self.write(node.test)} > 0 \\ "
            rf"{self.write(node.otherwise)} & \text{{otherwise}}"
        )
        return rf"\begin{{cases}} {cases} \end{{cases}}"

    def template(self, node: Apply) -> str:
        return node.function.latex

    def binding(self, node: Expression) -> Binding:
        if isinstance(node, Apply) and "^" in node.function.latex:
            return Binding.SCRIPT  # the exponential is written as a power of e
        return super().binding(node)
