"""The grader's examination: documents that were frozen before its parser was tuned."""

from functools import cache

import pytest

from document_examination import Examination, answers, chainrule_grader, examined

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
    rows = sum(found(name).rows for name in ANSWERS)
    unread = sum(len(found(name).unread) for name in ANSWERS)
    assert unread <= 0.15 * rows


def test_at_least_80_of_100_mistakes_are_mended_by_the_first_suggestion() -> None:
    mistakes = sum(found(name).mistakes for name in ANSWERS)
    unmended = [line for name in ANSWERS for line in found(name).unmended]
    assert mistakes >= 60
    assert len(unmended) <= 0.2 * mistakes, unmended
