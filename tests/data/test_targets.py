from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.data.class_target import ClassTarget
from chainrule.data.number_target import NumberTarget
from chainrule.data.targets import fit_target, target_from_state
from chainrule.errors import ModelFileError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def test_the_task_decides_how_a_target_is_encoded() -> None:
    values = np.array([1, 2, 2])
    classes, number = fit_target(values, "classification"), fit_target(values, "regression", "y")
    assert isinstance(classes, ClassTarget)
    assert isinstance(number, NumberTarget)
    assert target_from_state(*classes.to_state()) == classes
    assert target_from_state(*number.to_state()) == number


@given(kind=st.sampled_from(["classes", "number", "other", None]), classes=JSON, name=JSON)
def test_whatever_a_file_holds_is_read_or_refused(kind: Any, classes: Any, name: Any) -> None:
    arrays = {"target_mean": np.zeros(1), "target_scale": np.ones(1)}
    with suppress(ModelFileError):
        target_from_state({"kind": kind, "classes": classes, "name": name}, arrays)


@pytest.mark.parametrize("state", [None, [], "classes", {}, {"kind": "classes"}])
def test_a_state_that_is_none_is_refused(state: object) -> None:
    with pytest.raises(ModelFileError, match="the model file is damaged"):
        target_from_state(state, {})
