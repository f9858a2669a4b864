"""Grade the frozen documents of tests/grade/documents and compare with their answers.

What it claims: over sixteen derivations in as many notations, right ones and ones with planted
mistakes, how many wrong steps the grader passes, how many right steps it fails, how much it reads
and how many mistakes it mends. What it does not: sixteen documents are not all documents.

A mistake counts as mended if the first suggestion is one of the answer's corrections up to spaces
and brackets' sizes or, put into the document, is graded right there without being the left side.

Run it in a checkout::

    python benchmarks/document_examination.py
"""

import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, final

DOCUMENTS = Path(__file__).resolve().parents[1] / "tests" / "grade" / "documents"
Record = Mapping[str, Any]
#: Takes the path of a document and gives the report as a dictionary.
Grader = Callable[[Path], Record]


@final
@dataclass
class Examination:
    """What came out, a line for each thing that a person should look at."""

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    grounds: list[str] = field(default_factory=list)
    unmended: list[str] = field(default_factory=list)
    rows: int = 0
    mistakes: int = 0

    @property
    def read(self) -> float:
        return 1 - len(self.unread) / self.rows

    @property
    def mended(self) -> float:
        return 1 - len(self.unmended) / self.mistakes

    def __str__(self) -> str:
        parts = {
            "wrong steps passed": self.passed,
            "right steps failed": self.failed,
            f"rows unread of {self.rows} ({self.read:.1%} read)": self.unread,
            "right on other grounds": self.grounds,
            f"mistakes not mended of {self.mistakes} ({self.mended:.1%} mended)": self.unmended,
        }
        return "\n".join(
            "\n  ".join([f"{len(lines)} {name}", *lines]) for name, lines in parts.items()
        )


def plain(latex: str) -> str:
    """LaTeX without what makes no difference."""
    sized = r"\\(left|right|[bB]igg?[lr]?)(?![A-Za-z])|\\[,;!: ]|\\q?quad(?![A-Za-z])|[&\s{}]"
    return re.sub(sized, "", latex).rstrip(".,;")


def answers(folder: Path = DOCUMENTS) -> Iterator[Record]:
    for path in sorted(folder.glob("*.answers.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def examined(
    answer: Record, grader: Grader, folder: Path = DOCUMENTS, found: Examination | None = None
) -> Examination:
    """One document's figures, added to those of others."""
    found = found or Examination()
    report = grader(folder / answer["document"])
    for row, steps in matched(answer, report):
        place = f"{answer['document']}:{row['line']}"
        if row["steps"]:
            found.rows += 1
        read = [step for step in steps if step and step["verdict"] != "unread"]
        if len(read) < len(row["steps"]):
            found.unread.append(f"{place}  {row['source']}")
        for wanted, step in zip(row["steps"], steps, strict=True):
            judge(found, place, wanted, step)
            if wanted.get("mistake"):
                found.mistakes += 1
                if not mended(answer, row, wanted, step, grader, folder):
                    said = step["suggestions"][:1] if step else "nothing"
                    found.unmended.append(f"{place}  {wanted['mistake']}: {said}")
    return found


def judge(found: Examination, place: str, wanted: Record, step: Record | None) -> None:
    if step is None or step["verdict"] == "unread":
        return
    line = f"{place}  {wanted['left']} = {wanted['right']}: {step['verdict']}"
    accepted = step["verdict"] in ("right", "definition")
    if step["verdict"] in wanted["accepts"]:
        grounds = (step.get("assumption"), step.get("reading"))
        if wanted["verdict"] == "right" and not (
            grounds[0] == wanted["assumption"] and grounds[1] in wanted["readings"]
        ):
            found.grounds.append(f"{line} {grounds}")
    elif wanted["verdict"] in ("wrong", "shape"):
        (found.passed if accepted else found.grounds).append(line)
    else:
        (found.grounds if accepted else found.failed).append(line)


def matched(answer: Record, report: Record) -> Iterator[tuple[Record, list[Record | None]]]:
    """Each row of the answer with the report's step for each of its steps."""
    by_line = {row["line"]: row for row in report["equations"]}
    by_source = {plain(row["source"]): row for row in report["equations"]}
    for row in answer["rows"]:
        alike = by_source.get(plain(row["source"]))
        theirs = alike if "cell" in row else by_line.get(row["line"], alike)
        yield row, steps_of(row, theirs["steps"] if theirs else [])


def steps_of(row: Record, steps: list[Record]) -> list[Record | None]:
    """By their right sides, or by their order where that is the same number of steps."""
    if len(steps) == len(row["steps"]):
        return list(steps)
    by_right = {plain(step["right"]): step for step in steps}
    return [by_right.get(plain(step["right"])) for step in row["steps"]]


def mended(
    answer: Record, row: Record, wanted: Record, step: Record | None, grader: Grader, folder: Path
) -> bool:
    """Whether the first suggestion is a right one."""
    if step is None or not step.get("suggestions"):
        return False
    first = step["suggestions"][0]
    sides = {plain(text) for c in wanted["corrections"] for text in (c, f"{wanted['left']}={c}")}
    if plain(first) in sides:
        return True
    return plain(first) != plain(wanted["left"]) and regraded(
        answer, row, wanted, first, grader, folder
    )


def regraded(
    answer: Record, row: Record, wanted: Record, first: str, grader: Grader, folder: Path
) -> bool:
    """Whether the document is right there with the suggestion in place of the mistake."""
    path = folder / answer["document"]
    old, new = wanted["right"], first
    if "cell" in row:
        old, new = (json.dumps(side, ensure_ascii=False)[1:-1] for side in (old, new))
    lines = path.read_text(encoding="utf-8").split("\n")
    start = 0 if "cell" in row else row["line"] - 1
    tail = "\n".join(lines[start:])
    source = put_in(row["source"], wanted["right"], first)
    again = {**answer, "rows": [{**row, "source": source}]}
    with TemporaryDirectory() as room:
        other = Path(room) / path.name
        text = "\n".join([*lines[:start], put_in(tail, old, new)])
        other.write_text(text, encoding="utf-8")
        steps = next(matched(again, grader(other)))[1]
    number = row["steps"].index(wanted)
    step = steps[number]
    return step is not None and step["verdict"] == "right"


def put_in(text: str, old: str, new: str) -> str:
    """The text with another right side, the first that follows an equals sign."""
    words = r"\s+".join(re.escape(word) for word in old.split())
    return re.sub(rf"(=[\s&]*){words}", lambda side: side[1] + new, text, count=1)


def chainrule_grader(path: Path) -> Record:
    return importlib.import_module("chainrule").grade(path).to_dict()


def main() -> int:
    if not hasattr(importlib.import_module("chainrule"), "grade"):
        print("This chainrule has no grade().", file=sys.stderr)
        return 2
    found = Examination()
    for answer in answers():
        examined(answer, chainrule_grader, found=found)
    print(found)
    return int(bool(found.passed or found.failed or found.read < 0.85 or found.mended < 0.8))


if __name__ == "__main__":
    sys.exit(main())
