"""Mutants go to the grader as LaTeX, and its answers come back to the right ones."""

from collections.abc import Mapping
from typing import Any

from mutations.documents import Answer, answers, document
from mutations.generation import mutants

SOME = [m for m in mutants(0, 60) if m.network.name == "canonical"]


def step(verdict: str) -> dict[str, Any]:
    return {"verdict": verdict, "assumption": None, "reading": None, "understood": "E"}


def test_each_mutant_stands_on_its_line() -> None:
    text, lines = document(SOME)
    assert [text.splitlines()[line - 1] for line in lines] == [m.latex for m in SOME]


def test_the_document_defines_its_network_first() -> None:
    text, _ = document(SOME)
    assert text.index(r"z^{(1)} = W^{(1)} x") < text.index(SOME[0].latex)


def test_answers_are_found_by_their_lines() -> None:
    _, lines = document(SOME)

    def grader(text: str) -> Mapping[str, Any]:
        rows = [
            {"line": 7, "steps": [step("definition")]},
            {"line": lines[1], "steps": [step("wrong")]},
            {"line": lines[0], "steps": [step("right")]},
        ]
        return {"equations": rows}

    found = answers(SOME, grader)
    assert [answer.verdict for answer in found[:3]] == ["right", "wrong", "missing"]


def test_a_row_with_several_steps_is_not_taken_for_an_answer() -> None:
    _, lines = document(SOME)
    rows = [{"line": lines[0], "steps": [step("right"), step("right")]}]
    assert answers(SOME, lambda text: {"equations": rows})[0].verdict == "unread"
    assert answers(SOME, lambda text: {"equations": []})[0] == Answer("missing")
