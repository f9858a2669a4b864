"""The gradient that an estimator descends, against the oracle, for everything that it can be told.

The oracle evaluates the loss alone: it shares no line with the derivatives.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from chainrule import MLPClassifier, MLPRegressor
from chainrule.dropout import Dropout
from chainrule.functions import FUNCTIONS
from chainrule.oracle import Oracle

random = np.random.default_rng(7)
X: npt.NDArray[np.float64] = random.normal(size=(11, 3))
LABELS = random.integers(3, size=11)
LABELS[:3] = [0, 1, 2]
NUMBERS = random.normal(size=(11, 2))
WEIGHT = random.uniform(0.5, 2, size=11)


def worst_error(network: Any, y: Any, sample_weight: Any = None) -> float:
    """Compare the gradient of a step over all samples, relative to the largest element."""
    network.set_params(hidden_layer_sizes=(5, 4), max_iter=1, random_state=0)
    network.fit(X, y, sample_weight)
    samples = network._validate_input(X, y, incremental=False, reset=False)
    samples = network._to_learn(samples.weighted(sample_weight))
    problem, params = network._problem(samples), network._parameters()
    rates = network._dropout_rates(2)
    masks = Dropout(rates).masks(seed=3, step=5) if np.any(rates) else None
    batch = problem.rows(slice(0, 11))
    objective = problem.objective_of(batch, masks)
    _, gradient = problem.loss_and_gradient(params, batch, masks)
    oracle, worst = Oracle(objective, params, batch), 0.0
    for layer, got in enumerate(gradient.weights, start=1):
        found = oracle.derivative(f"W({layer})", np.arange(got.size))
        worst = max(worst, float(np.abs(found - got.ravel()).max() / np.abs(found).max()))
    return worst


pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
EXACT, BY_DIFFERENCES = 1e-12, 1e-6


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_gradient_of_every_activation_is_right(name: str) -> None:
    allowed = EXACT if FUNCTIONS[name].analytic else BY_DIFFERENCES
    assert worst_error(MLPClassifier(activation=name), LABELS) < allowed


@pytest.mark.parametrize(
    "told",
    [
        {"class_weight": "balanced"},
        {"class_weight": {0: 3.0, 2: 0.25}},
        {"label_smoothing": 0.1},
        {"dropout": 0.4},
        {"dropout": (0.5, 0.1)},
        {"alpha": 2.5},
        {"alpha": 2.5, "class_weight": "balanced", "label_smoothing": 0.2, "dropout": 0.3},
    ],
)
@pytest.mark.parametrize("sample_weight", [None, WEIGHT])
def test_the_gradient_of_whatever_changes_a_classifiers_loss_is_right(
    told: dict[str, Any], sample_weight: Any
) -> None:
    network = MLPClassifier(activation=("tanh", "softplus"), **told)
    assert worst_error(network, LABELS, sample_weight) < EXACT


@pytest.mark.parametrize(
    "told",
    [
        {"loss": "absolute_error"},
        {"loss": "huber"},
        {"loss": "huber", "delta": 0.2},
        {"loss": "quantile"},
        {"loss": "quantile", "quantile": 0.9},
    ],
)
@pytest.mark.parametrize("sample_weight", [None, WEIGHT])
def test_the_gradient_of_every_loss_of_a_regressor_is_right(
    told: dict[str, Any], sample_weight: Any
) -> None:
    network = MLPRegressor(activation="tanh", alpha=0.5, **told)
    assert worst_error(network, NUMBERS, sample_weight) < BY_DIFFERENCES


def test_alpha_is_divided_by_the_weight_of_the_batch() -> None:
    network = MLPClassifier(alpha=3.0, class_weight={0: 2.0, 1: 1.0, 2: 0.5}, max_iter=1)
    network.fit(X, LABELS)
    samples = network._validate_input(X, LABELS, incremental=False, reset=False)
    problem = network._problem(samples)
    batch = problem.rows(slice(0, 4))
    total = np.array([2.0, 1.0, 0.5])[LABELS[:4]].sum()
    assert problem.objective_of(batch).l2 == pytest.approx(3.0 / total)


@pytest.mark.parametrize(
    ("told", "name"), [("auto", "native"), ("native", "native"), ("reference", "reference")]
)
def test_a_network_computes_with_the_engine_that_it_is_told(told: str, name: str) -> None:
    network = MLPClassifier(engine=told, n_threads=2, max_iter=1).fit(X, LABELS)
    samples = network._validate_input(X, LABELS, incremental=False, reset=False)
    engine = network._problem(samples).engine
    assert engine.name == name
    assert getattr(engine, "n_threads", 2) == 2
