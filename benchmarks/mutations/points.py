"""Random points of a network, and its true derivatives there by the complex step in mpmath."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final

from mpmath import mp

from mutations.evaluation import FUNCTIONS
from mutations.networks import Network
from mutations.values import Value, array, scalar, transposed

DIGITS = 30
mp.dps = DIGITS
STEP = mp.mpf(10) ** -40
#: What the targets of a softmax are, from nothing assumed to the most.
TARGETS = ("free", "sum-to-one", "one-hot")
Columns = list[list[Any]]
Nudge = tuple[str, int, int]


@final
@dataclass(frozen=True)
class Point:
    """All arrays of a document by name, ``d z1`` being the true derivative by ``z1``."""

    arrays: dict[str, Value]


def point(network: Network, seed: str, targets: str) -> Point:
    rng = random.Random(seed)
    leaves = drawn(network, rng, targets)
    names, _ = forward(network, leaves)
    arrays = {name: presented(network, name, array(rows)) for name, rows in names.items()}
    derivatives = {
        f"d {name}": derivative(network, leaves, name, names[name])
        for name in names
        if name not in ("t", "ones")
    }
    scalars = {"lambda": scalar(leaves["lambda"][0][0]), "m": scalar(mp.mpf(network.samples))}
    return Point({**arrays, **derivatives, **scalars})


def uniform(rng: random.Random, low: float, high: float) -> Any:
    """A number with all its digits random."""
    return mp.mpf(low) + (mp.mpf(high) - mp.mpf(low)) * mp.mpf(rng.getrandbits(100)) / 2**100


def drawn(network: Network, rng: random.Random, targets: str) -> dict[str, Columns]:
    """Parameters, inputs and targets; a sample is a column here whatever the document does."""
    sizes, m = network.layers, network.samples

    def matrix(rows: int, columns: int, low: float = -1.5, high: float = 1.5) -> Columns:
        return [[uniform(rng, low, high) for _ in range(columns)] for _ in range(rows)]

    leaves = {"x": matrix(sizes[0], m), "lambda": matrix(1, 1, 0.2, 0.9)}
    leaves["ones"] = [[mp.one] for _ in range(m)]
    for layer in range(1, len(sizes)):
        leaves[f"W{layer}"] = matrix(sizes[layer], sizes[layer - 1])
        if network.bias:
            leaves[f"b{layer}"] = matrix(sizes[layer], 1)
    low, high = (-1.5, 1.5) if network.output == "identity" else (0.1, 0.9)
    t = matrix(sizes[-1], m, low, high)
    leaves["t"] = assumed(t, targets) if network.output == "softmax" else t
    return leaves


def assumed(t: Columns, targets: str) -> Columns:
    if targets == "free":
        return t
    columns = [list(column) for column in zip(*t, strict=True)]
    if targets == "one-hot":
        hot = [[mp.mpf(x == max(column)) for x in column] for column in columns]
    else:
        hot = [[x / sum(column) for x in column] for column in columns]
    return [list(row) for row in zip(*hot, strict=True)]


def forward(
    network: Network, leaves: dict[str, Columns], nudge: Nudge | None = None
) -> tuple[dict[str, Columns], Any]:
    """Every array, a sample a column, and the loss; one entry of one array moved by `nudge`."""
    names: dict[str, Columns] = {}

    def put(name: str, rows: Columns) -> Columns:
        if nudge is not None and nudge[0] == name:
            rows = [list(row) for row in rows]
            rows[nudge[1]][nudge[2]] += mp.mpc(0, STEP)
        names[name] = rows
        return rows

    below = put("x", leaves["x"])
    depth = len(network.layers) - 1
    for layer in range(1, depth + 1):
        W = put(f"W{layer}", leaves[f"W{layer}"])
        z = [[mp.fdot(row, column) for column in zip(*below, strict=True)] for row in W]
        if network.bias:
            b = put(f"b{layer}", leaves[f"b{layer}"])
            z = [[entry + shift[0] for entry in row] for row, shift in zip(z, b, strict=True)]
        z = put(f"z{layer}", z)
        last = layer == depth
        below = put("y" if last else f"y{layer}", activated(network, z, last))
    t = put("t", leaves["t"])
    put("ones", leaves["ones"])
    return names, loss(network, names, below, t, leaves["lambda"][0][0])


def activated(network: Network, z: Columns, last: bool) -> Columns:
    if last and network.output == "softmax":
        powers = [[mp.exp(entry) for entry in row] for row in z]
        sums = [sum(column) for column in zip(*powers, strict=True)]
        return [[entry / s for entry, s in zip(row, sums, strict=True)] for row in powers]
    if last and network.output == "identity":
        return z
    function = FUNCTIONS["logistic" if last else network.hidden]
    return [[function(entry) for entry in row] for row in z]


def loss(network: Network, names: dict[str, Columns], y: Columns, t: Columns, decay: Any) -> Any:
    terms: dict[str, Callable[[Any, Any], Any]] = {
        "softmax": lambda a, b: -b * mp.log(a),
        "identity": lambda a, b: (a - b) ** 2 / 2,
        "logistic": lambda a, b: -b * mp.log(a) - (1 - b) * mp.log(1 - a),
    }
    pairs = [(a, b) for r, s in zip(y, t, strict=True) for a, b in zip(r, s, strict=True)]
    data = sum(terms[network.output](a, b) for a, b in pairs) / network.samples
    if not network.decay:
        return data
    weights = [rows for name, rows in names.items() if name.startswith("W")]
    return data + decay / 2 * sum(w * w for rows in weights for row in rows for w in row)


def derivative(network: Network, leaves: dict[str, Columns], name: str, rows: Columns) -> Value:
    """Of the loss, in the document's layout."""
    like = array(
        [
            [mp.im(forward(network, leaves, (name, r, c))[1]) / STEP for c in range(len(rows[0]))]
            for r in range(len(rows))
        ]
    )
    if name[0] in "xyzb" and network.batch == "one" and network.layout == "rows":
        return transposed(like)
    return presented(network, name, like)


def presented(network: Network, name: str, value: Value) -> Value:
    """A batch as the document arranges it."""
    by_sample = name[0] in "xyzt"
    return transposed(value) if by_sample and network.batch == "rows" else value
