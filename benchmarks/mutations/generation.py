"""Random one- and two-edit mutants, each of them written and numbered, always the same."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from mutations import harmless_edits, index_edits, matrix_edits
from mutations.latex import Writer
from mutations.networks import Formula, Network
from mutations.six_networks import NETWORKS
from mutations.tree import Node, replaced, walk

#: How many of the edits are ones that change nothing.
HARMLESS = 0.4
#: An expression beyond this is no slip of the pen.
MOST_NODES = 40


@final
@dataclass(frozen=True)
class Mutant:
    """A formula with one or two edits.

    Attributes
    ----------
    number
        Its place in the campaign.
    edits
        The names of the edits, in order.
    """

    number: int
    network: Network
    formula: Formula
    right: Node
    edits: tuple[str, ...]
    latex: str


def mutants(seed: int, count: int) -> Iterator[Mutant]:
    """Mutants without a repetition; the first hundred of a thousand are those of a hundred."""
    rng = random.Random(seed)
    seen: set[str] = set()
    number = 0
    while number < count:
        network = rng.choice(list(NETWORKS.values()))
        formula = rng.choice(network.formulas)
        right, edits = edited_often(rng, formula.right, network, rng.choice([1, 2]))
        latex = Writer(network).claim(formula, right)
        key = f"{network.name}: {latex}"
        if key not in seen and size(right) <= MOST_NODES:
            seen.add(key)
            yield Mutant(number, network, formula, right, edits, latex)
            number += 1


def size(node: Node) -> int:
    return sum(1 for _ in walk(node))


def edited_often(
    rng: random.Random, node: Node, network: Network, times: int
) -> tuple[Node, tuple[str, ...]]:
    names: list[str] = []
    while len(names) < times:
        node, name = edited(rng, node, network)
        names.append(name)
    return node, tuple(names)


def edited(rng: random.Random, node: Node, network: Network) -> tuple[Node, str]:
    """One edit of a random kind at a random place that it fits."""
    harmful = index_edits.EDITS if network.indexed else matrix_edits.EDITS
    while True:
        edits = harmless_edits.EDITS if rng.random() < HARMLESS else harmful
        edit = rng.choice(edits)
        places = list(walk(node))
        for path, place in rng.sample(places, len(places)):
            new = edit(rng, place, network)
            if new is not None and new != place:
                return replaced(node, path, new), edit.__name__
