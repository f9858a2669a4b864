"""The estimators among scikit-learn's own tools."""

import inspect
import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn import neural_network as theirs
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_iris
from sklearn.inspection import permutation_importance
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_html_repr, get_tags
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn_cases import Case

import chainrule

KINDS = {
    chainrule.MLPClassifier: theirs.MLPClassifier,
    chainrule.MLPRegressor: theirs.MLPRegressor,
}
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)

pytestmark = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning",
    "ignore::sklearn.exceptions.SkipTestWarning",
    "ignore::sklearn.exceptions.DataConversionWarning",
)

X, y = load_iris(return_X_y=True)


def small(kind: Any = chainrule.MLPClassifier, **told: Any) -> Any:
    return kind(**{"hidden_layer_sizes": 8, "max_iter": 60, "random_state": 0} | told)


def scaled(**told: Any) -> Any:
    return make_pipeline(StandardScaler(), small(learning_rate_init=0.02, **told))


@parametrize_with_checks([kind(max_iter=20) for kind in KINDS])  # type: ignore[untyped-decorator]
def test_every_check_of_scikit_learn_passes(estimator: Any, check: Any) -> None:
    check(estimator)


@each_kind
def test_the_parameters_begin_with_those_of_scikit_learn_in_order_and_with_defaults(
    kind: Any,
) -> None:
    expected = kind_parameters(KINDS[kind])
    assert kind_parameters(kind)[: len(expected)] == expected


def kind_parameters(kind: Any) -> list[tuple[str, object, object]]:
    signature = inspect.signature(kind).parameters.values()
    return [(one.name, one.default, one.kind) for one in signature]


@each_kind
@pytest.mark.parametrize("early_stopping", [True, False])
@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_the_fitted_attributes_are_those_of_scikit_learn_and_one_more(
    kind: Any, solver: str, early_stopping: bool
) -> None:
    told = {"solver": solver, "early_stopping": early_stopping, "max_iter": 3}
    networks = [small(one, **told).fit(X, y) for one in (KINDS[kind], kind)]
    expected, got = ({name for name in vars(one) if name.endswith("_")} for one in networks)
    assert got == expected | (set() if solver == "lbfgs" else {"validation_loss_curve_"})
    for name in expected - {"coefs_", "intercepts_"}:
        assert np.shape(getattr(networks[0], name)) == np.shape(getattr(networks[1], name)), name


@each_kind
def test_the_tags_are_those_of_scikit_learn(kind: Any) -> None:
    assert get_tags(kind()) == get_tags(KINDS[kind]())


def test_a_grid_is_searched_over_a_pipeline() -> None:
    grid = {"mlpclassifier__alpha": [1e-4, 1e3]}
    search = GridSearchCV(scaled(), grid, cv=3).fit(X, y)
    assert search.best_params_ == {"mlpclassifier__alpha": 1e-4}
    assert search.best_score_ > 0.9


def test_probabilities_are_calibrated() -> None:
    model = CalibratedClassifierCV(scaled(), cv=3).fit(X, y)
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)
    assert model.score(X, y) > 0.9


def test_folds_are_scored_in_two_processes_as_in_one() -> None:
    alone, together = (cross_val_score(scaled(), X, y, cv=2, n_jobs=n) for n in (1, 2))
    assert alone.tolist() == together.tolist()


def test_permuting_a_column_that_matters_costs_more() -> None:
    table = np.column_stack([X[:, 2], np.random.RandomState(0).normal(size=len(X))])
    model = scaled().fit(table, y)
    importances = permutation_importance(model, table, y, random_state=0).importances_mean
    assert importances[0] > 0.3 > importances[1]


@each_kind
def test_a_clone_has_the_parameters_and_nothing_learnt(kind: Any) -> None:
    network = small(kind, activation="tanh", max_iter=2).fit(X, y)
    copy = clone(network)
    assert copy.get_params() == network.get_params()
    assert not hasattr(copy, "coefs_")


@each_kind
def test_a_pickled_estimator_predicts_and_trains_on_as_the_original(kind: Any) -> None:
    network = small(kind, max_iter=2).fit(X, y)
    copy = pickle.loads(pickle.dumps(network))
    assert copy.predict(X).tolist() == network.predict(X).tolist()
    for one in (network, copy):
        one.partial_fit(X, y)
    assert copy.coefs_[0].tolist() == network.coefs_[0].tolist()


def test_an_estimator_shows_itself_in_text_and_html() -> None:
    network = chainrule.MLPClassifier(alpha=0.5)
    assert repr(network) == "MLPClassifier(alpha=0.5)"
    assert "MLPClassifier" in estimator_html_repr(network)


def test_the_names_of_columns_are_kept_and_held_to() -> None:
    table = pd.DataFrame(X, columns=["a", "b", "c", "d"])
    network = small(max_iter=2, early_stopping=True).fit(table, y)
    assert network.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="feature names"):
        network.predict(table[["d", "c", "b", "a"]])


def test_a_step_that_gives_frames_hands_its_names_on() -> None:
    model = scaled(max_iter=2).set_output(transform="pandas")
    model.fit(pd.DataFrame(X, columns=["a", "b", "c", "d"]), y)
    assert model[-1].feature_names_in_.tolist() == ["a", "b", "c", "d"]


@each_kind
def test_sample_weights_are_routed_to_fit(kind: Any) -> None:
    case = Case("binary", weighted=True)
    with sklearn.config_context(enable_metadata_routing=True):
        network = small(kind, max_iter=5).set_fit_request(sample_weight=True)
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        model = make_pipeline(scaler, network)
        model.fit(case.inputs, case.target, sample_weight=case.sample_weight)
    rows = StandardScaler().fit_transform(case.inputs)
    alone = small(kind, max_iter=5).fit(rows, case.target, sample_weight=case.sample_weight)
    assert network.loss_ == alone.loss_
    assert network.loss_ != small(kind, max_iter=5).fit(rows, case.target).loss_


@each_kind
def test_what_can_be_routed_is_what_scikit_learn_routes_and_two_more_to_fit(kind: Any) -> None:
    expected, got = (one().get_metadata_routing() for one in (KINDS[kind], kind))
    for method in ("partial_fit", "score"):
        assert getattr(got, method).requests == getattr(expected, method).requests, method
    more = {"validation_data": None, "resume_from": None}
    assert got.fit.requests == expected.fit.requests | more
