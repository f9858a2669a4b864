"""What leaves the value alone: other ways to write the same, so that there is much to accept."""

import random

from mutations.matrix_edits import Edit, is_array
from mutations.networks import Network
from mutations.tree import (
    Applied,
    Diagonal,
    Entry,
    Entrywise,
    Kronecker,
    Minus,
    Negative,
    Node,
    Number,
    Plus,
    Product,
    Symbol,
    Total,
    Transposed,
    product,
)


def commuted(rng: random.Random, node: Node, network: Network) -> Node | None:
    """Terms and elementwise factors change places."""
    if isinstance(node, Plus | Entrywise):
        return type(node)(node.right, node.left)
    if isinstance(node, Minus):
        return Negative(Minus(node.right, node.left))
    return None


def swapped_components(rng: random.Random, node: Node, network: Network) -> Node | None:
    """Numbers commute."""
    if not network.indexed or not isinstance(node, Product):
        return None
    return product(*rng.sample(node.factors, len(node.factors)))


def transposed_product(rng: random.Random, node: Node, network: Network) -> Node | None:
    """The transpose of a product is the product of the transposes in reverse."""
    match node:
        case Transposed(Product(factors)):
            return product(*[Transposed(factor) for factor in reversed(factors)])
        case Transposed(Plus(left, right)):
            return Plus(Transposed(left), Transposed(right))
        case Transposed(Minus(left, right)):
            return Minus(Transposed(left), Transposed(right))
        case Transposed(Transposed(body)):
            return body
        case Product(factors) if all(isinstance(factor, Transposed) for factor in factors):
            return Transposed(product(*[f.parts()[0] for f in reversed(factors)]))
    return None


def turned_twice(rng: random.Random, node: Node, network: Network) -> Node | None:
    """A transpose of a transpose."""
    if network.indexed or not is_array(node):
        return None
    return Transposed(Transposed(node)) if isinstance(node, Symbol | Product) else None


def multiplied_out(rng: random.Random, node: Node, network: Network) -> Node | None:
    """A factor goes to both terms of a sum beside it."""
    match node:
        case Product((*head, Minus(left, right))) if head:
            return Minus(product(*head, left), product(*head, right))
        case Product((Minus(left, right), *tail)) if tail and not network.indexed:
            return Minus(product(left, *tail), product(right, *tail))
        case Entrywise(left, Minus(Number(1), right)):
            return Minus(left, Entrywise(left, right))
        case Total(index, size, Plus(left, right)):
            return Plus(Total(index, size, left), Total(index, size, right))
    return None


def diagonal_as_product(rng: random.Random, node: Node, network: Network) -> Node | None:
    """``diag(a) b`` and ``a ∘ b`` are the same."""
    match node:
        case Product((Diagonal(body), *tail)) if tail and network.layout == "columns":
            return Entrywise(body, product(*tail))
        case Product((*head, Diagonal(body))) if head:
            return Entrywise(product(*head), Transposed(body))
        case Diagonal(Entrywise(left, right)):
            return product(Diagonal(left), Diagonal(right))
    return None


def slope_spelt_out(rng: random.Random, node: Node, network: Network) -> Node | None:
    """σ' by σ, tanh' by tanh."""
    match node:
        case Applied("logistic'", body):
            value = Applied("logistic", body)
            return Entrywise(value, Minus(Number(1), value))
        case Applied("tanh'", body):
            value = Applied("tanh", body)
            return Minus(Number(1), Entrywise(value, value))
    return None


def renamed(rng: random.Random, node: Node, network: Network) -> Node | None:
    """Another letter for the index of a sum, everywhere in it."""
    if not isinstance(node, Total):
        return None
    return Total("s", node.size, with_letter(node.body, node.index, "s"))


def with_letter(node: Node, old: str, new: str) -> Node:
    if isinstance(node, Entry):
        return Entry(node.name, tuple(new if i == old else i for i in node.indices))
    if isinstance(node, Kronecker):
        first, second = node.first, node.second
        return Kronecker(new if first == old else first, new if second == old else second)
    return node.rebuilt(tuple(with_letter(part, old, new) for part in node.parts()))


def negated_twice(rng: random.Random, node: Node, network: Network) -> Node | None:
    """The minus sign moves."""
    match node:
        case Negative(Minus(left, right)):
            return Minus(right, left)
        case Plus(left, right):
            return Minus(left, Negative(right))
        case Product((first, *tail)):
            return Negative(product(Negative(first), *tail))
    return None


EDITS: tuple[Edit, ...] = (
    *(commuted, swapped_components, transposed_product, turned_twice, multiplied_out),
    *(diagonal_as_product, slope_spelt_out, renamed, negated_twice),
)
