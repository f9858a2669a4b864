"""What a document offers to correct its formulas with: signs, letters, factors, layers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, final

from chainrule.grading.notation import Layer, Notation, Reference
from chainrule.grading.program import Program
from chainrule.read.tree import (
    Call,
    Derivative,
    Group,
    Nabla,
    Negative,
    Node,
    Number,
    Plus,
    Product,
    Scripted,
    Sequence,
    Summation,
    Symbol,
    children,
)

__all__ = [
    "ENTRYWISE",
    "Edit",
    "Palette",
    "Rule",
    "complemented",
    "grouped",
    "index_letters",
    "index_symbol",
    "is_difference",
    "is_primed",
    "is_transposed",
    "places",
    "renamed_index",
    "with_layer",
    "with_name",
]

#: The signs of products entry by entry.
ENTRYWISE: Final = ("odot", "circ", "ast")

#: The mistake that a change would correct, and what takes the place of the node.
Edit: TypeAlias = tuple[str, Node]
Rule: TypeAlias = "Callable[[Node, Palette], Iterator[Edit]]"


@final
@dataclass(frozen=True)
class Palette:
    """What corrections are made of.

    Parameters
    ----------
    program : Program
        The forward pass.
    letters : tuple of str
        The indices that occur in the chain.
    variables : tuple of Node
        What the chain differentiates by.
    factors : tuple of Node
        Factors of the document's formulas: ``σ'(z)``, ``(1 - y)``, quantities.
    transpose : Symbol
        How the document writes a transpose.
    elementwise : str
        How it writes a product entry by entry.
    by : Reference or None
        What the left-hand side is a derivative by.
    """

    program: Program
    letters: tuple[str, ...] = ()
    variables: tuple[Node, ...] = ()
    factors: tuple[Node, ...] = ()
    transpose: Symbol = field(default_factory=lambda: Symbol("top", r"\top"))
    elementwise: str = "odot"
    by: Reference | None = None
    by_node: Node | None = None
    left_letters: tuple[str, ...] = ()
    #: The numbers that components have in the chain.
    numbers: tuple[int, ...] = ()
    #: Quantities that the document mentions, those of the nearest rows first.
    quantities: tuple[Node, ...] = ()
    #: Terms of the document's sums, with their signs.
    terms: tuple[Node, ...] = ()
    #: How the document spells a name: ``\\mathbf{h}`` for ``h``.
    spelling: Mapping[str, str] = field(default_factory=dict)

    @property
    def notation(self) -> Notation:
        """How the document writes."""
        return self.program.notation


def places(tree: Node, notation: Notation) -> Iterator[Node]:
    """Give the nodes that can be changed: scripts belong to their symbols and are not."""
    yield tree
    if notation.refer(tree) is not None:
        return
    if isinstance(tree, Scripted):
        below: list[Node] = [tree.base]
    elif isinstance(tree, Call):
        below = list(tree.arguments)
    elif isinstance(tree, Summation):
        below = [tree.body]
    elif isinstance(tree, Nabla):
        below = [] if tree.of is None else [tree.of]
    elif isinstance(tree, Derivative):
        below = [tree.of]
    else:
        below = list(children(tree))
    for node in below:
        yield from places(node, notation)


def grouped(node: Node) -> Node:
    """Put brackets around what would fall apart."""
    return Group(node) if isinstance(node, Plus | Product | Summation | Derivative) else node


def is_primed(factor: Node) -> bool:
    """Say whether a factor is a function's derivative, ``f'(z)``."""
    function = getattr(factor, "function", None)
    return isinstance(function, Scripted) and function.primes > 0


def is_transposed(node: Node, notation: Notation) -> bool:
    """Say whether a transpose stands at a node itself."""
    reference = notation.refer(node)
    if reference is not None:
        return reference.transposed
    if not isinstance(node, Scripted):
        return False
    is_sign = isinstance(node.sup, Symbol) and node.sup.name in ("T", "top", "intercal")
    return is_sign or (node.primes == 1 and not isinstance(node.base, Call))


def is_difference(node: Node) -> bool:
    """Say whether ``a - b`` stands there, perhaps in brackets."""
    body = node.body if isinstance(node, Group) else node
    return isinstance(body, Plus) and len(body.terms) == 2 and isinstance(body.terms[1], Negative)


def complemented(node: Node) -> Node | None:
    """Give ``a`` for ``1 - a``, the one being a numeral or a vector of ones."""
    inner = node.body if isinstance(node, Group) else node
    if not isinstance(inner, Plus) or not is_difference(inner):
        return None
    if inner.terms[0] not in (Number("1"), Symbol("ones")):
        return None
    return inner.terms[1].body if isinstance(inner.terms[1], Negative) else None


def index_letters(node: Node) -> Iterator[str]:
    """Give the letters of a subscript that are indices: single ones, Latin or Greek."""
    if isinstance(node, Symbol) and (len(node.name) == 1 or node.latex == f"\\{node.name}"):
        yield node.name
    elif isinstance(node, Product):
        for factor in node.factors:
            yield from index_letters(factor)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from index_letters(item)


def index_symbol(letter: str) -> Symbol:
    """Write an index."""
    return Symbol(letter, letter if len(letter) == 1 else f"\\{letter}")


def renamed_index(node: Node, old: str, new: str) -> Node:
    """Give a subscript with another letter for one of its indices."""
    if isinstance(node, Symbol):
        return index_symbol(new) if node.name == old else node
    if isinstance(node, Product):
        return replace(node, factors=tuple(renamed_index(one, old, new) for one in node.factors))
    if isinstance(node, Sequence):
        return replace(node, items=tuple(renamed_index(one, old, new) for one in node.items))
    return node


def with_name(node: Node, name: str, spelling: Mapping[str, str]) -> Node:
    """Give a symbol with its scripts and another letter, spelled as the document does."""
    latex = rf"\hat{{{name[4:]}}}" if name.startswith("hat ") else name
    latex = spelling.get(name, latex)
    if isinstance(node, Symbol):
        return Symbol(name, latex)
    if isinstance(node, Scripted) and isinstance(node.base, Symbol):
        return replace(node, base=Symbol(name, latex))
    return node


def with_layer(node: Node, old: Layer, new: int) -> Node:
    """Give a symbol with another number for its layer, written as the document does."""
    if isinstance(node, Number) and not old.letter and node.text == str(old.offset):
        return replace(node, text=str(new))
    if isinstance(node, Symbol) and old.letter == node.name and not old.offset:
        return _shifted(node, new)
    if isinstance(node, Plus) and old.letter and node.terms[0] == Symbol(old.letter):
        return _shifted(Symbol(old.letter, old.letter), new)
    if isinstance(node, Scripted):
        sup = None if node.sup is None else with_layer(node.sup, old, new)
        sub = node.sub if sup != node.sup or node.sub is None else with_layer(node.sub, old, new)
        return replace(node, sup=sup, sub=sub)
    if isinstance(node, Group):
        return replace(node, body=with_layer(node.body, old, new))
    if isinstance(node, Product):
        return replace(node, factors=tuple(with_layer(one, old, new) for one in node.factors))
    return node


def _shifted(letter: Symbol, amount: int) -> Node:
    number = Number(str(abs(amount)))
    if amount == 0:
        return letter
    return Plus((letter, number if amount > 0 else Negative(number)))
