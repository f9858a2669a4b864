"""A worked solution of 40 steps, graded by hand: eight are wrong, and every verdict is known.

The document in this folder always runs; the one it is modelled on runs where the data lies.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

import chainrule
from chainrule.grading import Report

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Verdict:
    """What was found by hand about one step."""

    verdict: str
    against_start: str | None
    reading: str | None = None
    assumption: str | None = None
    carried: bool = False
    mistake: str | None = None
    correction: str = ""


R = Verdict("right", "right")
SUM = Verdict("right", "right", assumption="sum-to-one")
COMPONENT = Verdict("right", "right", reading="softmax-component")
SCALAR = Verdict("right", "right", reading="scalar")

STEPS = [
    ("1", Verdict("definition", None)),
    ("1a", R),
    ("1b", SCALAR),
    ("1c", R),
    ("2.1", SCALAR),
    ("2.2a", SCALAR),
    ("2.2b", SCALAR),
    ("2.2c", SCALAR),
    ("3.1", R),
    (
        "3.2a",
        Verdict(
            "wrong",
            "wrong",
            mistake="wrong-variable",
            correction=r"\frac{\partial (-t_j \cdot \log(y_j))}{\partial y_j^{(2)}}",
        ),
    ),
    ("3.2b", Verdict("wrong", "wrong", mistake="wrong-index", correction=r"-\frac{t_j}{y_j}")),
    ("4a", COMPONENT),
    ("4b", COMPONENT),
    ("5a", COMPONENT),
    ("5b", COMPONENT),
    ("6.1", R),
    ("6.2", R),
    (
        "6.3",
        Verdict(
            "wrong",
            "wrong",
            carried=True,
            mistake="wrong-index",
            correction=r"\sum_{i \neq j} [-\frac{t_j}{y_j} (-y_i y_j)] "
            r"- \frac{t_i}{y_i} y_i (1 - y_i)",
        ),
    ),
    ("6.4", Verdict("wrong", "right")),
    ("6.5", SUM),
    ("7", SUM),
    ("8.1", SUM),
    ("8.2a", R),
    ("8.2b", SUM),
    ("9.1", R),
    ("9.2", R),
    ("9.3", SUM),
    (
        "9.4",
        Verdict(
            "shape",
            "shape",
            mistake="misplaced-transpose",
            correction=r"(\mathbf{y}^{(2)} - \mathbf{t}) \mathbf{y}^{(1) \top}",
        ),
    ),
    (
        "10.1a",
        Verdict(
            "shape",
            "shape",
            mistake="missing-diag",
            correction=r"\operatorname{diag}(\mathbf{y}^{(1)} * (1 - \mathbf{y}^{(1)}))",
        ),
    ),
    ("10.1b", Verdict("shape", "right")),
    ("10.2a", R),
    ("10.2b", R),
    ("10.2c", R),
    ("11a", R),
    (
        "11b",
        Verdict(
            "shape",
            "shape",
            mistake="misplaced-diag",
            correction=r"(\mathbf{y}^{(2)} - t)^\top \mathbf{W}^{(2)} "
            r"\text{diag}(\mathbf{y}^{(1)} * (1 - \mathbf{y}^{(1)}))",
        ),
    ),
    ("12.1", R),
    ("12.2", R),
    ("12.3", R),
    ("12.4", R),
    ("12.5", R),
]


@pytest.fixture(scope="module")
def ours() -> Report:
    return chainrule.grade(HERE / "documents" / "worked_solution.md")


@pytest.fixture(scope="module")
def original(shared: Path) -> Report:
    [document] = (shared / "seeds").glob("000_*.txt")
    return chainrule.grade(document)


def found(report: Report) -> list[Verdict]:
    return [
        Verdict(
            step.verdict,
            step.against_start,
            step.reading,
            step.assumption,
            step.carried,
            step.mistake,
            step.suggestions[0] if step.suggestions else "",
        )
        for step in report.steps
    ]


def test_it_has_27_rows_and_40_steps(ours: Report) -> None:
    assert (len(ours.equations), len(ours.steps)) == (27, 40)


def test_the_verdicts_add_up_as_they_do_by_hand(ours: Report) -> None:
    assert ours.summary.to_dict() == {
        "right": 31,
        "shape": 4,
        "wrong": 4,
        "unread": 0,
        "definition": 1,
    }


def test_its_layout_is_the_mixed_one(ours: Report) -> None:
    assert ours.layout == "mixed"


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[name for name, _ in STEPS])
def test_every_step_has_the_verdict_found_by_hand(ours: Report, number: int) -> None:
    assert found(ours)[number] == STEPS[number][1]


def test_the_document_that_it_is_modelled_on_has_the_same_verdicts(original: Report) -> None:
    assert (len(original.equations), len(original.steps)) == (27, 40)
    assert found(original) == [verdict for _, verdict in STEPS]
    assert original.layout == "mixed"


def test_the_table_of_names_gives_every_weight_its_layer_and_shape(ours: Report) -> None:
    names = {name.symbol: name for name in ours.names}
    assert names["W^{(2)}"].shape == ("n_2", "n_1")
    assert names["W^{(1)}"].shape == ("n_1", "n_0")
    assert names["y^{(1)}"].shape == ("n_1", 1)
    assert names["E"].origin.startswith("line ")
    assert names["W^{(2)}"].origin == "default"
