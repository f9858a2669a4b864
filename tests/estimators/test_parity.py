"""The same numbers as scikit-learn; the whole grid is in `benchmarks/sklearn_parity.py`."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn import neural_network as theirs
from sklearn.datasets import load_wine
from sklearn_cases import ACTIVATIONS, SCHEDULES, TASKS, Case, differences, relative_difference

import chainrule

BOUND = 1e-6
CASES = [
    *[Case(task, "adam", weighted=True) for task in TASKS],
    *[Case(task, "lbfgs", activation) for task in TASKS for activation in ("tanh", "relu")],
    *[Case(task, "lbfgs", "logistic", weighted=True) for task in TASKS],
    *[Case(task, "sgd", "tanh", rate) for task in TASKS for rate in SCHEDULES],
    *[Case("multiclass", "sgd", activation) for activation in ACTIVATIONS],
    *[Case(task, "adam", "logistic", early_stopping=True) for task in TASKS],
    *[
        Case(task, "sgd", "relu", "adaptive", early_stopping=True, weighted=True, batch_size=7)
        for task in TASKS
    ],
]

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_array_is_that_of_scikit_learn(case: Case) -> None:
    found = differences(case)
    assert {name: off for name, off in found.items() if off > BOUND} == {}


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_the_loss_of_saturated_probabilities_is_clipped_as_in_scikit_learn(solver: str) -> None:
    # Columns in the hundreds drive the first outputs to 0 and 1, where an exact log loss is larger.
    X, y = load_wine(return_X_y=True)
    networks = [
        kind(hidden_layer_sizes=8, solver=solver, max_iter=5, random_state=0).fit(X, y)
        for kind in (theirs.MLPClassifier, chainrule.MLPClassifier)
    ]
    expected, got = (np.asarray(network.loss_) for network in networks)
    assert relative_difference(expected, got) <= BOUND


@pytest.mark.parametrize("activation", ["logistic", "relu"])
def test_a_network_without_hidden_layers_starts_from_the_same_weights(activation: str) -> None:
    case, told = Case(activation=activation), {"hidden_layer_sizes": ()}
    networks = [
        kind(**case.parameters | told).fit(case.inputs, case.target)
        for kind in (theirs.MLPClassifier, chainrule.MLPClassifier)
    ]
    assert relative_difference(networks[0].coefs_[0], networks[1].coefs_[0]) <= BOUND


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_warm_starts_go_on_from_the_same_curves_counters_and_rates(solver: str) -> None:
    case = Case("binary", solver, learning_rate="invscaling")
    told = case.parameters | {"warm_start": True, "max_iter": 4}
    networks = [kind(**told) for kind in (theirs.MLPClassifier, chainrule.MLPClassifier)]
    for rows in (slice(0, 60), slice(20, 107), slice(0, 107)):
        for network in networks:
            network.fit(case.inputs[rows], case.target[rows])
        assert relative_difference(networks[0].coefs_[0], networks[1].coefs_[0]) <= BOUND
        assert networks[0].n_iter_ == networks[1].n_iter_
        assert networks[0].t_ == networks[1].t_
        assert networks[0].loss_ == pytest.approx(networks[1].loss_, rel=BOUND)


def test_a_warm_fit_that_never_beats_the_best_score_ends_with_its_last_weights() -> None:
    case = Case("regression", "sgd", early_stopping=True)
    told = case.parameters | {"warm_start": True}
    networks = [kind(**told) for kind in (theirs.MLPRegressor, chainrule.MLPRegressor)]
    for rate in (0.01, 0.2):  # the second leads away from the best
        for network in networks:
            network.set_params(learning_rate_init=rate).fit(case.inputs, case.target)
        expected, got = (np.asarray(network.validation_scores_) for network in networks)
        assert relative_difference(expected, got) <= BOUND
        assert relative_difference(networks[0].coefs_[0], networks[1].coefs_[0]) <= BOUND
    assert networks[1].best_validation_score_ > max(got[-networks[1].n_iter_ :])


@pytest.mark.parametrize("learning_rate", SCHEDULES)
@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_partial_fits_keep_the_optimizer_and_its_rate(solver: str, learning_rate: str) -> None:
    case = Case("multiclass", solver, learning_rate=learning_rate)
    networks = [kind(**case.parameters) for kind in (theirs.MLPClassifier, chainrule.MLPClassifier)]
    for epoch in range(12):
        rows = np.arange(epoch, 107 - epoch)
        for network in networks:
            # neither listens to a rate that is changed while the optimizer lives
            network.set_params(learning_rate_init=0.05 / (1 + epoch))
            network.partial_fit(case.inputs[rows], case.target[rows], classes=range(4))
    expected, got = (np.asarray(network.loss_curve_) for network in networks)
    assert relative_difference(expected, got) <= BOUND
    assert relative_difference(networks[0].coefs_[0], networks[1].coefs_[0]) <= BOUND


def test_a_partial_fit_goes_on_with_the_optimizer_of_a_fit() -> None:
    case = Case("regression", "sgd")
    networks = [kind(**case.parameters) for kind in (theirs.MLPRegressor, chainrule.MLPRegressor)]
    for network in networks:
        network.fit(case.inputs, case.target).partial_fit(case.inputs[:50], case.target[:50])
    assert relative_difference(networks[0].coefs_[0], networks[1].coefs_[0]) <= BOUND


@pytest.mark.parametrize("shuffle", [True, False])
def test_a_generator_is_used_up_as_far_as_by_scikit_learn(shuffle: bool) -> None:
    case, states = replace(Case("binary"), early_stopping=True), []
    for kind in (theirs.MLPClassifier, chainrule.MLPClassifier):
        random_state = np.random.RandomState(5)
        told = case.parameters | {"random_state": random_state, "shuffle": shuffle}
        kind(**told).fit(case.inputs, case.target)
        states.append(random_state.uniform())
    assert states[0] == states[1]


def first_loss(kind: Any, n_outputs: int, alpha: float) -> float:
    """The loss of the first weights: one epoch of one step reports that before the step."""
    X = Case().inputs
    Y = (X @ np.random.RandomState(4).normal(size=(6, n_outputs))).squeeze()
    network = kind(alpha=alpha, batch_size=len(X), max_iter=1, random_state=0).fit(X, Y)
    return float(network.loss_)


@pytest.mark.parametrize("n_outputs", [1, 2, 5])
def test_with_k_outputs_the_data_term_is_k_times_that_of_scikit_learn_and_the_penalty_its_own(
    n_outputs: int,
) -> None:
    reported = [
        [first_loss(kind, n_outputs, alpha) for alpha in (0.0, 0.3)]
        for kind in (theirs.MLPRegressor, chainrule.MLPRegressor)
    ]
    (their_data, their_all), (our_data, our_all) = reported
    assert our_data == pytest.approx(n_outputs * their_data, rel=1e-12)
    assert our_all - our_data == pytest.approx(their_all - their_data, rel=1e-10)


def test_several_outputs_take_the_same_steps_as_those_of_scikit_learn() -> None:
    X = Case().inputs
    Y = X @ np.random.RandomState(4).normal(size=(6, 3))
    told: dict[str, Any] = {
        "hidden_layer_sizes": 5,
        "max_iter": 20,
        "random_state": 0,
        "batch_size": 25,
    }
    networks = [kind(**told).fit(X, Y) for kind in (theirs.MLPRegressor, chainrule.MLPRegressor)]
    assert relative_difference(networks[0].coefs_[0], networks[1].coefs_[0]) <= 1e-12
    assert relative_difference(networks[0].predict(X), networks[1].predict(X)) <= 1e-12
