from typing import Any

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.data.task import choose_task
from chainrule.errors import DataError, UnknownNameError

TEXT = np.array(["no", "yes"] * 5, dtype=object)


@pytest.mark.parametrize(
    ("target", "task", "reason"),
    [
        (TEXT, "classification", "'y' holds text, so this is classification."),
        (
            np.array([True, False] * 5),
            "classification",
            "'y' holds truth values, so this is classification; --task regression overrides.",
        ),
        (
            np.arange(60) % 20,
            "classification",
            "'y' holds 20 different whole numbers, so this is classification; "
            "--task regression overrides.",
        ),
        (
            np.arange(60) % 21,
            "regression",
            "'y' holds 21 different whole numbers, more than 20, so this is regression; "
            "--task classification overrides.",
        ),
        (
            np.array([0.5, 1.0] * 5),
            "regression",
            "'y' holds numbers that are not all whole, so this is regression; "
            "--task classification overrides.",
        ),
        (
            np.array([1.0, 2.0] * 5),
            "classification",
            "'y' holds 2 different whole numbers, so this is classification; "
            "--task regression overrides.",
        ),
    ],
)
def test_the_task_is_found_and_the_reason_given(target: Array, task: str, reason: str) -> None:
    choice = choose_task(target, name="y")
    assert (choice.task, choice.reason) == (task, reason)


@pytest.mark.parametrize(
    ("target", "override"),
    [
        (np.arange(10) % 3, "regression"),
        (np.array([True, False] * 5), "regression"),
        (np.arange(60) % 21, "classification"),
        (np.array([0.5, 1.5] * 5), "classification"),
        (TEXT, "classification"),
    ],
)
def test_the_user_may_decide_otherwise(target: Array, override: str) -> None:
    choice = choose_task(target, override=override)
    assert (choice.task, choice.reason) == (override, f"{override.capitalize()}, as asked for.")


@pytest.mark.parametrize(
    ("target", "override", "sentence"),
    [
        (np.array([1.5, np.nan] * 5), None, "is missing in 5 rows, the first is row 2"),
        (np.array([1.5, np.inf] * 5), None, "is infinite in 5 rows"),
        (np.arange(4), None, "at least 5 rows, and got 4"),
        (np.arange(0), None, "at least 5 rows, and got 0"),
        (np.full(9, 3), None, "holds only the value 3, so there is nothing to learn"),
        (np.full(9, "a", dtype=object), None, "holds only the value a"),
        (np.full(9, 0.5), "regression", "holds only the value 0.5"),
        (TEXT, "regression", "regression needs numbers, and 'y' holds text such as 'no'"),
        (
            np.array([f"name {i}" for i in range(50)], dtype=object),
            None,
            "50 different values in 50 rows, too many for classes; choose another target",
        ),
        (np.arange(50) / 7, "classification", "too many for classes; --task regression may fit"),
    ],
)
def test_a_target_that_does_not_serve_is_refused(
    target: Any, override: str | None, sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        choose_task(target, name="y", override=override)


def test_a_task_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'regression'"):
        choose_task(TEXT, override="regresion")
