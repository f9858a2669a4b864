"""Between scikit-learn's matrices and the vector."""

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

import chainrule
from chainrule.arrays import Array
from chainrule.estimators.weights import (
    architecture_of,
    coefs_of,
    first_parameters,
    intercepts_of,
    parameters_of,
)
from chainrule.parameters import Parameters

SIZES = [4, 3, 2]


def drawn(activation: str = "relu", sizes: list[int] = SIZES) -> list[Array]:
    params = first_parameters(
        sizes, activation, "softmax", np.random.RandomState(7), np.dtype(np.float64)
    )
    return [*coefs_of(params), *intercepts_of(params)]


@pytest.mark.parametrize("activation", ["logistic", "tanh"])
@pytest.mark.parametrize("hidden", [[], [3], [5, 2]])
def test_the_first_weights_are_drawn_as_scikit_learn_draws_them(
    activation: str, hidden: list[int]
) -> None:
    X, y = np.zeros((6, 4)), [0, 1, 2] * 2
    network = MLPClassifier(hidden, activation, random_state=7, solver="sgd", alpha=0)
    network.set_params(learning_rate_init=1e-300).partial_fit(X, y, classes=[0, 1, 2])
    expected = [*network.coefs_, *network.intercepts_]
    for theirs, ours in zip(expected, drawn(activation, [4, *hidden, 3]), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-14, atol=1e-15)


def test_matrices_and_vector_are_each_others_copies() -> None:
    architecture = architecture_of(SIZES, "relu", "softmax")
    coefs = [np.arange(12.0).reshape(4, 3), np.arange(6.0).reshape(3, 2)]
    intercepts = [np.array([20.0, 21, 22]), np.array([30.0, 31])]
    params = parameters_of(architecture, coefs, intercepts)
    assert params.weights[0].tolist() == coefs[0].T.tolist()
    assert [one.tolist() for one in coefs_of(params)] == [one.tolist() for one in coefs]
    assert [one.tolist() for one in intercepts_of(params)] == [one.tolist() for one in intercepts]


def made() -> Parameters:
    architecture = architecture_of(SIZES, "relu", "softmax")
    coefs = [np.ones((4, 3)), np.ones((3, 2))]
    return parameters_of(architecture, coefs, [np.ones(3), np.ones(2)])


def test_what_views_one_vector_is_that_vector_without_a_copy() -> None:
    architecture, params = architecture_of(SIZES, "relu", "softmax"), made()
    coefs, intercepts = coefs_of(params), intercepts_of(params)
    coefs[0][1, 2] = 5  # as a user may
    assert parameters_of(architecture, coefs, intercepts).vector is params.vector
    assert params.weights[0][2, 1] == 5


def test_what_views_several_vectors_is_copied() -> None:
    architecture, one, other = architecture_of(SIZES, "relu", "softmax"), made(), made()
    other.vector[...] = 7
    mixed = [coefs_of(one)[0], coefs_of(other)[1]]
    params = parameters_of(architecture, mixed, intercepts_of(one))
    assert params.vector is not one.vector
    assert params.weights[1].tolist() == np.full((2, 3), 7.0).tolist()
    swapped = [np.flip(coefs_of(one)[0], axis=0), coefs_of(one)[1]]
    assert parameters_of(architecture, swapped, intercepts_of(one)).vector is not one.vector


def test_a_fitted_estimator_shares_its_weights_with_nobody() -> None:
    network = chainrule.MLPClassifier(max_iter=2, warm_start=True)
    with pytest.warns(ConvergenceWarning):
        network.fit(np.eye(3), [0, 1, 0])
    before, kept = network._parameters().vector, network.coefs_[0].copy()
    with pytest.warns(ConvergenceWarning):
        network.fit(np.eye(3), [0, 1, 0])
    assert network._parameters().vector is not before
    assert not np.array_equal(network.coefs_[0], kept)


def test_the_types_of_the_matrices_decide_that_of_the_vector() -> None:
    architecture = architecture_of([2, 1], "relu", "identity")
    single = parameters_of(architecture, [np.ones((2, 1), "f4")], [np.ones(1, "f4")])
    assert single.vector.dtype == np.float32


@pytest.mark.parametrize(
    ("out_activation", "loss"),
    [
        ("softmax", "cross_entropy"),
        ("logistic", "binary_cross_entropy"),
        ("identity", "squared_error"),
        ("exp", "poisson"),
    ],
)
def test_scikit_learns_output_names_the_loss(out_activation: str, loss: str) -> None:
    architecture = architecture_of(SIZES, "tanh", out_activation)
    assert architecture.loss.name == loss
    assert architecture.has_canonical_loss
