"""``chainrule.grade``: texts and paths, options, notes and scores."""

import json
from pathlib import Path

import pytest

import chainrule
from chainrule.errors import DataError, UnknownNameError

CLAIM = r"$$\frac{\partial E}{\partial z_i^{(2)}} = %s$$"
RIGHT, WRONG = CLAIM % "y_i - t_i", CLAIM % "t_i - y_i"


def test_a_string_is_text_and_a_path_a_file(tmp_path: Path) -> None:
    path = tmp_path / "claim.md"
    path.write_text(WRONG, encoding="utf-8")
    assert chainrule.grade(WRONG).summary == chainrule.grade(path).summary
    assert chainrule.grade(str(path)).steps == ()  # a text without equations


def test_a_missing_file_is_said_so() -> None:
    with pytest.raises(DataError, match=r"nowhere\.md cannot be read"):
        chainrule.grade(Path("nowhere.md"))


@pytest.mark.parametrize(
    ("option", "value"), [("layout", "sideways"), ("hidden", "sigmoidal"), ("output", "max")]
)
def test_an_unknown_name_is_refused(option: str, value: str) -> None:
    with pytest.raises(UnknownNameError, match=value):
        chainrule.grade(RIGHT, **{option: value})  # type: ignore[arg-type]


def test_unread_steps_cost_nothing() -> None:
    report = chainrule.grade(RIGHT + CLAIM % r"\mystery{?}")
    assert report.summary.unread == 1
    assert report.score == report.full_score == 2


def test_a_mistake_that_is_carried_along_is_deducted_once() -> None:
    text = (
        r"$$\frac{\partial E}{\partial z^{(2)}} = (t - y)^\top$$"
        r"$$\frac{\partial E}{\partial y^{(1)}} = (t - y)^\top W^{(2)}$$"
    )
    report = chainrule.grade(text)
    assert [step.verdict for step in report.steps] == ["wrong", "wrong"]
    assert [step.carried for step in report.steps] == [False, True]
    assert report.full_score - report.score == 1


def test_points_are_a_teachers_choice() -> None:
    report = chainrule.grade(RIGHT + WRONG, points={"right": 3, "wrong": 1})
    assert (report.score, report.full_score) == (4, 6)
    with pytest.raises(UnknownNameError, match="rihgt"):
        chainrule.grade(RIGHT, points={"rihgt": 1})


def test_options_stand_in_for_what_the_document_leaves_open() -> None:
    slope = r"\operatorname{diag}(1 - y^{(1)} \circ y^{(1)})"
    claim = rf"$$\frac{{\partial y^{{(1)}}}}{{\partial z^{{(1)}}}} = {slope}$$"
    assert chainrule.grade(claim).has_mistakes
    assert not chainrule.grade(claim, hidden="tanh").has_mistakes


def test_the_documents_own_layers_win_and_the_conflict_is_reported() -> None:
    text = r"$a^{(1)} = f(W^{(1)} x)$, $a^{(2)} = f(W^{(2)} a^{(1)})$, $z^{(3)} = W^{(3)} a^{(2)}$"
    claim = r"$$\frac{\partial z^{(3)}}{\partial a^{(2)}} = W^{(3)}$$"
    report = chainrule.grade(f"{text}\n\n{claim}", layers=[4, 3, 2])
    assert report.summary.right == 1
    assert report.notes == ("the document has 3 layers of weights, and not the 2 asked for",)


def test_a_switch_of_layout_is_noted() -> None:
    rows = r"$$\frac{\partial E}{\partial y^{(1)}} = \frac{\partial E}{\partial z^{(2)}} W^{(2)}$$"
    column = r"$$\frac{\partial E}{\partial z^{(2)}} = y - t$$"
    report = chainrule.grade(f"{rows}\n\n{rows}\n\n{column}", layout="mixed")
    assert report.steps[-1].reading == "orientation"
    assert report.notes == ("the layout is mixed, and another one on line 5",)


def test_equal_sizes_do_not_make_a_wrong_transpose_right() -> None:
    text = r"$$\frac{\partial E}{\partial y^{(1)}} = (y - t)^\top (W^{(2)})^\top$$"
    assert chainrule.grade(text, layers=[3, 3, 3]).summary.shape == 1


def test_nothing_in_a_document_is_run() -> None:
    text = r"$$\input{/etc/passwd} = \write18{touch x}$$ $$__import__('os') = 1$$"
    assert chainrule.grade(text).summary.unread >= 1


def test_the_json_has_the_fields_of_the_schema() -> None:
    schema_file = Path(__file__).resolve().parents[2] / "docs" / "grade-schema.json"
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    report = chainrule.grade(RIGHT + WRONG).to_dict()
    assert set(schema["required"]) <= set(report) <= set(schema["properties"])
    step = report["equations"][0]["steps"][0]
    fields = schema["$defs"]["step"]
    assert set(fields["required"]) <= set(step) <= set(fields["properties"])
    assert step["verdict"] in fields["properties"]["verdict"]["enum"]
