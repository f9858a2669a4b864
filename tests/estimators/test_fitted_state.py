"""What a fit left behind is checked, attribute by attribute, and how they fit together."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from saved_estimators import CASES

import chainrule
from chainrule.errors import ModelFileError
from chainrule.estimators.fitted_state import check_state
from chainrule.training import Adam, Constant, GradientDescent


@pytest.mark.parametrize("name", CASES)
def test_what_a_fit_leaves_behind_is_right(name: str) -> None:
    check_state(CASES[name]().estimator)


def test_an_estimator_that_learnt_nothing_is_right() -> None:
    check_state(chainrule.MLPClassifier(alpha="anything"))  # type: ignore[arg-type]


def test_attributes_that_are_not_known_are_left_alone() -> None:
    estimator = CASES["ints"]().estimator
    estimator.note_ = "mine"
    check_state(estimator)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n_features_in_", 3.0),
        ("n_features_in_", 4),
        ("n_iter_", -1),
        ("n_layers_", True),
        ("n_layers_", 4),
        ("n_outputs_", 2),
        ("t_", "3"),
        ("_no_improvement_count", None),
        ("out_activation_", "softmix"),
        ("out_activation_", ["softmax"]),
        ("coefs_", []),
        ("coefs_", (np.zeros((3, 4)),)),
        ("coefs_", [np.zeros((3, 4)), np.zeros((5, 3))]),
        ("coefs_", [np.zeros((3, 4), np.float16), np.zeros((4, 3))]),
        ("coefs_", [np.zeros(3)]),
        ("intercepts_", [np.zeros(4), np.zeros(2)]),
        ("intercepts_", [np.zeros(4)]),
        ("loss_", "small"),
        ("loss_curve_", [1.0, None]),
        ("loss_curve_", (1.0,)),
        ("best_loss_", []),
        ("validation_scores_", 3),
        ("best_validation_score_", "high"),
        ("classes_", ["a", "b", "c"]),
        ("classes_", np.zeros((3, 1))),
        ("classes_", np.arange(4)),
        ("feature_names_in_", np.array(["a", 2, "c"], object)),
        ("feature_names_in_", np.array(["a", "b"], object)),
        ("_optimizer", Adam()),
    ],
)
def test_an_attribute_that_is_not_as_it_must_be_is_named(name: str, value: Any) -> None:
    estimator = CASES["ints"]().estimator
    setattr(estimator, name, value)
    with pytest.raises(ModelFileError, match=f"its attribute '{name}' is not as it must be"):
        check_state(estimator)


def test_an_output_that_does_not_go_with_the_classes_is_refused() -> None:
    estimator = CASES["ints"]().estimator
    estimator.out_activation_ = "logistic"
    with pytest.raises(ModelFileError, match="'classes_' is not as it must be"):
        check_state(estimator)


@pytest.mark.parametrize(
    "name", ["coefs_", "intercepts_", "n_iter_", "out_activation_", "classes_", "_label_binarizer"]
)
def test_an_attribute_that_is_missing_is_named(name: str) -> None:
    estimator = CASES["ints"]().estimator
    delattr(estimator, name)
    if name == "coefs_":
        check_state(estimator)  # then it is not fitted
        return
    with pytest.raises(ModelFileError, match=f"its attribute '{name}' is not as it must be"):
        check_state(estimator)


@pytest.mark.parametrize(
    "change",
    [
        {"solver": GradientDescent()},
        {"solver": Constant()},
        {"schedule": Adam()},
        {"memory": None},
        {"learning_rate": None},
    ],
    ids=str,
)
def test_an_optimizer_of_another_make_is_refused(change: dict[str, Any]) -> None:
    estimator = CASES["ints"]().estimator
    estimator._optimizer = replace(estimator._optimizer, **change)
    with pytest.raises(ModelFileError, match="'_optimizer'"):
        check_state(estimator)


@pytest.mark.parametrize(
    "slots",
    [
        {},
        {"first_moment": np.zeros(31)},
        {"first_moment": np.zeros(31), "second_moment": np.zeros(30)},
        {"first_moment": np.zeros(31), "second_moment": np.zeros(31, int)},
        {"first_moment": np.zeros(31), "second_moment": [0.0] * 31},
    ],
    ids=len,
)
def test_a_memory_of_another_network_is_refused(slots: Any) -> None:
    estimator = CASES["ints"]().estimator
    estimator._optimizer.memory.slots = slots
    with pytest.raises(ModelFileError, match="'_optimizer'"):
        check_state(estimator)
