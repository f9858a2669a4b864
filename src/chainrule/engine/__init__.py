"""Engines: what evaluates a network and its gradients."""

from typing import Protocol

from chainrule.arrays import Array
from chainrule.engine.reference import ReferenceEngine
from chainrule.errors import UnknownNameError
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters

__all__ = ["ENGINES", "Engine", "ReferenceEngine", "engine_named"]


class Engine(Protocol):
    """What training and the public network ask of an engine.

    The loss, its gradient and the trace are those of ``objective.dropout`` where there is one; an
    engine that has no dropout must refuse it. The outputs are always those of the whole network.
    """

    name: str

    def outputs(self, architecture: Architecture, params: Parameters, X: Array) -> Array:
        """Evaluate ``Y(L)``, of shape (m, n_L)."""
        ...

    def loss(self, objective: Objective, params: Parameters, batch: Batch) -> float:
        """Evaluate ``E``."""
        ...

    def loss_and_gradient(
        self, objective: Objective, params: Parameters, batch: Batch
    ) -> tuple[float, Parameters]:
        """Evaluate ``E`` and its gradient in the layout of `params`."""
        ...

    def trace(self, objective: Objective, params: Parameters, batch: Batch) -> dict[str, Array]:
        """Evaluate every intermediate quantity and its derivative, by name."""
        ...


#: Every engine of this build by its name.
ENGINES: dict[str, Engine] = {engine.name: engine for engine in (ReferenceEngine(),)}


def engine_named(name: str) -> Engine:
    """Return an engine.

    Raises
    ------
    UnknownNameError
        If this build has no engine of that name.

    Examples
    --------
    >>> engine_named("reference").name
    'reference'
    """
    if name not in ENGINES:
        raise UnknownNameError("engine", name, ENGINES)
    return ENGINES[name]
