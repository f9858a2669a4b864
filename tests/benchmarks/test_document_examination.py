"""The examination finds out good graders and bad ones, whatever they do to the documents."""

from pathlib import Path
from typing import Any

import pytest

from document_examination import (
    DOCUMENTS,
    Examination,
    Record,
    answers,
    examined,
    plain,
    put_in,
    steps_of,
)

ANSWERS = {answer["document"]: answer for answer in answers()}
PLANTED = [name for name in ANSWERS if "-mistakes" in name]


def perfect(path: Path) -> Record:
    """The report of a grader that finds what the answers say."""
    return {"equations": [graded(row) for row in ANSWERS[path.name]["rows"]]}


def graded(row: Record) -> Record:
    return {**row, "steps": [{**step, "suggestions": fixes(step)} for step in row["steps"]]}


def fixes(step: Record) -> list[str]:
    return list(step.get("corrections", []))


def saying(verdict: str, **others: Any) -> Any:
    def grader(path: Path) -> Record:
        report = perfect(path)
        for row in report["equations"]:
            row["steps"] = [{**step, "verdict": verdict, **others} for step in row["steps"]]
        return report

    return grader


def whole(grader: Any) -> Examination:
    found = Examination()
    for answer in ANSWERS.values():
        examined(answer, grader, found=found)
    return found


def test_a_grader_that_finds_everything_passes() -> None:
    found = whole(perfect)
    assert not any([found.passed, found.failed, found.unread, found.grounds, found.unmended])
    assert found.mistakes >= 70
    assert found.rows > 500


def test_a_grader_that_believes_everything_passes_wrong_steps() -> None:
    found = whole(saying("right"))
    wrong = [s for a in ANSWERS.values() for r in a["rows"] for s in r["steps"]]
    assert len(found.passed) == sum(step["verdict"] in ("wrong", "shape") for step in wrong)
    assert found.failed == []


def test_a_grader_that_believes_nothing_fails_right_steps() -> None:
    found = whole(saying("wrong"))
    assert found.passed == []
    assert len(found.failed) > 300


def test_what_is_unread_is_neither_passed_nor_failed() -> None:
    found = whole(saying("unread", suggestions=[]))
    assert (found.passed, found.failed, found.read) == ([], [], 0)
    assert found.mended == 0


def test_an_empty_report_reads_nothing() -> None:
    found = whole(lambda path: {"equations": []})
    assert (found.read, found.passed, found.failed) == (0, [], [])


def test_a_step_right_without_its_assumption_is_on_other_grounds() -> None:
    found = examined(ANSWERS["exercise-solution.tex"], saying("right", assumption=None))
    assert any(r"y_i - t_i" in line for line in found.grounds)


@pytest.mark.parametrize("name", PLANTED)
def test_another_wording_of_a_correction_is_graded_in_its_place(name: str) -> None:
    asked = []

    def grader(path: Path) -> Record:
        if path.parent != DOCUMENTS:
            asked.append(path.read_text(encoding="utf-8"))
            return {"equations": []}
        report = perfect(path)
        for row in report["equations"]:
            for step in row["steps"]:
                step["suggestions"] = [r"1 \cdot 1"] if step.get("mistake") else []
        return report

    found = examined(ANSWERS[name], grader)
    assert len(found.unmended) == found.mistakes == len(asked)
    assert all(r"1 \cdot 1" in text.replace(r"\\cdot", r"\cdot") for text in asked)


def test_the_left_side_itself_mends_nothing() -> None:
    answer = ANSWERS["one-neuron-mistakes.md"]

    def grader(path: Path) -> Record:
        report = perfect(path)
        for row in report["equations"]:
            for step in row["steps"]:
                step.update(suggestions=[step["left"]])
        return report

    found = examined(answer, grader)
    assert len(found.unmended) == found.mistakes


def test_sizes_of_brackets_and_spaces_make_no_difference() -> None:
    assert plain(r"\left( a \right) \, b &= c ,") == plain("(a)b=c")
    assert plain(r"\leftarrow") != plain("arrow")


def test_steps_are_found_by_their_right_sides_where_there_are_more_or_fewer() -> None:
    row = {"steps": [{"right": "b"}, {"right": "c"}]}
    assert steps_of(row, [{"right": "c"}]) == [None, {"right": "c"}]


def test_a_suggestion_takes_the_place_of_a_right_side_only() -> None:
    assert put_in(r"\frac{dz}{dw} &= w", "w", "x") == r"\frac{dz}{dw} &= x"
    assert put_in("a = b\n  c = d", "b c", "e") == "a = e = d"
