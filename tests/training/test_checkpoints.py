import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save as to_bytes

from chainrule.arrays import Array
from chainrule.dropout import Dropout
from chainrule.errors import CheckpointError, SpecificationError
from chainrule.losses.huber import huber
from chainrule.network import Architecture
from chainrule.objective import Batch
from chainrule.parameters import Parameters, initial_parameters
from chainrule.storage.tensor_files import digest
from chainrule.training import (
    Adam,
    EpochRecord,
    GradientDescent,
    HeldOut,
    History,
    InOrderBatches,
    Problem,
    Recipe,
    ShuffledBatches,
    Stopping,
    TrainingState,
    fit,
    load_checkpoint,
    load_state,
    save_checkpoint,
)
from chainrule.training.checkpoints import CHECKPOINT_VERSION

RECIPE = Recipe(
    Adam(), batches=ShuffledBatches(10), stopping=Stopping(keep_best=True), dropout=Dropout(0.2)
)
ENTRY = "chainrule checkpoint"


@pytest.fixture
def state(blobs: Problem, params: Parameters) -> TrainingState:
    """The state after three epochs, with something in every part of it."""
    random_state = np.random.RandomState(3)
    random_state.normal()  # leaves a second number waiting
    recipe, held_out = replace(RECIPE, max_epochs=3), HeldOut(blobs)
    result = fit(blobs, params, recipe, random_state=random_state, validation=held_out)
    assert result.state is not None
    result.state.last_finite -= 1.0  # as after an epoch that was not finite
    return result.state


@pytest.fixture
def path(blobs: Problem, state: TrainingState, tmp_path: Path) -> Path:
    path = tmp_path / "run.checkpoint"
    save_checkpoint(path, blobs.objective.architecture, state.params, state)
    return path


def opened(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    with safe_open(path, framework="numpy") as file:
        record = json.loads(json.loads(file.metadata()[ENTRY])["training"])
        return record, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def rewrite(
    path: Path, record: Any, tensors: dict[str, Array], version: int = CHECKPOINT_VERSION
) -> None:
    """Write a checkpoint whose digest is right, whatever it says."""
    text = json.dumps(record)
    entry = {"version": version, "sha256": digest(text, tensors), "training": text}
    path.write_bytes(to_bytes(tensors, {ENTRY: json.dumps(entry)}))


def test_every_part_of_a_state_comes_back_to_the_bit(
    blobs: Problem, state: TrainingState, path: Path, tmp_path: Path
) -> None:
    found = load_state(path, blobs, RECIPE)
    save_checkpoint(tmp_path / "again", blobs.objective.architecture, found.params, found)
    assert (tmp_path / "again").read_bytes() == path.read_bytes()
    assert found.history == state.history
    assert (found.rate, found.epoch, found.t, found.converged, found.dropout_seed) == (
        state.rate,
        3,
        159,
        False,
        state.dropout_seed,
    )
    assert found.random_state.normal(size=5).tolist() == state.random_state.normal(size=5).tolist()
    assert found.solver.t == state.solver.t == 18
    for name, slot in state.solver.slots.items():
        assert found.solver.slots[name].tobytes() == slot.tobytes()
    for name in ("order", "last_finite"):
        assert getattr(found, name).tolist() == getattr(state, name).tolist()
    assert found.stopping.best_vector is not None
    assert state.stopping.best_vector is not None
    assert found.stopping.best_vector.tobytes() == state.stopping.best_vector.tobytes()
    assert replace(found.stopping, best_vector=None) == replace(state.stopping, best_vector=None)


def test_the_weights_of_a_loaded_state_are_views_of_its_vector(blobs: Problem, path: Path) -> None:
    params = load_state(path, blobs, RECIPE).params
    params.vector[...] = 7.0
    assert (params.weights[1] == 7.0).all()


def test_numbers_that_are_not_finite_come_back(
    blobs: Problem, state: TrainingState, path: Path
) -> None:
    record = EpochRecord(1, float("nan"), 0.1, 1.0, float("-inf"), np.float64(0.5))
    state.history = History([record])
    state.stopping.best = float("inf")
    save_checkpoint(path, blobs.objective.architecture, state.params, state)
    found = load_state(path, blobs, RECIPE)
    assert repr(found.history.records[0]) == repr(replace(record, validation_loss=0.5))
    assert found.stopping.best == float("inf")


def test_single_precision_stays_single(blobs: Problem, params: Parameters, tmp_path: Path) -> None:
    data, path = blobs.data, tmp_path / "single"
    single = replace(blobs, data=Batch(data.X.astype(np.float32), data.T.astype(np.float32)))
    start = params.like(params.vector.astype(np.float32))
    recipe = replace(RECIPE, max_epochs=1)
    state = fit(single, start, recipe, random_state=np.random.RandomState(0)).state
    assert state is not None
    save_checkpoint(path, blobs.objective.architecture, state.params, state)
    assert load_state(path, single, RECIPE).params.vector.dtype == np.float32
    with pytest.raises(CheckpointError, match="its parameters are float32, and the data here are"):
        load_state(path, blobs, RECIPE)


@pytest.mark.parametrize(
    ("other", "part"),
    [
        (Architecture.of([4, 6, 3], hidden="tanh"), "layer_sizes"),
        (Architecture.of([4, 5, 3], hidden="relu"), "hidden"),
        (Architecture.of([4, 5, 3], hidden="tanh", output="logistic"), "output"),
        (Architecture.of([4, 5, 3], hidden="tanh", loss="squared_error"), "loss"),
        (Architecture.of([4, 5, 3], hidden="tanh", bias=False), "bias"),
    ],
)
def test_a_checkpoint_of_another_network_is_refused(
    path: Path, other: Architecture, part: str
) -> None:
    with pytest.raises(CheckpointError, match=f"of another network: its {part} is"):
        load_checkpoint(path, other)


def test_losses_of_one_name_with_other_parameters_are_told_apart(tmp_path: Path) -> None:
    one, two = (
        Architecture.of([4, 1], output="identity", loss=huber(delta)) for delta in (0.5, 2.0)
    )
    save_checkpoint(tmp_path / "c", one, initial_parameters(one, np.random.RandomState(0)))
    load_checkpoint(tmp_path / "c", one)
    with pytest.raises(CheckpointError, match="its loss is 'huber: "):
        load_checkpoint(tmp_path / "c", two)


def test_a_checkpoint_of_another_solver_is_refused(blobs: Problem, path: Path) -> None:
    with pytest.raises(CheckpointError, match="first_moment, second_moment, and 'sgd' keeps vel"):
        load_state(path, blobs, replace(RECIPE, solver=GradientDescent()))


def test_a_checkpoint_of_other_batches_is_refused(blobs: Problem, path: Path) -> None:
    with pytest.raises(CheckpointError, match="its batches are of another kind"):
        load_state(path, blobs, replace(RECIPE, batches=InOrderBatches(10)))


def test_a_checkpoint_of_more_samples_is_refused(blobs: Problem, path: Path) -> None:
    fewer = replace(blobs, data=blobs.rows(slice(0, 50)))
    with pytest.raises(CheckpointError, match="it has seen 53 samples, and here are 50"):
        load_state(path, fewer, RECIPE)


def test_a_checkpoint_without_a_state_cannot_be_resumed(
    blobs: Problem, params: Parameters, tmp_path: Path
) -> None:
    save_checkpoint(tmp_path / "c", blobs.objective.architecture, params)
    with pytest.raises(CheckpointError, match="no state to resume from, as L-BFGS keeps none"):
        load_state(tmp_path / "c", blobs, RECIPE)


def test_a_checkpoint_of_another_version_is_refused(blobs: Problem, path: Path) -> None:
    rewrite(path, *opened(path), version=CHECKPOINT_VERSION + 1)
    with pytest.raises(CheckpointError, match="a checkpoint of version 3, and this chainrule"):
        load_checkpoint(path, blobs.objective.architecture)


def test_a_model_file_or_nothing_is_no_checkpoint(blobs: Problem, path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"there is no checkpoint .*did you mean 'run.check"):
        load_checkpoint(path.with_name("run.checkpiont"), blobs.objective.architecture)
    path.write_bytes(to_bytes({"a": np.zeros(3)}, {"chainrule model": "{}"}))
    with pytest.raises(CheckpointError, match="but not a chainrule checkpoint"):
        load_checkpoint(path, blobs.objective.architecture)


@pytest.mark.parametrize("share", np.linspace(0, 0.999, 23))
def test_a_checkpoint_cut_short_anywhere_is_refused(
    blobs: Problem, path: Path, share: float
) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(CheckpointError, match="checkpoint"):
        load_checkpoint(path, blobs.objective.architecture)


def test_a_checkpoint_with_any_byte_changed_is_refused(blobs: Problem, path: Path) -> None:
    content = path.read_bytes()
    for place in range(0, len(content), 97):
        changed = bytearray(content)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(CheckpointError):
            load_checkpoint(path, blobs.objective.architecture)


Change: TypeAlias = Callable[[Any, Any], object]
CHANGES: dict[str, Change] = {
    "no state entry": lambda record, _: record["state"].pop("rate"),
    "a count below zero": lambda record, _: record["state"].update(epoch=-1),
    "a count that is no number": lambda record, _: record["state"].update(t="7"),
    "a truth that is a number": lambda record, _: record["state"].update(converged=1),
    "a rate in words": lambda record, _: record["state"].update(rate="high"),
    "a history that is no list": lambda record, _: record["state"].update(history=7),
    "a record with another entry": lambda record, _: record["state"]["history"][0].update(a=1),
    "a position beyond the keys": lambda record, _: record["state"]["random"].update(pos=625),
    "a seed that is too large": lambda record, _: record["state"].update(dropout_seed=2**64),
    "keys of another length": lambda _, arrays: arrays.update(
        {"random.keys": np.zeros(3, np.uint32)}
    ),
    "no keys": lambda _, arrays: arrays.pop("random.keys"),
    "an order that names a sample twice": lambda _, arrays: arrays["order"].fill(1),
    "a slot of another length": lambda _, arrays: arrays.update(
        {"solver.first_moment": np.zeros(3)}
    ),
    "best parameters of another type": lambda _, arrays: arrays.update(
        best=np.zeros(arrays["params"].size, np.float32)
    ),
    "a state that is no record": lambda record, _: record.update(state=[1]),
    "parameters of another length": lambda _, arrays: arrays.update(params=np.zeros(3)),
    "parameters that are whole numbers": lambda record, arrays: (
        record.update(state=None),
        arrays.update(params=np.zeros(arrays["params"].size, np.int64)),
    ),
    "parameters of half precision": lambda record, arrays: (
        record.update(state=None),
        arrays.update(params=arrays["params"].astype(np.float16)),
    ),
    "no network": lambda record, _: record.pop("network"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_checkpoint_that_says_nonsense_is_refused(
    blobs: Problem, path: Path, change: str
) -> None:
    record, arrays = opened(path)
    CHANGES[change](record, arrays)
    rewrite(path, record, arrays)
    with pytest.raises(CheckpointError, match="the checkpoint is damaged"):
        load_checkpoint(path, blobs.objective.architecture)


def test_nothing_in_a_checkpoint_is_executed(
    blobs: Problem, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("executed")

    for name in ("pickle.load", "pickle.loads", "builtins.eval", "builtins.exec"):
        monkeypatch.setattr(name, refuse)
    load_state(path, blobs, RECIPE)


def test_a_generator_of_another_kind_is_refused(
    blobs: Problem, state: TrainingState, path: Path
) -> None:
    state.random_state = np.random.RandomState(np.random.PCG64(0))
    with pytest.raises(SpecificationError, match="only the generator MT19937 can be saved"):
        save_checkpoint(path, blobs.objective.architecture, state.params, state)
