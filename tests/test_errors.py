"""Errors: what they say, and that they arrive whole from another process."""

import copy
import pickle

import pytest

from chainrule import errors
from chainrule.errors import ChainruleError, ShapeError, UnknownNameError, nearest


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name.endswith("Error")])
def test_every_error_is_ours_and_those_of_the_user_are_value_errors(name: str) -> None:
    kind, is_defect = getattr(errors, name), name == "VerificationError"
    assert issubclass(kind, ChainruleError)
    assert name == "ChainruleError" or issubclass(kind, ValueError) != is_defect


def test_a_shape_error_names_the_operation_and_both_shapes() -> None:
    error = ShapeError("sum", "2 × 3", "3 × 2", "transpose one of them")
    assert str(error) == "sum: 2 × 3 does not fit 3 × 2; transpose one of them"
    assert (error.operation, error.left, error.right) == ("sum", "2 × 3", "3 × 2")


def test_an_unknown_name_is_answered_with_the_nearest_and_all_that_exist() -> None:
    error = UnknownNameError("loss", "hubr", ["huber", "pinball"])
    assert (
        str(error) == "there is no loss 'hubr' (did you mean 'huber'?); choose from huber, pinball"
    )


def test_where_there_is_nothing_to_choose_nothing_is_offered() -> None:
    assert str(UnknownNameError("value for", "x", [])) == "there is no value for 'x'"


@pytest.mark.parametrize(
    "error", [ShapeError("sum", 1, 2, "hint"), UnknownNameError("loss", "a", ["b", "c"])]
)
def test_errors_survive_the_way_from_a_worker_process(error: ChainruleError) -> None:
    for arrived in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(arrived) is type(error)
        assert str(arrived) == str(error)
        assert vars(arrived) == vars(error)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("incone", " (did you mean 'income'?)"),
        ("INCOME", " (did you mean 'income'?)"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_the_nearest_name_is_suggested_if_it_is_near(name: str, suggestion: str) -> None:
    assert nearest(name, ["income", "age"]) == suggestion


def test_a_suggestion_keeps_the_capitals_of_the_name_that_exists() -> None:
    assert nearest("cover_typ", ["Cover_Type"]) == " (did you mean 'Cover_Type'?)"
