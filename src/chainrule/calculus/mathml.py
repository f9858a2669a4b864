"""Expressions written in MathML, which browsers set without any script."""

from fractions import Fraction
from html import escape
from typing import ClassVar, final

from chainrule.calculus.curvature import Hessian
from chainrule.calculus.function import Apply
from chainrule.calculus.indexed import (
    Derivative,
    Entry,
    Index,
    IndexSum,
    LayerSum,
    Sample,
)
from chainrule.calculus.nodes import (
    Constant,
    Expression,
    Power,
    Quotient,
    Select,
    Variable,
)
from chainrule.calculus.shapes import Dimension, Size
from chainrule.calculus.writer import (
    Binding,
    LayerScript,
    Writer,
    digits,
    parts_of,
    sides,
    slope_of,
)

__all__ = ["size_to_mathml", "to_mathml"]

_ACCENTS = {
    "\N{COMBINING CIRCUMFLEX ACCENT}": "^",
    "\N{COMBINING TILDE}": "~",
    "\N{COMBINING MACRON}": "¯",
    "\N{COMBINING DOT ABOVE}": "˙",
}
_FLAT = "<mo stretchy='false'>"
_PARTIAL = "<mo lspace='0' rspace='0.06em'>∂</mo>"


def to_mathml(expression: Expression, *, layers: LayerScript = LayerScript.PARENTHESES) -> str:
    """Write an expression in MathML.

    Parameters
    ----------
    expression : Expression
        What to write.
    layers : LayerScript
        How the layer of a variable is written.

    Returns
    -------
    str
        One element, to stand within ``math``.

    Examples
    --------
    >>> to_mathml(Variable("y") ** 2)
    '<mrow><msup><mi>y</mi><mn>2</mn></msup></mrow>'
    """
    return _row(_MathML(layers).write(expression))


def size_to_mathml(size: Dimension) -> str:
    """Write a dimension in MathML.

    Examples
    --------
    >>> size_to_mathml(Size("n", 2))
    '<msub><mi>n</mi><mn>2</mn></msub>'
    """
    if not isinstance(size, Size):
        return f"<mn>{size}</mn>"
    if len(size.factors) > 1:
        return _row(*map(size_to_mathml, size.factors))
    name = f"<mi>{size.letter}</mi>"
    return name if size.index is None else f"<msub>{name}{_index(str(size.index))}</msub>"


def _row(*elements: str) -> str:
    return f"<mrow>{''.join(elements)}</mrow>"


def _index(written: str) -> str:
    """Write a layer's number, or a formula in ``l`` such as ``l-1``."""
    if written.isdecimal():
        return f"<mn>{written}</mn>"
    signs = {"-": "<mo>−</mo>", "+": "<mo>+</mo>"}
    parts = (
        signs.get(c) or (f"<mn>{c}</mn>" if c.isdecimal() else f"<mi>{c}</mi>") for c in written
    )
    return _row(*parts)


def _name(text: str) -> str:
    """Write the name of a function, upright if it is a word."""
    if len(text) == 1:
        return f"<mi>{text}</mi>"
    return f"<mo lspace='0.16em' rspace='0' form='prefix'>{escape(text)}</mo>"


@final
class _MathML(Writer):
    minus: ClassVar = "<mo form='prefix'>−</mo>"
    signs: ClassVar = {"+": "<mo>+</mo>", "-": "<mo>−</mo>"}
    beside: ClassVar = "<mspace width='0.12em'/>"
    hadamard = "<mo>⊙</mo>"
    times: ClassVar = "<mo>·</mo>"
    kronecker_product: ClassVar = "<mo>⊗</mo>"
    ones: ClassVar = "<mn>𝟏</mn>"
    ones_transposed: ClassVar = "<msup><mn>𝟏</mn><mo>⊤</mo></msup>"

    def parenthesised(self, written: str) -> str:
        is_tall = any(tag in written for tag in ("<mfrac", "<munder", "<mtable"))
        before, after = ("<mo>(", "<mo>)") if is_tall else (_FLAT + "(", _FLAT + ")")
        return _row(f"{before}</mo>", written, f"{after}</mo>")

    def variable(self, node: Variable) -> str:
        return self._scripts(node.name, node.layer, "")

    def _scripts(self, name: str, layer: int | str | None, index: str) -> str:
        letter = self._letter(name)
        if layer is None:
            return f"<msub>{letter}{index}</msub>" if index else letter
        number = _index(str(layer))
        if self.layers is LayerScript.SUBSCRIPT:
            comma = "<mo separator='true'>,</mo>" if index else ""
            return f"<msub>{letter}{_row(number, comma, index)}</msub>"
        before, after = "[]" if self.layers is LayerScript.BRACKETS else "()"
        upper = _row(f"{_FLAT}{before}</mo>", number, f"{_FLAT}{after}</mo>")
        if index:
            return f"<msubsup>{letter}{index}{upper}</msubsup>"
        return f"<msup>{letter}{upper}</msup>"

    @staticmethod
    def _letter(name: str) -> str:
        plain, *marks = parts_of(name)
        variant = " mathvariant='normal'" if plain == "Δ" else ""
        written = f"<mi{variant}>{escape(plain)}</mi>"
        for mark in marks:
            accent = f"<mo stretchy='false'>{_ACCENTS[mark]}</mo>"
            written = f"<mover accent='true'>{written}{accent}</mover>"
        return written

    def constant(self, node: Constant) -> str:
        value = node.value
        if node.text:
            return f"<mtext>{escape(node.text)}</mtext>"
        if isinstance(value, Fraction) and value.denominator != 1:
            sign = self.minus if value < 0 else ""
            over = f"<mn>{abs(value.numerator)}</mn><mn>{value.denominator}</mn>"
            return f"{sign}<mfrac>{over}</mfrac>"
        written = digits(value)
        sign = self.minus if written.startswith("-") else ""
        return f"{sign}<mn>{written.removeprefix('-')}</mn>"

    def quotient(self, node: Quotient) -> str:
        above, below = _row(self.write(node.numerator)), _row(self.write(node.denominator))
        return f"<mfrac>{above}{below}</mfrac>"

    def power(self, node: Power) -> str:
        exponent = f"<mn>{node.exponent}</mn>"
        if not node.shape.is_scalar:
            exponent = _row("<mo>⊙</mo>", exponent)
        return f"<msup>{self._base(node.base)}{exponent}</msup>"

    def _base(self, base: Expression) -> str:
        written = self.within(base, Binding.ATOM)
        return written if isinstance(base, Variable) else _row(written)

    def transpose(self, operand: Expression) -> str:
        return f"<msup>{self._base(operand)}<mo>⊤</mo></msup>"

    def diag(self, operand: Expression) -> str:
        return _row(_name("diag"), self.parenthesised(self.write(operand)))

    def indicator(self, operand: Expression) -> str:
        return _row("<mo>[</mo>", self.comparison(operand), "<mo>]</mo>")

    def comparison(self, test: Expression) -> str:
        left, right = sides(test)
        return f"{self.write(left)}<mo>&gt;</mo>{self.write(right)}"

    def select(self, node: Select) -> str:
        condition = self.comparison(node.test)
        rows = (
            f"<mtr><mtd>{self.write(value)}</mtd><mtd>{when}</mtd></mtr>"
            for value, when in (
                (node.positive, condition),
                (node.otherwise, "<mtext>otherwise</mtext>"),
            )
        )
        brace = "<mo fence='true' form='prefix' stretchy='true'>{</mo>"
        return _row(brace, f"<mtable class='cases'>{''.join(rows)}</mtable>")

    def template(self, node: Apply) -> str:
        function = node.function
        if "^" in function.latex:
            return "<msup><mi>e</mi><mrow>%s</mrow></msup>"
        if "%s" in function.text:
            before, after = function.text.split("%s")
            return _row(f"<mo>{before}</mo>", "%s", f"<mo>{after}</mo>")
        return _name(function.text)

    def argument(self, written: str) -> str:
        return self.parenthesised(written)

    def binding(self, node: Expression) -> Binding:
        if isinstance(node, Apply) and "^" in node.function.latex:
            return Binding.SCRIPT  # the exponential is written as a power of e
        if isinstance(node, Select):
            return Binding.QUOTIENT
        return super().binding(node)

    def hessian(self, node: Hessian, indices: tuple[Index, ...]) -> str:
        entries = [self.write(Entry(node.by, (index,))) for index in indices]
        first, second = entries or [self.write(node.by)] * 2
        if not indices and not node.shape.is_scalar:
            second = f"<msup>{_row(second)}<mo>⊤</mo></msup>"
        above = _row(f"<msup>{_PARTIAL}<mn>2</mn></msup>", self.write(node.of))
        return f"<mfrac>{above}{_row(_PARTIAL, first, _PARTIAL, second)}</mfrac>"

    def entry(self, node: Entry) -> str:
        if isinstance(node.base, Hessian):
            return self.hessian(node.base, node.indices)
        letters = _row(*(f"<mi>{index.letter}</mi>" for index in node.indices))
        base = node.base
        is_plain = isinstance(base, Variable) and (
            base.layer is None or self.layers is not LayerScript.SUBSCRIPT
        )
        if isinstance(base, Variable) and is_plain:
            return self._scripts(base.name, base.layer, letters)
        return f"<msub>{self.parenthesised(self.write(base))}{letters}</msub>"

    def sample(self, node: Sample) -> str:
        index = f"<mi>{node.index.letter}</mi>"
        return self._scripts(node.column.name, node.column.layer, index)

    def summation(self, node: IndexSum | LayerSum) -> str:
        sign = "<mo movablelimits='false'>∑</mo>"
        if isinstance(node, LayerSum):
            below, above = _row("<mi>l</mi><mo>=</mo><mn>1</mn>"), f"<mn>{len(node.terms)}</mn>"
        elif node.other_than is not None:
            other = node.other_than.letter
            below = _row(f"<mi>{node.index.letter}</mi><mo>≠</mo><mi>{other}</mi>")
            return f"<munder>{sign}{below}</munder>"
        else:
            below = _row(f"<mi>{node.index.letter}</mi><mo>=</mo><mn>1</mn>")
            above = size_to_mathml(node.index.size)
        return f"<munderover>{sign}{below}{above}</munderover>"

    def kronecker(self, left: Index, right: Index) -> str:
        letters = _row(f"<mi>{left.letter}</mi><mi>{right.letter}</mi>")
        return f"<msub><mi>δ</mi>{letters}</msub>"

    def norm(self, operand: Expression) -> str:
        inner = _row("<mo>‖</mo>", self.write(operand), "<mo>‖</mo>")
        return f"<msup>{inner}<mn>2</mn></msup>"

    def derivative(self, node: Derivative) -> str:
        function = slope_of(node)
        if function is not None:
            slope = f"<msup>{_name(function.text)}<mo>′</mo></msup>"
            return _row(slope, self.parenthesised(self.write(node.by)))
        above, below = self.write(node.of), _row(_PARTIAL, self.write(node.by))
        if isinstance(node.of, Variable | Entry | Sample | Apply):
            return f"<mfrac>{_row(_PARTIAL, above)}{below}</mfrac>"
        operator = f"<mfrac>{_PARTIAL}{below}</mfrac>"
        return _row(operator, self.parenthesised(above))
