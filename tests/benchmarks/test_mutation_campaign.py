"""The campaign as a whole, with graders that are known to be good or bad."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import mutation_campaign
from mutation_campaign import parsed, run
from mutations.generation import Mutant, mutants
from mutations.judge import judged

COUNT = 40


def said(mutant: Mutant) -> dict[str, Any]:
    verdict = judged(mutant.network, mutant.formula, mutant.right)
    kind = "wrong" if verdict.kind == "disputed" else verdict.kind
    return {"verdict": kind, "assumption": verdict.assumption, "reading": verdict.reading}


def lines(text: str) -> list[tuple[int, str]]:
    claims = text.index("## Claims")
    return [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.startswith(r"\frac") and number > text[:claims].count("\n")
    ]


KNOWN = {mutant.latex: said(mutant) for mutant in mutants(0, COUNT)}


def perfect(text: str) -> Mapping[str, Any]:
    return {"equations": [{"line": n, "steps": [KNOWN[latex]]} for n, latex in lines(text)]}


def credulous(text: str) -> Mapping[str, Any]:
    step = {"verdict": "right", "assumption": None, "reading": None}
    return {"equations": [{"line": n, "steps": [step]} for n, _ in lines(text)]}


def outcomes(grader: Any, *arguments: str) -> Counter[str]:
    options = parsed(["--count", str(COUNT), "--per-document", "7", *arguments])
    return Counter(row["outcome"] for row in run(options, grader))


def test_a_grader_that_is_right_agrees_everywhere() -> None:
    assert set(outcomes(perfect)) <= {"agreed", "disputed"}


def test_a_grader_that_believes_everything_is_found_out() -> None:
    assert outcomes(credulous)["accepted but wrong"] > COUNT / 2


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    outcomes(perfect, "--out", str(path), "--count", "10")
    first = path.read_text(encoding="utf-8")
    outcomes(perfect, "--out", str(path))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    assert path.read_text(encoding="utf-8").startswith(first)
    assert sorted(row["number"] for row in rows) == list(range(COUNT))


def test_the_judge_works_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutation_campaign.main(["--count", "12", "--judge-only"]) == 0
    assert "12 mutants" in capsys.readouterr().out
