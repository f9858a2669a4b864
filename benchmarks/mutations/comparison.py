"""Where judge and grader agree, and what it means where they do not."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mutations.documents import Answer
from mutations.generation import Mutant
from mutations.judge import Verdict

ACCEPTED, REJECTED = "accepted but wrong", "rejected but right"
#: What a person must look at, the worst first.
OUTCOMES = {
    ACCEPTED: "the grader calls right what the judge calls wrong under every reading",
    REJECTED: "the grader calls wrong what the judge calls right when read strictly",
    "rejected under a reading": "right only under a reading, and the grader did not take it",
    "other grounds": "both call it right, but under different assumptions or readings",
    "disputed": "right only in a way of reading that people may differ about; not counted",
    "unread": "the grader did not judge it",
    "agreed": "both right, or neither",
}
Row = Mapping[str, Any]


def outcome(ours: Verdict, theirs: Answer) -> str:
    if theirs.verdict not in ("right", "wrong", "shape"):
        return "unread"
    if ours.kind == "disputed":
        return "disputed"
    accepted = theirs.verdict == "right"
    if ours.kind != "right":
        return ACCEPTED if accepted else "agreed"
    if not accepted:
        return "rejected under a reading" if ours.reading else REJECTED
    same = ours.assumption == theirs.assumption and bool(ours.reading) == bool(theirs.reading)
    return "agreed" if same else "other grounds"


def row(mutant: Mutant, ours: Verdict, theirs: Answer | None) -> dict[str, Any]:
    """One line of the results."""
    return {
        "number": mutant.number,
        "network": mutant.network.name,
        "edits": mutant.edits,
        "latex": mutant.latex,
        "ours": asdict(ours),
        "theirs": asdict(theirs) if theirs else None,
        "outcome": outcome(ours, theirs) if theirs else "judged alone",
    }


def finished(path: Path, settings: Row) -> list[Row]:
    """The rows of an earlier run with the same settings; half a last line is taken away."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    complete = [line for line in lines if line.endswith("\n")]
    if not complete or json.loads(complete[0]) != settings:
        raise ValueError(f"{path} holds no results of this campaign: take another file for --out")
    path.write_text("".join(complete), encoding="utf-8")
    return [json.loads(line) for line in complete[1:]]


def report(rows: Iterable[Row], examples: int) -> Iterator[str]:
    """The table and some examples of what is not agreed."""
    rows = sorted(rows, key=lambda row: row["number"])
    yield f"{len(rows)} mutants. The judge alone:"
    for name, count in Counter(said(row["ours"]) for row in rows).most_common():
        yield f"  {count:6d}  {name}"
    yield "Beside the grader:"
    for name, count in Counter(row["outcome"] for row in rows).most_common():
        yield f"  {count:6d}  {name}: {OUTCOMES.get(name, 'no grader was asked')}"
    for name in [name for name in OUTCOMES if name != "agreed"]:
        for row in [row for row in rows if row["outcome"] == name][:examples]:
            yield f"{name}: number {row['number']}, {row['network']}, {', '.join(row['edits'])}"
            yield f"    {row['latex']}"
            yield f"    judge: {said(row['ours'])}; grader: {said(row['theirs'])}"


def said(verdict: Row) -> str:
    grounds = [verdict[key] for key in ("assumption", "reading") if verdict[key]]
    return " under ".join([verdict.get("kind") or verdict["verdict"], *grounds])
