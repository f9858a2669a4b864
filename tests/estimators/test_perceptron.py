"""What both estimators share: what they take, how they end, what is left afterwards."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.neural_network import MLPRegressor as TheirRegressor

import chainrule

KINDS = [chainrule.MLPClassifier, chainrule.MLPRegressor]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
each_solver = pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, y = load_iris(return_X_y=True)
NON_FINITE = (
    r"^Solver produced non-finite parameter weights\. The input data may contain large values "
    r"and need to be preprocessed\. "
)


def small(kind: Any = chainrule.MLPClassifier, **told: Any) -> Any:
    return kind(**{"hidden_layer_sizes": 6, "max_iter": 5, "random_state": 0} | told)


def exploding(**told: Any) -> Any:
    """A regressor whose steps are far too long."""
    return small(
        chainrule.MLPRegressor,
        **{"solver": "sgd", "activation": "identity", "learning_rate_init": 1, "max_iter": 20},
        **told,
    )


def interrupt_after(n_lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C when the given line of progress is printed."""
    printed: list[str] = []

    def press(line: str) -> None:
        printed.append(line)
        if len(printed) == n_lines:
            raise KeyboardInterrupt

    monkeypatch.setattr("builtins.print", press)


# What is taken.


@each_solver
@each_kind
@pytest.mark.parametrize("container", [sparse.csr_array, sparse.csc_array, sparse.csr_matrix])
def test_sparse_rows_train_as_dense_ones(
    kind: Any, solver: str, container: Callable[[Any], Any]
) -> None:
    told = {"solver": solver, "early_stopping": solver == "sgd", "batch_size": 32}
    dense, thin = small(kind, **told).fit(X, y), small(kind, **told).fit(container(X), y)
    np.testing.assert_allclose(thin.coefs_[0], dense.coefs_[0], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(thin.predict(container(X)), dense.predict(X), rtol=1e-10)


@each_kind
@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_float32_stays_float32(kind: Any, solver: str) -> None:
    network = small(kind, solver=solver).fit(X.astype(np.float32), y)
    assert {array.dtype for array in network.coefs_ + network.intercepts_} == {np.dtype("f4")}
    if kind is chainrule.MLPRegressor:
        assert network.predict(X.astype(np.float32)).dtype == np.float32


@each_kind
def test_lbfgs_ends_in_float64(kind: Any) -> None:
    network = small(kind, solver="lbfgs").fit(X.astype(np.float32), y)
    assert {array.dtype for array in network.coefs_ + network.intercepts_} == {np.dtype("f8")}


def test_predictions_follow_weights_that_are_changed_by_hand() -> None:
    network = small(chainrule.MLPRegressor).fit(X, y)
    network.coefs_[-1][...] = 0
    network.intercepts_[-1] = np.array([2.5])
    assert network.predict(X[:2]).tolist() == [2.5, 2.5]


def test_many_rows_are_predicted_in_parts_that_fit_together() -> None:
    network, rows = small(chainrule.MLPRegressor).fit(X, y), np.tile(X, (120, 1))
    np.testing.assert_allclose(network.predict(rows), np.tile(network.predict(X), 120), rtol=1e-12)


@each_kind
def test_a_batch_larger_than_the_data_is_clipped_with_a_warning(kind: Any) -> None:
    with pytest.warns(UserWarning, match=r"^Got `batch_size` less than 1 .* batch_size=1000"):
        clipped = small(kind, batch_size=1000).fit(X, y)
    assert clipped.loss_ == small(kind, batch_size=150).fit(X, y).loss_


# What is refused.


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"activation": "sigmoid"}, r"'activation' .* Got 'sigmoid' instead"),
        ({"solver": "rmsprop"}, r"'solver' .* Got 'rmsprop' instead"),
        ({"alpha": -1.0}, r"'alpha' .* Got -1\.0 instead"),
        ({"momentum": 1.5}, r"'momentum' .* Got 1\.5 instead"),
        ({"max_iter": 0}, r"'max_iter' .* Got 0 instead"),
        ({"validation_fraction": 1.0}, r"'validation_fraction' .* Got 1\.0 instead"),
        ({"n_iter_no_change": 2.5}, r"'n_iter_no_change' .* Got 2\.5 instead"),
        ({"hidden_layer_sizes": (5, 0)}, r"hidden_layer_sizes must be > 0, got \[5, 0\]"),
        ({"hidden_layer_sizes": (5.5,)}, r"hidden_layer_sizes must be whole numbers, got \[5\.5\]"),
    ],
)
@each_kind
def test_a_parameter_that_cannot_be_is_named_with_its_value(
    kind: Any, told: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        small(kind, **told).fit(X, y)


@each_kind
def test_missing_values_are_refused(kind: Any) -> None:
    with pytest.raises(ValueError, match="Input X contains NaN"):
        small(kind).fit(np.where(X > 6, np.nan, X), y)


@each_kind
def test_another_number_of_columns_is_refused(kind: Any) -> None:
    with pytest.raises(ValueError, match=r"X has 3 features, but MLP.* is expecting 4 features"):
        small(kind).fit(X, y).predict(X[:, :3])


@each_kind
def test_a_batch_whose_weights_are_all_zero_is_refused(kind: Any) -> None:
    weight, told = (np.arange(len(X)) >= 10).astype(float), {"shuffle": False, "batch_size": 10}
    for alpha in (0, 0.1):
        with pytest.raises(ValueError, match="10 samples has total sample weight 0"):
            small(kind, alpha=alpha, **told).fit(X, y, sample_weight=weight)


@each_kind
def test_an_estimator_that_learnt_nothing_predicts_nothing(kind: Any) -> None:
    with pytest.raises(NotFittedError, match="not fitted yet"):
        kind().predict(X)


@each_kind
def test_partial_fit_cannot_stop_early(kind: Any) -> None:
    network = small(kind, early_stopping=True).fit(X, y)
    with pytest.raises(ValueError, match=r"^partial_fit does not support early_stopping=True$"):
        network.partial_fit(X, y)


@each_kind
def test_a_held_out_part_of_one_sample_is_too_small(kind: Any) -> None:
    with pytest.raises(ValueError, match=r"^The validation set is too small.* 9 samples is 1\.$"):
        small(kind, early_stopping=True).fit(X[:9], np.arange(9) % 3)


# What goes on from fit to fit.


@each_kind
def test_stochastic_fits_go_on_from_the_weights_of_lbfgs(kind: Any) -> None:
    network = small(kind, solver="lbfgs", warm_start=True).fit(X, y)
    loss = network.loss_
    network.set_params(solver="adam", learning_rate_init=1e-9).fit(X, y)
    assert network.loss_ == pytest.approx(loss, rel=1e-3)
    assert len(network.loss_curve_) == network.n_iter_


@each_kind
def test_early_stopping_may_be_turned_on_between_warm_fits(kind: Any) -> None:
    network = small(kind, warm_start=True).fit(X, y)
    network.set_params(early_stopping=True).fit(X, y)
    assert len(network.validation_scores_) == 5
    assert network.best_validation_score_ == max(network.validation_scores_)
    network.set_params(early_stopping=False).fit(X, y)
    assert len(network.loss_curve_) == 15


def test_a_new_fit_forgets_the_optimizer_of_the_one_before() -> None:
    network = small().fit(X, y)
    network.set_params(solver="lbfgs", hidden_layer_sizes=3).fit(X, y)
    network.set_params(solver="sgd").partial_fit(X, y)
    assert network.coefs_[0].shape == (4, 3)


def test_another_number_of_outputs_is_refused_by_a_warm_fit() -> None:
    network = small(chainrule.MLPRegressor, warm_start=True).fit(X, y)
    with pytest.raises(ValueError, match="2 outputs does not fit the 1 of the first fit"):
        network.fit(X, np.column_stack([y, y]))


# What is printed.


@each_kind
def test_verbose_prints_an_epoch_a_line_and_why_training_ended(
    kind: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"tol": 10, "n_iter_no_change": 1, "solver": "sgd"}
    network = small(kind, verbose=True, **told).fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Iteration 1, loss = {network.loss_curve_[0]:.8f}"
    ending = "did not improve more than tol=10.000000 for 1 consecutive epochs. Stopping."
    assert lines[-1] == f"Training loss {ending}"


def test_verbose_prints_scores_and_rates_in_scikit_learns_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = {
        "solver": "sgd",
        "learning_rate": "adaptive",
        "early_stopping": True,
        "tol": 0.5,
        "n_iter_no_change": 1,
        "max_iter": 40,
        "verbose": True,
    }
    printed = []
    for kind in (TheirRegressor, chainrule.MLPRegressor):
        small(kind, **told).fit(X / 10, y)
        printed.append(capsys.readouterr().out.splitlines())
    assert any("Setting learning rate to" in line for line in printed[1])
    assert printed[1][-1].endswith("Learning rate too small. Stopping.")
    assert printed[1] == printed[0]


# How it ends.


@each_solver
@each_kind
def test_the_limit_of_epochs_is_a_convergence_warning(kind: Any, solver: str) -> None:
    message = "failed to converge" if solver == "lbfgs" else r"Maximum iterations \(5\) reached"
    with pytest.warns(ConvergenceWarning, match=message):
        small(kind, solver=solver, tol=0).fit(X, y)


@pytest.mark.parametrize("n_lines", [1, 3])
@each_solver
@each_kind
def test_interrupting_leaves_a_usable_estimator(
    kind: Any, solver: str, n_lines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt_after(n_lines, monkeypatch)
    network = small(kind, solver=solver, verbose=True, tol=0, max_iter=9)
    with pytest.warns(UserWarning, match=r"^Training interrupted by user\.$"):
        network.fit(X, y)
    assert network.n_iter_ == n_lines
    assert np.isfinite(network.loss_)
    assert network.predict(X).shape == (150,)


def test_interrupting_with_early_stopping_keeps_the_best_weights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = {"early_stopping": True, "solver": "sgd", "learning_rate_init": 0.5}
    best = small(max_iter=3, **told).fit(X, y)
    interrupt_after(5, monkeypatch)  # the first line of the third epoch, two lines an epoch
    network = small(max_iter=50, verbose=True, **told)
    with pytest.warns(UserWarning, match="interrupted"):
        network.fit(X, y)
    assert network.validation_scores_ == best.validation_scores_
    assert network.coefs_[0].tolist() == best.coefs_[0].tolist()


def test_divergence_says_where_it_began_and_what_to_try() -> None:
    network = exploding()
    where = r"The loss was not finite at step 1 of epoch \d; the last finite loss was \d\S+\. "
    remedy = r"Try a learning_rate_init below 1, or scaling the inputs and targets\.$"
    with pytest.raises(ValueError, match=NON_FINITE + where + remedy):
        network.fit(X, y)
    assert np.isfinite(network.predict(X)).all()
    assert network.n_iter_ < 20  # nothing is gained by going on


@each_kind
def test_divergence_in_a_partial_fit_is_an_error_too(kind: Any) -> None:
    network = small(kind, solver="sgd", learning_rate_init=1e200)
    classes = {"classes": [0, 1, 2]} if kind is chainrule.MLPClassifier else {}
    network.partial_fit(X, y, **classes)
    with pytest.raises(ValueError, match=NON_FINITE):
        network.partial_fit(X, y)


def test_early_stopping_carries_on_after_a_divergence_as_scikit_learn_does() -> None:
    networks = []
    for kind in (TheirRegressor, chainrule.MLPRegressor):
        ours = exploding(early_stopping=True).get_params()
        told = {name: ours[name] for name in TheirRegressor().get_params()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            networks.append(kind(**told).fit(X, y))
    expected, got = (network.validation_scores_ for network in networks)
    np.testing.assert_allclose(got, expected, rtol=1e-6)
    assert np.isnan(got[-1])
    np.testing.assert_allclose(networks[1].coefs_[0], networks[0].coefs_[0])


def test_early_stopping_tells_of_a_divergence_and_keeps_finite_weights() -> None:
    with pytest.warns(ConvergenceWarning, match=r"not finite at step 1 of epoch \d.* are finite"):
        network = exploding(early_stopping=True).fit(X, y)
    assert np.isfinite(network.predict(X)).all()


def test_a_loss_that_overflows_without_the_weights_is_a_warning() -> None:
    # Adam divides by the root of a second moment that is infinite: the weights stay where they are.
    with pytest.warns(ConvergenceWarning, match="no loss was finite before"):
        network = small(chainrule.MLPRegressor).fit(X, y * 1e160)
    assert network.loss_ == np.inf
    assert np.isfinite(network.predict(X)).all()


def test_lbfgs_warns_where_the_loss_was_never_finite() -> None:
    with pytest.warns(ConvergenceWarning, match=r"status=2\):\nThe loss was not finite"):
        network = small(chainrule.MLPRegressor, solver="lbfgs").fit(X * 1e200, y)
    assert np.isnan(network.loss_)
    assert np.isfinite(network.coefs_[0]).all()
