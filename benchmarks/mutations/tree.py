"""The campaign's own expressions: immutable trees, and how to change one place in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

#: From the root, the number of the part at each step down.
Path = tuple[int, ...]


class Node:
    """An expression. A leaf has no parts."""

    def parts(self) -> tuple["Node", ...]:
        return ()

    def rebuilt(self, parts: tuple["Node", ...]) -> "Node":
        return self


@final
@dataclass(frozen=True)
class Symbol(Node):
    """An array or a scalar by its name; ``d z1`` is the derivative of the loss by ``z1``."""

    name: str


@final
@dataclass(frozen=True)
class Entry(Node):
    """One entry of an array, with a letter for each axis."""

    name: str
    indices: tuple[str, ...]


@final
@dataclass(frozen=True)
class Number(Node):
    """A numeral."""

    value: int


@final
@dataclass(frozen=True)
class Kronecker(Node):
    """1 where two indices agree, else 0."""

    first: str
    second: str


class Unary(Node):
    """A node with one part, named ``body``."""

    body: Node

    def parts(self) -> tuple[Node, ...]:
        return (self.body,)

    def rebuilt(self, parts: tuple[Node, ...]) -> Node:
        return type(self)(*parts)


@final
@dataclass(frozen=True)
class Negative(Unary):
    """``-body``."""

    body: Node


@final
@dataclass(frozen=True)
class Transposed(Unary):
    """The transpose."""

    body: Node


@final
@dataclass(frozen=True)
class Diagonal(Unary):
    """The diagonal matrix of a column."""

    body: Node


@final
@dataclass(frozen=True)
class Applied(Node):
    """A function of one variable, entry by entry."""

    function: str
    body: Node

    def parts(self) -> tuple[Node, ...]:
        return (self.body,)

    def rebuilt(self, parts: tuple[Node, ...]) -> Node:
        return Applied(self.function, parts[0])


@final
@dataclass(frozen=True)
class Total(Node):
    """The sum over an index from 1 to a size."""

    index: str
    size: str
    body: Node

    def parts(self) -> tuple[Node, ...]:
        return (self.body,)

    def rebuilt(self, parts: tuple[Node, ...]) -> Node:
        return Total(self.index, self.size, parts[0])


class Binary(Node):
    """A node with two parts."""

    left: Node
    right: Node

    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)

    def rebuilt(self, parts: tuple[Node, ...]) -> Node:
        return type(self)(*parts)


@final
@dataclass(frozen=True)
class Plus(Binary):
    """``left + right``."""

    left: Node
    right: Node


@final
@dataclass(frozen=True)
class Minus(Binary):
    """``left - right``."""

    left: Node
    right: Node


@final
@dataclass(frozen=True)
class Entrywise(Binary):
    """The elementwise product."""

    left: Node
    right: Node


@final
@dataclass(frozen=True)
class Fraction(Binary):
    """A quotient of scalars."""

    left: Node
    right: Node


@final
@dataclass(frozen=True)
class Product(Node):
    """Two factors or more side by side: matrices, or scalars and a matrix."""

    factors: tuple[Node, ...]

    def parts(self) -> tuple[Node, ...]:
        return self.factors

    def rebuilt(self, parts: tuple[Node, ...]) -> Node:
        return product(*parts)


def product(*factors: Node) -> Node:
    """A product as it is written: products within it lose their brackets, one factor is itself."""
    flat: list[Node] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Product) else (factor,))
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node with its place, from the root down."""
    yield path, node
    for number, part in enumerate(node.parts()):
        yield from walk(part, (*path, number))


def at(node: Node, path: Path) -> Node:
    for number in path:
        node = node.parts()[number]
    return node


def replaced(node: Node, path: Path, new: Node) -> Node:
    """The tree with another node at one place."""
    if not path:
        return new
    parts = list(node.parts())
    parts[path[0]] = replaced(parts[path[0]], path[1:], new)
    return node.rebuilt(tuple(parts))
