"""Epochs that an engine does in one call are those that the loop does step by step."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse

from chainrule.dropout import Dropout
from chainrule.engine import Engine, NativeEngine, ReferenceEngine, does_steps
from chainrule.errors import DataError
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters, initial_parameters
from chainrule.training import (
    Adam,
    Callback,
    ClipNorm,
    ClipValue,
    Constant,
    CyclicBatches,
    Epoch,
    EpochCallback,
    GradientDescent,
    HeldOut,
    InOrderBatches,
    OneCycle,
    Problem,
    Progress,
    Recipe,
    Result,
    ShuffledBatches,
    SolverState,
    StopFlag,
    StopReason,
    TrainingDivergedError,
    TrainingState,
    begin,
    fit,
    run_epoch,
)
from chainrule.training.in_one_call import in_one_call

ARCHITECTURE = Architecture.of([6, 20, 9, 3], "tanh")
RNG = np.random.default_rng(0)
DATA = Batch(RNG.normal(size=(53, 6)), np.eye(3)[RNG.integers(0, 3, 53)])
WEIGHTED = replace(DATA, sample_weight=RNG.uniform(0.5, 2, 53))
RECIPE = Recipe(Adam(), Constant(0.01), ShuffledBatches(10), max_epochs=4)


def trained(engine: Engine, recipe: Recipe, data: Batch = DATA, **more: Any) -> Result:
    problem = Problem(engine, Objective(ARCHITECTURE, l2=0.01), data, **more)
    params = initial_parameters(ARCHITECTURE, np.random.RandomState(1), data.X.dtype)
    return fit(problem, params, recipe, random_state=np.random.RandomState(2))


def one_epoch(
    problem: Problem, recipe: Recipe, state: TrainingState, callbacks: Sequence[Callback] = ()
) -> Epoch:
    with in_one_call(problem, recipe, state, callbacks) as calls:
        return run_epoch(problem, recipe, state, callbacks, calls)


def memory_of(result: Result) -> SolverState:
    assert result.state is not None
    return result.state.solver


@pytest.mark.parametrize(
    "recipe",
    [
        RECIPE,
        replace(RECIPE, solver=Adam(0.8, 0.99, 1e-6, weight_decay=0.1)),
        replace(RECIPE, solver=GradientDescent(0.9, nesterovs_momentum=True)),
        replace(RECIPE, solver=GradientDescent(0.5, nesterovs_momentum=False)),
        replace(RECIPE, solver=GradientDescent(0.0)),
        replace(RECIPE, batches=InOrderBatches(16)),
        replace(RECIPE, batches=CyclicBatches(7, 11)),
        replace(RECIPE, batches=ShuffledBatches(100)),
        replace(RECIPE, schedule=OneCycle(0.02, max_epochs=4)),
        replace(RECIPE, clipping=ClipNorm(0.3)),
        replace(RECIPE, clipping=ClipNorm(100.0)),
        replace(RECIPE, clipping=ClipValue(0.02)),
        replace(RECIPE, dropout=Dropout(0.3)),
        replace(RECIPE, dropout=Dropout((0.0, 0.5)), clipping=ClipNorm(0.2)),
    ],
)
@pytest.mark.parametrize("per_weight", [False, True])
@pytest.mark.parametrize("data", [DATA, WEIGHTED], ids=["equal", "weighted"])
def test_training_is_that_of_the_reference_engine(
    recipe: Recipe, per_weight: bool, data: Batch
) -> None:
    given = trained(NativeEngine(2), recipe, data, l2_per_weight=per_weight)
    expected = trained(ReferenceEngine(), recipe, data, l2_per_weight=per_weight)
    assert given.history.loss_curve == pytest.approx(expected.history.loss_curve, rel=1e-11)
    rates = [record.learning_rate for record in given.history.records]
    assert rates == [record.learning_rate for record in expected.history.records]
    np.testing.assert_allclose(given.params.vector, expected.params.vector, rtol=1e-8, atol=1e-10)
    for name, slot in memory_of(expected).slots.items():
        np.testing.assert_allclose(memory_of(given).slots[name], slot, rtol=1e-7, atol=1e-9)
    assert memory_of(given).t == memory_of(expected).t


def test_training_in_float32_stays_near() -> None:
    single = Batch(DATA.X.astype(np.float32), DATA.T.astype(np.float32))
    given = trained(NativeEngine(), RECIPE, single)
    assert given.params.vector.dtype == np.float32
    expected = trained(ReferenceEngine(), RECIPE)
    assert given.history.loss_curve == pytest.approx(expected.history.loss_curve, rel=1e-4)


@pytest.mark.parametrize("scale", [1e-170, 1e170])
def test_a_gradient_whose_squares_are_out_of_range_is_clipped_by_its_norm(scale: float) -> None:
    architecture = Architecture.of([6, 3], "tanh", "identity", "absolute_error")
    data = Batch(DATA.X * scale, DATA.T + 1)
    one_step = replace(RECIPE, solver=GradientDescent(0.0), batches=InOrderBatches(53))
    recipe = replace(one_step, clipping=ClipNorm(scale / 100))
    results = []
    for engine in (NativeEngine(2), ReferenceEngine()):
        problem = Problem(engine, Objective(architecture), data)
        params = initial_parameters(architecture, np.random.RandomState(1)).zeros()
        state = begin(params, recipe, n_samples=53, random_state=np.random.RandomState(2))
        one_epoch(problem, recipe, state)
        results.append(state.params.vector / scale)
    np.testing.assert_allclose(results[0], results[1], rtol=1e-10, atol=1e-14)
    assert np.max(np.abs(results[0])) > 0


def test_inputs_are_read_from_a_file_that_is_mapped(tmp_path: Path) -> None:
    file = tmp_path / "X.npy"
    np.save(file, DATA.X)
    mapped = np.load(file, mmap_mode="r")
    given = trained(NativeEngine(2), RECIPE, replace(DATA, X=mapped))
    assert np.array_equal(given.params.vector, trained(NativeEngine(), RECIPE).params.vector)


def test_batches_of_more_rows_than_are_worked_on_at_once() -> None:
    rng = np.random.default_rng(1)
    data = Batch(rng.normal(size=(2500, 6)), np.eye(3)[rng.integers(0, 3, 2500)])
    recipe = replace(RECIPE, batches=ShuffledBatches(2200), dropout=Dropout(0.2))
    given, expected = (trained(e, recipe, data) for e in (NativeEngine(2), ReferenceEngine()))
    assert given.history.loss_curve == pytest.approx(expected.history.loss_curve, rel=1e-11)


def test_sparse_and_dense_inputs_train_the_same_network() -> None:
    X = np.where(RNG.random(DATA.X.shape) < 0.4, DATA.X, 0)
    dense = trained(NativeEngine(), RECIPE, replace(DATA, X=X))
    rows: Any = scipy.sparse.csr_array(X)
    sparse = trained(NativeEngine(2), RECIPE, replace(DATA, X=rows))
    assert np.array_equal(dense.params.vector, sparse.params.vector)


@dataclass(frozen=True)
class OwnSolver:
    """A solver that no engine knows."""

    name = "own"

    def start(self, params: Parameters) -> SolverState:
        return SolverState()

    def step(
        self, params: Parameters, gradient: Parameters, state: SolverState, rate: float
    ) -> None:
        state.t += 1
        params.vector[...] -= rate * gradient.vector


def test_a_solver_that_the_engine_does_not_know_takes_its_steps_one_by_one() -> None:
    given = trained(NativeEngine(), replace(RECIPE, solver=OwnSolver()))
    expected = trained(ReferenceEngine(), replace(RECIPE, solver=GradientDescent(0.0)))
    np.testing.assert_allclose(given.params.vector, expected.params.vector, rtol=1e-9, atol=1e-11)


def test_engines_say_whether_they_do_many_steps_in_one_call() -> None:
    assert does_steps(NativeEngine())
    assert not does_steps(ReferenceEngine())
    problem = Problem(ReferenceEngine(), Objective(ARCHITECTURE), DATA)
    params = initial_parameters(ARCHITECTURE, np.random.RandomState(0))
    state = begin(params, RECIPE, n_samples=53, random_state=np.random.RandomState(0))
    with in_one_call(problem, RECIPE, state, ()) as calls:
        assert calls is None


@pytest.mark.parametrize("going_on", ["raise", "stop", "continue"])
def test_divergence_is_noted_where_the_reference_engine_notes_it(going_on: Any) -> None:
    recipe = replace(
        RECIPE, solver=GradientDescent(0.0), schedule=Constant(1e200), on_divergence=going_on
    )
    results = []
    for engine in (NativeEngine(), ReferenceEngine()):
        try:
            result = trained(engine, recipe)
        except TrainingDivergedError as error:
            assert going_on == "raise"
            result = error.result
        results.append(result)
    given, expected = (result.divergence for result in results)
    assert given is not None
    assert expected is not None
    assert (given.what, given.epoch, given.step) == (expected.what, expected.epoch, expected.step)
    assert given.last_finite_loss == pytest.approx(expected.last_finite_loss, rel=1e-9)
    assert memory_of(results[0]).t == memory_of(results[1]).t


def test_callbacks_hear_of_every_step_and_may_end_training() -> None:
    heard: list[tuple[int, int]] = []

    class Listener:
        def on_step_end(self, step: int, n_steps: int, /) -> bool:
            heard.append((step, n_steps))
            return step == 3

        def on_epoch_end(self, progress: object, /) -> bool:
            return False

    problem = Problem(NativeEngine(), Objective(ARCHITECTURE), DATA)
    params = initial_parameters(ARCHITECTURE, np.random.RandomState(1))
    state = begin(params, RECIPE, n_samples=53, random_state=np.random.RandomState(2))
    epoch = one_epoch(problem, RECIPE, state, [EpochCallback(lambda _: None), Listener()])
    assert heard == [(1, 6), (2, 6), (3, 6)]
    assert (epoch.n_steps, epoch.completed, epoch.stop_asked) == (3, False, True)
    assert state.solver.t == 3


def test_a_callback_may_ask_the_engine_that_is_training() -> None:
    engine = NativeEngine(2)
    objective, losses = Objective(ARCHITECTURE), list[float]()
    params = initial_parameters(ARCHITECTURE, np.random.RandomState(1))

    class Asking:
        def on_step_end(self, step: int, n_steps: int, /) -> bool:
            losses.append(engine.loss_and_gradient(objective, params, DATA)[0])
            return False

        def on_epoch_end(self, progress: object, /) -> bool:
            return False

    state = begin(params, RECIPE, n_samples=53, random_state=np.random.RandomState(2))
    one_epoch(Problem(engine, objective, DATA), RECIPE, state, [Asking()])
    assert losses == [engine.loss(objective, params, DATA)] * 6
    undisturbed = begin(params, RECIPE, n_samples=53, random_state=np.random.RandomState(2))
    one_epoch(Problem(NativeEngine(), objective, DATA), RECIPE, undisturbed)
    assert np.array_equal(state.params.vector, undisturbed.params.vector)


def test_an_exception_of_a_callback_leaves_whole_steps() -> None:
    class Failing:
        def on_step_end(self, step: int, n_steps: int, /) -> bool:
            if step == 2:
                raise RuntimeError("the callback's own")
            return False

        def on_epoch_end(self, progress: object, /) -> bool:
            return False

    problem = Problem(NativeEngine(), Objective(ARCHITECTURE), DATA)
    params = initial_parameters(ARCHITECTURE, np.random.RandomState(1))
    state = begin(params, RECIPE, n_samples=53, random_state=np.random.RandomState(2))
    with pytest.raises(RuntimeError, match="the callback's own"):
        one_epoch(problem, RECIPE, state, [Failing()])
    assert state.solver.t == 2
    other = begin(params, RECIPE, n_samples=53, random_state=np.random.RandomState(2))
    one_epoch(problem, RECIPE, other, [StopFlag()])
    assert not np.array_equal(state.params.vector, params.vector)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let Ctrl-C be heard, also where a shell that started us in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_an_epoch_after_a_whole_step() -> None:
    rng = np.random.default_rng(0)
    architecture = Architecture.of([50, 300, 300, 3])
    data = Batch(rng.normal(size=(20000, 50)), np.eye(3)[rng.integers(0, 3, 20000)])
    recipe = replace(RECIPE, batches=CyclicBatches(500, 2000), max_epochs=1)
    problem = Problem(NativeEngine(), Objective(architecture), data)
    params = initial_parameters(architecture, np.random.RandomState(1))
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    started = time.monotonic()
    result = fit(problem, params, recipe, random_state=np.random.RandomState(2))
    assert result.stop_reason is StopReason.INTERRUPTED
    assert 0 < memory_of(result).t < 2000
    assert time.monotonic() - started < 20
    assert np.isfinite(result.params.vector).all()


def test_a_batch_without_weight_is_named() -> None:
    weight = np.ones(53)
    weight[10:20] = 0
    recipe = replace(RECIPE, batches=InOrderBatches(10))
    with pytest.raises(DataError, match="a batch of 10 samples has total sample weight"):
        trained(NativeEngine(), recipe, replace(DATA, sample_weight=weight), l2_per_weight=True)


def test_validation_uses_the_same_engine() -> None:
    problem = Problem(NativeEngine(), Objective(ARCHITECTURE, 0.1), DATA)
    params = initial_parameters(ARCHITECTURE, np.random.RandomState(1))
    given = HeldOut(problem)(params)
    expected = HeldOut(replace(problem, engine=ReferenceEngine()))(params)
    assert given.loss == pytest.approx(expected.loss, rel=1e-12)


@pytest.mark.parametrize("fails", [False, True])
def test_a_training_gives_its_session_back(fails: bool) -> None:
    def ask(progress: Progress) -> bool:
        if fails:
            raise RuntimeError("the callback's own")
        return False

    engine = NativeEngine()
    problem = Problem(engine, Objective(ARCHITECTURE), DATA)
    params = initial_parameters(ARCHITECTURE, np.random.RandomState(1))
    with pytest.raises(RuntimeError) if fails else nullcontext():
        fit(
            problem,
            params,
            RECIPE,
            random_state=np.random.RandomState(2),
            callbacks=[EpochCallback(ask)],
        )
    assert len(engine._sessions._idle) == 1


@pytest.mark.parametrize("rate", [0.01, 1e300])
def test_callbacks_are_told_whether_the_parameters_are_finite(rate: float) -> None:
    told, expected = list[bool](), list[bool]()

    def hear(progress: Progress) -> None:
        told.append(progress.is_finite)
        expected.append(bool(np.isfinite(progress.params.vector).all()))

    architecture = Architecture.of([6, 5, 3], "relu", "identity")
    solver, schedule = GradientDescent(0.0), Constant(rate)
    recipe = replace(RECIPE, solver=solver, schedule=schedule, on_divergence="continue")
    problem = Problem(NativeEngine(), Objective(architecture), DATA)
    params = initial_parameters(architecture, np.random.RandomState(1))
    random_state = np.random.RandomState(2)
    fit(problem, params, recipe, random_state=random_state, callbacks=[EpochCallback(hear)])
    assert told == expected == [rate == 0.01] * 4
