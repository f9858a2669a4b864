"""Another quantity of the document in the place of one, and terms and factors that are missing."""

from collections.abc import Iterator
from dataclasses import replace

from chainrule.grading.edits.indices import numbered
from chainrule.grading.edits.palette import (
    Edit,
    Palette,
    grouped,
    index_letters,
    renamed_index,
)
from chainrule.grading.edits.transposes import transposed
from chainrule.grading.notation import Reference
from chainrule.read.tree import (
    Derivative,
    Matrix,
    Negative,
    Node,
    Number,
    Plus,
    Product,
    Scripted,
    replaced,
    walk,
)

__all__ = ["link_edits", "matrix_edits", "missing_terms", "quantity_edits"]


def quantity_edits(node: Node, palette: Palette) -> Iterator[Edit]:
    """Change one quantity for any other that the document mentions."""
    old = palette.notation.refer(node)
    if old is None or old.primes or old.power is not None or not _is_known(old, palette):
        return
    for quantity in palette.quantities:
        new = palette.notation.refer(quantity)
        if new is None or replace(new, transposed=old.transposed) == old:
            continue
        for one in _with_letters(quantity, palette):
            yield _mistake(old, new), transposed(one, palette) if old.transposed else one


def _is_known(reference: Reference, palette: Palette) -> bool:
    is_function = reference.name in palette.notation.functions
    return reference.name in palette.program.names and not is_function


def _mistake(old: Reference, new: Reference) -> str:
    if old.name != new.name:
        return "wrong-quantity"
    if old.indices == new.indices:
        return "wrong-layer"
    return "wrong-index" if old.layer == new.layer else "wrong-index+wrong-layer"


def _with_letters(quantity: Node, palette: Palette) -> Iterator[Node]:
    """Give a component with its own index, and with those of the left side."""
    yield quantity
    if not isinstance(quantity, Scripted) or quantity.sub is None:
        return
    letters = list(index_letters(quantity.sub))
    if len(letters) == 1:
        for letter in palette.left_letters:
            if letter != letters[0]:
                yield replace(quantity, sub=renamed_index(quantity.sub, letters[0], letter))


def link_edits(node: Node, palette: Palette) -> Iterator[Edit]:
    """Put in what a product lacks: a link of a chain of derivatives, a factor in its middle."""
    if not isinstance(node, Product) or any(node.signs):
        return
    for at in range(1, len(node.factors)):
        first, second = node.factors[at - 1 : at + 1]
        if isinstance(first, Derivative) and isinstance(second, Derivative):
            for of, by in ((first.by, second.of), (second.by, first.of)):
                if of != by:
                    link = replace(first, of=of, by=by)
                    yield "missing-derivative", _inserted(node, at, link)
    for at in range(1, len(node.factors)):
        for factor in palette.factors:
            yield "missing-factor", _inserted(node, at, factor)


def _inserted(node: Product, at: int, factor: Node) -> Node:
    factors = (*node.factors[:at], factor, *node.factors[at:])
    return replace(node, factors=factors, signs=(*node.signs, ""))


def missing_terms(tree: Node, palette: Palette) -> Iterator[Edit]:
    """Add a term: one that the document has elsewhere, or a copy of one with another number."""
    terms = tree.terms if isinstance(tree, Plus) else (tree,)
    for term in terms:
        for copy in _next_terms(term, palette):
            yield "missing-term", Plus((*terms, copy))
    for term in palette.terms:
        bare = term.body if isinstance(term, Negative) else term
        for one in (term, bare if isinstance(term, Negative) else Negative(term)):
            yield "missing-term", Plus((*terms, one))


def _next_terms(term: Node, palette: Palette) -> Iterator[Node]:
    """Give a term of a written-out sum with another number: ``v_21 e_2`` beside ``v_11 e_1``."""
    for old in palette.numbers:
        for new in palette.numbers:
            if new != old:
                for places in (slice(None), slice(0, 1), slice(-1, None)):
                    copy = _renumbered(term, old, new, places, palette)
                    if copy != term:
                        yield copy


def _renumbered(term: Node, old: int, new: int, places: slice, palette: Palette) -> Node:
    for one in list(walk(term)):
        reference = palette.notation.refer(one)
        if reference is None or not isinstance(one, Scripted) or one.sub is None:
            continue
        indices = list(reference.indices)
        indices[places] = [new if index == old else index for index in indices[places]]
        sub = numbered(one.sub, reference.indices, tuple(indices))
        if sub is not None and sub != one.sub:
            term = replaced(term, one, replace(one, sub=sub))
    return term


def matrix_edits(node: Node, palette: Palette) -> Iterator[Edit]:
    """Fill a diagonal matrix with what the softmax has beside the diagonal: ``-y_i y_j``."""
    del palette
    if not isinstance(node, Matrix) or any(len(row) != len(node.rows) for row in node.rows):
        return
    heads = [_head(row[at]) for at, row in enumerate(node.rows)]
    rows = []
    for at, row in enumerate(node.rows):
        entries = [
            Negative(Product((grouped(heads[at]), grouped(heads[place])), ("",)))
            if entry == Number("0")
            else entry
            for place, entry in enumerate(row)
        ]
        rows.append(tuple(entries))
    if tuple(rows) != node.rows:
        yield "softmax-elementwise", replace(node, rows=tuple(rows))


def _head(node: Node) -> Node:
    return node.factors[0] if isinstance(node, Product) else node
