"""Small problems, and engines that do what a test tells them."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.engine import Engine, ReferenceEngine
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters, initial_parameters
from chainrule.training import Problem

Scripted: TypeAlias = Callable[[Sequence[float]], Problem]


class ScriptedEngine:
    """Gives the losses of a list, one a call, and then the last one; its gradient is all ones."""

    name = "scripted"

    def __init__(self, losses: Sequence[float]) -> None:
        self.losses = list(losses)

    def outputs(self, architecture: Architecture, params: Parameters, X: Array) -> Array:
        raise NotImplementedError

    def loss(
        self,
        objective: Objective,
        params: Parameters,
        batch: Batch,
    ) -> float:
        return self.losses.pop(0) if len(self.losses) > 1 else self.losses[0]

    def loss_and_gradient(
        self, objective: Objective, params: Parameters, batch: Batch
    ) -> tuple[float, Parameters]:
        gradient = params.like(np.ones_like(params.vector))
        return self.loss(objective, params, batch), gradient

    def trace(self, objective: Objective, params: Parameters, batch: Batch) -> dict[str, Array]:
        raise NotImplementedError


def problem_on(engine: Engine, n_samples: int) -> Problem:
    """Three classes of points in four dimensions."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, n_samples)
    X = rng.normal(size=(n_samples, 4)) + labels[:, np.newaxis]
    architecture = Architecture.of([4, 5, 3], hidden="tanh", output="softmax")
    return Problem(engine, Objective(architecture, l2=0.01), Batch(X, np.eye(3)[labels]))


@pytest.fixture
def blobs() -> Problem:
    """53 samples, a prime number, so that no batch size divides it."""
    return problem_on(ReferenceEngine(), 53)


@pytest.fixture
def scripted() -> Scripted:
    """Make a problem of ten samples whose losses are given, one a step."""
    return lambda losses: problem_on(ScriptedEngine(losses), 10)


@pytest.fixture
def params(blobs: Problem) -> Parameters:
    """Where training of either problem begins."""
    return initial_parameters(blobs.objective.architecture, np.random.RandomState(1))
