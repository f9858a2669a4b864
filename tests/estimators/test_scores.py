"""Scores by parts are those of scikit-learn over all samples."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import accuracy_score, r2_score

from chainrule.arrays import Array
from chainrule.estimators.samples import Samples
from chainrule.estimators.scores import accuracy, determination

rng = np.random.default_rng(2)
M = 40_000
INDEX = rng.permutation(M)[: M // 2]
WEIGHT = rng.random(M)


def samples(Y: Array, weight: Array | None) -> Samples:
    return Samples(np.empty((M, 1)), Y, weight, INDEX)


def in_parts(outputs: Array) -> list[Array]:
    return np.array_split(outputs, [1, 100, 17_000])


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["equal", "weighted"])
@pytest.mark.parametrize("n_outputs", [1, 3])
def test_the_coefficient_of_determination(n_outputs: int, weight: Array | None) -> None:
    T = rng.normal(size=(M, n_outputs))
    outputs = T[INDEX] + rng.normal(size=(len(INDEX), n_outputs))
    weights = None if weight is None else weight[INDEX]
    expected = r2_score(T[INDEX], outputs, sample_weight=weights)
    found = determination(samples(T, weight))(in_parts(outputs))
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("error", [0.0, 1.0])
def test_targets_without_any_spread_score_as_in_scikit_learn(error: float) -> None:
    T = np.full((M, 1), 3.0)
    outputs = T[INDEX] + error
    assert determination(samples(T, None))([outputs]) == r2_score(T[INDEX], outputs)


def test_outputs_that_are_not_finite_have_no_score() -> None:
    outputs = np.full((len(INDEX), 1), np.inf)
    assert np.isnan(determination(samples(np.ones((M, 1)), None))(in_parts(outputs)))


def test_a_single_sample_has_no_score() -> None:
    score = determination(Samples(np.ones((1, 1)), np.ones((1, 1))))
    with pytest.warns(UndefinedMetricWarning, match="less than two samples"):
        assert np.isnan(score([np.ones((1, 1))]))


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["equal", "weighted"])
@pytest.mark.parametrize(
    ("n_outputs", "answers"),
    [
        (1, lambda matrix: (matrix > 0.5).ravel()),
        (3, lambda matrix: matrix.argmax(axis=1)),
        (3, lambda matrix: matrix > 0.5),
    ],
    ids=["two classes", "three classes", "three labels"],
)
def test_the_accuracy(
    n_outputs: int, answers: Callable[[Array], Any], weight: Array | None
) -> None:
    T = rng.integers(0, 2, size=(M, n_outputs)).astype(float)
    outputs = 0.5 * T[INDEX] + 0.5 * rng.random((len(INDEX), n_outputs))
    weights = None if weight is None else weight[INDEX]
    expected = accuracy_score(answers(T[INDEX]), answers(outputs), sample_weight=weights)
    assert accuracy(samples(T, weight), answers)(in_parts(outputs)) == expected
