"""Between scikit-learn's matrices and the vector."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from chainrule.arrays import Array
from chainrule.estimators.weights import (
    architecture_of,
    coefs_of,
    first_parameters,
    intercepts_of,
    parameters_of,
)

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


def test_the_matrices_share_no_memory_with_the_vector() -> None:
    architecture = architecture_of(SIZES, "relu", "softmax")
    params = parameters_of(
        architecture, [np.ones((4, 3)), np.ones((3, 2))], [np.ones(3), np.ones(2)]
    )
    for array in coefs_of(params) + intercepts_of(params):
        array[...] = 5
        assert array.flags.c_contiguous
    assert params.vector.tolist() == [1] * params.vector.size


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
