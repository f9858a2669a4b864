"""The wrong index, the wrong layer, a sum that is missing or over the wrong index."""

from collections.abc import Iterator
from dataclasses import replace

from chainrule.grading.edits.palette import Edit, Palette, grouped, with_layer
from chainrule.grading.notation import Reference
from chainrule.read.tree import (
    Derivative,
    Group,
    Negative,
    Node,
    Number,
    Plus,
    Product,
    Scripted,
    Sequence,
    Summation,
    Symbol,
)

__all__ = ["index_edits"]


def index_edits(node: Node, palette: Palette) -> Iterator[Edit]:
    """Change an index, a layer, a sum or the variable of a derivative."""
    reference = palette.notation.refer(node)
    if reference is not None and isinstance(node, Scripted):
        yield from _other_index(node, palette)
        yield from _other_layer(node, reference, palette)
        return
    if reference is not None:
        return
    if isinstance(node, Scripted) and node.sub is not None:
        yield from _other_index(node, palette)
    elif isinstance(node, Summation):
        yield from _sums(node, palette)
    elif isinstance(node, Derivative):
        for variable in palette.variables:
            if variable != node.by:
                yield "wrong-variable", replace(node, by=variable)
    elif isinstance(node, Product):
        yield from _softmax_product(node, palette)


def _other_index(node: Scripted, palette: Palette) -> Iterator[Edit]:
    if node.sub is None:
        return
    for old in dict.fromkeys(_letters(node.sub)):
        for new in palette.letters:
            if new != old:
                yield "wrong-index", replace(node, sub=_renamed(node.sub, old, new))
    if isinstance(node.sub, Product) and len(node.sub.factors) == 2:
        swapped = replace(node.sub, factors=node.sub.factors[::-1])
        yield "swapped-indices", replace(node, sub=swapped)


def _letters(node: Node) -> Iterator[str]:
    if isinstance(node, Symbol) and len(node.name) == 1:
        yield node.name
    elif isinstance(node, Product):
        for factor in node.factors:
            yield from _letters(factor)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _letters(item)


def _renamed(node: Node, old: str, new: str) -> Node:
    if isinstance(node, Symbol):
        return Symbol(new, new) if node.name == old else node
    if isinstance(node, Product):
        return replace(node, factors=tuple(_renamed(one, old, new) for one in node.factors))
    if isinstance(node, Sequence):
        return replace(node, items=tuple(_renamed(one, old, new) for one in node.items))
    return node


def _other_layer(node: Scripted, reference: Reference, palette: Palette) -> Iterator[Edit]:
    layer = reference.layer
    if layer is None:
        return
    for step in (1, -1):
        number = layer.offset + step
        if number >= 0 or layer.letter:
            changed = with_layer(node, layer, number)
            if changed != node:
                yield "wrong-layer", changed
    roles = palette.program.roles
    is_first = not layer.letter and layer.offset - 1 == palette.program.base
    if reference.name == roles.act and is_first:
        yield "wrong-layer", _bare(node, roles.input, palette)


def _bare(node: Scripted, name: str, palette: Palette) -> Node:
    transposes = palette.notation.refer(node)
    sup = palette.transpose if transposes is not None and transposes.transposed else None
    symbol = Symbol(name, name)
    return symbol if node.sub is None and sup is None else Scripted(symbol, node.sub, sup)


def _sums(node: Summation, palette: Palette) -> Iterator[Edit]:
    yield "extra-sum", grouped(node.body)
    for letter in palette.letters:
        if node.below is not None and letter not in tuple(_letters(node.below)):
            yield "wrong-summation-index", replace(node, below=Symbol(letter, letter))


def _softmax_product(node: Product, palette: Palette) -> Iterator[Edit]:
    """Give ``y_i (δ_ij - y_j)`` for ``y_i (1 - y_i)``."""
    if len(node.factors) != 2 or len(palette.left_letters) != 2:
        return
    y, rest = node.factors
    body = rest.body if isinstance(rest, Group) else rest
    if body != Plus((Number("1"), Negative(y))) or not isinstance(y, Scripted) or y.sub is None:
        return
    first, second = palette.left_letters
    own = next(iter(_letters(y.sub)), first)
    other = second if own == first else first
    delta = Scripted(
        Symbol("delta", r"\delta"), Product((Symbol(own, own), Symbol(other, other)), ("",))
    )
    difference = Plus((delta, Negative(replace(y, sub=_renamed(y.sub, own, other)))))
    yield "softmax-elementwise", Product((y, Group(difference)), ("",))
