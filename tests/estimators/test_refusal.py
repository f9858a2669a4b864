"""A call that is refused takes nothing away."""

from typing import Any

import numpy as np
import pytest

from chainrule import MLPClassifier, MLPRegressor
from chainrule.estimators.samples import Samples

random = np.random.default_rng(5)
X = random.normal(size=(30, 3))
numbers = X[:, 0]
labels = (numbers > 0).astype(int)

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer")


@pytest.mark.parametrize(
    "given",
    [
        {"X": X[:, :2], "y": numbers[:5]},
        {"X": X * np.nan, "y": numbers},
        {"X": X, "y": numbers, "validation_data": (X[:, :1], numbers)},
        {"X": X, "y": numbers, "sample_weight": np.ones(2)},
        {"X": X, "y": numbers, "resume_from": "/no/such/checkpoint"},
    ],
)
def test_a_refused_fit_leaves_the_last_one(given: dict[str, Any]) -> None:
    network = MLPRegressor(max_iter=2, random_state=0).fit(X, numbers)
    before, predicted = dict(vars(network)), network.predict(X)
    with pytest.raises(ValueError, match=r"inconsistent|NaN|features|sample_weight|checkpoint"):
        network.fit(**given)
    assert vars(network) == before
    np.testing.assert_array_equal(network.predict(X), predicted)


def test_a_refused_partial_fit_leaves_what_was_learned() -> None:
    network = MLPClassifier(random_state=0).partial_fit(X, labels, classes=[0, 1])
    before = dict(vars(network))
    with pytest.raises(ValueError, match="classes not in"):
        network.partial_fit(X, labels + 1)
    assert vars(network) == before


def test_a_partial_fit_that_is_refused_in_its_middle_leaves_the_optimizer_too() -> None:
    told: dict[str, Any] = {"shuffle": False, "batch_size": 10, "random_state": 0}
    weight = np.ones(30)
    weight[20:] = 0
    refused, control = (MLPRegressor(**told).partial_fit(X, numbers) for _ in range(2))
    curve = refused.loss_curve_
    before = list(curve)
    with pytest.raises(ValueError, match="total sample weight"):
        refused.partial_fit(X, numbers, weight)
    assert curve == before
    for network in (refused, control):
        network.partial_fit(X, numbers)
    np.testing.assert_array_equal(refused.coefs_[0], control.coefs_[0])


def test_ctrl_c_before_training_begins_leaves_the_last_fit(monkeypatch: Any) -> None:
    network = MLPRegressor(max_iter=2, random_state=0).fit(X, numbers)
    before = dict(vars(network))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Samples, "problem", interrupt)
    with pytest.raises(KeyboardInterrupt):
        network.fit(X[:, :2], numbers)
    assert vars(network) == before


def test_a_refused_first_fit_leaves_an_unfitted_estimator() -> None:
    network = MLPRegressor(early_stopping=True, validation_fraction=0.01)
    with pytest.raises(ValueError, match="too small"):
        network.fit(X, numbers)
    assert not any(name.endswith("_") for name in vars(network))
