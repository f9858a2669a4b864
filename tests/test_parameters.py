"""Parameters: one vector, its layout, its views, and scikit-learn's first draws."""

import copy
import pickle
import warnings
from itertools import product

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

from chainrule import Network
from chainrule.errors import SpecificationError
from chainrule.network import Architecture
from chainrule.parameters import Parameters, initial_parameters

NET = Architecture.of([2, 3, 1], output="identity")
BARE = Architecture.of([2, 3, 1], output="identity", bias=False)


def test_the_vector_holds_each_layer_row_by_row_and_then_its_biases() -> None:
    params = Parameters.over(NET, np.arange(13.0))
    assert params.weights[0].tolist() == [[0, 1], [2, 3], [4, 5]]
    assert params.biases[0] is not None
    assert params.biases[0].tolist() == [6, 7, 8]
    assert params.weights[1].tolist() == [[9, 10, 11]]
    assert params.biases[1] is not None
    assert params.biases[1].tolist() == [12]


def test_without_biases_there_are_weights_alone() -> None:
    params = Parameters.over(BARE, np.arange(9.0))
    assert params.weights[1].tolist() == [[6, 7, 8]]
    assert params.biases == (None, None)


def test_weights_and_biases_are_views_into_the_vector() -> None:
    params = Parameters.over(NET, np.zeros(13))
    params.weights[1][0, 2] = 5
    assert params.vector[11] == 5
    params.vector[7] = 3
    assert params.biases[0] is not None
    assert params.biases[0][1] == 3
    assert all(np.shares_memory(params.vector, W) for W in params.weights)


def test_a_copy_is_of_its_own_and_has_views_of_its_own() -> None:
    params = Parameters.over(NET, np.arange(13.0))
    for other in (params.copy(), copy.copy(params), copy.deepcopy(params)):
        other.vector[0] = 99
        assert other.weights[0][0, 0] == 99
    assert params.copy().vector is not params.vector
    assert copy.deepcopy(params).vector is not params.vector
    pickled = pickle.loads(pickle.dumps(params))
    pickled.vector[12] = -1
    assert pickled.biases[1].tolist() == [-1]


def test_a_view_like_another_copies_nothing() -> None:
    params = Parameters.over(NET, np.arange(13.0))
    vector = np.zeros(13)
    other = params.like(vector)
    assert other.vector is vector
    assert np.shares_memory(other.weights[1], vector)
    assert [W.shape for W in other.weights] == [W.shape for W in params.weights]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_zeros_have_the_same_layout_and_type(dtype: type) -> None:
    zeros = Parameters.over(BARE, np.arange(9, dtype=dtype)).zeros()
    assert zeros.vector.dtype == dtype
    assert not zeros.vector.any()
    assert zeros.biases == (None, None)


@pytest.mark.parametrize(("length", "shown"), [(12, "12"), (14, "14"), (0, "0")])
def test_a_vector_of_another_length_is_refused(length: int, shown: str) -> None:
    with pytest.raises(SpecificationError, match=f"^{shown} numbers do not fit 13 parameters$"):
        Parameters.over(NET, np.zeros(length))


def test_a_matrix_is_no_vector() -> None:
    with pytest.raises(SpecificationError, match="1 × 13 numbers do not fit 13 parameters"):
        Parameters.over(NET, np.zeros((1, 13)))


@pytest.mark.parametrize(
    ("hidden", "sizes"),
    # Without hidden layers there is no activation, and scikit-learn's must be its default.
    [*product(["logistic", "tanh", "relu", "identity"], [(4,), (5, 3)]), ("relu", ())],
)
@pytest.mark.parametrize("seed", [0, 7])
def test_first_parameters_are_those_that_scikit_learn_draws(
    hidden: str, sizes: tuple[int, ...], seed: int
) -> None:
    # With a learning rate of next to nothing, what is fitted is what was drawn.
    X, T = np.ones((2, 6)), np.array([0.0, 1.0])
    theirs = MLPRegressor(
        hidden_layer_sizes=sizes,
        activation=hidden,
        solver="sgd",
        learning_rate_init=1e-300,
        max_iter=1,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        theirs.fit(X, T)
    net = Architecture.of([6, *sizes, 1], hidden=hidden, output="identity")
    ours = initial_parameters(net, np.random.RandomState(seed))
    for W, coefs in zip(ours.weights, theirs.coefs_, strict=True):
        assert np.array_equal(W, coefs.T)
    for b, intercepts in zip(ours.biases, theirs.intercepts_, strict=True):
        assert b is not None
        assert np.array_equal(b, intercepts)


def test_a_classifier_of_scikit_learn_in_float32_starts_at_the_same_numbers() -> None:
    X, labels = np.eye(6, dtype=np.float32), np.array([0, 1, 2, 0, 1, 2])
    theirs = MLPClassifier(
        hidden_layer_sizes=(5,),
        activation="relu",
        solver="sgd",
        learning_rate_init=1e-30,
        max_iter=1,
        random_state=3,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        theirs.fit(X, labels)
    ours = Network([6, 5, 3]).init(seed=3, dtype=np.float32)
    for W, coefs in zip(ours.weights, theirs.coefs_, strict=True):
        assert W.dtype == coefs.dtype == np.float32
        assert np.array_equal(W, coefs.T)


def test_the_same_seed_gives_the_same_parameters_and_another_seed_others() -> None:
    first, again, other = (Network([4, 3, 2]).init(seed=seed).vector for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_float32_parameters_are_the_same_draws_rounded() -> None:
    double, single = (Network([4, 3, 2]).init(dtype=d).vector for d in (np.float64, np.float32))
    assert single.dtype == np.float32
    assert np.array_equal(double.astype(np.float32), single)


def test_bounds_follow_the_activation_of_each_layer() -> None:
    net = Architecture.of([50, 40, 30, 20], hidden=["logistic", "tanh"], bias=False)
    params = initial_parameters(net, np.random.RandomState(0))
    largest = [np.abs(W).max() for W in params.weights]
    bounds = [(2 / 90) ** 0.5, (6 / 70) ** 0.5, (6 / 50) ** 0.5]
    assert all(b * 0.98 < a <= b for a, b in zip(largest, bounds, strict=True))


def test_a_type_that_is_neither_float64_nor_float32_is_refused() -> None:
    with pytest.raises(SpecificationError, match="dtype must be float64 or float32, got int64"):
        Network([4, 2]).init(dtype=np.int64)
