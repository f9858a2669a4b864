"""Factors swapped, the wrong product, ``diag`` missing or around the wrong thing."""

from collections.abc import Iterator
from dataclasses import replace

from chainrule.grading.edits.palette import (
    ENTRYWISE,
    Edit,
    Palette,
    complemented,
    grouped,
    is_transposed,
)
from chainrule.grading.edits.transposes import transposed, without_transpose
from chainrule.read.tree import Call, Group, Negative, Node, Plus, Product, Symbol

__all__ = ["product_edits"]

_DIAG = Symbol("diag", r"\operatorname{diag}")


def _is_diag(node: Node) -> bool:
    return isinstance(node, Call) and node.function == Symbol("diag")


def diag(node: Node) -> Node:
    """Put a vector on a diagonal."""
    return Call(_DIAG, (node.body if isinstance(node, Group) else node,))


def product_edits(node: Node, palette: Palette) -> Iterator[Edit]:
    """Change a product, or the ``diag`` in it."""
    if _is_diag(node) and isinstance(node, Call):
        yield from _without_diag(node, palette)
    if not isinstance(node, Product):
        return
    softmax = _softmax_jacobian(node, palette)
    if softmax is not None:
        yield "softmax-elementwise", softmax
    yield from _misplaced_diag(node, palette)
    yield from _to_diag(node, palette)
    yield from _swapped(node, palette)
    yield from _other_signs(node, palette)
    yield from _reassociated(node)


def _without_diag(node: Call, palette: Palette) -> Iterator[Edit]:
    argument = node.arguments[0]
    yield "extra-diag", grouped(argument)
    softmax = _softmax_jacobian(argument, palette)
    if softmax is not None:
        yield "softmax-elementwise", softmax
    reference = palette.notation.refer(argument)
    if reference is not None and not reference.primes:
        yield "softmax-elementwise", _without_outer_product(argument, palette)


def _softmax_jacobian(argument: Node, palette: Palette) -> Node | None:
    """Give ``diag(y) - y yᵀ`` for ``y ∘ (1 - y)``."""
    if not isinstance(argument, Product) or len(argument.factors) != 2:
        return None
    y, rest = argument.factors
    if complemented(rest) != y:
        return None
    return _without_outer_product(y, palette)


def _without_outer_product(y: Node, palette: Palette) -> Node:
    """Give ``diag(y) - y yᵀ``."""
    outer = Product((y, transposed(y, palette)), ("",))
    return Group(Plus((diag(y), Negative(outer))))


def _misplaced_diag(node: Product, palette: Palette) -> Iterator[Edit]:
    """Move a bracket: ``diag(a) ∘ b`` to ``diag(a ∘ b)``."""
    for at, sign in enumerate(node.signs):
        left, right = node.factors[at], node.factors[at + 1]
        tail = left.factors[-1] if isinstance(left, Product) else left
        if not (_is_diag(tail) and isinstance(tail, Call)):
            continue
        joined = sign or palette.elementwise
        inside = Product((tail.arguments[0], right), (joined,))
        moved: Node = replace(tail, arguments=(inside,))
        if isinstance(left, Product):
            moved = replace(left, factors=(*left.factors[:-1], moved))
        yield "misplaced-diag", _joined(node, at, moved)


def _joined(node: Product, at: int, new: Node) -> Node:
    factors = (*node.factors[:at], new, *node.factors[at + 2 :])
    signs = (*node.signs[:at], *node.signs[at + 1 :])
    return Product(factors, signs) if len(factors) > 1 else new


def _to_diag(node: Product, palette: Palette) -> Iterator[Edit]:
    signs = tuple(sign if sign in ENTRYWISE else palette.elementwise for sign in node.signs)
    yield "missing-diag", diag(replace(node, signs=signs))
    for at, sign in enumerate(node.signs):
        pair = Product(
            node.factors[at : at + 2],
            (sign if sign in ENTRYWISE else palette.elementwise,),
        )
        if len(node.factors) > 2:
            yield "missing-diag", _joined(node, at, diag(pair))
    for at, factor in enumerate(node.factors):
        if not _is_diag(factor):
            factors = (*node.factors[:at], diag(factor), *node.factors[at + 1 :])
            bare = tuple(
                "" if at in (place, place + 1) else sign for place, sign in enumerate(node.signs)
            )
            yield "missing-diag", replace(node, factors=factors, signs=bare)


def _swapped(node: Product, palette: Palette) -> Iterator[Edit]:
    if any(sign in ("slash", "oslash") for sign in node.signs):
        return
    notation = palette.notation
    for at in range(len(node.factors) - 1):
        first, second = node.factors[at : at + 2]
        before, after = node.factors[:at], node.factors[at + 2 :]
        yield "factors-swapped", replace(node, factors=(*before, second, first, *after))
        if is_transposed(second, notation) and not is_transposed(first, notation):
            crossed = (without_transpose(second), transposed(first, palette))
            yield "factors-swapped", replace(node, factors=(*before, *crossed, *after))
        elif is_transposed(first, notation) and not is_transposed(second, notation):
            crossed = (transposed(second, palette), without_transpose(first))
            yield "factors-swapped", replace(node, factors=(*before, *crossed, *after))
    if len(node.factors) > 2:
        yield "factors-swapped", replace(node, factors=(*node.factors[1:], node.factors[0]))
        yield "factors-swapped", replace(node, factors=(node.factors[-1], *node.factors[:-1]))


def _other_signs(node: Product, palette: Palette) -> Iterator[Edit]:
    for at, sign in enumerate(node.signs):
        if sign == "slash":
            continue
        entrywise = sign in ("odot", "ast", "circ", "oslash")
        mistake = "elementwise-product" if entrywise else "matrix-product"
        new = "" if entrywise else palette.elementwise
        if entrywise or at == len(node.signs) - 1 or not new:
            yield mistake, _regrouped(node, at, new)
        else:
            yield mistake, _regrouped(node, at, new)


def _regrouped(node: Product, at: int, sign: str) -> Node:
    """Change one sign; factors side by side bind closer than a product with a sign."""
    signs = (*node.signs[:at], sign, *node.signs[at + 1 :])
    if not sign or not any(one == "" for one in signs):
        return replace(node, signs=signs)
    left = Product(node.factors[: at + 1], signs[:at]) if at else node.factors[0]
    rest = node.factors[at + 1 :]
    right = Product(rest, signs[at + 1 :]) if len(rest) > 1 else rest[0]
    return Product((left, right), (sign,))


def _reassociated(node: Product) -> Iterator[Edit]:
    """Put brackets around the product entry by entry: ``a ∘ b c`` to ``(a ∘ b) c``, and back."""
    for at, sign in enumerate(node.signs):
        left, right = node.factors[at], node.factors[at + 1]
        if sign in ENTRYWISE and isinstance(left, Product) and not any(left.signs):
            for cut in range(1, len(left.factors)):
                inner = Product((_side_by_side(left.factors[cut:]), right), (sign,))
                whole = _side_by_side((*left.factors[:cut], Group(inner)))
                factors = (*node.factors[:at], whole, *node.factors[at + 2 :])
                signs = (*node.signs[:at], *node.signs[at + 1 :])
                yield "missing-brackets", Product(factors, signs) if signs else whole
        if sign in ENTRYWISE and isinstance(right, Product) and not any(right.signs):
            head = Group(Product((*node.factors[: at + 1], right.factors[0]), node.signs[: at + 1]))
            tail = right.factors[1:]
            yield "missing-brackets", Product((head, *tail), ("",) * len(tail))


def _side_by_side(factors: tuple[Node, ...]) -> Node:
    return Product(factors, ("",) * (len(factors) - 1)) if len(factors) > 1 else factors[0]
