"""Derivatives of activations written out, ``a (1 - a)`` or ``1 - a²``, right and misplaced."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chainrule.grading.edits.palette import Edit, Palette, complemented
from chainrule.read.tree import (
    Call,
    Cases,
    Group,
    Negative,
    Node,
    Number,
    Plus,
    Product,
    Scripted,
    Symbol,
)

__all__ = ["slope_edits"]

_ONE: Final = Number("1")
_TWO: Final = Number("2")


def slope_edits(node: Node, palette: Palette) -> Iterator[Edit]:
    """Change one function's derivative to another's, or drop it."""
    if isinstance(node, Plus):
        yield from _squared(node, palette)
    if isinstance(node, Cases):
        yield from _constant_cases(node)
    if isinstance(node, Product):
        for at in range(len(node.factors) - 1):
            yield from _pair(node, at, palette)
        for at, factor in enumerate(node.factors):
            base = _base_of_square(factor)
            if base is not None:
                yield "wrong-derivative", _with(node, at, 1, (base, _complement(base)), palette)


def _constant_cases(node: Cases) -> Iterator[Edit]:
    """Change the value of one case to one or to nothing, the slopes of a line and of a constant."""
    for at, value in enumerate(node.values):
        for slope in (_ONE, Number("0")):
            if value != slope:
                values = (*node.values[:at], slope, *node.values[at + 1 :])
                yield "wrong-derivative", replace(node, values=values)


def _squared(node: Plus, palette: Palette) -> Iterator[Edit]:
    """Change ``1 - a`` to ``1 - a²``."""
    body = complemented(node)
    if isinstance(body, Call):
        square = replace(body, function=Scripted(body.function, None, _TWO))
        if isinstance(body.function, Symbol):
            yield "wrong-derivative", replace(node, terms=(node.terms[0], Negative(square)))
    elif body is not None and palette.notation.refer(body) is not None:
        squares = [_square(body), Product((body, body), (palette.elementwise,))]
        is_numeral = node.terms[0] == _ONE
        for one in squares if is_numeral else reversed(squares):
            yield "wrong-derivative", replace(node, terms=(node.terms[0], Negative(one)))


def _square(node: Node) -> Node:
    base = node if isinstance(node, Symbol) else Group(node)
    return Scripted(base, None, _TWO)


def _base_of_square(factor: Node) -> Node | None:
    """Give ``a`` for ``1 - a²``."""
    body = complemented(factor)
    if not isinstance(body, Scripted) or body.sup != _TWO:
        return None
    bare = replace(body, sup=None) if body.sub is not None else body.base
    return bare.body if isinstance(bare, Group) else bare


def _complement(node: Node) -> Node:
    return Group(Plus((_ONE, Negative(node))))


def _pair(node: Product, at: int, palette: Palette) -> Iterator[Edit]:
    """Change ``a (1 - a)`` to ``1 - a²``, or drop it."""
    first, second = node.factors[at : at + 2]
    if complemented(second) != first and complemented(first) != second:
        return
    base = first if complemented(second) == first else second
    yield (
        "wrong-derivative",
        _with(node, at, 2, (Group(Plus((_ONE, Negative(_square(base))))),), palette),
    )
    if len(node.factors) > 2:
        yield "extra-derivative", _with(node, at, 2, (), palette)


def _with(node: Product, at: int, count: int, new: tuple[Node, ...], palette: Palette) -> Node:
    """Put other factors in the place of some, with the signs that stood there."""
    factors = (*node.factors[:at], *new, *node.factors[at + count :])
    entrywise = next((one for one in node.signs if one in ("odot", "circ", "ast")), "")
    inner = (entrywise or ("" if not any(node.signs) else palette.elementwise),) * max(
        len(new) - 1, 0
    )
    before = node.signs[: max(at - 1, 0)] if not new else node.signs[:at]
    after = node.signs[at + count - 1 :] if new or at else node.signs[at + count :]
    signs = (*before, *inner, *after)[: len(factors) - 1]
    return Product(factors, signs) if len(factors) > 1 else factors[0]
