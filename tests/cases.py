"""The one list of networks that every oracle and every engine is compared over.

`CASES` is every activation × every output with every loss that it can have × {bias, none} × {one
sample, three} × {no penalty, L2} × {equal, own sample weights}. `SPECIAL` are networks that the
product leaves out: without a hidden layer, deep with an activation of its own for each layer, with
one output, with soft and with one-hot targets. A `Case` makes its network, parameters and data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from chainrule import Network, Parameters
from chainrule.arrays import Array
from chainrule.functions import FUNCTIONS
from chainrule.losses import LOSSES
from chainrule.outputs import OUTPUTS

ACTIVATIONS = tuple(FUNCTIONS)
#: Every output with every loss that admits what it gives.
PAIRS = tuple(
    (output.name, loss.name)
    for output in OUTPUTS.values()
    for loss in LOSSES.values()
    if output.range >= loss.needs
)


@dataclass(frozen=True)
class Samples:
    """What a loss takes besides the parameters."""

    X: Array
    T: Array
    sample_weight: Array | None


@dataclass(frozen=True)
class Case:
    """One network with its batch, described."""

    hidden: tuple[str, ...]
    output: str
    loss: str
    bias: bool = True
    m: int = 3
    l2: float = 0.0
    weighted: bool = False
    sizes: tuple[int, ...] = (3, 4, 5, 2)
    one_hot: bool = False

    def __str__(self) -> str:
        hidden = "-".join(dict.fromkeys(self.hidden)) or "no hidden layer"
        parts = [
            f"{'×'.join(map(str, self.sizes))} {hidden} {self.output} {self.loss} m={self.m}",
            *(["bias"] if self.bias else []),
            *([f"l2={self.l2}"] if self.l2 else []),
            *(["weights"] if self.weighted else []),
            *(["one-hot"] if self.one_hot else []),
        ]
        return " ".join(parts)

    @property
    def network(self) -> Network:
        return Network(
            self.sizes, hidden=self.hidden, output=self.output, loss=self.loss, bias=self.bias
        )

    def parameters(self, dtype: npt.DTypeLike = np.float64) -> Parameters:
        return self.network.init(seed=1, dtype=dtype)

    def samples(self, dtype: npt.DTypeLike = np.float64) -> Samples:
        rng = np.random.default_rng(len(str(self)))
        X = rng.normal(size=(self.m, self.sizes[0]))
        weight = rng.uniform(0.5, 2, self.m).astype(dtype) if self.weighted else None
        return Samples(X.astype(dtype), self._targets(rng).astype(dtype), weight)

    def _targets(self, rng: np.random.Generator) -> Array:
        n_L = self.sizes[-1]
        if self.one_hot:
            return np.eye(n_L)[rng.integers(0, n_L, self.m)]
        T = rng.uniform(0.1, 0.9, (self.m, n_L))
        return T / T.sum(axis=1, keepdims=True) if self.output == "softmax" else T


def cases_of(activation: str, output: str, loss: str) -> Iterator[Case]:
    """List the sixteen cases of one activation and one pair."""
    for bias, m, l2, weighted in product((True, False), (1, 3), (0.0, 0.3), (False, True)):
        yield Case((activation, activation), output, loss, bias, m, l2, weighted)


CASES = tuple(
    case for activation in ACTIVATIONS for pair in PAIRS for case in cases_of(activation, *pair)
)

_FIVE = ("tanh", "silu", "logistic", "softplus", "gelu")
_KINKED = ("relu", "elu", "leaky_relu", "selu", "tanh")

SPECIAL = tuple(
    Case(hidden, output, loss, bias, m, l2, weighted, sizes)
    for output, loss in PAIRS
    for hidden, sizes in [
        ((), (3, 2)),
        (_FIVE, (4, 3, 5, 2, 4, 3, 2)),
        (_KINKED, (4, 3, 5, 2, 4, 3, 2)),
    ]
    for bias, m, l2, weighted in [(True, 4, 0.1, True), (False, 1, 0.0, False)]
) + tuple(
    Case(("tanh",), output, loss, bias, 6, 0.1, sizes=(3, 4, n_L), one_hot=one_hot)
    for output, loss in PAIRS
    for n_L, one_hot in [(1, False), (3, True)]
    for bias in (True, False)
    # a softmax of one output is 1 whatever its input, which the binary loss takes to infinity
    if not (output == "softmax" and loss == "binary_cross_entropy" and n_L == 1)
)
