"""A state goes through plain files and training goes on as if nothing had happened."""

import io
import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.dropout import Dropout
from chainrule.parameters import Parameters
from chainrule.training import (
    Adam,
    Adaptive,
    Batches,
    ClipNorm,
    Constant,
    Cosine,
    CyclicBatches,
    EpochCallback,
    EpochRecord,
    GradientDescent,
    HeldOut,
    History,
    InOrderBatches,
    InverseScaling,
    OneCycle,
    Problem,
    Recipe,
    Result,
    Schedule,
    ShuffledBatches,
    Solver,
    SolverState,
    Stopping,
    StoppingState,
    TrainingState,
    begin,
    fit,
    resume,
)


def saved(state: TrainingState) -> tuple[bytes, str]:
    """Write a state as arrays and JSON, nothing else."""
    kind, keys, *position = state.random_state.get_state()
    arrays: dict[str, Any] = {"params": state.params.vector, **state.solver.slots}
    arrays["keys"] = keys
    optional = {"order": state.order, "best": state.stopping.best_vector}
    arrays |= {name: array for name, array in optional.items() if array is not None}
    numbers = {
        "random": [kind, *position],
        "records": [asdict(record) for record in state.history.records],
        "stopping": asdict(replace(state.stopping, best_vector=None)),
        "state": [state.rate, state.epoch, state.t, state.converged, state.solver.t],
        "dropout_seed": state.dropout_seed,
        "slots": list(state.solver.slots),
    }
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue(), json.dumps(numbers)


def restored(files: tuple[bytes, str], params: Parameters) -> TrainingState:
    """Read a state, given parameters of the same shape."""
    numbers = json.loads(files[1])
    with np.load(io.BytesIO(files[0]), allow_pickle=False) as file:
        arrays: dict[str, Array] = dict(file)
    kind, *position = numbers["random"]
    random_state = np.random.RandomState()
    random_state.set_state((kind, arrays["keys"], *position))
    rate, epoch, t, converged, solver_t = numbers["state"]
    return TrainingState(
        params=params.like(arrays["params"]),
        solver=SolverState(solver_t, {name: arrays[name] for name in numbers["slots"]}),
        rate=rate,
        order=arrays.get("order"),
        random_state=random_state,
        stopping=replace(StoppingState(**numbers["stopping"]), best_vector=arrays.get("best")),
        history=History([EpochRecord(**record) for record in numbers["records"]]),
        epoch=epoch,
        t=t,
        converged=converged,
        dropout_seed=numbers["dropout_seed"],
    )


def everything(result: Result) -> list[object]:
    """All of a result that has to be the same to the bit; the seconds are not."""
    assert result.state is not None
    records = [replace(record, seconds=0.0) for record in result.history.records]
    return [
        result.params.vector.tobytes(),
        result.best.vector.tobytes(),
        *(slot.tobytes() for slot in result.state.solver.slots.values()),
        records,
        (result.state.rate, result.n_iter, result.t, result.stop_reason, result.best_value),
        result.state.random_state.uniform(),
    ]


@pytest.mark.parametrize(
    ("solver", "schedule", "batches"),
    [
        (Adam(), Constant(0.02), ShuffledBatches(10)),
        (GradientDescent(), Adaptive(0.05), ShuffledBatches(10)),
        (GradientDescent(nesterovs_momentum=False), InverseScaling(0.5), InOrderBatches(10)),
        (GradientDescent(), Constant(0.05), CyclicBatches(10, 4)),
        (Adam(weight_decay=0.1), Constant(0.02), ShuffledBatches(10)),
        (Adam(), Cosine(0.02, max_epochs=9, warm_up=1.5), ShuffledBatches(10)),
        (GradientDescent(), OneCycle(0.1, max_epochs=9), ShuffledBatches(10)),
    ],
)
@pytest.mark.parametrize("dropout", [None, Dropout(0.3)])
def test_a_pause_changes_no_bit(
    blobs: Problem,
    params: Parameters,
    solver: Solver,
    schedule: Schedule,
    batches: Batches,
    dropout: Dropout | None,
) -> None:
    stopping = Stopping("validation_loss", tol=0.02, n_iter_no_change=2, keep_best=True)
    recipe = Recipe(
        solver, schedule, batches, stopping, max_epochs=9, clipping=ClipNorm(0.3), dropout=dropout
    )
    held_out = HeldOut(replace(blobs, data=blobs.rows(slice(0, 20))))
    random_state = np.random.RandomState(7)
    unbroken = fit(blobs, params, recipe, random_state=random_state, validation=held_out)

    short, random_state = replace(recipe, max_epochs=4), np.random.RandomState(7)
    paused = fit(blobs, params, short, random_state=random_state, validation=held_out)
    assert paused.state is not None
    state = restored(saved(paused.state), params.zeros())
    assert everything(resume(blobs, state, recipe, validation=held_out)) == everything(unbroken)


def test_a_copy_taken_by_a_callback_can_be_resumed(blobs: Problem, params: Parameters) -> None:
    recipe, kept = Recipe(schedule=Constant(0.02), max_epochs=5), list[TrainingState]()
    keep = EpochCallback(lambda told: kept.append(told.state.copy()) if told.state else None)
    unbroken = fit(blobs, params, recipe, random_state=np.random.RandomState(7), callbacks=[keep])
    assert everything(resume(blobs, kept[2], recipe)) == everything(unbroken)


def test_a_copy_shares_nothing_that_training_changes(blobs: Problem, params: Parameters) -> None:
    recipe = Recipe(schedule=Constant(0.02), max_epochs=3)
    state = begin(params, recipe, n_samples=53, random_state=np.random.RandomState(7))
    copied = state.copy()
    before = saved(copied)
    resume(blobs, state, recipe)
    assert saved(copied) == before
    assert np.shares_memory(copied.params.vector, copied.params.weights[1])


def test_a_copy_keeps_the_last_finite_parameters(params: Parameters) -> None:
    recipe = Recipe(max_epochs=1)
    state = begin(params, recipe, n_samples=53, random_state=np.random.RandomState(7))
    state.params.vector.fill(np.nan)
    assert state.copy().last_finite.tolist() == params.vector.tolist()


def test_the_beginning_is_at_the_schedules_first_rate_and_the_solvers_rest(
    params: Parameters,
) -> None:
    recipe = Recipe(GradientDescent(), InverseScaling(0.3))
    state = begin(params, recipe, n_samples=5, random_state=np.random.RandomState(0))
    assert (state.rate, state.epoch, state.t, state.converged) == (0.3, 0, 0, False)
    assert not state.solver.slots["velocity"].any()
    assert state.params.vector.tolist() == params.vector.tolist()
