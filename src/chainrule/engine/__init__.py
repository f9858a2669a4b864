"""Engines: what evaluates a network and its gradients."""

from functools import lru_cache
from typing import Protocol

from chainrule.arrays import Array
from chainrule.engine.native import NativeEngine, engine_info
from chainrule.engine.plan import plan_of
from chainrule.engine.reference import ReferenceEngine
from chainrule.engine.steps import (
    ClippingRule,
    Descent,
    SolverRule,
    StepEngine,
    Stepping,
    Steps,
    StepsDone,
    does_steps,
)
from chainrule.errors import UnknownNameError, UnsupportedError
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters

__all__ = [
    "ENGINES",
    "ClippingRule",
    "Descent",
    "Engine",
    "NativeEngine",
    "ReferenceEngine",
    "SolverRule",
    "StepEngine",
    "Stepping",
    "Steps",
    "StepsDone",
    "does_steps",
    "engine_for",
    "engine_info",
    "engine_named",
]


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
ENGINES: dict[str, Engine] = {engine.name: engine for engine in (ReferenceEngine(), NativeEngine())}


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


def engine_for(
    architecture: Architecture, name: str = "auto", *, n_threads: int | None = None
) -> Engine:
    """Return the engine for a network, by its name or the fastest that knows its functions.

    Parameters
    ----------
    architecture : Architecture
        The network.
    name : {"auto", "native", "reference"}
        ``"auto"`` is the native engine where it has a kernel for every part of the network.
    n_threads : int, optional
        Threads of the native engine at most.

    Returns
    -------
    Engine

    Raises
    ------
    UnknownNameError
        If this build has no engine of that name.
    UnsupportedError
        If the native engine is asked for and lacks a part of the network.

    Examples
    --------
    >>> engine_for(Architecture.of([2, 3, 2], hidden="gelu")).name
    'native'
    """
    if name != "auto" and name not in ENGINES:
        raise UnknownNameError("engine", name, ["auto", *ENGINES])
    if name == "reference":
        return ReferenceEngine()
    try:
        plan_of(architecture)
    except UnsupportedError:
        if name == "native":
            raise
        return ReferenceEngine()
    return _native(n_threads)


@lru_cache(maxsize=8)
def _native(n_threads: int | None) -> NativeEngine:
    # one for all who ask for the same, so that its sessions are kept from call to call
    return NativeEngine(n_threads)
