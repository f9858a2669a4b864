"""What only the regressor has: numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.datasets import load_diabetes
from sklearn.exceptions import DataConversionWarning

from chainrule import MLPRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, y = load_diabetes(return_X_y=True)


def small(**told: Any) -> Any:
    return MLPRegressor(**{"hidden_layer_sizes": 6, "max_iter": 5, "random_state": 0} | told)


def test_the_loss_is_the_first_parameter_by_position() -> None:
    assert MLPRegressor("poisson").loss == "poisson"


def test_an_unknown_loss_is_named() -> None:
    with pytest.raises(ValueError, match=r"'loss' parameter of MLPRegressor .*Got 'hinge' "):
        small(loss="hinge").fit(X, y)


def test_the_poisson_loss_predicts_positive_numbers() -> None:
    network = small(loss="poisson").fit(X, y)
    assert network.out_activation_ == "exp"
    assert (network.predict(X) > 0).all()


def test_the_poisson_loss_refuses_negative_targets() -> None:
    with pytest.raises(ValueError, match=r"^loss='poisson' needs y >= 0, .* is -1\.0$"):
        small(loss="poisson").fit(X, np.where(y == y[7], -1, y))


def test_one_output_is_predicted_as_a_vector_and_several_as_columns() -> None:
    assert small().fit(X, y).predict(X).shape == (442,)
    assert small().fit(X, np.column_stack([y, -y])).predict(X).shape == (442, 2)


def test_a_column_of_targets_is_flattened_with_a_warning() -> None:
    with pytest.warns(DataConversionWarning, match="column-vector y"):
        network = small().fit(X, y[:, np.newaxis])
    assert network.predict(X).shape == (442,)


def test_words_are_refused_as_targets() -> None:
    with pytest.raises(ValueError, match="could not convert string to float"):
        small().fit(X[:2], ["much", "little"])


def test_partial_fit_has_no_classes() -> None:
    with pytest.raises(TypeError, match="classes"):
        small().partial_fit(X, y, classes=[1])


def test_early_stopping_scores_r_squared() -> None:
    network = small(early_stopping=True, learning_rate_init=0.1, max_iter=50).fit(X, y)
    assert len(network.validation_scores_) == network.n_iter_
    assert 0 < network.best_validation_score_ < 1
    assert network.best_validation_score_ == max(network.validation_scores_)


def test_the_losses_are_those_of_their_formulas() -> None:
    told: dict[str, Any] = {"max_iter": 1, "alpha": 0.0, "learning_rate_init": 1e-30}
    formulas: dict[str, Callable[[Any], Any]] = {
        "absolute_error": np.abs,
        "huber": lambda r: np.where(np.abs(r) > 0.3, 0.3 * (np.abs(r) - 0.15), r**2 / 2),
        "quantile": lambda r: np.where(r > 0, 0.1 * r, -0.9 * r),
    }
    for loss, formula in formulas.items():
        own = {"huber": {"delta": 0.3}, "quantile": {"quantile": 0.9}}.get(loss, {})
        network = small(loss=loss, **own, **told).fit(X, y)
        residual = network.predict(X) - y
        assert network.loss_ == pytest.approx(formula(residual).mean(), rel=1e-9), loss


def test_sparse_targets_are_those_that_they_stand_for() -> None:
    Y = np.where(np.arange(len(y))[:, None] % 3 == 0, y[:, None], [[0.0, 1.0]])
    plain, sparse = (small().fit(X, targets) for targets in (Y, csr_array(Y)))
    np.testing.assert_array_equal(plain.coefs_[0], sparse.coefs_[0])
