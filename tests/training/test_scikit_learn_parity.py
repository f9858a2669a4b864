"""Step for step the same numbers as scikit-learn's own two networks.

The parts are put together by hand: initial weights, validation split and shuffles come from one
`RandomState` in scikit-learn's order, and the penalty is its `alpha`.
"""

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor

from chainrule.arrays import Array
from chainrule.engine import ReferenceEngine
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import initial_parameters
from chainrule.training import (
    LBFGS,
    Adam,
    Adaptive,
    Constant,
    GradientDescent,
    HeldOut,
    InOrderBatches,
    InverseScaling,
    Problem,
    Recipe,
    Result,
    ShuffledBatches,
    Stopping,
    StopReason,
    fit,
    fit_full_batch,
)

N_SAMPLES, SEED, ALPHA, PATIENCE, TOL = 107, 3, 0.01, 2, 1e-3
RATES = {"multiclass": 0.05, "binary": 0.05, "regression": 0.02}
SCHEDULES = {"constant": Constant, "invscaling": InverseScaling, "adaptive": Adaptive}


@dataclass(frozen=True)
class Case:
    """A task, and what both libraries are told."""

    task: str = "multiclass"
    activation: str = "relu"
    max_epochs: int = 20
    batch_size: int = 20
    shuffle: bool = True
    weighted: bool = False
    solver: dict[str, Any] = field(default_factory=lambda: {"solver": "sgd"})

    @property
    def inputs(self) -> Array:
        return np.random.RandomState(0).normal(size=(N_SAMPLES, 6))

    @property
    def target(self) -> Array:
        signal = self.inputs[:, 0] * 2 + np.sin(3 * self.inputs[:, 1])
        limits = {"multiclass": [-1.5, 0.0, 1.5], "binary": [0.0]}
        found: Array = np.digitize(signal, limits[self.task]) if self.is_classification else signal
        return found

    @property
    def is_classification(self) -> bool:
        return self.task != "regression"

    @property
    def sample_weight(self) -> Array | None:
        return np.random.RandomState(1).uniform(0.5, 2, N_SAMPLES) if self.weighted else None


def theirs(case: Case, early_stopping: bool = False) -> Any:
    kind = MLPClassifier if case.is_classification else MLPRegressor
    network = kind(
        hidden_layer_sizes=(9, 5),
        activation=case.activation,
        alpha=ALPHA,
        batch_size=case.batch_size,
        learning_rate_init=RATES[case.task],
        max_iter=case.max_epochs,
        shuffle=case.shuffle,
        random_state=SEED,
        tol=TOL,
        n_iter_no_change=PATIENCE,
        early_stopping=early_stopping,
        **case.solver,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return network.fit(case.inputs, case.target, sample_weight=case.sample_weight)


def problem_of(case: Case, rows: Array) -> Problem:
    output = {"multiclass": "softmax", "binary": "logistic", "regression": "identity"}[case.task]
    T = np.eye(4)[case.target] if case.task == "multiclass" else case.target[:, np.newaxis] * 1.0
    architecture = Architecture.of([6, 9, 5, T.shape[1]], hidden=case.activation, output=output)
    data = Batch(case.inputs, T, case.sample_weight).rows(rows)
    return Problem(ReferenceEngine(), Objective(architecture, ALPHA), data, l2_per_weight=True)


def recipe_of(case: Case, stopping: Stopping) -> Recipe:
    told = dict(case.solver)
    rate, schedule = RATES[case.task], told.pop("learning_rate", "constant")
    solvers = {"sgd": GradientDescent, "adam": Adam}
    batches = ShuffledBatches if case.shuffle else InOrderBatches
    return Recipe(
        solver=solvers[told.pop("solver")](**told),
        schedule=SCHEDULES[schedule](rate),
        batches=batches(case.batch_size),
        stopping=stopping,
        max_epochs=case.max_epochs,
    )


def ours(case: Case) -> Result:
    random_state, problem = np.random.RandomState(SEED), problem_of(case, np.arange(N_SAMPLES))
    params = initial_parameters(problem.objective.architecture, random_state)
    recipe = recipe_of(case, Stopping(tol=TOL, n_iter_no_change=PATIENCE))
    return fit(problem, params, recipe, random_state=random_state)


def ours_early_stopped(case: Case) -> Result:
    random_state, rows = np.random.RandomState(SEED), np.arange(N_SAMPLES)
    architecture = problem_of(case, rows).objective.architecture
    params = initial_parameters(architecture, random_state)
    stratify = case.target if case.task == "binary" else None
    learn, hold = train_test_split(
        rows, random_state=random_state, test_size=0.1, stratify=stratify
    )
    held_out = HeldOut(problem_of(case, hold), lambda outputs: score(case, hold, outputs))
    stopping = Stopping("validation_score", TOL, PATIENCE, keep_best=True)
    recipe = recipe_of(case, stopping)
    problem = problem_of(case, learn)
    return fit(problem, params, recipe, random_state=random_state, validation=held_out)


def score(case: Case, rows: Array, outputs: Array) -> float:
    weight = None if case.sample_weight is None else case.sample_weight[rows]
    if not case.is_classification:
        return float(r2_score(case.target[rows], outputs, sample_weight=weight))
    predicted = outputs.argmax(axis=1) if case.task == "multiclass" else outputs[:, 0] > 0.5
    return float(accuracy_score(case.target[rows], predicted, sample_weight=weight))


def assert_close(expected: Any, got: Any) -> None:
    """Two arrays agree to 10⁻¹⁰ of the largest element; the aim is 10⁻⁶."""
    expected, got = np.asarray(expected), np.asarray(got)
    assert expected.shape == got.shape
    assert np.abs(expected - got).max() <= 1e-10 * np.abs(expected).max()


def assert_same_network(network: Any, result: Result) -> None:
    for coef, W in zip(network.coefs_, result.best.weights, strict=True):
        assert_close(coef.T, W)
    for intercept, b in zip(network.intercepts_, result.best.biases, strict=True):
        assert_close(intercept, b)


def assert_same_course(network: Any, result: Result) -> None:
    assert_close(network.loss_curve_, result.history.loss_curve)
    assert (network.n_iter_, network.t_) == (result.n_iter, result.t)
    assert_same_network(network, result)


TASKS = ["multiclass", "binary", "regression"]


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("nesterovs_momentum", [True, False])
@pytest.mark.parametrize("learning_rate", list(SCHEDULES))
@pytest.mark.parametrize("task", TASKS)
def test_gradient_descent_takes_the_same_steps(
    task: str, learning_rate: str, nesterovs_momentum: bool, shuffle: bool
) -> None:
    solver = {"solver": "sgd", "learning_rate": learning_rate}
    case = Case(task, shuffle=shuffle, solver=solver | {"nesterovs_momentum": nesterovs_momentum})
    assert_same_course(theirs(case), ours(case))


@pytest.mark.parametrize("batch_size", [1, 20, N_SAMPLES])
@pytest.mark.parametrize("task", TASKS)
def test_adam_takes_the_same_steps(task: str, batch_size: int) -> None:
    solver = {"solver": "adam", "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-5}
    case = Case(task, batch_size=batch_size, max_epochs=10, solver=solver)
    assert_same_course(theirs(case), ours(case))


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh"])
@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_the_steps_are_the_same_for_every_activation(solver: str, activation: str) -> None:
    case = Case(activation=activation, solver={"solver": solver})
    assert_same_course(theirs(case), ours(case))


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_the_penalty_is_divided_by_the_sample_weights_of_the_batch(solver: str, task: str) -> None:
    case = Case(task, weighted=True, solver={"solver": solver})
    assert_same_course(theirs(case), ours(case))


def test_an_adaptive_rate_falls_at_the_same_plateaus_until_it_is_too_small() -> None:
    case = Case(max_epochs=200, solver={"solver": "sgd", "learning_rate": "adaptive"})
    network, result = theirs(case), ours(case)
    assert result.stop_reason is StopReason.CONVERGED
    assert result.history.records[-1].learning_rate <= 1e-6
    assert_same_course(network, result)


@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("learning_rate", ["constant", "adaptive"])
@pytest.mark.parametrize("task", TASKS)
def test_early_stopping_ends_at_the_same_epoch_with_the_same_best_weights(
    task: str, learning_rate: str, weighted: bool
) -> None:
    solver = {"solver": "sgd", "learning_rate": learning_rate}
    case = Case(task, weighted=weighted, solver=solver)
    network, result = theirs(case, early_stopping=True), ours_early_stopped(case)
    assert_close(network.validation_scores_, result.history.validation_scores)
    assert result.best_value == pytest.approx(network.best_validation_score_, rel=1e-10)
    assert_same_course(network, result)


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("task", TASKS)
def test_lbfgs_takes_the_same_path(task: str, weighted: bool, activation: str) -> None:
    case = Case(task, activation, weighted=weighted, solver={"solver": "lbfgs"})
    network, problem = theirs(case), problem_of(case, np.arange(N_SAMPLES))
    architecture = problem.objective.architecture
    params = initial_parameters(architecture, np.random.RandomState(SEED))
    result = fit_full_batch(problem, params, LBFGS(max_iter=case.max_epochs, tol=TOL))
    assert result.n_iter == network.n_iter_
    assert result.best_value == pytest.approx(network.loss_, rel=1e-8)
    for coef, W in zip(network.coefs_, result.params.weights, strict=True):
        # The line searches amplify the rounding of the last bits, hence not 10⁻¹⁰.
        assert np.abs(coef.T - W).max() <= 1e-7 * np.abs(W).max()
