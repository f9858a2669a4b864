"""A compiled estimator predicts what the estimator predicts."""

import numpy as np
import pytest
import sklearn.neural_network

import chainrule
from chainrule.errors import SpecificationError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(80, 5)).astype(np.float32)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_a_classifier_gives_its_probabilities(n_classes: int) -> None:
    model = chainrule.MLPClassifier([7], "tanh", tol=1, n_iter_no_change=1, random_state=0)
    model.fit(X, np.arange(80) % n_classes)
    predict = chainrule.compile(model)
    for rows in (X, X[:1], X[:0]):
        given = predict(rows)
        assert given.shape == (len(rows), n_classes)
        assert given.dtype == np.float32
        if len(rows) > 0:
            np.testing.assert_allclose(given, model.predict_proba(rows), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("n_outputs", [1, 2])
def test_a_regressor_gives_its_predictions(n_outputs: int) -> None:
    model = chainrule.MLPRegressor(
        hidden_layer_sizes=[7], tol=1e9, n_iter_no_change=1, random_state=0
    )
    y = RNG.normal(size=(80, n_outputs))
    model.fit(X.astype(np.float64), y[:, 0] if n_outputs == 1 else y)
    given = chainrule.compile(model)(X.astype(np.float64))
    np.testing.assert_allclose(given, model.predict(X.astype(np.float64)), rtol=1e-10)


def test_an_estimator_of_scikit_learn_will_do() -> None:
    model = sklearn.neural_network.MLPClassifier([6], tol=1, n_iter_no_change=1, random_state=0)
    model.fit(X, np.arange(80) % 3)
    given = chainrule.compile(model)(X)
    np.testing.assert_allclose(given, model.predict_proba(X), rtol=1e-5, atol=1e-7)


def test_later_changes_of_the_weights_are_not_seen() -> None:
    model = chainrule.MLPRegressor(
        hidden_layer_sizes=[7], tol=1e9, n_iter_no_change=1, random_state=0
    )
    predict = chainrule.compile(model.fit(X, X[:, 0]))
    before = predict(X)
    model.coefs_[0][...] = 0
    assert np.array_equal(predict(X), before)


def test_what_is_not_fitted_is_refused() -> None:
    with pytest.raises(SpecificationError, match="this MLPClassifier has no weights yet"):
        chainrule.compile(chainrule.MLPClassifier())


@pytest.mark.parametrize(
    "wrong", [X[:, :4], X.astype(np.float64), np.asfortranarray(X), X[0], X.tolist()]
)
def test_what_the_function_cannot_take_is_an_error_and_not_nonsense(wrong: object) -> None:
    model = chainrule.MLPRegressor(
        hidden_layer_sizes=[7], tol=1e9, n_iter_no_change=1, random_state=0
    )
    predict = chainrule.compile(model.fit(X, X[:, 0]))
    with pytest.raises((TypeError, ValueError)):
        predict(wrong)  # type: ignore[arg-type]
