"""What counts as computing the same."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from agreement import BOUND, distance
from contenders import Contender, Specification, made
from contenders.estimator import Estimator
from contenders.external import External
from contenders.first_weights import first_weights
from trials import N_EPOCHS, TRIALS, trials_of
from workloads import WORKLOADS, generated


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    with threadpool_limits(1):
        yield


def specification(trial: str, name: str = "table") -> Specification:
    workload = TRIALS[trial](WORKLOADS[name])
    return Specification(workload, generated(workload), n_threads=1)


def outputs(contender: Contender, told: Specification) -> Any:
    contender.fit(N_EPOCHS, shuffle=False)
    return contender.outputs(told.data.X[:50])


def far(contender: Contender, told: Specification) -> float:
    start = replace(told, workload=TRIALS["start"](told.workload))
    return distance(
        outputs(contender, told),
        outputs(made("scikit-learn", told), told),
        outputs(made("scikit-learn", start), start),
    )


@pytest.mark.parametrize("name", sorted(WORKLOADS.keys() - {"wide"}))  # which takes seconds
@pytest.mark.parametrize("trial", ["momentum", "adam"])
def test_chainrule_computes_what_scikit_learn_does(trial: str, name: str) -> None:
    told = specification(trial, name)
    assert far(made("chainrule", told), told) <= BOUND


@pytest.mark.parametrize(
    ("trial", "wrong"),
    [
        ("momentum", {"momentum": 0.89}),
        ("momentum", {"nesterovs_momentum": True}),
        ("momentum", {"alpha": 0.01}),
        ("adam", {"beta_1": 0.89}),
        ("adam", {"beta_2": 0.998}),
        ("adam", {"learning_rate_init": 1.01e-3}),
    ],
)
def test_a_slightly_other_optimiser_is_noticed(trial: str, wrong: dict[str, Any]) -> None:
    told = specification(trial)

    def other(**settings: Any) -> MLPClassifier:
        return MLPClassifier(**(settings | wrong))

    assert far(Estimator(other, told, {}, {}), told) > BOUND


def test_numbers_that_are_not_finite_never_agree() -> None:
    truth, start = np.ones((2, 2)), np.zeros((2, 2))
    assert distance(truth, truth, start) == 0
    assert distance(np.array([[1, np.nan], [1, 1]]), truth, start) == np.inf
    assert distance(np.ones((2, 1)), truth, start) == np.inf


def test_a_workload_with_adam_is_tried_with_both_solvers() -> None:
    assert trials_of(WORKLOADS["mnist"]) == ["momentum", "adam"]
    assert trials_of(WORKLOADS["course"]) == ["momentum"]


def test_the_first_weights_are_those_that_training_begins_with() -> None:
    told = specification("start")
    weights = first_weights(told)
    model = MLPClassifier(told.workload.hidden, random_state=told.seed, learning_rate_init=1e-30)
    model.partial_fit(told.data.X, told.data.T, classes=[0, 1])
    assert [W.shape for W in weights.coefs] == [(32, 64), (64, 64), (64, 2)]
    assert all(np.array_equal(W, V) for W, V in zip(weights.coefs, model.coefs_, strict=True))


def test_a_program_gets_a_file_and_its_line_is_read(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\necho $(head -n 1 "$1" | wc -w) $2 $3 $4\n', encoding="ascii")
    program.chmod(0o755)
    told = specification("momentum")
    contender = External(program, told)
    contender.fit(3, shuffle=False)
    assert contender.outputs(told.data.X[:2]).tolist() == [[8, 3], [0, 1]]
