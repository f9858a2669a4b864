"""What it means where judge and grader differ."""

from pathlib import Path

import pytest

from mutations.comparison import finished, outcome, report
from mutations.documents import Answer
from mutations.judge import Verdict

RIGHT, WRONG, SHAPE = Verdict("right"), Verdict("wrong"), Verdict("shape")


@pytest.mark.parametrize(
    ("ours", "theirs", "name"),
    [
        (RIGHT, Answer("right"), "agreed"),
        (WRONG, Answer("shape"), "agreed"),
        (WRONG, Answer("right"), "accepted but wrong"),
        (SHAPE, Answer("right", reading="elementwise"), "accepted but wrong"),
        (RIGHT, Answer("wrong"), "rejected but right"),
        (Verdict("right", assumption="sum-to-one"), Answer("shape"), "rejected but right"),
        (Verdict("right", reading="orientation"), Answer("wrong"), "rejected under a reading"),
        (Verdict("right", assumption="sum-to-one"), Answer("right"), "other grounds"),
        (Verdict("disputed"), Answer("right"), "disputed"),
        (RIGHT, Answer("missing"), "unread"),
        (WRONG, Answer("unread"), "unread"),
    ],
)
def test_a_difference_has_a_name(ours: Verdict, theirs: Answer, name: str) -> None:
    assert outcome(ours, theirs) == name


def test_results_of_another_campaign_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text('{"seed": 1}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="no results of this campaign"):
        finished(path, {"seed": 2})


def test_half_a_line_of_an_interrupted_run_is_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text('{"seed": 1}\n{"number": 0}\n{"numb', encoding="utf-8")
    assert finished(path, {"seed": 1}) == [{"number": 0}]
    assert path.read_text(encoding="utf-8") == '{"seed": 1}\n{"number": 0}\n'


def test_the_report_shows_what_is_not_agreed() -> None:
    verdict = {"kind": "wrong", "assumption": None, "reading": None}
    answer = {"verdict": "right", "assumption": None, "reading": "elementwise"}
    both = {"ours": verdict, "theirs": answer, "outcome": "accepted but wrong"}
    row = {"number": 4, "network": "canonical", "edits": ["swap"], "latex": "a = b", **both}
    text = "\n".join(report([row], 5))
    assert "a = b" in text
    assert "judge: wrong; grader: right under elementwise" in text
