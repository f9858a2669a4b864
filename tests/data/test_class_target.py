import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.arrays import Array
from chainrule.data.class_target import ClassTarget
from chainrule.errors import DataError, ModelFileError


def objects(*values: object) -> Array:
    return np.array(values, dtype=object)


LABELS = (
    st.lists(st.text(), min_size=2, unique=True)
    | st.lists(st.integers(-(2**63), 2**63 - 1), min_size=2, unique=True)
    | st.just([True, False])
)


@given(LABELS)
def test_what_is_encoded_is_decoded_also_after_saving(labels: list[Any]) -> None:
    kind = object if isinstance(labels[0], str) else None
    values = np.array(labels, dtype=kind)
    state, arrays = ClassTarget.fit(values, "y").to_state()
    target = ClassTarget.from_state(json.loads(json.dumps(state)), arrays)
    assert target.decode(target.encode(values)).tolist() == labels
    assert sorted(target.encode(values)) == list(range(len(labels)))


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (objects("b 10", "a", "b 9"), ("a", "b 9", "b 10")),
        (np.array([10, 9, 10], dtype=np.uint8), (9, 10)),
        (np.array([1.0, 0.0]), (0, 1)),
        (np.array([1.5, 0.5]), (0.5, 1.5)),
        (np.array([True, False]), (False, True)),
    ],
)
def test_classes_are_ordered_and_keep_their_type(values: Array, classes: tuple[Any, ...]) -> None:
    target = ClassTarget.fit(values)
    assert target.classes == classes
    assert [type(label) for label in target.classes] == [type(label) for label in classes]
    assert target.n_outputs == len(classes)


@pytest.mark.parametrize(
    ("trained", "given_labels"),
    [
        (np.array([7, 8]), objects("7", "8")),
        (objects("7", "8"), np.array([7, 8])),
        (objects("7", "8"), np.array([7.0, 8.0])),
        (np.array([False, True]), np.array([0, 1])),
        (np.array([False, True]), objects("False", "True")),
    ],
)
def test_labels_of_another_type_count_by_what_they_look_like(
    trained: Array, given_labels: Array
) -> None:
    assert ClassTarget.fit(trained).encode(given_labels).tolist() == [0, 1]


def test_a_label_that_training_did_not_have_is_named() -> None:
    target = ClassTarget.fit(np.arange(12), "digit")
    with pytest.raises(DataError) as error:
        target.encode(np.array([3, 12]))
    assert str(error.value) == (
        "'digit' holds '12' in row 2, which is none of the 12 classes of training: "
        "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …"
    )


def test_a_missing_label_is_an_error() -> None:
    target = ClassTarget.fit(objects("a", "b"))
    with pytest.raises(DataError, match="missing in 1 row, row 2"):
        target.encode(objects("a", None))


@pytest.mark.parametrize(
    "classes",
    [None, "ab", [], ["a"], ["a", "a"], ["a", 1], [True, 1], [[1], [2]], [1.0, float("nan")], {}],
)
def test_a_damaged_state_is_refused(classes: object) -> None:
    state = {"kind": "classes", "name": None, "classes": classes}
    with pytest.raises(ModelFileError, match="the model file is damaged"):
        ClassTarget.from_state(state, {})
