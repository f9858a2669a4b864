"""The answers beside the documents are true, by numbers and without the grader."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from derivation_verdicts import Judge

FOLDER = Path(__file__).parent / "documents"
ANSWERS = {
    path.name.removesuffix(".answers.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.answers.json"))
}
CATALOGUE = {
    *("missing-transpose", "extra-transpose", "misplaced-transpose", "swapped-factors", "sign"),
    *("missing-mean", "lambda-factor", "decayed-bias", "wrong-argument", "misplaced-diag"),
    *("missing-diag", "elementwise-for-matrix-product", "matrix-product-for-elementwise"),
    *("softmax-elementwise", "missing-sum", "wrong-layer", "wrong-index"),
    *("wrong-summation-index", "dropped-term", "missing-factor", "extra-factor"),
}
each_document = pytest.mark.parametrize("name", ANSWERS)


def steps(name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for row in ANSWERS[name]["rows"]:
        for step in row["steps"]:
            yield row, step


def text_of(row: dict[str, Any], name: str) -> str:
    """The document, or the cell of the notebook that the row stands in."""
    text = (FOLDER / ANSWERS[name]["document"]).read_text(encoding="utf-8")
    return "".join(json.loads(text)["cells"][row["cell"]]["source"]) if "cell" in row else text


def plain(latex: str) -> str:
    return latex.replace("&", "").replace("\n", " ").replace(" ", "")


def test_there_are_enough_documents_and_planted_mistakes() -> None:
    planted = Counter(step.get("mistake") for name in ANSWERS for _, step in steps(name))
    assert sum(not name.endswith("-mistakes") for name in ANSWERS) >= 14
    assert sum(planted[kind] for kind in CATALOGUE) >= 70
    assert planted.keys() >= CATALOGUE


@each_document
def test_every_row_stands_where_its_answer_says(name: str) -> None:
    for row in ANSWERS[name]["rows"]:
        tail = text_of(row, name).split("\n")[row["line"] - 1 :]
        assert plain(row["source"]) in plain("\n".join(tail[: 1 + row["source"].count("\n")]))


@each_document
def test_the_sides_of_a_step_stand_in_its_row_or_the_one_before(name: str) -> None:
    rows = ANSWERS[name]["rows"]
    for before, row in zip([rows[0], *rows], rows, strict=False):
        for step in row["steps"]:
            place = before if step.get("continues") else row
            assert plain(step["left"]) in plain(place["source"])
            assert plain(step["right"]) in plain(row["source"])


@each_document
def test_no_two_sizes_of_a_network_are_equal(name: str) -> None:
    check = ANSWERS[name]["check"]
    batch = [check["sizes"][letter] for letter in ("m", "N") if letter in check["sizes"]]
    sizes = [*ANSWERS[name]["network"]["layers"], *batch]
    several = [size for size in sizes if size > 1]
    assert len(set(several)) == len(several)


@each_document
def test_every_verdict_is_that_of_the_numbers(name: str) -> None:
    judge = Judge(ANSWERS[name]["check"])
    start = ""
    for row, step in steps(name):
        start = step["left_value"] if step.get("starts") else start
        if step["verdict"] == "definition":
            continue
        free, condition = row.get("free", {}), row.get("condition", "")
        found = judge.verdict(step["left_value"], step["right_value"], free, condition)
        assert found == (step["verdict"], step["assumption"], step["reading"]), step
        assert step["verdict"] in step["accepts"]
        assert ("right" in step["accepts"]) == (step["verdict"] == "right")
        start = step["left_value"] if step["starts"] else start
        assert (
            judge.verdict(start, step["right_value"], free, condition)[0] == step["against_start"]
        )


@each_document
def test_every_correction_is_right(name: str) -> None:
    judge = Judge(ANSWERS[name]["check"])
    for row, step in steps(name):
        if step.get("mistake"):
            assert step["corrections"]
        for value in step.get("correct_values", []):
            free, condition = row.get("free", {}), row.get("condition", "")
            assert judge.verdict(step["left_value"], value, free, condition)[0] == "right"


@each_document
def test_a_mistake_is_planted_only_where_a_step_fails(name: str) -> None:
    failed = [step for _, step in steps(name) if step["verdict"] in ("wrong", "shape")]
    assert all(step["mistake"] or step.get("returns") or step["carried"] for step in failed)
    planted = [step for _, step in steps(name) if step.get("mistake")]
    assert bool(planted) == name.endswith("-mistakes")
    assert all(step["verdict"] in ("wrong", "shape") for step in planted)
