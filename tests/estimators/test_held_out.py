"""What is watched after every epoch: the user's own samples, a score of choice, the best epoch."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.metrics import accuracy_score, log_loss, make_scorer, mean_absolute_error
from sklearn.model_selection import train_test_split

from chainrule import MLPClassifier, MLPRegressor

random = np.random.default_rng(2)
X = random.normal(size=(90, 3))
numbers = X @ [1.0, -2.0, 0.5] + random.normal(size=90)
labels = np.where(numbers > 1, "high", np.where(numbers > -1, "middle", "low"))
LEARN, HOLD = slice(0, 60), slice(60, 90)
HELD = (X[HOLD], labels[HOLD])

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer", "ignore:lbfgs failed")


def classifier(**told: Any) -> MLPClassifier:
    defaults = {"hidden_layer_sizes": (8,), "max_iter": 12, "random_state": 0}
    return MLPClassifier(**{**defaults, "learning_rate_init": 0.05, **told})


def losses(network: Any) -> list[float]:
    """Give the curve, which is there only where something is held out."""
    curve: list[float] = network.validation_loss_curve_
    return curve


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_held_out_samples_are_watched_and_not_learned_from(solver: str) -> None:
    plain = classifier(solver=solver).fit(X[LEARN], labels[LEARN])
    watched = classifier(solver=solver).fit(X[LEARN], labels[LEARN], validation_data=HELD)
    np.testing.assert_array_equal(plain.coefs_[0], watched.coefs_[0])
    scores = watched.validation_scores_ or []
    assert len(scores) == len(losses(watched)) == plain.n_iter_
    assert scores[-1] == plain.score(*HELD)
    expected = log_loss(labels[HOLD], plain.predict_proba(X[HOLD]), labels=plain.classes_)
    assert losses(watched)[-1] == pytest.approx(expected, rel=1e-12)
    assert watched.best_validation_score_ == max(scores)


def test_a_regressor_watches_r2_and_its_own_loss() -> None:
    network = MLPRegressor("quantile", quantile=0.8, max_iter=5, random_state=0)
    network.fit(X[LEARN], numbers[LEARN], validation_data=(X[HOLD], numbers[HOLD]))
    assert network.best_validation_score_ is not None
    assert network.best_validation_score_ >= network.score(X[HOLD], numbers[HOLD])
    residual = numbers[HOLD] - network.predict(X[HOLD])
    expected = np.mean(np.maximum(0.8 * residual, -0.2 * residual))
    assert losses(network)[-1] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("scoring", [None, "accuracy"])
def test_the_weights_of_held_out_samples_count(scoring: str | None) -> None:
    weight = random.uniform(size=30)
    network = classifier(scoring=scoring)
    network.fit(X[LEARN], labels[LEARN], validation_data=(*HELD, weight))
    expected = network.score(*HELD, sample_weight=weight)
    assert network.validation_scores_ is not None
    assert network.validation_scores_[-1] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "scoring",
    [
        "neg_log_loss",
        make_scorer(accuracy_score),
        lambda network, X, y: accuracy_score(y, network.predict(X)),
    ],
)
def test_the_score_is_the_users_choice(scoring: Any) -> None:
    network = classifier(scoring=scoring).fit(X[LEARN], labels[LEARN], validation_data=HELD)
    truth = -losses(network)[-1] if scoring == "neg_log_loss" else None
    expected = network.score(*HELD) if truth is None else truth
    assert network.validation_scores_[-1] == pytest.approx(expected, rel=1e-12)


def test_scoring_by_the_loss_is_minus_the_loss() -> None:
    network = classifier(scoring="loss", early_stopping=True).fit(X, labels)
    assert network.validation_scores_ == [-loss for loss in network.validation_loss_curve_]


def test_early_stopping_watches_the_users_samples_and_learns_from_all_others() -> None:
    network = classifier(early_stopping=True, max_iter=300, n_iter_no_change=3)
    network.fit(X[LEARN], labels[LEARN], validation_data=HELD)
    best = int(np.argmax(network.validation_scores_ or [])) + 1
    assert network.n_iter_ < 300
    assert network.score(*HELD) == network.best_validation_score_
    again = classifier(max_iter=best).fit(X[LEARN], labels[LEARN])
    np.testing.assert_array_equal(network.coefs_[0], again.coefs_[0])


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_the_best_epoch_is_restored_without_early_stopping(solver: str) -> None:
    told = {"solver": solver, "max_iter": 60, "learning_rate_init": 0.3, "scoring": "loss"}
    network = classifier(restore_best=True, **told)
    network.fit(X[LEARN], labels[LEARN], validation_data=HELD)
    best = int(np.argmin(losses(network))) + 1
    assert best < network.n_iter_, "the last epoch must not be the best one, or this says nothing"
    again = classifier(**{**told, "max_iter": best}).fit(X[LEARN], labels[LEARN])
    np.testing.assert_array_equal(network.coefs_[0], again.coefs_[0])


def test_without_held_out_samples_the_best_epoch_is_that_of_the_smallest_loss() -> None:
    told = {"learning_rate_init": 0.9, "max_iter": 25, "solver": "sgd"}
    network = classifier(restore_best=True, **told).fit(X, labels)
    best = int(np.argmin(network.loss_curve_)) + 1
    assert best < network.n_iter_
    again = classifier(**{**told, "max_iter": best}).fit(X, labels)
    np.testing.assert_array_equal(network.coefs_[0], again.coefs_[0])


def test_a_warm_start_looks_for_its_own_best_epoch() -> None:
    told = {"learning_rate_init": 0.9, "solver": "sgd", "warm_start": True}
    network = classifier(restore_best=True, **told).fit(X, labels)
    network.set_params(learning_rate_init=50.0, alpha=1e3).fit(X, labels)
    second = network.loss_curve_[12:]
    best = int(np.argmin(second)) + 1
    assert min(second) > network.best_loss_, "or the best of all is the best of the second"
    again = classifier(restore_best=True, **told).fit(X, labels)
    again.set_params(learning_rate_init=50.0, alpha=1e3, max_iter=best, restore_best=False).fit(
        X, labels
    )
    np.testing.assert_array_equal(network.coefs_[0], again.coefs_[0])


def test_frames_and_sparse_matrices_are_held_out_like_arrays() -> None:
    frame, names = pd.DataFrame(X, columns=["a", "b", "c"]), ["a", "b", "c"]
    one = classifier().fit(frame[LEARN], labels[LEARN], validation_data=(frame[HOLD], labels[HOLD]))
    two = classifier().fit(
        csr_array(X[LEARN]), labels[LEARN], validation_data=(csr_array(X[HOLD]), labels[HOLD])
    )
    assert list(one.feature_names_in_) == names
    np.testing.assert_allclose(one.validation_loss_curve_, two.validation_loss_curve_, rtol=1e-10)


def test_a_named_scorer_asks_nothing_about_names_of_columns() -> None:
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    network = classifier(scoring="neg_log_loss", early_stopping=True).fit(frame, labels)
    assert len(network.validation_scores_) == network.n_iter_


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (3, r"tuple \(X, y\) or \(X, y, sample_weight\), got a int"),
        ((X,), "got a tuple of 1 parts"),
        ((X[HOLD, :2], labels[HOLD]), "validation_data: X has 2 features.*expecting 3"),
        ((X[HOLD], labels[:3]), r"inconsistent numbers of samples: \[30, 3\]"),
        ((X[HOLD], ["huge"] * 30), "validation_data has classes not in"),
        ((X[HOLD] * np.nan, labels[HOLD]), "contains NaN"),
        ((X[HOLD], labels[HOLD], np.ones(4)), "sample_weight.shape"),
    ],
)
def test_held_out_samples_that_do_not_fit_are_refused(held: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        classifier().fit(X[LEARN], labels[LEARN], validation_data=held)


def test_a_scorer_that_gives_no_number_is_named() -> None:
    network = MLPRegressor(scoring=lambda *_: "good", early_stopping=True)
    with pytest.raises(ValueError, match="must give one number, and gave 'good'"):
        network.fit(X, numbers)


def test_a_scorer_that_takes_no_weights_is_given_none() -> None:
    weight = np.ones(90)

    def accuracy(network: Any, X: Any, y: Any) -> float:
        return float(accuracy_score(y, network.predict(X)))

    network = classifier(scoring=accuracy, early_stopping=True, class_weight="balanced")
    assert len(network.fit(X, labels, weight).validation_scores_ or []) == network.n_iter_


def test_a_score_that_is_no_number_is_never_the_best() -> None:
    scores = iter([np.nan, 0.5, 0.7, 0.6])
    network = classifier(solver="lbfgs", max_iter=4, restore_best=True, tol=0.0)
    network.set_params(scoring=lambda *_: next(scores))
    network.fit(X[LEARN], labels[LEARN], validation_data=HELD)
    third = classifier(solver="lbfgs", max_iter=3, tol=0.0).fit(X[LEARN], labels[LEARN])
    np.testing.assert_array_equal(network.coefs_[0], third.coefs_[0])


def test_lbfgs_leaves_no_curves_of_an_earlier_fit() -> None:
    network = classifier().fit(X[LEARN], labels[LEARN], validation_data=HELD)
    network.set_params(solver="lbfgs").fit(X, labels)
    assert not hasattr(network, "validation_scores_")
    assert not hasattr(network, "loss_curve_")


def test_multilabel_and_several_numbers_can_be_held_out() -> None:
    T = np.column_stack([numbers > 0, numbers > 1]).astype(int)
    network = classifier(scoring="f1_micro").fit(
        X[LEARN], T[LEARN], validation_data=(X[HOLD], T[HOLD])
    )
    assert len(network.validation_scores_) == 12
    sparse = (csr_array(X[HOLD]), csr_array(T[HOLD]))
    again = classifier(scoring="f1_micro").fit(X[LEARN], T[LEARN], validation_data=sparse)
    assert again.validation_scores_ == network.validation_scores_
    Y = np.column_stack([numbers, -numbers])
    told = {"max_iter": 3, "scoring": make_scorer(mean_absolute_error, greater_is_better=False)}
    regressor = MLPRegressor(**told).fit(X[LEARN], Y[LEARN], validation_data=(X[HOLD], Y[HOLD]))
    expected = -mean_absolute_error(Y[HOLD], regressor.predict(X[HOLD]))
    assert regressor.validation_scores_[-1] == pytest.approx(expected)


def test_two_halves_of_a_split_may_be_given_as_they_come() -> None:
    X_learn, X_hold, y_learn, y_hold = train_test_split(X, labels, random_state=0)
    network = classifier().fit(X_learn, y_learn, validation_data=[X_hold, y_hold])
    assert len(network.validation_scores_) == 12
