"""The six workloads that speed is measured on: their networks, their data, their arithmetic.

The data is generated, so that a script needs no file: rows of the shape of the set that a workload
is named after, with as many rows as that set has ("wide": a third of MNIST's, since its steps are
long), rounded to whole batches so that every step is alike. Labels come from a random linear rule;
a fifth of them is replaced at random, so that no network fits them all and gradients stay of a
usual size however long one trains.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, final

import numpy as np
import numpy.typing as npt

__all__ = ["WORKLOADS", "Data", "Workload", "generated"]

Activation = Literal["logistic", "tanh", "relu"]
Solver = Literal["sgd", "adam"]

#: Of every solver here. Momentum is the classical one, not Nesterov's.
MOMENTUM: Final = 0.9
BETA_1: Final = 0.9
BETA_2: Final = 0.999


@final
@dataclass(frozen=True)
class Workload:
    """A network, how it is trained, and how much faster chainrule is meant to be.

    Parameters
    ----------
    name : str
        What the tables call it.
    layers : tuple of int
        ``n_0, …, n_L``. Two outputs are two labels with logistic outputs, since the estimators
        give two classes a single output; more are classes of a softmax.
    batch_size : int
        Samples a step, ``m``.
    activation : str
        Of the hidden layers.
    solver : str
        Gradient descent with momentum, or Adam.
    rate : float
        The learning rate.
    n_rows : int
        Rows of an epoch, a multiple of the batch size.
    targets : mapping of str to float
        The least ratio of a contender's step time to chainrule's, by the contender's name.
    peak_fraction : float, optional
        The least fraction of the machine's multiply-add peak.
    epsilon : float, default=1e-8
        What Adam adds to its denominator.
    """

    name: str
    layers: tuple[int, ...]
    batch_size: int
    activation: Activation
    solver: Solver
    rate: float
    n_rows: int
    targets: Mapping[str, float]
    peak_fraction: float | None = None
    epsilon: float = 1e-8

    @property
    def n_steps(self) -> int:
        """Steps of an epoch."""
        return self.n_rows // self.batch_size

    @property
    def hidden(self) -> tuple[int, ...]:
        """``n_1, …, n_{L-1}``."""
        return self.layers[1:-1]

    @property
    def is_multilabel(self) -> bool:
        """Whether the outputs are logistic, one a label."""
        return self.layers[-1] == 2

    @property
    def flops(self) -> int:
        """Floating-point operations of the matrix products of a step.

        Forward ``Y W(l)ᵀ``, backward ``Δ(l)ᵀ Y`` and, from the second layer on, ``Δ(l) W(l)``.
        """
        products = [n * m for n, m in zip(self.layers[:-1], self.layers[1:], strict=True)]
        return 2 * self.batch_size * (3 * sum(products) - products[0])

    def shortened(self, n_rows: int) -> "Workload":
        """Take no more rows than that, in whole batches."""
        wanted = max(n_rows // self.batch_size, 2) * self.batch_size
        return replace(self, n_rows=min(self.n_rows, wanted))

    def __str__(self) -> str:
        width = "-".join(str(n) for n in self.layers)
        solver = "momentum" if self.solver == "sgd" else "Adam"
        return f"{self.name}: {width}, batch {self.batch_size}, {self.activation}, {solver}"


def _targets(scikit_learn: float, pytorch: float, jax: float) -> dict[str, float]:
    return {"scikit-learn": scikit_learn, "pytorch": pytorch, "jax": jax}


_ALL: Final = (
    Workload("course", (256, 7, 10), 100, "logistic", "sgd", 0.1, 1_000, _targets(15, 12, 4)),
    Workload("digits", (64, 100, 10), 200, "relu", "adam", 1e-3, 1_800, _targets(14, 7, 4), 0.40),
    Workload("table", (32, 64, 64, 2), 32, "relu", "adam", 1e-3, 10_016, _targets(25, 20, 3.5)),
    Workload("mnist", (784, 128, 10), 128, "relu", "adam", 1e-3, 59_904, _targets(5, 5, 2.5), 0.70),
    Workload(
        "higgs",
        (28, 300, 300, 300, 300, 300, 2),
        100,
        "tanh",
        "sgd",
        0.01,
        10_900,
        _targets(3, 3, 1.6),
        0.70,
    ),
    Workload(
        "wide",
        (784, 1024, 1024, 10),
        1024,
        "relu",
        "adam",
        1e-3,
        20_480,
        _targets(2, 2, 1.15),
        0.85,
    ),
)
WORKLOADS: Final[Mapping[str, Workload]] = {workload.name: workload for workload in _ALL}


@final
@dataclass(frozen=True, eq=False)
class Data:
    """Generated rows.

    Parameters
    ----------
    X : array of shape (n_rows, n_0), float32
        Uniform in [-1, 1).
    labels : array of shape (n_rows,), int64
        A class of every row.
    n_outputs : int
        ``n_L``.
    """

    X: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    n_outputs: int

    @cached_property
    def T(self) -> npt.NDArray[np.int64]:
        """The labels as an indicator matrix, of shape (n_rows, n_L)."""
        return np.eye(self.n_outputs, dtype=np.int64)[self.labels]

    def first(self, n_rows: int) -> "Data":
        """Take the first rows."""
        return Data(self.X[:n_rows], self.labels[:n_rows], self.n_outputs)


def generated(workload: Workload, seed: int = 0) -> Data:
    """Make the rows of a workload.

    Parameters
    ----------
    workload : Workload
        Its first and last layer and its number of rows count.
    seed : int, default=0
        Where all randomness comes from.

    Returns
    -------
    Data
        Every class is among the first rows.
    """
    rng = np.random.default_rng(seed)
    n_features, n_classes = workload.layers[0], workload.layers[-1]
    X = rng.random((workload.n_rows, n_features), dtype=np.float32)
    X *= 2
    X -= 1
    rule = rng.standard_normal((n_features, n_classes), dtype=np.float32)
    labels = np.argmax(X @ rule, axis=1).astype(np.int64)
    at_random = rng.random(len(labels)) < 0.2
    labels[at_random] = rng.integers(n_classes, size=int(at_random.sum()))
    labels[:n_classes] = np.arange(n_classes)
    return Data(X, labels, n_classes)
