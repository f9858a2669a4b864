"""Mutants as a document for the grader, and its answers back to the mutants."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from mutations.generation import Mutant

#: Takes a document and gives the report as a dictionary.
Grader = Callable[[str], Mapping[str, Any]]


@final
@dataclass(frozen=True)
class Answer:
    """What the grader says about one mutant; ``missing`` where it has no row for it."""

    verdict: str
    assumption: str | None = None
    reading: str | None = None
    understood: str | None = None


def document(mutants: Sequence[Mutant]) -> tuple[str, list[int]]:
    """A document that defines the network and claims every mutant, and the line of each."""
    text = f"# Gradients\n\n{mutants[0].network.preamble}\n## Claims\n"
    lines = []
    for mutant in mutants:
        text += "\n$$\n"
        lines.append(text.count("\n") + 1)
        text += f"{mutant.latex}\n$$\n"
    return text, lines


def answers(mutants: Sequence[Mutant], grader: Grader) -> list[Answer]:
    text, lines = document(mutants)
    rows = {row["line"]: row for row in grader(text)["equations"]}
    return [answer(rows.get(line)) for line in lines]


def answer(row: Mapping[str, Any] | None) -> Answer:
    """The answer to the one step of a row."""
    if row is None or not row["steps"]:
        return Answer("missing")
    if len(row["steps"]) > 1:
        return Answer("unread", understood="several steps where there is one")
    step = row["steps"][0]
    understood = step.get("understood")
    return Answer(step["verdict"], step.get("assumption"), step.get("reading"), understood)
