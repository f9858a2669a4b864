"""Parameters that may be, parameters that may not, and what is said of those."""

from inspect import signature
from typing import Any

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier as TheirClassifier
from sklearn.neural_network import MLPRegressor as TheirRegressor

from chainrule import MLPClassifier, MLPRegressor
from chainrule.functions import FUNCTIONS

X = np.linspace(-1, 1, 40).reshape(20, 2)
y = (X[:, 0] > 0).astype(int)


def classifier(**told: Any) -> MLPClassifier:
    return MLPClassifier(**{"hidden_layer_sizes": (4, 3), "max_iter": 1, **told})


@pytest.mark.parametrize(
    ("ours", "theirs"), [(MLPClassifier, TheirClassifier), (MLPRegressor, TheirRegressor)]
)
def test_scikit_learns_parameters_come_first_with_its_defaults(ours: Any, theirs: Any) -> None:
    expected = theirs().get_params()
    got = ours().get_params()
    assert {name: got[name] for name in expected} == expected
    order = list(signature(theirs).parameters)
    assert list(signature(ours).parameters)[: len(order)] == order


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"activation": "sine"}, "'activation' parameter .* Got 'sine'"),
        ({"activation": ["relu", "sine"]}, "activation 'sine'.*relu"),
        ({"activation": ["relu"]}, r"activation=\['relu'\] has 1 names for 2 hidden layers"),
        ({"dropout": 1.0}, r"'dropout' parameter .* \[0.0, 1.0\).* Got 1.0"),
        ({"dropout": ("a", "b")}, r"dropout=\('a', 'b'\) must be made of numbers"),
        ({"dropout": [0.1, 1.0]}, r"dropout=\[0.1, 1.0\] .* not in \[0, 1\)"),
        ({"dropout": [0.1]}, r"dropout=\[0.1\] has 1 rates for 2 hidden layers"),
        ({"clip_norm": 1.0, "clip_value": 2.0}, "clip_norm=1.0 and clip_value=2.0 exclude"),
        ({"clip_norm": 0.0}, "'clip_norm' parameter .* Got 0.0"),
        ({"weight_decay": 0.1, "solver": "sgd"}, "weight_decay=0.1 needs solver='adam', got 'sgd'"),
        ({"warm_up": 3}, "warm_up=3 needs learning_rate='cosine', got 'constant'"),
        ({"warm_up": 3, "learning_rate": "cosine"}, "warm_up=3 must be below max_iter=1"),
        ({"dropout": 0.5, "solver": "lbfgs"}, "dropout=0.5 has no meaning for solver='lbfgs'"),
        ({"clip_norm": 1, "solver": "lbfgs"}, "clip_norm=1 has no meaning for solver='lbfgs'"),
        ({"clip_value": 1, "solver": "lbfgs"}, "clip_value=1 has no meaning for solver='lbfgs'"),
        ({"scoring": "beauty"}, "'scoring' parameter .* Got 'beauty'"),
        ({"restore_best": 2}, "'restore_best' parameter .* Got 2"),
        ({"engine": "steam"}, "'engine' parameter .* Got 'steam'"),
        ({"n_threads": 0}, "'n_threads' parameter .* Got 0"),
        ({"class_weight": "even"}, "'class_weight' parameter .* Got 'even'"),
        ({"class_weight": {0: -1.0}}, r"class_weight=\{0: -1.0\} .* not negative"),
        ({"label_smoothing": 1.0}, "'label_smoothing' parameter .* Got 1.0"),
    ],
)
def test_what_may_not_be_is_refused_by_its_name_and_value(
    told: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        classifier(**told).fit(X, y)


@pytest.mark.parametrize("sizes", [((5, 3), 2), True, (True,), ("a",), (None,), [[4], [3]]])
def test_a_width_that_is_no_number_is_refused(sizes: Any) -> None:
    with pytest.raises(ValueError, match="hidden_layer_sizes"):
        classifier(hidden_layer_sizes=sizes).fit(X, y)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"delta": 2.0}, "delta=2.0 needs loss='huber', got 'squared_error'"),
        ({"quantile": 0.9}, "quantile=0.9 needs loss='quantile', got 'squared_error'"),
        ({"loss": "huber", "delta": 0.0}, "'delta' parameter .* Got 0.0"),
        ({"loss": "quantile", "quantile": 1.0}, "'quantile' parameter .* Got 1.0"),
    ],
)
def test_a_loss_is_given_only_parameters_that_it_can_have(
    told: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        MLPRegressor(**told).fit(X, y)


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_activation_can_be_that_of_one_layer(name: str) -> None:
    network = classifier(activation=("tanh", name)).fit(X, y)
    hidden = network._architecture().hidden
    assert [function.name for function in hidden] == ["tanh", name]


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_a_rate_of_dropout_can_be_given_for_each_layer() -> None:
    one, each, other = (
        classifier(dropout=rates, random_state=0).fit(X, y)
        for rates in (0.5, (0.5, 0.5), (0.5, 0.0))
    )
    np.testing.assert_array_equal(one.coefs_[0], each.coefs_[0])
    assert not np.array_equal(one.coefs_[0], other.coefs_[0])


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_a_network_that_drops_nothing_is_that_of_scikit_learn() -> None:
    plain, zeros = (
        classifier(dropout=rates, random_state=0).fit(X, y) for rates in (0.0, (0.0, 0.0))
    )
    np.testing.assert_array_equal(plain.coefs_[0], zeros.coefs_[0])
