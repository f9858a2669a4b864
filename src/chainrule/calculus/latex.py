"""Expressions written in LaTeX."""

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
from chainrule.calculus.writer import (
    Binding,
    LayerScript,
    Writer,
    digits,
    parts_of,
    slope_of,
)

__all__ = ["letter", "to_latex"]

_ACCENTS = {
    "\N{COMBINING CIRCUMFLEX ACCENT}": r"\hat",
    "\N{COMBINING TILDE}": r"\tilde",
    "\N{COMBINING MACRON}": r"\bar",
    "\N{COMBINING DOT ABOVE}": r"\dot",
}

_GREEK = {
    "α": r"\alpha",
    "β": r"\beta",
    "γ": r"\gamma",
    "δ": r"\delta",
    "ε": r"\varepsilon",
    "ζ": r"\zeta",
    "η": r"\eta",
    "θ": r"\theta",
    "ι": r"\iota",  # noqa: RUF001
    "κ": r"\kappa",
    "λ": r"\lambda",
    "μ": r"\mu",
    "ν": r"\nu",
    "ξ": r"\xi",
    "π": r"\pi",
    "ρ": r"\rho",
    "σ": r"\sigma",
    "ς": r"\varsigma",
    "τ": r"\tau",
    "υ": r"\upsilon",  # noqa: RUF001
    "φ": r"\varphi",
    "χ": r"\chi",
    "ψ": r"\psi",
    "ω": r"\omega",
    "Γ": r"\Gamma",
    "Δ": r"\Delta",
    "Θ": r"\Theta",
    "Λ": r"\Lambda",
    "Ξ": r"\Xi",
    "Π": r"\Pi",
    "Σ": r"\Sigma",
    "Υ": r"\Upsilon",  # noqa: RUF001
    "Φ": r"\Phi",
    "Ψ": r"\Psi",
    "Ω": r"\Omega",
}
#: Greek capitals that look like Latin ones, which LaTeX writes in their place.
_LIKE_LATIN = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEZHIKMNOPTX")  # noqa: RUF001


def to_latex(
    expression: Expression,
    *,
    layers: LayerScript = LayerScript.PARENTHESES,
    hadamard: str = r"\circ",
) -> str:
    r"""Write an expression in LaTeX.

    Parameters
    ----------
    expression : Expression
        What to write.
    layers : LayerScript
        How the layer of a variable is written.
    hadamard : str
        The sign of the elementwise product.

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
    return _Latex(layers, hadamard).write(expression)


def letter(name: str) -> str:
    r"""Write the letter of a variable, which may be Greek or carry an accent.

    Examples
    --------
    >>> letter("λ"), letter("ŷ")
    ('\\lambda', '\\hat{y}')
    """
    plain, *marks = parts_of(name)
    written = _GREEK.get(plain, plain.translate(_LIKE_LATIN))
    for mark in marks:
        written = f"{_ACCENTS[mark]}{{{written}}}"
    return written


@final
class _Latex(Writer):
    parentheses: ClassVar = r"\left(%s\right)"
    times: ClassVar = r" \cdot "
    kronecker_product: ClassVar = r" \otimes "
    ones: ClassVar = r"\mathbf{1}"
    ones_transposed: ClassVar = r"\mathbf{1}^\top"

    def __init__(self, layers: LayerScript, hadamard: str) -> None:
        super().__init__(layers)
        self.sign = hadamard
        self.hadamard = f" {hadamard} "

    def variable(self, node: Variable) -> str:
        return f"{letter(node.name)}{self._layer(node.layer)}"

    def _layer(self, layer: int | str | None) -> str:
        if layer is None:
            return ""
        if self.layers is LayerScript.SUBSCRIPT:
            return f"_{{{layer}}}"
        return f"^{{[{layer}]}}" if self.layers is LayerScript.BRACKETS else f"^{{({layer})}}"

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
        circ = "" if node.shape.is_scalar else f"{self.sign} "
        return f"{self._scripted(node.base)}^{{{circ}{node.exponent}}}"

    def transpose(self, operand: Expression) -> str:
        return rf"{self._scripted(operand)}^\top"

    def _scripted(self, base: Expression) -> str:
        inner = base.column if isinstance(base, Sample) else base
        inner = inner.base if isinstance(inner, Entry) else inner
        if not (isinstance(inner, Variable) and inner.layer is not None):
            return self.within(base, Binding.ATOM)
        if len(parts_of(inner.name)) > 1:  # TeX takes the braces off an accent with a superscript
            return self.parenthesised(self.write(base))
        return f"{{{self.write(base)}}}"

    def diag(self, operand: Expression) -> str:
        return rf"\operatorname{{diag}}{self.argument(self.write(operand))}"

    def argument(self, written: str) -> str:
        tall = r"\frac" in written
        return self.parenthesised(written) if tall else f"({written})"

    def select(self, node: Select) -> str:
        cases = (
            rf"{self.write(node.positive)} & {self.comparison(node.test)} \\ "
            rf"{self.write(node.otherwise)} & \text{{otherwise}}"
        )
        return rf"\begin{{cases}} {cases} \end{{cases}}"

    def template(self, node: Apply) -> str:
        return node.function.latex

    def binding(self, node: Expression) -> Binding:
        if isinstance(node, Apply) and "^" in node.function.latex:
            return Binding.SCRIPT  # the exponential is written as a power of e
        if isinstance(node, Select):
            return Binding.QUOTIENT
        return super().binding(node)

    def hessian(self, node: Hessian, indices: tuple[Index, ...]) -> str:
        entries = [self.write(Entry(node.by, (index,))) for index in indices]
        first, second = entries or [self.write(node.by)] * 2
        if not (indices or node.shape.is_scalar):
            second = self.transpose(node.by)
        return rf"\frac{{\partial^2 {self.write(node.of)}}}{{\partial {first} \partial {second}}}"

    def entry(self, node: Entry) -> str:
        if isinstance(node.base, Hessian):
            return self.hessian(node.base, node.indices)
        index = _subscript("".join(index.letter for index in node.indices))
        base = node.base
        if isinstance(base, Variable) and (
            base.layer is None or self.layers is not LayerScript.SUBSCRIPT
        ):
            return f"{letter(base.name)}{index}{self._layer(base.layer)}"
        return f"{self.parenthesised(self.write(base))}{index}"

    def sample(self, node: Sample) -> str:
        name, layer = letter(node.column.name), node.column.layer
        if layer is not None and self.layers is LayerScript.SUBSCRIPT:
            return f"{name}_{{{layer},{node.index.letter}}}"
        return f"{name}{_subscript(node.index.letter)}{self._layer(layer)}"

    def summation(self, node: IndexSum | LayerSum) -> str:
        if isinstance(node, LayerSum):
            return rf"\sum_{{l=1}}^{{{len(node.terms)}}}"
        if node.other_than is not None:
            return rf"\sum_{{{node.index.letter} \neq {node.other_than.letter}}}"
        return rf"\sum_{{{node.index.letter}=1}}^{{{node.index.size}}}"

    def kronecker(self, left: Index, right: Index) -> str:
        return rf"\delta_{{{left.letter}{right.letter}}}"

    def norm(self, operand: Expression) -> str:
        return rf"\lVert {self.write(operand)} \rVert^2"

    def derivative(self, node: Derivative) -> str:
        function = slope_of(node)
        if function is not None:
            return f"{function.latex}'({self.write(node.by)})"
        below = rf"\partial {self.write(node.by)}"
        above = self.write(node.of)
        is_short = isinstance(node.of, Apply) and not (r"\frac" in above or r"\sum" in above)
        if isinstance(node.of, Variable | Entry | Sample) or is_short:
            return rf"\frac{{\partial {above}}}{{{below}}}"
        return rf"\frac{{\partial}}{{{below}}} {self.parenthesised(above)}"


def _subscript(letters: str) -> str:
    return f"_{letters}" if len(letters) == 1 else f"_{{{letters}}}"
