"""A description of an estimator gives it back, or says why not."""

import json
import warnings
from copy import deepcopy
from dataclasses import is_dataclass
from typing import Any

import numpy as np
import pytest
import sklearn
from hypothesis import given
from hypothesis import strategies as st
from saved_estimators import CASES, CODES, SEVERAL, Case, X, fitted
from sklearn.callback import ProgressBar

import chainrule
from chainrule import training
from chainrule.arrays import Array
from chainrule.dropout import Dropout
from chainrule.errors import ModelFileError
from chainrule.estimators import saved
from chainrule.estimators.recipes import Optimizer
from chainrule.estimators.saved import _PARTS, estimator_from_record, estimator_to_record
from chainrule.training import (
    Adam,
    Adaptive,
    ClipNorm,
    ClipValue,
    Constant,
    Cosine,
    GradientDescent,
    InverseScaling,
    OneCycle,
    SolverState,
    StoppingState,
)

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
each_case = pytest.mark.parametrize("name", CASES)
KINDS = [chainrule.MLPClassifier, chainrule.MLPRegressor]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def there_and_back(estimator: Any) -> Any:
    record, tensors = estimator_to_record(estimator)
    text = json.dumps(record, allow_nan=False)
    return estimator_from_record(json.loads(text), deepcopy(tensors))


def dense(answers: Any) -> Any:
    return answers.toarray() if hasattr(answers, "toarray") else answers


def assert_same(one: Any, other: Any) -> None:
    """Hold two values to be of one type and equal to the bit."""
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert list(one) == list(other)
        for name in one:
            assert_same(one[name], other[name])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for mine, theirs in zip(one, other, strict=True):
            assert_same(mine, theirs)
    elif isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        assert repr(one.tolist()) == repr(other.tolist())
    elif isinstance(one, np.random.RandomState):
        assert_same(one.get_state(), other.get_state())
    elif hasattr(one, "__dict__"):
        assert_same(vars(one), vars(other))
    else:
        assert repr(one) == repr(other)


@each_case
def test_everything_that_an_estimator_has_comes_back(name: str) -> None:
    estimator = CASES[name]().estimator
    again = there_and_back(estimator)
    assert set(vars(again)) == set(vars(estimator))
    for attribute, value in vars(estimator).items():
        assert_same(vars(again)[attribute], value)


@each_case
def test_it_predicts_bit_for_bit_as_the_original(name: str) -> None:
    case = CASES[name]()
    again = there_and_back(case.estimator)
    for method in ("predict", "predict_proba"):
        if hasattr(again, method):
            expected, found = (getattr(one, method)(case.X) for one in (case.estimator, again))
            assert type(found) is type(expected)
            assert found.dtype == expected.dtype
            assert dense(found).tolist() == dense(expected).tolist()


@each_case
def test_it_trains_on_bit_for_bit_as_the_original(name: str) -> None:
    case = CASES[name]()
    case.estimator.set_params(early_stopping=False, solver=_stochastic(case.estimator.solver))
    again = there_and_back(case.estimator)
    for one in (case.estimator, again):
        one.partial_fit(case.X, case.y).partial_fit(case.X, case.y)
    assert_same(again.coefs_, case.estimator.coefs_)
    assert again.loss_curve_ == case.estimator.loss_curve_


def _stochastic(solver: str) -> str:
    return "adam" if solver == "lbfgs" else solver


@each_kind
@pytest.mark.parametrize("told", [{}, {"early_stopping": True}, {"solver": "lbfgs"}], ids=str)
def test_a_warm_start_goes_on_bit_for_bit(kind: Any, told: dict[str, Any]) -> None:
    original = fitted(kind, X, CODES, warm_start=True, **told).estimator
    again = there_and_back(original)
    for one in (original, again):
        one.fit(X, CODES)
    for attribute in vars(original):
        assert_same(getattr(again, attribute), getattr(original, attribute))


@each_kind
def test_an_estimator_that_is_not_fitted_comes_back_with_its_parameters(kind: Any) -> None:
    original = kind(hidden_layer_sizes=(5, np.int64(3)), alpha=np.float32(0.1), tol=0.5)
    again = there_and_back(original)
    assert_same(again.get_params(), original.get_params())
    assert set(vars(again)) == set(vars(original))
    again.fit(X, CODES)


def test_parameters_without_meaning_come_back_too_and_are_refused_by_fit() -> None:
    told: dict[str, Any] = {"alpha": "much", "solver": {"a": (1, None)}}
    again = there_and_back(chainrule.MLPClassifier(**told))
    assert again.alpha == "much"
    assert again.solver == {"a": (1, None)}
    with pytest.raises(ValueError, match=r"'alpha' parameter .* Got 'much'"):
        again.fit(X, CODES)


def test_parameters_and_attributes_that_are_added_later_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Later(chainrule.MLPRegressor):  # type: ignore[misc]
        def __init__(self, loss: str = "squared_error", *, shares: Any = None) -> None:
            super().__init__(loss, hidden_layer_sizes=3, max_iter=2, random_state=0)
            self.shares = shares

        def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
            super().fit(X, y, sample_weight)
            self.spread_, self._order = np.float32(0.5), {0: [y[:2], None]}
            return self

    monkeypatch.setattr(saved, "ESTIMATORS", {"Later": Later})
    shares = {np.int64(0): (0.1, 0.9), "rest": np.arange(3)}
    original = Later(shares=shares).fit(X, X[:, 0])
    again = there_and_back(original)
    assert type(again) is Later
    assert_same(vars(again), {name: vars(original)[name] for name in vars(again)})
    assert set(vars(again)) == set(vars(original))


def test_weights_changed_by_hand_come_back() -> None:
    estimator = CASES["float32"]().estimator
    estimator.intercepts_[-1] = np.array([np.nan, np.inf, -0.0])
    assert_same(there_and_back(estimator).intercepts_, estimator.intercepts_)


def test_attributes_of_the_user_come_back() -> None:
    estimator = CASES["ints"]().estimator
    estimator.trained_on_ = {"rows": (40, 3), "when": "today"}
    assert there_and_back(estimator).trained_on_ == estimator.trained_on_


def test_requests_for_metadata_come_back() -> None:
    with sklearn.config_context(enable_metadata_routing=True):
        estimator = chainrule.MLPClassifier().set_fit_request(sample_weight=True)
        estimator.set_score_request(sample_weight="importance")
        again = there_and_back(estimator)
    found, expected = again.get_metadata_routing(), estimator.get_metadata_routing()
    for method in ("fit", "partial_fit", "score"):
        assert getattr(found, method).requests == getattr(expected, method).requests
    assert found.fit.requests["sample_weight"] is True


@pytest.mark.parametrize(
    "part",
    [
        Optimizer(GradientDescent(0.5), OneCycle(0.1), SolverState(3, {"velocity": X[0]}), 0.25),
        Optimizer(Adam(weight_decay=0.1), Cosine(0.1, warm_up=2.5), SolverState(), np.inf),
        [InverseScaling(0.1), Adaptive(0.2), Constant(0.3)],
        [ClipNorm(2.0), ClipValue(0.5), Dropout((0.5, 0.25)), StoppingState(np.inf)],
    ],
    ids=str,
)
def test_every_part_of_a_training_can_be_written(part: Any) -> None:
    estimator = chainrule.MLPClassifier()
    estimator.part_ = part
    assert_same(there_and_back(estimator).part_, part)


def test_no_solver_schedule_or_clipping_is_forgotten() -> None:
    marks = ("after_epoch", "start", "clip")
    kinds = [kind for kind in vars(training).values() if isinstance(kind, type)]
    parts = [k for k in kinds if is_dataclass(k) and any(hasattr(k, mark) for mark in marks)]
    assert len(parts) >= 7
    for kind in parts:
        if kind not in (training.Stopping, training.LBFGS):  # made anew at every fit
            assert _PARTS.get(kind.__name__) is kind


# What is not written.


def test_a_parameter_that_is_a_function_has_its_default_after_a_warning() -> None:
    estimator = CASES["ints"]().estimator.set_params(verbose=max, tol=0.25)
    with pytest.warns(UserWarning, match=r"'verbose' is not saved: the function or class max can"):
        again = there_and_back(estimator)
    assert again.verbose is False
    assert again.tol == 0.25
    assert again.predict(X).tolist() == estimator.predict(X).tolist()
    assert estimator.verbose is max


def test_a_parameter_that_holds_itself_has_its_default_after_a_warning() -> None:
    sizes: list[Any] = [3]
    sizes.append(sizes)
    with pytest.warns(UserWarning, match="it holds itself, or is nested too deeply"):
        assert there_and_back(chainrule.MLPClassifier(sizes)).hidden_layer_sizes == (100,)


def test_a_generator_of_another_kind_is_left_out_with_a_warning() -> None:
    random_state = np.random.RandomState(np.random.PCG64(0))
    with pytest.warns(UserWarning, match=r"'random_state' is not saved: only the .* is PCG64"):
        assert (
            there_and_back(chainrule.MLPRegressor(random_state=random_state)).random_state is None
        )


def test_callbacks_are_left_out_with_a_warning() -> None:
    estimator = CASES["ints"]().estimator
    estimator._skl_callbacks = [ProgressBar()]  # where scikit-learn's set_callbacks keeps them
    with pytest.warns(UserWarning, match="callbacks are not saved; set them again"):
        assert not hasattr(there_and_back(estimator), "_skl_callbacks")


def test_an_attribute_that_is_no_plain_value_is_refused_by_name() -> None:
    estimator = CASES["ints"]().estimator
    estimator.mine_ = object()
    with pytest.raises(ModelFileError, match="attribute 'mine_' cannot be saved: a value of type"):
        estimator_to_record(estimator)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("coefs_", [np.zeros((3, 4), int), np.zeros((4, 3))]),
        ("coefs_", [np.zeros((3, 5)), np.zeros((4, 3))]),
        ("n_features_in_", 7),
        ("intercepts_", []),
    ],
)
def test_what_could_not_be_read_back_is_refused_before_it_is_written(name: str, value: Any) -> None:
    estimator = CASES["ints"]().estimator
    setattr(estimator, name, value)
    with pytest.raises(ModelFileError, match=rf"cannot be saved: its attribute '{name}' is not as"):
        estimator_to_record(estimator)


# What is not believed.


def described(name: str = "ints") -> tuple[Any, dict[str, Array]]:
    record, tensors = estimator_to_record(CASES[name]().estimator)
    return json.loads(json.dumps(record)), tensors


def test_a_parameter_that_this_release_lacks_is_named() -> None:
    record, tensors = described()
    record["parameters"]["quantum"] = True
    with pytest.raises(ModelFileError, match=r"MLPClassifier has no parameter 'quantum' in this"):
        estimator_from_record(record, tensors)


def test_a_parameter_that_the_file_lacks_has_its_default() -> None:
    record, tensors = described()
    del record["parameters"]["max_fun"]
    assert estimator_from_record(record, tensors).max_fun == 15000


@pytest.mark.parametrize("name", ["MLPCompressor", "", None, ["MLPClassifier"]])
def test_another_class_is_named(name: Any) -> None:
    record, tensors = described()
    with pytest.raises(ModelFileError, match="an estimator that this chainrule does not have, "):
        estimator_from_record(record | {"class": name}, tensors)


@pytest.mark.parametrize("name", ["fit", "predict", "_fit", "alpha", "__class__", "__dict__"])
def test_nothing_takes_the_place_of_a_method_or_a_parameter(name: str) -> None:
    record, tensors = described()
    record["state"][name] = {"dict": []}
    with pytest.raises(ModelFileError, match="not described as it must be"):
        estimator_from_record(record, tensors)


@pytest.mark.parametrize(
    "labels", [None, {}, {"type": "binary", "sparse": False}, {"type": "multilabel-indicator"}]
)
def test_labels_that_are_not_those_of_the_classes_are_refused(labels: Any) -> None:
    record, tensors = described()
    with pytest.raises(ModelFileError):
        estimator_from_record(record | {"labels": labels}, tensors)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
LIES = JSON | st.sampled_from(["softmax", "logistic", 10**30, {"float": "nan"}, {"tuple": []}])


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Ways into a JSON value, to all of its parts."""
    keys = value if isinstance(value, dict) else range(len(value)) if type(value) is list else ()
    return [way for key in keys for way in ((*above, key), *places(value[key], (*above, key)))]


@pytest.mark.parametrize("name", ["named columns", "several labels", "adaptive"])
@given(data=st.data())
def test_a_state_that_lies_is_refused_or_works(name: str, data: st.DataObject) -> None:
    # Not the parameters: they may be anything, as they may after `set_params`.
    record, tensors = described(name)
    lying = {part: record[part] for part in ("class", "state", "labels", "requests")}
    way = data.draw(st.sampled_from(places(lying)))
    part = lying
    for key in way[:-1]:
        part = part[key]
    part[way[-1]] = data.draw(LIES)
    try:
        estimator = estimator_from_record(record | lying, tensors)
    except ModelFileError:
        return
    works_or_refuses_its_rows(estimator, CASES[name]())


def works_or_refuses_its_rows(estimator: Any, case: Case) -> None:
    with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
        try:
            estimator.predict(case.X)
            estimator.partial_fit(case.X, case.y)
        except ValueError:
            return


def test_the_cases_are_what_they_are_called() -> None:
    assert CASES["ints"]().estimator.classes_.tolist() == [0, 1, 2]
    assert CASES["several labels"]().estimator.n_outputs_ == SEVERAL.shape[1]
    assert CASES["float32"]().estimator.coefs_[0].dtype == np.float32
