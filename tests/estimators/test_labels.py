"""What each class counts for."""

from typing import Any

import numpy as np
import pytest

from chainrule import MLPClassifier
from chainrule.errors import DataError, SpecificationError
from chainrule.estimators.labels import class_weights

random = np.random.default_rng(4)
X = random.normal(size=(40, 2))
y = np.where(X[:, 0] > 0.8, "rare", "usual")

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer")


def fitted(sample_weight: Any = None, **told: Any) -> MLPClassifier:
    return MLPClassifier(max_iter=3, random_state=0, **told).fit(X, y, sample_weight)


def test_a_class_weight_is_a_sample_weight_by_class() -> None:
    by_class = fitted(class_weight={"rare": 3.0, "usual": 0.5})
    by_sample = fitted(np.where(y == "rare", 3.0, 0.5))
    np.testing.assert_array_equal(by_class.coefs_[0], by_sample.coefs_[0])


def test_class_weights_multiply_sample_weights() -> None:
    weight = random.uniform(size=40)
    both = fitted(weight, class_weight={"rare": 3.0})
    product = fitted(weight * np.where(y == "rare", 3.0, 1.0))
    np.testing.assert_allclose(both.coefs_[0], product.coefs_[0], rtol=1e-12)


def test_balanced_classes_count_the_same() -> None:
    weights = class_weights("balanced", y, np.unique(y), incremental=False)
    assert weights is not None
    assert weights[y == "rare"].sum() == pytest.approx(weights[y == "usual"].sum())
    assert weights.sum() == pytest.approx(40)


def test_each_of_several_labels_may_have_weights_of_its_own() -> None:
    T = np.column_stack([X[:, 0] > 0, X[:, 1] > 0]).astype(int)
    told = [{0: 1.0, 1: 2.0}, {0: 1.0, 1: 5.0}]
    weights = class_weights(told, T, np.arange(2), incremental=False)
    np.testing.assert_array_equal(weights, (1 + T[:, 0]) * (1 + 4 * T[:, 1]))


def test_partial_fit_cannot_balance_and_takes_a_dict() -> None:
    network = MLPClassifier(class_weight="balanced")
    with pytest.raises(SpecificationError, match=r"partial_fit does not support .*'balanced'"):
        network.partial_fit(X, y, classes=["rare", "usual"])
    network = MLPClassifier(class_weight={"rare": 2.0}, random_state=0)
    network.partial_fit(X, y, classes=["rare", "usual"])
    by_sample = MLPClassifier(random_state=0)
    by_sample.partial_fit(X, y, np.where(y == "rare", 2.0, 1.0), classes=["rare", "usual"])
    np.testing.assert_array_equal(network.coefs_[0], by_sample.coefs_[0])


def test_smoothed_labels_are_learned_from_and_plain_ones_are_watched() -> None:
    T = np.where(y == "usual", 1.0, 0.0)[:, None]
    network = fitted(label_smoothing=0.2)
    samples = network._validate_input(X, y, incremental=False, reset=False)
    np.testing.assert_allclose(network._to_learn(samples).targets(), 0.8 * T + 0.1)
    plain, smooth = (
        MLPClassifier(max_iter=1, learning_rate_init=1e-30, random_state=0, label_smoothing=share)
        for share in (0.0, 0.2)
    )
    for one in (plain, smooth):
        one.fit(X, y, validation_data=(X, y))
    assert plain.validation_loss_curve_ == smooth.validation_loss_curve_
    assert plain.loss_curve_ != smooth.loss_curve_


def test_labels_without_an_order_are_refused_by_their_types() -> None:
    mixed = np.array(["a", 1] * 20, dtype=object)
    with pytest.raises(DataError, match="y has labels of several types, int, str"):
        MLPClassifier().fit(X, mixed)


def test_a_part_of_the_samples_may_lack_a_class_that_has_a_weight() -> None:
    weights = class_weights(
        {"a": 5.0, "b": 2.0}, np.array(["a", "c"]), np.array(["a", "b", "c"]), incremental=True
    )
    assert weights is not None
    assert weights.tolist() == [5.0, 1.0]


@pytest.mark.parametrize("weight", ["heavy", None, float("nan"), -1.0])
def test_what_is_no_weight_is_refused(weight: Any) -> None:
    with pytest.raises(SpecificationError, match=r"class_weight=.* must give weights"):
        fitted(class_weight={"rare": weight})
