"""A process that is killed while it writes a checkpoint, at any byte, loses nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import chainrule
from chainrule.errors import DataError, SpecificationError
from chainrule.parameters import Parameters
from chainrule.training import (
    LBFGS,
    Checkpoint,
    EpochRecord,
    Problem,
    Progress,
    fit_full_batch,
    load_checkpoint,
)

# The whole of a training, in a process of its own: train PATH, or resume PATH; the rest says
# where it is to be killed. It prints what the end is made of.
PROGRAM = """
import hashlib, os, signal, sys
from dataclasses import replace
from pathlib import Path
import numpy as np
from chainrule.dropout import Dropout
from chainrule.engine import ReferenceEngine
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import initial_parameters
from chainrule.storage import atomic
from chainrule.training import *

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class Cut:
    def __init__(self, file, size):
        self.file, self.size = file, size
    def __enter__(self):
        return self
    def __exit__(self, *_):
        self.file.close()
    def write(self, content):
        global writes
        writes += 1
        if writes == 3:
            share = {"nothing": 0, "one byte": 1, "half": len(content) // 2,
                     "all but one byte": len(content) - 1, "all": len(content)}[self.size]
            self.file.write(content[:share])
            self.file.flush()
            die()
        self.file.write(content)
    def flush(self):
        self.file.flush()
    def fileno(self):
        return self.file.fileno()

what, path, place = sys.argv[1:]
writes = replacements = 0
if place in ("nothing", "one byte", "half", "all but one byte", "all"):
    open_descriptor = os.fdopen
    atomic.os.fdopen = lambda *given: Cut(open_descriptor(*given), place)
if place in ("before the name", "after the name"):
    rename = Path.replace
    def replace_and_die(self, target):
        global replacements
        replacements += 1
        if replacements == 3 and place == "before the name":
            die()
        rename(self, target)
        if replacements == 3:
            die()
    Path.replace = replace_and_die

rng = np.random.default_rng(0)
labels = rng.integers(0, 3, 53)
X = rng.normal(size=(53, 4)) + labels[:, np.newaxis]
architecture = Architecture.of([4, 5, 3], hidden="tanh")
problem = Problem(ReferenceEngine(), Objective(architecture, l2=0.01), Batch(X, np.eye(3)[labels]))
solver = {"adam": Adam(weight_decay=0.1), "sgd": GradientDescent()}[os.environ["SOLVER"]]
recipe = Recipe(solver, Cosine(0.05, max_epochs=8, warm_up=2), ShuffledBatches(10),
                Stopping("validation_loss", keep_best=True, n_iter_no_change=100),
                max_epochs=8, clipping=ClipNorm(1.0), dropout=Dropout(0.3))
def tell(progress):
    print("epoch", progress.record.epoch, flush=True)
given = dict(validation=HeldOut(problem), callbacks=[Checkpoint(path), EpochCallback(tell)])
if what == "train":
    random_state = np.random.RandomState(7)
    params = initial_parameters(architecture, random_state)
    result = fit(problem, params, recipe, random_state=random_state, **given)
else:
    state = load_state(path, problem, recipe)
    print("from epoch", state.epoch)
    result = resume(problem, state, recipe, **given)
state = result.state
arrays = [result.params.vector, result.best.vector, state.order, state.last_finite,
          state.random_state.get_state()[1], *state.solver.slots.values()]
numbers = [replace(record, seconds=0.0) for record in result.history.records]
numbers += [result.n_iter, result.t, result.best_value, result.best_epoch, state.rate]
numbers += [state.solver.t, state.stopping.count, state.dropout_seed, result.stop_reason]
print("end", hashlib.sha256(b"".join(a.tobytes() for a in arrays)).hexdigest(), numbers)
"""
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(Path(chainrule.__file__).parents[1]),
    "OMP_NUM_THREADS": "1",
}


def run(what: str, path: Path, place: str = "", solver: str = "adam") -> tuple[int, list[str]]:
    command = [sys.executable, "-W", "error", "-c", PROGRAM, what, str(path), place]
    environment = {**ENVIRONMENT, "SOLVER": solver}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode, done.stdout.splitlines()


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    path = tmp_path_factory.mktemp("unbroken") / "checkpoint"
    return {solver: run("train", path, solver=solver)[1][-1] for solver in ("adam", "sgd")}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
@pytest.mark.parametrize(
    ("place", "epoch"),
    [
        ("nothing", 2),
        ("one byte", 2),
        ("half", 2),
        ("all but one byte", 2),
        ("all", 2),
        ("before the name", 2),
        ("after the name", 3),
    ],
)
def test_a_process_killed_while_it_writes_goes_on_with_the_same_bits(
    place: str, epoch: int, tmp_path: Path, unbroken: dict[str, str]
) -> None:
    path = tmp_path / "checkpoint"
    assert run("train", path, place)[0] == -signal.SIGKILL
    code, said = run("resume", path)
    assert (code, said[0]) == (0, f"from epoch {epoch}")
    assert said[-1] == unbroken["adam"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_a_process_killed_from_outside_at_whatever_moment_goes_on_with_the_same_bits(
    solver: str, tmp_path: Path, unbroken: dict[str, str]
) -> None:
    path = tmp_path / "checkpoint"
    command = [sys.executable, "-c", PROGRAM, "train", str(path), ""]
    environment = {**ENVIRONMENT, "SOLVER": solver}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line == "epoch 3\n":
                process.kill()
    code, said = run("resume", path, solver=solver)
    assert code == 0
    assert said[-1] == unbroken[solver]


def test_l_bfgs_saves_its_parameters(blobs: Problem, params: Parameters, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    result = fit_full_batch(blobs, params, LBFGS(max_iter=5), callbacks=[Checkpoint(path)])
    saved = load_checkpoint(path, blobs.objective.architecture)
    assert saved.state is None
    assert saved.params.vector.tobytes() == result.params.vector.tobytes()


def test_a_path_that_cannot_be_written_is_refused_before_training(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        Checkpoint(tmp_path / "no" / "checkpoint")


def test_a_progress_that_tells_no_network_is_refused(params: Parameters, tmp_path: Path) -> None:
    progress = Progress(EpochRecord(1, 0.5, 0.1, 1.0), 3, params, None)
    with pytest.raises(SpecificationError, match="needs a progress that tells the network"):
        Checkpoint(tmp_path / "checkpoint").on_epoch_end(progress)
