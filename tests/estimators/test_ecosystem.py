"""In the place of scikit-learn's networks within its other estimators: the same answers."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn import neural_network as theirs
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor, make_column_transformer
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    BaggingRegressor,
    StackingClassifier,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.frozen import FrozenEstimator
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    RandomizedSearchCV,
    TunedThresholdClassifierCV,
    cross_val_predict,
    cross_validate,
    learning_curve,
    validation_curve,
)
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, StandardScaler
from sklearn.semi_supervised import SelfTrainingClassifier
from sklearn.utils.parallel import Parallel, delayed

import chainrule

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

NAMES = ["radius", "texture", "perimeter", "area"]
TABLE = pd.DataFrame(
    StandardScaler().fit_transform(load_breast_cancer().data[:120, :4]), columns=NAMES
)
SICK = pd.Series(np.array(["benign", "malignant"])[1 - load_breast_cancer().target[:120]])
GRADES = np.digitize(TABLE["radius"], [-0.5, 0.5])
PATIENTS, PROGRESS = (part[:120] for part in load_diabetes(return_X_y=True, as_frame=True))
PROGRESS = (PROGRESS - 150) / 80


def classifier(module: Any, **told: Any) -> Any:
    return module.MLPClassifier(
        **{"hidden_layer_sizes": 4, "max_iter": 8, "random_state": 0} | told
    )


def regressor(module: Any, **told: Any) -> Any:
    return module.MLPRegressor(**{"hidden_layer_sizes": 4, "max_iter": 8, "random_state": 0} | told)


Maker = Callable[[Any], Any]

CLASSIFIERS: dict[str, Maker] = {
    "a pipeline": lambda m: make_pipeline(MinMaxScaler(), classifier(m)),
    "a grid": lambda m: GridSearchCV(classifier(m), {"alpha": [1e-4, 10.0]}, cv=2),
    "a random search": lambda m: RandomizedSearchCV(
        classifier(m), {"activation": ["tanh", "relu"]}, n_iter=2, cv=2, random_state=0
    ),
    "calibration": lambda m: CalibratedClassifierCV(classifier(m), cv=2),
    "calibration of a frozen one": lambda m: CalibratedClassifierCV(
        FrozenEstimator(classifier(m).fit(TABLE, SICK))
    ),
    "bagging": lambda m: BaggingClassifier(classifier(m), 3, random_state=0),
    "boosting": lambda m: AdaBoostClassifier(classifier(m), n_estimators=3, random_state=0),
    "voting": lambda m: VotingClassifier(
        [("a", classifier(m)), ("b", LogisticRegression())], voting="soft"
    ),
    "stacking": lambda m: StackingClassifier([("a", classifier(m))], cv=2),
    "a chosen threshold": lambda m: FixedThresholdClassifier(
        classifier(m), threshold=0.3, pos_label="malignant"
    ),
    "a tuned threshold": lambda m: TunedThresholdClassifierCV(classifier(m), cv=2, random_state=0),
    "self-training": lambda m: SelfTrainingClassifier(classifier(m), max_iter=2),
    "one against the rest": lambda m: OneVsRestClassifier(classifier(m)),
    "one against one": lambda m: OneVsOneClassifier(classifier(m)),
    "early stopping": lambda m: classifier(m, early_stopping=True),
}
REGRESSORS: dict[str, Maker] = {
    "a scaled target": lambda m: TransformedTargetRegressor(
        regressor(m), transformer=StandardScaler()
    ),
    "bagging": lambda m: BaggingRegressor(regressor(m), 3, random_state=0),
    "voting": lambda m: VotingRegressor([("a", regressor(m)), ("b", regressor(m, alpha=1.0))]),
    "a grid": lambda m: GridSearchCV(regressor(m), {"solver": ["adam", "sgd"]}, cv=2),
}


def answers(model: Any, rows: Any) -> tuple[list[Any], Any]:
    given = getattr(model, "predict_proba", getattr(model, "decision_function", model.predict))
    return np.asarray(model.predict(rows)).tolist(), given(rows)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_composite_of_ours_classifies_as_one_of_theirs(name: str) -> None:
    y: Any = SICK.where(SICK.index % 3 > 0, "unknown") if name.startswith("one ") else SICK
    if name == "self-training":
        y = np.where(np.arange(120) % 3 > 0, (SICK == "benign").astype(int), -1)
    expected, found = (
        answers(CLASSIFIERS[name](module).fit(TABLE, y), TABLE) for module in (theirs, chainrule)
    )
    assert found[0] == expected[0]
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", REGRESSORS)
def test_a_composite_of_ours_predicts_as_one_of_theirs(name: str) -> None:
    expected, found = (
        REGRESSORS[name](module).fit(PATIENTS, PROGRESS).predict(PATIENTS)
        for module in (theirs, chainrule)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-7)


@pytest.mark.parametrize("wrapper", [MultiOutputClassifier, ClassifierChain])
def test_several_targets_are_classified_one_by_one_as_by_theirs(wrapper: Any) -> None:
    targets = np.column_stack([GRADES > 0, GRADES > 1]).astype(int)
    expected, found = (
        wrapper(classifier(module)).fit(TABLE, targets).predict(TABLE)
        for module in (theirs, chainrule)
    )
    assert found.tolist() == expected.tolist()


def test_several_targets_are_predicted_one_by_one_as_by_theirs() -> None:
    targets = np.column_stack([PROGRESS, -PROGRESS])
    expected, found = (
        MultiOutputRegressor(regressor(module)).fit(PATIENTS, targets).predict(PATIENTS)
        for module in (theirs, chainrule)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-7)


CURVES: dict[str, Callable[[Any], Any]] = {
    "cross_validate": lambda model: cross_validate(
        model, TABLE, GRADES, cv=3, scoring=["accuracy", "neg_log_loss"]
    )["test_neg_log_loss"],
    "cross_val_predict": lambda model: cross_val_predict(
        model, TABLE, GRADES, cv=3, method="predict_log_proba"
    ),
    "learning_curve": lambda model: learning_curve(model, TABLE, GRADES, cv=3)[2],
    "learning_curve by parts": lambda model: learning_curve(
        model, TABLE, GRADES, cv=3, exploit_incremental_learning=True
    )[1],
    "validation_curve": lambda model: validation_curve(
        model, TABLE, GRADES, param_name="alpha", param_range=[0.1, 10], cv=3
    )[0],
    "permutation_importance": lambda model: (
        permutation_importance(
            model.fit(TABLE, GRADES), TABLE, GRADES, n_repeats=2, random_state=0
        ).importances
    ),
    "partial_dependence": lambda model: partial_dependence(
        model.fit(TABLE, SICK), TABLE, ["radius"], grid_resolution=4
    )["average"],
}


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_of_ours_is_that_of_theirs(name: str) -> None:
    expected, found = (CURVES[name](classifier(module)) for module in (theirs, chainrule))
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-9)


def test_an_estimator_crosses_to_another_process_and_back() -> None:
    told = Parallel(n_jobs=2)(
        delayed(classifier(chainrule, alpha=alpha).fit)(TABLE, SICK) for alpha in (0.1, 10)
    )
    for network, alpha in zip(told, (0.1, 10), strict=True):
        alone = classifier(chainrule, alpha=alpha).fit(TABLE, SICK)
        assert network.predict_proba(TABLE).tolist() == alone.predict_proba(TABLE).tolist()


# Weights and their routing.


def test_a_search_over_a_pipeline_routes_weights_to_the_network() -> None:
    weight, models = np.linspace(0.5, 3, 120), []
    with sklearn.config_context(enable_metadata_routing=True):
        for module in (theirs, chainrule):
            network = classifier(module).set_fit_request(sample_weight=True)
            network.set_score_request(sample_weight=True)
            scaler = StandardScaler().set_fit_request(sample_weight=False)
            grid = {"mlpclassifier__alpha": [1e-3, 10]}
            search = GridSearchCV(make_pipeline(scaler, network), grid, cv=2)
            models.append(search.fit(TABLE, SICK, sample_weight=weight))
    scores = [model.cv_results_["mean_test_score"] for model in models]
    np.testing.assert_allclose(scores[1], scores[0])
    losses = [model.best_estimator_[-1].loss_ for model in models]
    assert losses[1] == pytest.approx(losses[0], rel=1e-9)
    alone = clone(models[1].best_estimator_[-1])
    rows = StandardScaler().fit_transform(TABLE)
    assert losses[1] == alone.fit(rows, SICK, sample_weight=weight).loss_
    assert losses[1] != alone.fit(rows, SICK).loss_


def test_weights_that_nobody_asked_for_are_refused_in_a_pipeline() -> None:
    with sklearn.config_context(enable_metadata_routing=True):
        pipeline = make_pipeline(StandardScaler(), classifier(chainrule))
        with pytest.raises(ValueError, match=r"sample_weight.* are passed but are not explicitly"):
            pipeline.fit(TABLE, SICK, sample_weight=np.ones(120))


# Frames.


def frames(library: str) -> tuple[Any, Any]:
    """The table as a frame of a library, and the target as a series of it."""
    if library == "pandas":
        return TABLE, SICK
    polars = pytest.importorskip("polars", reason="polars is not installed")
    return polars.DataFrame(TABLE.to_dict("list")), polars.Series(SICK.tolist())


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_gives_its_names_and_is_held_to_them(library: str) -> None:
    X, y = frames(library)
    network = classifier(chainrule).fit(X, y)
    assert network.feature_names_in_.tolist() == NAMES
    assert network.classes_.tolist() == ["benign", "malignant"]
    alone = classifier(chainrule).fit(TABLE.to_numpy(), SICK.to_numpy())
    assert network.predict(X).tolist() == alone.predict(TABLE.to_numpy()).tolist()
    with pytest.raises(ValueError, match="in the same order as they were in fit"):
        network.predict(X[NAMES[::-1]])
    with pytest.raises(
        ValueError, match="Feature names seen at fit time, yet now missing:\n- area"
    ):
        network.predict(X[NAMES[:3]])
    with pytest.warns(UserWarning, match="X does not have valid feature names"):
        network.predict(TABLE.to_numpy())


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_of_targets_gives_columns_of_predictions(library: str) -> None:
    X, _ = frames(library)
    targets = X[NAMES[:2]]
    network = regressor(chainrule).fit(X, targets)
    alone = regressor(chainrule).fit(TABLE.to_numpy(), TABLE[NAMES[:2]].to_numpy())
    assert network.predict(X).tolist() == alone.predict(TABLE.to_numpy()).tolist()


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_steps_that_give_frames_hand_names_to_the_network(library: str) -> None:
    X, y = frames(library)
    model = make_pipeline(StandardScaler(), FunctionTransformer(), classifier(chainrule))
    model.set_output(transform=library).fit(X, y)
    assert model[-1].feature_names_in_.tolist() == NAMES
    # The step before makes the same frame of the same rows, so nothing warns.
    assert len(model.predict(X)) == 120


def test_mixed_columns_are_encoded_before_the_network() -> None:
    table = TABLE.assign(kind=np.array(["a", "b", "c"])[np.arange(120) % 3])
    encoded = make_column_transformer(
        (OneHotEncoder(), ["kind"]), remainder="passthrough", sparse_threshold=1
    )
    expected, found = (
        make_pipeline(encoded, classifier(module)).fit(table, SICK).predict_proba(table)
        for module in (theirs, chainrule)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-7)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_the_names_of_a_frame_are_saved(library: str, tmp_path: Any) -> None:
    X, y = frames(library)
    network = classifier(chainrule).fit(X, y)
    chainrule.save(network, tmp_path / "network")
    again = chainrule.load(tmp_path / "network")
    assert again.feature_names_in_.tolist() == NAMES
    with warnings.catch_warnings(action="error"):
        assert again.predict(X).tolist() == network.predict(X).tolist()
