"""The grader's examination: documents that were frozen before its parser was tuned."""

from functools import cache

import pytest

import chainrule
from document_examination import Examination, answers, chainrule_grader, examined

pytestmark = pytest.mark.skipif(
    not hasattr(chainrule, "grade"), reason="this chainrule has no grade()"
)
ANSWERS = {answer["document"]: answer for answer in answers()}
each_document = pytest.mark.parametrize("name", ANSWERS)


@cache
def found(name: str) -> Examination:
    return examined(ANSWERS[name], chainrule_grader)


@each_document
def test_no_wrong_step_is_passed(name: str) -> None:
    assert found(name).passed == []


@each_document
def test_no_right_step_is_failed(name: str) -> None:
    assert found(name).failed == []


def test_at_least_85_of_100_rows_are_read() -> None:
    rows, unread = (sum(figures(found(name))[k] for name in ANSWERS) for k in (0, 1))
    assert unread <= 0.15 * rows


def test_at_least_80_of_100_mistakes_are_mended_by_the_first_suggestion() -> None:
    mistakes, unmended = (sum(figures(found(name))[k] for name in ANSWERS) for k in (2, 3))
    assert unmended <= 0.2 * mistakes


def figures(one: Examination) -> tuple[int, int, int, int]:
    return one.rows, len(one.unread), one.mistakes, len(one.unmended)
