"""A report for the terminal: the document's own lines, with carets below what is wrong."""

from collections.abc import Iterator
from typing import Final

from chainrule.grading.results import Equation, Graded, Step

__all__ = ["styled_lines"]

_MARKS: Final = {"right": "✓", "shape": "✗", "wrong": "✗", "unread": "?", "definition": "≝"}
_STYLES: Final = {
    "right": "green",
    "shape": "red",
    "wrong": "red",
    "unread": "yellow",
    "definition": "cyan",
}
_WIDTH: Final = 96


def styled_lines(report: Graded) -> Iterator[tuple[str, str]]:
    """Give the lines of a report with the style of each.

    Parameters
    ----------
    report : Graded
        What to write.

    Yields
    ------
    (str, str)
        A line, and a style such as ``"red"`` or nothing.
    """
    yield from _names(report)
    for equation in report.equations:
        for step in equation.steps:
            yield from _step(report, equation, step)
    for note in report.notes:
        yield f"Note: {note}", "yellow"
    yield from _summary(report)


def _names(report: Graded) -> Iterator[tuple[str, str]]:
    title = f"{report.title}: " if report.title else ""
    layers = " → ".join(map(str, report.network["layers"]))
    yield f"{title}network {layers}, layout {report.layout}", "bold"
    rows = [(one.symbol, one.means, _shape(one.shape), one.origin) for one in report.names]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield f"  {'  '.join(cells)}  {row[3]}", "dim"


def _shape(shape: tuple[str | int, ...]) -> str:
    return " × ".join(map(str, shape)) or "number"


def _step(report: Graded, equation: Equation, step: Step) -> Iterator[tuple[str, str]]:
    place = f"{step.line}:{step.column}"
    if equation.cell is not None:
        place = f"cell {equation.cell}, {place}"
    head = f"{_MARKS[step.verdict]} {place}  {_what(step)}"
    yield head, _STYLES[step.verdict]
    yield from _excerpt(report, step)
    if step.verdict != "definition" or step.understood:
        yield f"    understood: {step.understood or '(not read)'}", "dim"
    if step.suggestions:
        yield f"    likely: {step.suggestions[0]}", "bold"
        for other in step.suggestions[1:]:
            yield f"        or: {other}", ""


def _what(step: Step) -> str:
    parts = [step.verdict]
    if step.mistake:
        parts.append(f"likely {step.mistake}")
    if step.message and step.message not in (step.verdict, "a definition"):
        parts.append(step.message)
    return f"{parts[0]}: {'; '.join(parts[1:])}" if parts[1:] else parts[0]


def _excerpt(report: Graded, step: Step) -> Iterator[tuple[str, str]]:
    """Give the line that the step stands on, and carets below it where it is not right."""
    text = report.source
    start = text.rfind("\n", 0, step.start) + 1
    end = text.find("\n", step.start)
    line = text[start : len(text) if end < 0 else end]
    first, last = step.start - start, min(step.end - start, len(line))
    if len(line) > _WIDTH:
        left = max(0, min(first - 20, len(line) - _WIDTH))
        line = ("…" if left else "") + line[left : left + _WIDTH]
        shift = left - (1 if left else 0)
        first, last = first - shift, min(last - shift, len(line))
    yield f"    {line}", ""
    if step.verdict not in ("right", "definition"):
        carets = "^" * max(1, last - first)
        yield f"    {' ' * max(0, first)}{carets}", _STYLES[step.verdict]


def _summary(report: Graded) -> Iterator[tuple[str, str]]:
    counts = report.summary.to_dict()
    text = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    if not report.steps:
        yield "There are no equations to grade", "yellow"
        return
    style = "bold red" if report.has_mistakes else "bold green"
    noun = "step" if len(report.steps) == 1 else "steps"
    yield f"{len(report.steps)} {noun}: {text}", style
    if report.points:
        yield f"Score: {report.score:g} of {report.full_score:g}", "bold"
