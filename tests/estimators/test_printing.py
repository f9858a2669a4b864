"""What `verbose` prints is what scikit-learn prints for the same fit."""

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn import neural_network as theirs
from sklearn.datasets import load_iris

import chainrule
from chainrule.estimators.printing import PrintedEpochs
from chainrule.network import Architecture
from chainrule.parameters import initial_parameters
from chainrule.training import Adaptive, EpochRecord, Progress, Recipe

X, y = load_iris(return_X_y=True)
KINDS = ["MLPClassifier", "MLPRegressor"]
each_kind = pytest.mark.parametrize("kind", KINDS)

SGD = {"solver": "sgd", "learning_rate_init": 0.05}
#: How fits end: at their limit, on a plateau, or after the last of the smaller rates.
WAYS: dict[str, dict[str, Any]] = {
    "adam": {},
    "adam, converged": {"tol": 1.0, "n_iter_no_change": 2},
    "adam, converged early": {"tol": 1.0, "n_iter_no_change": 2, "early_stopping": True},
    "sgd": SGD,
    "sgd, invscaling": SGD | {"learning_rate": "invscaling", "tol": 0.1, "n_iter_no_change": 1},
    "sgd, scored": SGD | {"early_stopping": True, "tol": 0},
    "sgd, converged": SGD | {"tol": 0.5, "n_iter_no_change": 1},
    "sgd, adaptive": SGD
    | {"learning_rate": "adaptive", "tol": 0.5, "n_iter_no_change": 1, "max_iter": 30},
    "sgd, adaptive, scored": SGD
    | {
        "learning_rate": "adaptive",
        "tol": 0.5,
        "n_iter_no_change": 2,
        "early_stopping": True,
        "max_iter": 30,
    },
    "sgd, adaptive, to its limit": SGD
    | {"learning_rate": "adaptive", "tol": 0.5, "n_iter_no_change": 1, "max_iter": 3},
}


def lines_of(capsys: pytest.CaptureFixture[str], module: Any, kind: str, **told: Any) -> list[str]:
    """Train, and give what was printed."""
    common = {"hidden_layer_sizes": 5, "max_iter": 4, "random_state": 0, "verbose": True}
    with warnings.catch_warnings(action="ignore"):
        getattr(module, kind)(**common | told).fit(X / 10, y)
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out.splitlines()


@pytest.mark.parametrize("way", WAYS)
@each_kind
def test_a_fit_prints_what_scikit_learn_prints(
    kind: str, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    expected, found = (lines_of(capsys, m, kind, **WAYS[way]) for m in (theirs, chainrule))
    assert found == expected
    assert len(found) >= 2


def test_the_ways_cover_every_line_that_scikit_learn_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = [line for way in WAYS.values() for line in lines_of(capsys, theirs, KINDS[0], **way)]
    for part in (
        "Iteration 1, loss = ",
        "Validation score: ",
        "Training loss did not improve more than tol=0.500000 for 1 consecutive epochs. Stopping.",
        "Validation score did not improve",
        "Setting learning rate to 0.010000",
        "Learning rate too small. Stopping.",
    ):
        assert any(part in line for line in lines), part


@each_kind
def test_partial_fit_prints_what_scikit_learn_prints(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for module in (theirs, chainrule):
        network = getattr(module, kind)()
        network.set_params(hidden_layer_sizes=5, random_state=0, verbose=True)
        first = {"classes": [0, 1, 2]} if kind == "MLPClassifier" else {}
        network.partial_fit(X, y, **first).partial_fit(X, y)
        printed.append(capsys.readouterr().out.splitlines())
    assert printed[1] == printed[0]
    assert [line.partition(",")[0] for line in printed[1]] == ["Iteration 1"] * 2


@each_kind
def test_a_warm_start_prints_what_scikit_learn_prints(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for module in (theirs, chainrule):
        network = getattr(module, kind)(max_iter=2, random_state=0, verbose=True, warm_start=True)
        with warnings.catch_warnings(action="ignore"):
            network.fit(X, y).fit(X, y)
        printed.append(capsys.readouterr().out.splitlines())
    assert printed[1] == printed[0]


@each_kind
@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_nothing_is_printed_without_being_asked_for(
    kind: str, solver: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for silent in (False, 0):
        assert lines_of(capsys, chainrule, kind, solver=solver, verbose=silent) == []


@each_kind
def test_a_whole_number_is_as_good_as_true(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    for verbose in (1, 10, np.bool(True)):
        assert len(lines_of(capsys, chainrule, kind, verbose=verbose)) == 4


@each_kind
def test_lbfgs_prints_a_line_an_iteration_too(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(capsys, chainrule, kind, solver="lbfgs")
    assert [line.partition(", loss = ")[0] for line in lines] == [
        f"Iteration {epoch}" for epoch in (1, 2, 3, 4)
    ]
    losses = [float(line.partition(", loss = ")[2]) for line in lines]
    assert losses == sorted(losses, reverse=True)


def test_nothing_is_printed_after_a_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert PrintedEpochs().on_step_end(1, 3) is False
    assert capsys.readouterr().out == ""


def test_an_epoch_never_ends_training(capsys: pytest.CaptureFixture[str]) -> None:
    record = EpochRecord(3, 0.5, 0.1, 0.0, validation_loss=None, validation_score=0.25)
    params = initial_parameters(Architecture.of([1, 1]), np.random.RandomState(0))
    printer = PrintedEpochs(Recipe(schedule=Adaptive(0.1)))
    assert printer.on_epoch_end(Progress(record, 5, params, None)) is False
    expected = "Iteration 3, loss = 0.50000000\nValidation score: 0.250000\n"
    assert capsys.readouterr().out == expected
