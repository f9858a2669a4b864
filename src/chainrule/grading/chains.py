"""Chains of equations: ``a = b``, and the rows that go on from it with ``= c``."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import final

from chainrule.grading.notation import Layer, Notation
from chainrule.grading.roles import references
from chainrule.read.document import Document, Passage
from chainrule.read.rows import Equation, Row, Side
from chainrule.read.tree import (
    Call,
    Group,
    Node,
    Number,
    Product,
    Relation,
    Scripted,
    Symbol,
    children,
)

__all__ = ["Chain", "Link", "chains_of", "context_layer", "layers_in", "unit_in"]


@final
@dataclass
class Link:
    """One step of a chain: what stands left of its sign and what stands right of it."""

    left: Side
    right: Side
    relation: str
    row: int


@final
@dataclass
class Chain:
    """Links that follow from one another, with what is said about their indices."""

    links: list[Link]
    passage: Passage
    conditions: tuple[Relation, ...] = ()
    start: Side | None = None
    #: Earlier sides of the same chain that could be read, the first being its start.
    sides: list[Side] = field(default_factory=list)

    @property
    def section(self) -> int:
        """The heading that the chain stands under."""
        return self.passage.block.section

    def nodes(self) -> Iterator[Node]:
        """Give all formulas of the chain."""
        for side in self.sides:
            if side.node is not None:
                yield side.node


def chains_of(document: Document) -> Iterator[tuple[Row, list[tuple[Chain, Link]]]]:
    """Give every displayed row with its links, each in the chain that it belongs to."""
    number = 0
    chain: Chain | None = None
    for passage in document.passages:
        if not passage.block.displayed:
            continue
        for row in passage.rows:
            links: list[tuple[Chain, Link]] = []
            for equation in row.equations:
                goes_on = equation.continues and chain is not None and bool(chain.sides)
                if chain is None or not goes_on:
                    chain = Chain([], passage)
                chain.conditions = (*passage.conditions, *row.conditions)
                links += [(chain, link) for link in _links(equation, chain, number)]
            number += 1
            yield row, links


def _links(equation: Equation, chain: Chain, number: int) -> Iterator[Link]:
    sides = list(equation.sides)
    if chain.sides:
        sides.insert(0, chain.sides[-1])
    elif equation.continues:
        missing = Side("", sides[0].span, None, "there is nothing before the sign")
        sides.insert(0, missing)
    if not chain.sides:
        chain.sides.append(sides[0])
        chain.start = sides[0]
    for left, right, relation in zip(sides, sides[1:], equation.relations, strict=False):
        link = Link(left, right, relation, number)
        chain.links.append(link)
        chain.sides.append(right)
        yield link


def layers_in(nodes: list[Node], notation: Notation) -> set[Layer]:
    """Give the layers that some formulas mention."""
    return {one.layer for one in references(nodes, notation) if one.layer is not None}


def context_layer(nodes: list[Node], notation: Notation) -> Layer | None:
    """Give the one layer that some formulas mention, which symbols without a layer belong to."""
    layers = layers_in(nodes, notation)
    return next(iter(layers)) if len(layers) == 1 else None


def _difference(first: Node, second: Node) -> tuple[Node, Node] | None:
    """Give the one place in which two trees differ."""
    if isinstance(first, Group) and not isinstance(second, Group):
        return _difference(first.body, second)
    if first == second:
        return None
    if type(first) is not type(second) or isinstance(first, Symbol | Number | Scripted):
        return first, second
    ours, theirs = list(children(first)), list(children(second))
    if len(ours) != len(theirs):
        return first, second
    found = [
        pair
        for mine, other in zip(ours, theirs, strict=True)
        if (pair := _difference(mine, other)) is not None
    ]
    return found[0] if len(found) == 1 else (first, second)


def unit_in(left: Node, right: Node, notation: Notation) -> tuple[str, Node] | None:
    """Read ``-t log y = -t log σ(Wx)`` as saying that ``y = σ(Wx)``: one unit, without layers.

    Returns
    -------
    (str, Node) or None
        The unit's output and what it is.
    """
    pair = _difference(left, right)
    if pair is None:
        return None
    output, unit = pair
    reference = notation.refer(output)
    if reference is None or reference.layer is not None or reference.indices:
        return None
    if not isinstance(unit, Call) or len(unit.arguments) != 1:
        return None
    inside = references([unit], notation)
    if any(one.layer is not None or one.indices for one in inside):
        return None
    argument = unit.arguments[0]
    has_product = any(isinstance(one, Product) for one in (argument, *children(argument)))
    return (reference.name, unit) if has_product else None
