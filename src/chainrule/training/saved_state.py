"""A training state as a description and arrays, and back, to the bit."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.parameters import Parameters
from chainrule.storage import random_from_record, random_to_record
from chainrule.training.history import EpochRecord, History
from chainrule.training.solvers import SolverState
from chainrule.training.state import TrainingState
from chainrule.training.stopping import StoppingState

__all__ = ["state_from_record", "state_to_record"]

_SLOT = "solver."


def state_to_record(state: TrainingState) -> tuple[dict[str, Any], dict[str, Array]]:
    """Write everything of a state but the parameters.

    Parameters
    ----------
    state : TrainingState
        As it is at the end of an epoch.

    Returns
    -------
    record : dict
        Numbers for JSON; those that are not finite by name.
    tensors : dict of str to array
        The arrays.

    Raises
    ------
    SpecificationError
        Where the generator is not the one that ``numpy.random.RandomState(seed)`` has.
    """
    random, keys = random_to_record(state.random_state)
    record = {
        "rate": _written(state.rate),
        "epoch": state.epoch,
        "t": state.t,
        "converged": state.converged,
        "dropout_seed": state.dropout_seed,
        "solver_t": state.solver.t,
        "random": random,
        "stopping": {
            "best": _written(state.stopping.best),
            "count": state.stopping.count,
            "lowest": _written(state.stopping.lowest),
            "best_epoch": state.stopping.best_epoch,
        },
        "history": [
            {name: _written(value) for name, value in asdict(one).items()}
            for one in state.history.records
        ],
    }
    tensors = {f"{_SLOT}{name}": slot for name, slot in state.solver.slots.items()}
    tensors |= {"random.keys": keys, "last_finite": state.last_finite}
    optional = {"order": state.order, "best": state.stopping.best_vector}
    return record, tensors | {n: array for n, array in optional.items() if array is not None}


def state_from_record(
    record: Mapping[str, Any], tensors: Mapping[str, Array], params: Parameters
) -> TrainingState:
    """Read a state.

    Parameters
    ----------
    record, tensors : mapping
        From `state_to_record`.
    params : Parameters
        The parameters of the state; taken, not copied.

    Returns
    -------
    TrainingState

    Raises
    ------
    KeyError, TypeError, ValueError
        Where something is missing or is not what it must be.
    """
    slots = {name.removeprefix(_SLOT): name for name in tensors if name.startswith(_SLOT)}
    state = TrainingState(
        params=params,
        solver=SolverState(
            _whole(record["solver_t"]),
            {slot: _like(params, tensors[name]) for slot, name in sorted(slots.items())},
        ),
        rate=_read(record["rate"]),
        order=_order(tensors.get("order")),
        random_state=random_from_record(record["random"], tensors["random.keys"]),
        stopping=_stopping(record["stopping"], tensors.get("best"), params),
        history=History([_record(one) for one in record["history"]]),
        epoch=_whole(record["epoch"]),
        t=_whole(record["t"]),
        converged=_of_type(bool, record["converged"]),
        dropout_seed=_whole(record["dropout_seed"]),
    )
    state.last_finite = _like(params, tensors["last_finite"])
    return state


def _stopping(
    record: Mapping[str, Any], best_vector: Array | None, params: Parameters
) -> StoppingState:
    state = StoppingState(
        _read(record["best"]),
        _whole(record["count"]),
        _read(record["lowest"]),
        _whole(record["best_epoch"]),
    )
    if best_vector is None:
        return state
    return replace(state, best_vector=_like(params, best_vector))


def _record(record: Mapping[str, Any]) -> EpochRecord:
    numbers = {name: None if value is None else _read(value) for name, value in record.items()}
    return replace(EpochRecord(**numbers), epoch=_whole(record["epoch"]))  # type: ignore[arg-type]


def _order(order: Array | None) -> Array | None:
    """Take an order only if it names no sample twice."""
    if order is None:
        return None
    ascending = np.sort(order)
    if order.ndim != 1 or order.dtype.kind != "i" or (ascending[:1] < 0).any():
        raise ValueError("order")
    if (ascending[1:] == ascending[:-1]).any():
        raise ValueError("order")
    return order


def _like(params: Parameters, vector: Array) -> Array:
    if vector.shape != params.vector.shape or vector.dtype != params.vector.dtype:
        raise ValueError("vector")
    return vector


def _written(number: float | None) -> float | str | None:
    """JSON has no name for infinity and NaN; finite numbers it keeps to the bit."""
    if number is None or isinstance(number, int):
        return number
    return float(number) if math.isfinite(number) else str(float(number))


def _read(number: Any) -> float:
    if type(number) not in (int, float) and number not in ("nan", "inf", "-inf"):
        raise TypeError(number)
    return float(number)


def _whole(number: Any) -> int:
    if not 0 <= _of_type(int, number) < 2**63:
        raise ValueError(number)
    return int(number)


def _of_type(kind: Callable[[Any], Any], value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(value)
    return value
