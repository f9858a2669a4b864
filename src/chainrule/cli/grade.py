"""``chainrule grade``: which step of a derivation is wrong, and why."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from chainrule.errors import DataError
from chainrule.grading import Report, grade, read_text, styled_lines, to_page

__all__ = ["FORMATS", "GradeOptions", "grade_files"]

FORMATS: Final = ("text", "json", "html", "csv")
_COLUMNS: Final = (
    "file",
    "steps",
    "right",
    "shape",
    "wrong",
    "unread",
    "definition",
    "score",
    "of",
)


@final
@dataclass(frozen=True)
class GradeOptions:
    """What the command line says; see ``chainrule grade --help``."""

    files: tuple[str, ...]
    layers: tuple[int, ...]
    hidden: str
    output: str
    bias: bool | None
    layout: str
    format: str
    colour: bool


def grade_files(options: GradeOptions) -> int:
    """Grade documents, and print their reports.

    Parameters
    ----------
    options : GradeOptions
        The command line.

    Returns
    -------
    int
        The exit status: 0, or 1 where a step is wrong.

    Raises
    ------
    DataError
        If a file cannot be read, or the form is for one document and there are several.
    """
    if len(options.files) > 1 and options.format in ("json", "html"):
        raise DataError(
            f"--format {options.format} is for one document, and {len(options.files)} were given; "
            "take csv or text for several"
        )
    reports = [_graded(file, options) for file in options.files]
    if options.format == "csv":
        print(_table(options.files, reports), end="", flush=True)
    else:
        for report in reports:
            _show(report, options)
    return 1 if any(report.has_mistakes for report in reports) else 0


def _graded(file: str, options: GradeOptions) -> Report:
    text = _standard_input() if file == "-" else read_text(Path(file))
    report = grade(
        text,
        layers=options.layers,
        hidden=options.hidden,
        output=options.output,
        bias=options.bias,
        layout=options.layout,
    )
    return report.titled("" if file == "-" else file)


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"standard input is no text in UTF-8 (byte {error.start})") from error


def _show(report: Report, options: GradeOptions) -> None:
    if options.format == "json":
        print(json.dumps(report.to_dict(), ensure_ascii=False), flush=True)
    elif options.format == "html":
        print(to_page(report), end="", flush=True)
    elif options.colour and sys.stdout.isatty():
        _in_colour(report)
    else:
        print(report.to_text(), flush=True)


def _in_colour(report: Report) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    for line, style in styled_lines(report):
        console.print(Text(line, style=style), soft_wrap=True)


def _table(files: Sequence[str], reports: Sequence[Report]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for file, report in zip(files, reports, strict=True):
        counts = report.summary.to_dict()
        numbers = [counts[name] for name in _COLUMNS[2:7]]
        writer.writerow(
            [file, len(report.steps), *numbers, f"{report.score:g}", f"{report.full_score:g}"]
        )
    return written.getvalue()
