"""Signs, terms and factors that are missing or too many."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chainrule.grading.edits.palette import (
    Edit,
    Palette,
    grouped,
    index_symbol,
    is_primed,
    renamed_index,
)
from chainrule.grading.roles import references
from chainrule.read.tree import (
    Derivative,
    Fraction,
    Group,
    Negative,
    Node,
    Number,
    Plus,
    Product,
    Scripted,
    Summation,
    Symbol,
    children,
    replaced,
)

__all__ = ["factor_edits", "term_edits", "whole_edits"]

_TWO: Final = Number("2")
_HALF: Final = Fraction(Number("1"), Number("2"))


def negated(node: Node) -> Node:
    """Change the sign of a node, as one would on paper."""
    if isinstance(node, Negative):
        return node.body
    if isinstance(node, Group) and isinstance(node.body, Plus):
        return replace(node, body=negated(node.body))
    if isinstance(node, Plus) and len(node.terms) == 2:
        first, second = node.terms
        if isinstance(second, Negative):
            return replace(node, terms=(second.body, Negative(first)))
    return Negative(Group(node) if isinstance(node, Plus) else node)


def term_edits(node: Node, palette: Palette) -> Iterator[Edit]:
    """Change a sign, or drop a term."""
    if isinstance(node, Negative):
        yield "sign", node.body
    if isinstance(node, Group) and isinstance(node.body, Plus) and len(node.body.terms) == 2:
        yield "sign", negated(node)
    if not isinstance(node, Plus):
        return
    for at, term in enumerate(node.terms):
        flipped = term.body if isinstance(term, Negative) else Negative(term)
        yield "sign", replace(node, terms=(*node.terms[:at], flipped, *node.terms[at + 1 :]))
    for at, term in enumerate(node.terms):
        rest = (*node.terms[:at], *node.terms[at + 1 :])
        dropped = replace(node, terms=rest) if len(rest) > 1 else rest[0]
        yield _name_of_term(term, palette), dropped


def _name_of_term(term: Node, palette: Palette) -> str:
    names = {one.name for one in references([term], palette.notation)}
    decays = "lambda" in names or "alpha" in names
    return "decayed-bias" if decays and palette.program.roles.bias in names else "extra-term"


def factor_edits(node: Node, palette: Palette) -> Iterator[Edit]:
    """Drop a factor, a denominator or a power, or insert one that the document has elsewhere."""
    yield from _lambda_halves(node)
    if isinstance(node, Product):
        for at in range(len(node.factors)):
            yield _name_of_factor(node.factors[at]), _dropped(node, at)
    if isinstance(node, Fraction):
        yield _name_of_denominator(node.denominator), grouped(node.numerator)
    if isinstance(node, Scripted) and isinstance(node.sup, Number):
        yield "wrong-power", node.base if node.sub is None else replace(node, sup=None)
    if isinstance(node, Product):
        yield from _inserted(node, palette)


def _name_of_factor(factor: Node) -> str:
    if isinstance(factor, Fraction):
        return _name_of_denominator(factor.denominator)
    if isinstance(factor, Number):
        return "factor-of-two"
    return "extra-derivative" if is_primed(factor) else "extra-factor"


def _name_of_denominator(node: Node) -> str:
    return (
        "mean-for-sum" if isinstance(node, Symbol) and node.name in ("m", "N") else "extra-factor"
    )


def _dropped(node: Product, at: int) -> Node:
    factors = (*node.factors[:at], *node.factors[at + 1 :])
    signs = list(node.signs)
    del signs[max(at - 1, 0)]
    return replace(node, factors=factors, signs=tuple(signs)) if len(factors) > 1 else factors[0]


def _lambda_halves(node: Node) -> Iterator[Edit]:
    rate = Symbol("lambda")
    if isinstance(node, Fraction) and node.numerator == rate and node.denominator == _TWO:
        yield "lambda-half", node.numerator
    elif node == rate:
        yield "half-lambda", Fraction(node, _TWO)


def whole_edits(tree: Node, palette: Palette) -> Iterator[Edit]:
    """Change all of a side: its sign, a coefficient, a factor, a term, a sum around it."""
    yield "sign", negated(tree)
    yield from _coefficients(tree, palette)
    if not isinstance(tree, Product):
        yield from _inserted(tree, palette)
    yield from _decay(tree, palette)
    yield from _missing_sum(tree, palette)


def _coefficients(tree: Node, palette: Palette) -> Iterator[Edit]:
    body = grouped(tree) if not isinstance(tree, Product) else tree
    counts = [name for name in ("m", "N") if name in palette.program.names]
    for name in counts:
        yield "sum-for-mean", _times(Fraction(Number("1"), Symbol(name, name)), body)
    yield "factor-of-two", _times(_TWO, body)
    yield "factor-of-two", _times(_HALF, body)
    if isinstance(tree, Plus):
        factors: list[Node] = [_TWO, _HALF]
        factors += [Fraction(Number("1"), Symbol(name, name)) for name in counts]
        for at, term in enumerate(tree.terms):
            for factor in factors:
                changed = _times(factor, term)
                mistake = "factor-of-two" if factor in (_TWO, _HALF) else "sum-for-mean"
                terms = (*tree.terms[:at], changed, *tree.terms[at + 1 :])
                yield mistake, replace(tree, terms=terms)


def _times(factor: Node, node: Node) -> Node:
    if isinstance(node, Negative):
        return Negative(_times(factor, node.body))
    if isinstance(node, Product) and not any(node.signs):
        return replace(node, factors=(factor, *node.factors), signs=("", *node.signs))
    return Product((factor, grouped(node)), ("",))


def _inserted(tree: Node, palette: Palette) -> Iterator[Edit]:
    """Insert a factor that the document has elsewhere, side by side or entry by entry."""
    for factor in palette.factors:
        is_slope = is_primed(factor) or isinstance(factor, Product)
        mistake = "missing-derivative" if is_slope else "missing-factor"
        yield mistake, _appended(tree, factor, "")
        yield mistake, _appended(tree, factor, palette.elementwise)
        yield mistake, _prepended(tree, factor)
        yield mistake, _before_last(tree, factor, palette)


def _appended(term: Node, factor: Node, sign: str) -> Node:
    if isinstance(term, Negative):
        return Negative(_appended(term.body, factor, sign))
    if isinstance(term, Product) and not sign and not any(term.signs):
        return replace(term, factors=(*term.factors, factor), signs=(*term.signs, ""))
    body = Group(term) if isinstance(term, Plus | Summation) else term
    return Product((body, factor), (sign,))


def _prepended(term: Node, factor: Node) -> Node:
    if isinstance(term, Negative):
        return Negative(_prepended(term.body, factor))
    return _times(factor, term)


def _before_last(term: Node, factor: Node, palette: Palette) -> Node:
    """Insert before the last factor, in brackets with what comes before: ``(a ∘ f') xᵀ``."""
    if isinstance(term, Negative):
        return Negative(_before_last(term.body, factor, palette))
    if not isinstance(term, Product) or len(term.factors) < 2 or any(term.signs):
        return Product((term, factor), (palette.elementwise,))
    head: Node = term.factors[0]
    if len(term.factors) > 2:
        head = Product(term.factors[:-1], term.signs[:-1])
    inner = Group(Product((head, factor), (palette.elementwise,)))
    return Product((inner, term.factors[-1]), ("",))


def _decay(tree: Node, palette: Palette) -> Iterator[Edit]:
    """Add ``λ W`` to a gradient by weights."""
    by, node = palette.by, palette.by_node
    if by is None or node is None or "lambda" not in palette.program.names:
        return
    if palette.program.is_weight(by.name) and by.name != palette.program.roles.bias:
        decay = Product((Symbol("lambda", r"\lambda"), node), ("",))
        terms = tree.terms if isinstance(tree, Plus) else (tree,)
        yield "missing-decay", Plus((*terms, decay))


def _missing_sum(tree: Node, palette: Palette) -> Iterator[Edit]:
    for letter in palette.letters:
        if letter in palette.left_letters:
            continue
        index = index_symbol(letter)
        yield "missing-sum", Summation("sum", index, None, tree)
        if isinstance(tree, Product) and len(tree.factors) > 1:
            rest = Product(tree.factors[1:], tree.signs[1:])
            inner = rest if len(rest.factors) > 1 else rest.factors[0]
            yield (
                "missing-sum",
                Product((tree.factors[0], Summation("sum", index, None, inner)), ("",)),
            )
    yield from _chain_without_sum(tree, palette)


def _chain_without_sum(tree: Node, palette: Palette) -> Iterator[Edit]:
    """Sum over the middle of a chain: ``Σ_k ∂E/∂y_k ∂y_k/∂z_i`` for ``∂E/∂y_i ∂y_i/∂z_i``."""
    own = palette.left_letters
    others = [one for one in palette.letters if one not in own]
    for letter in own:
        for other in (*others, *(one for one in "kj" if one not in (*own, *others))):
            changed = _with_other_index(tree, letter, other)
            if changed != tree:
                yield "missing-sum", Summation("sum", index_symbol(other), None, changed)


def _with_other_index(tree: Node, old: str, new: str) -> Node:
    """Rename an index but where something is differentiated by a component with it."""
    if isinstance(tree, Derivative):
        return replace(tree, of=_with_other_index(tree.of, old, new))
    if isinstance(tree, Scripted) and tree.sub is not None:
        return replace(tree, sub=renamed_index(tree.sub, old, new))
    for one in list(children(tree)):
        tree = replaced(tree, one, _with_other_index(one, old, new))
    return tree
