"""A tree written as MathML, which browsers draw without any script."""

from html import escape
from typing import Final

from chainrule.read.plain import letter
from chainrule.read.tree import (
    Absolute,
    Call,
    Cases,
    Derivative,
    Fraction,
    Group,
    Matrix,
    Nabla,
    Negative,
    Node,
    Norm,
    Number,
    Partial,
    Plus,
    Product,
    Relation,
    Root,
    Scripted,
    Sequence,
    Summation,
    Symbol,
    Words,
)

__all__ = ["to_mathml"]

_SIGNS: Final = {
    "": "",
    "cdot": "·",
    "times": "×",
    "ast": "*",
    "odot": "⊙",
    "circ": "∘",
    "otimes": "⊗",
    "oslash": "⊘",
    "slash": "/",
}
_RELATIONS: Final = {"!=": "≠", "<=": "≤", ">=": "≥", "in": "∈", "to": "→", "from": "←"}


def to_mathml(node: Node) -> str:
    """Write a tree as the inside of a ``<math>`` element.

    Parameters
    ----------
    node : Node
        What to write.

    Returns
    -------
    str
        Elements of MathML Core; whatever the document says is escaped.

    Examples
    --------
    >>> from chainrule.read.tree import Fraction, Number, Symbol
    >>> to_mathml(Fraction(Symbol("t"), Number("2")))
    '<mfrac><mrow><mi>t</mi></mrow><mrow><mn>2</mn></mrow></mfrac>'
    """
    match node:
        case Number():
            return f"<mn>{escape(node.text)}</mn>"
        case Words():
            return f"<mtext>{escape(node.text)}</mtext>"
        case Symbol():
            return f"<mi>{escape(letter(node.name))}</mi>"
        case Group():
            close = {"(": ")", "[": "]", "{": "}"}.get(node.bracket, ")")
            return _row(_sign(node.bracket), to_mathml(node.body), _sign(close))
        case Negative():
            return _row(_sign("-"), _operand(node.body))
        case Plus():
            return _plus(node)
        case Product():
            return _product(node)
        case Fraction():
            return f"<mfrac>{_one(node.numerator)}{_one(node.denominator)}</mfrac>"
        case Scripted():
            return _scripted(node)
        case Call():
            arguments = _sign(",").join(map(to_mathml, node.arguments))
            return _row(to_mathml(node.function), _sign("("), arguments, _sign(")"))
        case Derivative():
            of = _row(_sign("∂"), _operand(node.of))
            by = _row(_sign("∂"), _operand(node.by))
            return f"<mfrac>{of}{by}</mfrac>"
        case _:
            return _rarer(node)


def _rarer(node: Node) -> str:
    match node:
        case Summation():
            sign = _sign("∑" if node.kind == "sum" else "∏")
            below = "<mrow></mrow>" if node.below is None else _one(node.below)
            above = "<mrow></mrow>" if node.above is None else _one(node.above)
            return _row(f"<munderover>{sign}{below}{above}</munderover>", _operand(node.body))
        case Nabla():
            sign = _sign("∇")
            sign = sign if node.by is None else f"<msub>{sign}{_one(node.by)}</msub>"
            return sign if node.of is None else _row(sign, _operand(node.of))
        case Relation():
            sign = _sign(_RELATIONS.get(node.sign, node.sign))
            return _row(to_mathml(node.left), sign, to_mathml(node.right))
        case Sequence():
            return _row(_sign(",").join(map(to_mathml, node.items)))
        case Norm():
            return _row(_sign("‖"), to_mathml(node.body), _sign("‖"))
        case Absolute():
            return _row(_sign("|"), to_mathml(node.body), _sign("|"))
        case Root():
            return f"<msqrt>{to_mathml(node.body)}</msqrt>"
        case Partial():
            return _row(_sign("∂"), "" if node.body is None else to_mathml(node.body))
        case Matrix():
            return _row(_sign("("), _table(node.rows), _sign(")"))
        case Cases():
            return _row(_sign("{"), _table(tuple(zip(node.values, node.conditions, strict=True))))
    return "<mtext>…</mtext>"


def _sign(text: str) -> str:
    return f"<mo>{escape(text)}</mo>"


def _row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _one(node: Node) -> str:
    return _row(to_mathml(node))


def _operand(node: Node) -> str:
    text = to_mathml(node)
    return _row(_sign("("), text, _sign(")")) if isinstance(node, Plus | Negative) else text


def _plus(node: Plus) -> str:
    parts = [to_mathml(node.terms[0])]
    for term in node.terms[1:]:
        negative = isinstance(term, Negative)
        parts.append(_sign("-" if negative else "+"))
        parts.append(to_mathml(term.body if isinstance(term, Negative) else term))
    return _row(*parts)


def _product(node: Product) -> str:
    parts = [_operand(node.factors[0])]
    for sign, factor in zip(node.signs, node.factors[1:], strict=True):
        parts += [_sign(_SIGNS.get(sign, "")) if sign else "", _operand(factor)]
    return _row(*parts)


def _scripted(node: Scripted) -> str:
    base = _operand(node.base)
    sup = _sign("′" * node.primes) if node.primes else ""
    if node.sup is not None:
        is_sign = isinstance(node.sup, Symbol) and node.sup.name in ("T", "top")
        sup = _row(_sign("⊤") if is_sign else to_mathml(node.sup), sup)
    if node.sub is not None and sup:
        return f"<msubsup>{base}{_one(node.sub)}{sup}</msubsup>"
    if node.sub is not None:
        return f"<msub>{base}{_one(node.sub)}</msub>"
    return f"<msup>{base}{sup}</msup>" if sup else base


def _table(rows: tuple[tuple[Node, ...], ...]) -> str:
    cells = ("".join(f"<mtd>{to_mathml(cell)}</mtd>" for cell in row) for row in rows)
    return f"<mtable>{''.join(f'<mtr>{row}</mtr>' for row in cells)}</mtable>"
