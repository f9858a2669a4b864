"""The wrong index, the wrong layer, a sum that is missing or over the wrong index."""

from collections.abc import Iterator
from dataclasses import replace

from chainrule.grading.edits.palette import (
    Edit,
    Palette,
    complemented,
    grouped,
    index_letters,
    index_symbol,
    renamed_index,
    with_layer,
)
from chainrule.grading.notation import Index, Reference
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
    yield from _other_number(node, palette)
    for old in dict.fromkeys(index_letters(node.sub)):
        for new in palette.letters:
            if new != old:
                yield "wrong-index", replace(node, sub=renamed_index(node.sub, old, new))
    if isinstance(node.sub, Product) and len(node.sub.factors) == 2:
        swapped = replace(node.sub, factors=node.sub.factors[::-1])
        yield "swapped-indices", replace(node, sub=swapped)


def _other_number(node: Scripted, palette: Palette) -> Iterator[Edit]:
    """Change the number of a component: ``y_1`` for ``y_2``."""
    reference = palette.notation.refer(node)
    if reference is None or node.sub is None:
        return
    for at, old in enumerate(reference.indices):
        for new in palette.numbers:
            if isinstance(old, int) and new != old:
                indices = (*reference.indices[:at], new, *reference.indices[at + 1 :])
                sub = numbered(node.sub, reference.indices, indices)
                if sub is not None:
                    yield "wrong-index", replace(node, sub=sub)


def numbered(sub: Node, old: tuple[Index, ...], new: tuple[Index, ...]) -> Node | None:
    """Give a subscript of numbers with other numbers, written in the same way."""
    if isinstance(sub, Number):
        texts = "".join(map(str, old)), "".join(map(str, new))
        return replace(sub, text=texts[1]) if sub.text == texts[0] else None
    if isinstance(sub, Sequence) and len(sub.items) == len(new):
        items = [
            replace(item, text=str(index)) if isinstance(item, Number) else item
            for item, index in zip(sub.items, new, strict=True)
        ]
        return replace(sub, items=tuple(items))
    return None


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
        if node.below is not None and letter not in tuple(index_letters(node.below)):
            yield "wrong-summation-index", replace(node, below=index_symbol(letter))


def _softmax_product(node: Product, palette: Palette) -> Iterator[Edit]:
    """Give ``y_i (δ_ij - y_j)`` for ``y_i (1 - y_i)``."""
    if len(node.factors) != 2 or len(palette.left_letters) != 2:
        return
    y, rest = node.factors
    body = rest.body if isinstance(rest, Group) else rest
    if complemented(body) != y or not isinstance(y, Scripted) or y.sub is None:
        return
    first, second = palette.left_letters
    own = next(iter(index_letters(y.sub)), first)
    other = second if own == first else first
    delta = Scripted(
        Symbol("delta", r"\delta"), Product((index_symbol(own), index_symbol(other)), ("",))
    )
    difference = Plus((delta, Negative(replace(y, sub=renamed_index(y.sub, own, other)))))
    yield "softmax-elementwise", Product((y, Group(difference)), ("",))
