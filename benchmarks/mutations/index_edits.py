"""What goes wrong in formulas of components."""

import random

from mutations.matrix_edits import Edit, dropped, repeated, scalar_changed, scalar_factor, sign
from mutations.networks import Network
from mutations.tree import Entry, Kronecker, Minus, Node, Number, Product, Total, product

LETTERS = "ijkr"
VECTORS = ("x", "t", "y", "y1", "z1", "z2", "b1", "b2")
MATRICES = ("W1", "W2")


def other_index(rng: random.Random, node: Node, network: Network) -> Node | None:
    """Another letter for one index."""
    if isinstance(node, Entry):
        k = rng.randrange(len(node.indices))
        before, letter, after = node.indices[:k], node.indices[k], node.indices[k + 1 :]
        return Entry(node.name, (*before, _other(rng, letter), *after))
    if isinstance(node, Kronecker):
        return Kronecker(node.first, _other(rng, node.second))
    if isinstance(node, Total):
        return Total(_other(rng, node.index), node.size, node.body)
    return None


def _other(rng: random.Random, letter: str) -> str:
    return rng.choice([other for other in LETTERS if other != letter])


def swapped_indices(rng: random.Random, node: Node, network: Network) -> Node | None:
    """W_kj for W_jk."""
    return Entry(node.name, node.indices[::-1]) if isinstance(node, Entry) else None


def other_limit(rng: random.Random, node: Node, network: Network) -> Node | None:
    """A sum that ends elsewhere."""
    if not isinstance(node, Total):
        return None
    sizes = [size for size in network.sizes if size != node.size]
    return Total(node.index, rng.choice(sizes), node.body)


def no_sum(rng: random.Random, node: Node, network: Network) -> Node | None:
    """The sum over the outputs is forgotten."""
    return node.body if isinstance(node, Total) else None


def extra_sum(rng: random.Random, node: Node, network: Network) -> Node | None:
    """A sum where there is none."""
    if isinstance(node, Number):
        return None
    return Total(rng.choice(LETTERS), rng.choice(list(network.sizes)), node)


def other_entry(rng: random.Random, node: Node, network: Network) -> Node | None:
    """The entry of another array."""
    if not isinstance(node, Entry):
        return None
    plain = VECTORS if len(node.indices) == 1 else MATRICES
    derivatives = tuple(f"d {name}" for name in plain if name != "t")
    names = [name for name in plain + derivatives if name != node.name]
    return Entry(rng.choice(names), node.indices)


def kronecker(rng: random.Random, node: Node, network: Network) -> Node | None:
    """A Kronecker delta for an entry, or a factor too many."""
    first, second = rng.sample(LETTERS, 2)
    if isinstance(node, Entry | Product):
        return product(Kronecker(first, second), node)
    return Number(1) if isinstance(node, Kronecker) else None


def swapped_difference(rng: random.Random, node: Node, network: Network) -> Node | None:
    """``t - y`` for ``y - t``."""
    return Minus(node.right, node.left) if isinstance(node, Minus) else None


EDITS: tuple[Edit, ...] = (
    *(other_index, other_index, swapped_indices, other_limit, no_sum, extra_sum, other_entry),
    *(kronecker, swapped_difference, sign, dropped, repeated, scalar_factor, scalar_changed),
)
