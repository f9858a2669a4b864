from typing import Any

import numpy as np
import pytest

from chainrule.data.state import StateReader, finite_vector
from chainrule.errors import ModelFileError

GOOD: dict[str, Any] = {
    "text": "a",
    "flag": True,
    "items": [1, "b"],
    "texts": ["a", "b"],
    "sizes": [3, 4],
    "records": [{"text": "c"}],
    "optional_text": None,
}
WRONG: dict[str, list[Any]] = {
    "text": [None, 1, ["a"]],
    "flag": [None, 1, "true"],
    "items": [None, "ab", {"a": 1}],
    "texts": [["a", 1], ["a", "a"], [["a"]]],
    "sizes": [[], [0], [-1], [1.0], [True]],
    "records": [None, [1], [[]]],
    "optional_text": [1],
}


def test_values_of_the_right_type_are_read() -> None:
    reader = StateReader(GOOD, "it")
    assert (reader.text("text"), reader.flag("flag"), reader.items("items")) == (
        "a",
        True,
        [1, "b"],
    )
    assert (reader.texts("texts"), reader.sizes("sizes")) == (("a", "b"), (3, 4))
    assert reader.records("records")[0].text("text") == "c"
    assert (reader.optional_text("optional_text"), reader.optional_text("text")) == (None, "a")


@pytest.mark.parametrize(
    ("method", "value"),
    [(method, value) for method, values in WRONG.items() for value in values],
)
def test_values_of_another_type_are_refused(method: str, value: object) -> None:
    with pytest.raises(ModelFileError, match=r"the model file is damaged: .* is no"):
        getattr(StateReader({"key": value}, "the encoder"), method)("key")


@pytest.mark.parametrize("method", sorted(GOOD))
def test_a_value_that_is_absent_is_named(method: str) -> None:
    with pytest.raises(ModelFileError, match="the encoder lacks 'key'"):
        getattr(StateReader({}, "the encoder"), method)("key")


@pytest.mark.parametrize(
    "vector", [np.zeros(3), np.zeros((2, 1)), np.zeros(2, np.float32), np.array([1, np.inf])]
)
def test_a_vector_has_the_right_length_type_and_values(vector: Any) -> None:
    with pytest.raises(ModelFileError, match="array 'mean' is not"):
        finite_vector({"mean": vector}, "mean", 2)
    with pytest.raises(ModelFileError, match="array 'scale' is not"):
        finite_vector({"mean": vector}, "scale", 2)
