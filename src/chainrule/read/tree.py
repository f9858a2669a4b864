"""Formulas as they are written: one node for each thing on the page, nothing decided yet.

What a node means depends on what its names stand for, and that is not known while reading. Every
node has its place, a pair of offsets into the document; places do not count when trees are
compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import TypeAlias, final

__all__ = [
    "Absolute",
    "Call",
    "Cases",
    "Derivative",
    "Fraction",
    "Group",
    "Matrix",
    "Nabla",
    "Negative",
    "Node",
    "Norm",
    "Number",
    "Partial",
    "Plus",
    "Product",
    "Relation",
    "Root",
    "Scripted",
    "Sequence",
    "Span",
    "Summation",
    "Symbol",
    "Words",
    "children",
    "replaced",
    "walk",
]

Span: TypeAlias = tuple[int, int]
_NOWHERE: Span = (0, 0)


@final
@dataclass(frozen=True, slots=True)
class Number:
    """A numeral."""

    text: str
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Symbol:
    """A name: a letter, a Greek letter by its command, a word; accents are part of it."""

    name: str
    latex: str = field(default="", compare=False)
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Words:
    """What could not be read inside of a script, or words."""

    text: str
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Scripted:
    """Something with a subscript, a superscript, primes."""

    base: "Node"
    sub: "Node | None" = None
    sup: "Node | None" = None
    primes: int = 0
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Group:
    """Something in brackets, ``(``, ``[`` or ``{``."""

    body: "Node"
    bracket: str = "("
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Negative:
    """Something after a minus sign."""

    body: "Node"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Plus:
    """A sum of terms; a subtracted term is a `Negative`."""

    terms: "tuple[Node, ...]"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Product:
    """Factors with the signs between them, ``""`` for factors side by side."""

    factors: "tuple[Node, ...]"
    signs: tuple[str, ...]
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Fraction:
    """One thing above another."""

    numerator: "Node"
    denominator: "Node"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments."""

    function: "Node"
    arguments: "tuple[Node, ...]"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Summation:
    """A sum or a product over an index; `below` may be a condition."""

    kind: str
    below: "Node | None"
    above: "Node | None"
    body: "Node"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Partial:
    """``∂x`` before it is known what stands above and what below."""

    body: "Node | None"
    order: "Node | None" = None
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Derivative:
    """``∂ of / ∂ by``; `style` says how it was written."""

    of: "Node"
    by: "Node"
    style: str = field(default="fraction", compare=False)
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Nabla:
    """``∇_by of``."""

    of: "Node | None"
    by: "Node | None"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Relation:
    """``i = j`` and the like, where it stands inside of a formula."""

    sign: str
    left: "Node"
    right: "Node"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Sequence:
    """Things with commas between them."""

    items: "tuple[Node, ...]"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of entries."""

    rows: "tuple[tuple[Node, ...], ...]"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Cases:
    """Values, each with its condition; the condition of the last may be missing."""

    values: "tuple[Node, ...]"
    conditions: "tuple[Node, ...]"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Norm:
    """``‖x‖``."""

    body: "Node"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Absolute:
    """``|x|``."""

    body: "Node"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Root:
    """``√x``."""

    body: "Node"
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


Node: TypeAlias = (
    Number
    | Symbol
    | Words
    | Scripted
    | Group
    | Negative
    | Plus
    | Product
    | Fraction
    | Call
    | Summation
    | Partial
    | Derivative
    | Nabla
    | Relation
    | Sequence
    | Matrix
    | Cases
    | Norm
    | Absolute
    | Root
)

_FIELDS: dict[type, tuple[str, ...]] = {}


def _parts(node: Node) -> Iterator[tuple[str, object]]:
    kind = type(node)
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(one.name for one in fields(kind) if one.name != "span")
    for name in _FIELDS[kind]:
        yield name, getattr(node, name)


def _nodes(part: object) -> Iterator[Node]:
    if isinstance(part, tuple):
        for item in part:
            yield from _nodes(item)
    elif isinstance(part, Node):
        yield part


def children(node: Node) -> Iterator[Node]:
    """Give the nodes directly below one, in the order in which they are written."""
    for _, part in _parts(node):
        yield from _nodes(part)


def walk(node: Node) -> Iterator[Node]:
    """Give a node and all that is below it, in the order in which they are written."""
    yield node
    for child in children(node):
        yield from walk(child)


def _with(part: object, old: Node, new: Node) -> object:
    if part is old:
        return new
    if isinstance(part, tuple):
        return tuple(_with(item, old, new) for item in part)
    return replaced(part, old, new) if isinstance(part, Node) else part


def replaced(node: Node, old: Node, new: Node) -> Node:
    """Give the tree with one of its nodes, that very one, replaced by another.

    Examples
    --------
    >>> a, b = Symbol("a"), Symbol("b")
    >>> replaced(Plus((a, a)), a, b) == Plus((b, b))
    True
    """
    if node is old:
        return new
    changes = {
        name: changed
        for name, part in _parts(node)
        if (changed := _with(part, old, new)) is not part and changed != part
    }
    return replace(node, **changes) if changes else node  # type: ignore[arg-type]
