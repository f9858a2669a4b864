"""Equal, different or a shape error: the campaign's own verdict on a mutant."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal, final

from mpmath import mp

from mutations.evaluation import ELEMENTWISE, LIBERAL, STRICT, Reading, Scope, evaluated
from mutations.networks import Formula, Network
from mutations.points import TARGETS, Point, point
from mutations.six_networks import NETWORKS
from mutations.tree import Entry, Node
from mutations.values import DisagreementError, Value, distance, transposed

N_POINTS = 3
#: Equal up to the rounding of thirty digits; clearly different. Between them nothing is decided.
EQUAL, DIFFERENT = mp.mpf(10) ** -20, mp.mpf(10) ** -7
Outcome = Literal["equal", "different", "shape", "undecided"]


@final
@dataclass(frozen=True)
class Verdict:
    """What the judge says.

    Attributes
    ----------
    kind
        ``right``, ``wrong``, ``shape``, or ``disputed``: right only if it is read in a way that
        people may differ about.
    assumption, reading
        Without which it would not be right.
    """

    kind: Literal["right", "wrong", "shape", "disputed"]
    assumption: str | None = None
    reading: str | None = None


@cache
def points(name: str, targets: str) -> list[Point]:
    """The points of a network, each time the same."""
    return [point(NETWORKS[name], f"{name}:{targets}:{k}", targets) for k in range(N_POINTS)]


def ladder(network: Network) -> list[str]:
    """What to assume of the targets, from nothing on."""
    return list(TARGETS) if network.output == "softmax" else ["free"]


def judged(network: Network, formula: Formula, right: Node) -> Verdict:
    """The verdict on ``derivative = right``."""
    first = compared(network, formula, right, STRICT, False, "free")
    for reading, turned in product((STRICT, ELEMENTWISE), (False, True)):
        for targets in ladder(network):
            if compared(network, formula, right, reading, turned, targets) == "equal":
                return Verdict("right", _assumption(targets), _reading(reading, turned))
    for reading, turned, targets in product(LIBERAL, (False, True), ladder(network)):
        if compared(network, formula, right, reading, turned, targets) in ("equal", "undecided"):
            return Verdict("disputed", _assumption(targets))
    return Verdict("shape" if first == "shape" else "wrong")


def _assumption(targets: str) -> str | None:
    return None if targets == "free" else targets


def _reading(reading: Reading, turned: bool) -> str | None:
    named = ["elementwise"] * reading.elementwise + ["orientation"] * turned
    return "+".join(named) or None


def compared(
    network: Network, formula: Formula, right: Node, reading: Reading, turned: bool, targets: str
) -> Outcome:
    """Both sides at every point, ended by the first that differs."""
    worst = mp.zero
    for at in points(network.name, targets):
        for scope in scopes(network, formula, at, reading):
            try:
                left, value = wanted(formula, scope), evaluated(right, scope)
            except DisagreementError:
                return "shape"
            value = transposed(value) if turned else value
            if left.scalar != value.scalar or left.shape != value.shape:
                return "shape"
            worst = max(worst, distance(left, value))
        if worst >= DIFFERENT:
            return "different"
    return "equal" if worst <= EQUAL else "undecided"


def scopes(network: Network, formula: Formula, at: Point, reading: Reading) -> Iterator[Scope]:
    """One for each value of the indices of the left side."""
    ranges = [range(network.sizes[size]) for _, size in formula.indices]
    for numbers in product(*ranges):
        letters = zip(formula.indices, numbers, strict=True)
        bound = {letter: (number, network.sizes[size]) for (letter, size), number in letters}
        yield Scope(at.arrays, network.sizes, reading, bound)


def wanted(formula: Formula, scope: Scope) -> Value:
    name = f"d {formula.name}"
    if not formula.indices:
        return scope.arrays[name]
    return evaluated(Entry(name, tuple(letter for letter, _ in formula.indices)), scope)
