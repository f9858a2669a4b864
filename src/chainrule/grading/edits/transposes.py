"""Transposes that are missing, too many, or in the wrong place."""

from collections.abc import Iterator
from dataclasses import replace

from chainrule.grading.edits.palette import Edit, Palette, is_transposed
from chainrule.read.tree import (
    Derivative,
    Group,
    Nabla,
    Node,
    Plus,
    Product,
    Scripted,
    Symbol,
)

__all__ = ["transpose_edits", "transposed", "without_transpose"]


def transposed(node: Node, palette: Palette) -> Node:
    """Give the transpose of a node, written as the document writes it."""
    sign = palette.transpose
    if isinstance(node, Group | Symbol):
        return Scripted(node, None, sign)
    if isinstance(node, Scripted) and not isinstance(node.base, Group):
        if node.sup is None:
            return replace(node, sup=sign)
        return replace(node, sup=Product((node.sup, sign), ("",)))
    return Scripted(Group(node), None, sign)


def without_transpose(node: Node) -> Node:
    """Give a node without the transpose that stands at it."""
    if not isinstance(node, Scripted):
        return node
    if node.primes:
        bare = replace(node, primes=0)
    elif isinstance(node.sup, Product):
        kept = [one for one in node.sup.factors if not _is_sign(one)]
        sup = kept[0] if len(kept) == 1 else Product(tuple(kept), ("",) * (len(kept) - 1))
        bare = replace(node, sup=_unsigned(sup))
    elif isinstance(node.sup, Group):
        bare = replace(node, sup=_unsigned(node.sup))
    else:
        bare = replace(node, sup=None)
    return bare.base if bare.sup is bare.sub is None and not bare.primes else bare


def _unsigned(node: Node) -> Node:
    if isinstance(node, Group) and isinstance(node.body, Product):
        kept = [one for one in node.body.factors if not _is_sign(one)]
        return replace(node, body=kept[0]) if len(kept) == 1 else node
    return node


def _is_sign(node: Node) -> bool:
    return isinstance(node, Symbol) and node.name in ("T", "top", "intercal")


def _can_be_transposed(node: Node, palette: Palette) -> bool:
    reference = palette.notation.refer(node)
    if reference is not None:
        is_function = reference.name in palette.notation.functions
        return not (reference.indices or reference.power or reference.primes or is_function)
    return isinstance(node, Group | Derivative | Nabla) and not _is_numeral(node)


def _is_numeral(node: Node) -> bool:
    return isinstance(node, Group) and not isinstance(node.body, Plus | Product | Derivative)


def transpose_edits(node: Node, palette: Palette) -> Iterator[Edit]:
    """Insert, drop or move a transpose."""
    if is_transposed(node, palette.notation):
        bare = without_transpose(node)
        yield "extra-transpose", bare
        yield from _moved_in(bare, palette)
    elif _can_be_transposed(node, palette):
        yield "missing-transpose", transposed(node, palette)
    if isinstance(node, Product) and not any(sign == "slash" for sign in node.signs):
        yield from _moved(node, palette)


def _moved_in(bare: Node, palette: Palette) -> Iterator[Edit]:
    """Move a transpose from brackets to one of the factors in them."""
    inner = bare.body if isinstance(bare, Group) else bare
    if not isinstance(inner, Product):
        return
    for at in reversed(range(len(inner.factors))):
        if _can_be_transposed(inner.factors[at], palette):
            yield "misplaced-transpose", _with(inner, at, transposed(inner.factors[at], palette))


def _moved(node: Product, palette: Palette) -> Iterator[Edit]:
    """Move a transpose from one factor to another."""
    for first, one in enumerate(node.factors):
        if not is_transposed(one, palette.notation):
            continue
        for second, other in enumerate(node.factors):
            if second != first and _can_be_transposed(other, palette):
                moved = _with(node, first, without_transpose(one))
                yield "misplaced-transpose", _with(moved, second, transposed(other, palette))


def _with(product: Product, at: int, factor: Node) -> Product:
    factors = list(product.factors)
    factors[at] = factor
    return replace(product, factors=tuple(factors))
