"""What goes wrong in formulas of matrices: each edit changes one place, if it fits there."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from mutations.networks import Network
from mutations.tree import (
    Applied,
    Binary,
    Diagonal,
    Entrywise,
    Fraction,
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

#: A new node for the place, or None where the edit does not fit.
Edit = Callable[[random.Random, Node, Network], Node | None]
SCALARS = ("lambda", "m")


def is_array(node: Node) -> bool:
    """Whether a transpose or a ``diag`` can stand around the node."""
    if isinstance(node, Symbol):
        return node.name not in SCALARS
    return not isinstance(node, Number | Fraction)


def transpose(rng: random.Random, node: Node, network: Network) -> Node | None:
    """Insert a transpose, or drop one."""
    if isinstance(node, Transposed):
        return node.body
    return Transposed(node) if is_array(node) else None


def swap(rng: random.Random, node: Node, network: Network) -> Node | None:
    """Two neighbouring factors change places, or the two sides of a difference."""
    if isinstance(node, Minus):
        return Minus(node.right, node.left)
    if not isinstance(node, Product):
        return None
    factors = list(node.factors)
    k = rng.randrange(len(factors) - 1)
    factors[k : k + 2] = reversed(factors[k : k + 2])
    return product(*factors)


def sign(rng: random.Random, node: Node, network: Network) -> Node | None:
    """A plus for a minus, or a minus in front."""
    match node:
        case Plus(left, right):
            return Minus(left, right)
        case Minus(left, right):
            return Plus(left, right)
        case Negative(body):
            return body
    return Negative(node)


def other_product(rng: random.Random, node: Node, network: Network) -> Node | None:
    """Side by side for elementwise, and back."""
    if isinstance(node, Entrywise):
        return product(node.left, node.right)
    if not isinstance(node, Product):
        return None
    k = rng.randrange(len(node.factors) - 1)
    left, right = node.factors[k : k + 2]
    if not (is_array(left) and is_array(right)):
        return None
    return product(*node.factors[:k], Entrywise(left, right), *node.factors[k + 2 :])


def diagonal(rng: random.Random, node: Node, network: Network) -> Node | None:
    """Insert ``diag`` or drop it."""
    if isinstance(node, Diagonal):
        return node.body
    return Diagonal(node) if is_array(node) else None


def closing_bracket(rng: random.Random, node: Node, network: Network) -> Node | None:
    """Close a bracket one operand earlier."""
    match node:
        case Diagonal(Entrywise(left, right)):
            return Entrywise(Diagonal(left), right)
        case Diagonal(Minus(left, right)):
            return Minus(Diagonal(left), right)
        case Transposed(Product(factors)):
            return product(Transposed(product(*factors[:-1])), factors[-1])
        case Transposed(Plus() | Minus() | Entrywise() as body):
            pair = cast(Binary, body)
            return body.rebuilt((Transposed(pair.left), pair.right))
        case Product(factors) if isinstance(factors[0], Entrywise):
            first = factors[0]
            return Entrywise(first.left, product(first.right, *factors[1:]))
        case Entrywise(left, Minus(one, other)):
            return Minus(Entrywise(left, one), other)
    return None


def dropped(rng: random.Random, node: Node, network: Network) -> Node | None:
    """A factor or a term is forgotten."""
    if isinstance(node, Product):
        k = rng.randrange(len(node.factors))
        return product(*node.factors[:k], *node.factors[k + 1 :])
    if isinstance(node, Plus | Minus | Entrywise):
        return rng.choice(node.parts())
    return None


def repeated(rng: random.Random, node: Node, network: Network) -> Node | None:
    """A factor stands there twice."""
    if isinstance(node, Entrywise):
        return Entrywise(node, rng.choice(node.parts()))
    if not isinstance(node, Product):
        return None
    k = rng.randrange(len(node.factors))
    return product(*node.factors[: k + 1], *node.factors[k:])


def scalar_factor(rng: random.Random, node: Node, network: Network) -> Node | None:
    """A scalar factor too many: 2, 1/2, 1/m, m, λ."""
    factors: list[Node] = [Number(2), Fraction(Number(1), Number(2))]
    if network.batch != "one":
        factors += [Fraction(Number(1), Symbol("m")), Symbol("m")]
    if network.decay:
        factors.append(Symbol("lambda"))
    return None if isinstance(node, Number) else product(rng.choice(factors), node)


def scalar_changed(rng: random.Random, node: Node, network: Network) -> Node | None:
    """Another scalar for a scalar: λ/2 for λ, 1/2m for 1/m, 2 for 1."""
    match node:
        case Symbol("lambda"):
            return Fraction(node, rng.choice([Number(2), Symbol("m")][: 1 + (network.samples > 1)]))
        case Fraction(top, bottom):
            return rng.choice([Fraction(top, product(Number(2), bottom)), bottom, top])
        case Number(value):
            return Number(max(0, value + rng.choice([-1, 1])))
    return None


def other_name(rng: random.Random, node: Node, network: Network) -> Node | None:
    """Another array: the same of another layer, another of the same layer, any."""
    if not isinstance(node, Symbol) or node.name in SCALARS:
        return None
    everything = [name for name in names(network) if name != node.name]
    kin = [name for name in everything if name[:-1] == node.name[:-1] != ""]
    neighbours = [n for n in everything if n[-1] == node.name[-1] and "W" not in n + node.name]
    return Symbol(rng.choice(rng.choice([kin, neighbours, everything]) or everything))


def names(network: Network) -> list[str]:
    """The arrays that a document of the network may name."""
    layers = range(1, len(network.layers))
    arrays = ["x", "t", "y"] + [f"{a}{layer}" for layer in layers for a in "Wz"]
    arrays += [f"y{layer}" for layer in layers[:-1]] + [f"b{n}" for n in layers if network.bias]
    ones = ["ones"] if network.batch != "one" else []
    return arrays + ones + [f"d {name}" for name in arrays if name not in ("t", "y")]


def slope(rng: random.Random, node: Node, network: Network) -> Node | None:
    """The function for its derivative, or the other way round; its argument instead."""
    if not isinstance(node, Applied):
        return None
    if node.function == "positive":
        return rng.choice([Applied("relu", node.body), node.body])
    plain = node.function.removesuffix("'")
    other = plain if node.function.endswith("'") else f"{plain}'"
    return rng.choice([replace(node, function=other), node.body])


def extra_term(rng: random.Random, node: Node, network: Network) -> Node | None:
    """A decayed bias and its like."""
    array = Symbol(rng.choice([name for name in names(network) if name[0] in "Wb"]))
    term = product(Symbol("lambda"), array) if network.decay else array
    return None if isinstance(node, Number | Total) or not is_array(node) else Plus(node, term)


EDITS: tuple[Edit, ...] = (
    *(transpose, transpose, swap, sign, other_product, diagonal, closing_bracket, dropped),
    *(repeated, scalar_factor, scalar_changed, other_name, other_name, slope, extra_term),
)
