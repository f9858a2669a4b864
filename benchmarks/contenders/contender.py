"""What every contender is given and can be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, final

import numpy as np
import numpy.typing as npt

from workloads import Data, Workload

__all__ = ["Contender", "Probabilities", "Specification"]

Probabilities = npt.NDArray[np.float32]


@final
@dataclass(frozen=True, eq=False)
class Specification:
    """All that a contender needs to train.

    Parameters
    ----------
    workload : Workload
        The network and how it is trained.
    data : Data
        The rows to train on.
    n_threads : int
        How many threads it may use.
    seed : int
        Of the first weights, which are the same for all, and of the shuffles, which are not.
    """

    workload: Workload
    data: Data
    n_threads: int
    seed: int = 0


class Contender(Protocol):
    """A library that trains one network."""

    def fit(self, n_epochs: int, *, shuffle: bool) -> None:
        """Train from the first weights, with the rows in a new order each epoch or in their own."""

    def one_epoch(self) -> None:
        """Go on from where the last training ended, for an epoch in a new order."""

    def step(self) -> None:
        """Go on for a single step on the first batch, checks of its input included."""

    def outputs(self, X: npt.NDArray[np.float32]) -> Probabilities:
        """Give the probabilities of the trained network, of shape (m, n_L)."""

    def about(self) -> Mapping[str, str]:
        """Name the versions and settings that a reader needs."""
