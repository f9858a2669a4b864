"""What only the classifier has: labels."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn import neural_network as theirs
from sklearn.datasets import load_iris, make_multilabel_classification
from sklearn.exceptions import DataConversionWarning

from chainrule import MLPClassifier

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, y = load_iris(return_X_y=True)
NAMES = np.array(["setosa", "versicolor", "virginica"], dtype=object)


def small(**told: Any) -> Any:
    return MLPClassifier(**{"hidden_layer_sizes": 6, "max_iter": 5, "random_state": 0} | told)


@pytest.mark.parametrize("early_stopping", [True, False])
def test_labels_may_be_words(early_stopping: bool) -> None:
    network = small(early_stopping=early_stopping).fit(X, NAMES[y])
    assert network.classes_.tolist() == NAMES.tolist()
    assert set(network.predict(X)) <= set(NAMES)


def test_two_classes_take_one_logistic_output() -> None:
    network = small().fit(X, y == 2)
    assert (network.out_activation_, network.n_outputs_) == ("logistic", 1)
    probabilities = network.predict_proba(X)
    assert probabilities.shape == (150, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert (network.predict(X) == (probabilities[:, 1] > 0.5)).all()


def test_three_classes_take_a_softmax() -> None:
    network = small().fit(X, y)
    assert (network.out_activation_, network.n_outputs_) == ("softmax", 3)
    assert (network.predict(X) == network.predict_proba(X).argmax(axis=1)).all()


def test_logarithms_are_those_of_the_probabilities() -> None:
    network = small().fit(X, y)
    np.testing.assert_array_equal(network.predict_log_proba(X), np.log(network.predict_proba(X)))


@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_several_labels_take_a_logistic_output_each(container: Any) -> None:
    rows, labels = make_multilabel_classification(n_samples=60, random_state=0)
    expected = theirs.MLPClassifier(6, max_iter=5, random_state=0).fit(rows, container(labels))
    network = small().fit(rows, container(labels))
    assert (network.out_activation_, network.n_outputs_) == ("logistic", 5)
    np.testing.assert_allclose(network.predict_proba(rows), expected.predict_proba(rows))
    predicted = [sparse.csr_array(one.predict(rows)).toarray() for one in (network, expected)]
    assert predicted[0].tolist() == predicted[1].tolist()


def test_a_column_of_labels_is_flattened_with_a_warning() -> None:
    with pytest.warns(DataConversionWarning, match="column-vector y"):
        network = small().fit(X, y[:, np.newaxis])
    assert network.predict(X).shape == (150,)


def test_numbers_are_refused_as_labels() -> None:
    with pytest.raises(ValueError, match="Unknown label type"):
        small().fit(X, X[:, 0])


def test_a_class_with_one_member_cannot_be_held_out_by_class() -> None:
    with pytest.raises(ValueError, match="a class has only 1 sample"):
        small(early_stopping=True).fit([[1], [2], [3], [4]], [0, 0, 0, 1])


@pytest.mark.parametrize("labels", [y % 2, np.where(y == 2, 3, y)])
def test_a_warm_start_takes_the_same_classes_only(labels: Any) -> None:
    network = small(warm_start=True).fit(X, y)
    with pytest.raises(ValueError, match=r"^warm_start can only .* got \[0 1 2\], `y` has \[0 1"):
        network.fit(X, labels)


def test_a_new_fit_takes_other_classes() -> None:
    assert small().fit(X, y).fit(X, y % 2).classes_.tolist() == [0, 1]


def test_the_first_partial_fit_needs_the_classes() -> None:
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        small().partial_fit(X, y)


def test_partial_fits_meet_classes_that_were_announced() -> None:
    network = small().partial_fit(X[:50], NAMES[y[:50]], classes=NAMES)
    network.partial_fit(X[50:], NAMES[y[50:]])
    assert network.classes_.tolist() == NAMES.tolist()
    assert network.n_iter_ == 1
    assert len(network.loss_curve_) == 2


def test_a_partial_fit_refuses_a_class_that_was_not_announced() -> None:
    network = small().partial_fit(X, y % 2, classes=[0, 1])
    with pytest.raises(ValueError, match=r"^`y` has classes not in `self\.classes_`.*\[0 1 2\]"):
        network.partial_fit(X, y)


def test_a_later_partial_fit_refuses_other_announced_classes() -> None:
    network = small().partial_fit(X, y, classes=[0, 1, 2])
    with pytest.raises(ValueError, match="is not the same as on last call"):
        network.partial_fit(X, y, classes=[0, 1])


def test_lbfgs_has_no_partial_fit() -> None:
    assert not hasattr(small(solver="lbfgs"), "partial_fit")
    assert hasattr(small(), "partial_fit")


def test_early_stopping_scores_the_weighted_accuracy() -> None:
    weight = np.random.RandomState(0).uniform(size=150)
    told: dict[str, Any] = {
        "hidden_layer_sizes": 6,
        "early_stopping": True,
        "random_state": 0,
        "max_iter": 8,
    }
    kinds = (theirs.MLPClassifier, MLPClassifier)
    networks = [kind(**told).fit(X, y, sample_weight=weight) for kind in kinds]
    assert networks[1].validation_scores_ == pytest.approx(networks[0].validation_scores_)
    assert networks[1].best_loss_ is None
