"""A report as a page of HTML: the document again, with a mark beside each equation.

The page needs nothing but itself. Formulas are MathML, and whatever the document says is escaped.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from chainrule.grading.results import Equation, Graded, Step
from chainrule.read.document import Document, Passage, read_document
from chainrule.read.mathml import to_mathml
from chainrule.read.rows import Row, Side

__all__ = ["to_page"]

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .2rem .8rem .2rem 0; }
.row { border-left: .35rem solid #bbb; margin: .8rem 0; padding: .2rem .8rem; overflow-x: auto; }
.row.right { border-color: #1b7f3b; } .row.wrong { border-color: #c0202a; }
.row.unread { border-color: #b7791f; } .row.definition { border-color: #2b6cb0; }
.step { margin: .3rem 0; font-size: .92rem; } .mark { font-weight: 600; }
.right .mark { color: #1b7f3b; } .shape .mark, .wrong .mark { color: #c0202a; }
.unread .mark { color: #8a5a00; } .definition .mark { color: #2b6cb0; }
.mistaken { background: #fde8e8; } code { background: #f3f3f3; padding: 0 .2rem; }
math { font-size: 1.15rem; } .understood { color: #555; }
"""
_MARKS: Final = {"right": "✓", "shape": "✗", "wrong": "✗", "unread": "?", "definition": "≝"}


def to_page(report: Graded) -> str:
    """Write a report as HTML.

    Parameters
    ----------
    report : Graded
        What to write.

    Returns
    -------
    str
        A whole page, without scripts and without anything from elsewhere.
    """
    title = escape(report.title or "Graded derivation")
    body = "\n".join(_body(report))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    )


def _body(report: Graded) -> Iterator[str]:
    yield _summary(report)
    document = read_document(report.source)
    by_place = {equation.start: equation for equation in report.equations}
    at = 0
    for passage in document.passages:
        start, end = passage.block.start, passage.block.end
        if start < at:
            continue
        yield _prose(report.source[at:start])
        yield _passage(document, passage, by_place)
        at = end
    yield _prose(report.source[at:])
    yield _names(report)


def _summary(report: Graded) -> str:
    counts = ", ".join(f"{n} {verdict}" for verdict, n in report.summary.to_dict().items() if n)
    layers = " → ".join(escape(str(one)) for one in report.network["layers"])
    notes = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
    return (
        f"<p><strong>{escape(counts or 'no equations')}</strong>. Network {layers}, "
        f"layout {escape(report.layout)}.</p>" + (f"<ul>{notes}</ul>" if notes else "")
    )


_DELIMITERS: Final = re.compile(r"\$\$?|\\\[|\\\]|\\\(|\\\)")


def _prose(text: str) -> str:
    """Write the words between formulas, their headings as such."""
    parts: list[str] = []
    for paragraph in re.split(r"\n\s*\n", _DELIMITERS.sub("", text)):
        bare = paragraph.strip()
        heading = re.fullmatch(r"(#{1,6})\s+(.*)", bare)
        if heading:
            level = min(6, len(heading.group(1)) + 1)
            parts.append(f"<h{level}>{escape(heading.group(2))}</h{level}>")
        elif bare:
            parts.append(f"<p>{escape(bare)}</p>")
    return "\n".join(parts)


def _passage(document: Document, passage: Passage, by_place: dict[int, Equation]) -> str:
    if not passage.block.displayed:
        source = document.source.text[passage.block.start : passage.block.end]
        sides = [side for row in passage.rows for one in row.equations for side in one.sides]
        if not sides:
            return f"<code>{escape(source)}</code>"
        return _formula([sides], display=False)
    return "\n".join(_row(row, by_place.get(row.span[0])) for row in passage.rows)


def _row(row: Row, equation: Equation | None) -> str:
    steps = () if equation is None else equation.steps
    verdicts = {step.verdict for step in steps}
    kind = next(
        (one for one in ("wrong", "shape", "unread", "right") if one in verdicts), "definition"
    )
    kind = "wrong" if kind == "shape" else kind
    mistaken = {step.start for step in steps if step.is_mistaken}
    chains = [list(one.sides) for one in row.equations]
    continues = [one.continues for one in row.equations]
    formula = _formula(chains, mistaken=mistaken, continues=continues)
    return f'<div class="row {kind}">{formula}{"".join(map(_step, steps))}</div>'


def _formula(
    chains: list[list[Side]],
    *,
    display: bool = True,
    mistaken: set[int] | None = None,
    continues: list[bool] | None = None,
) -> str:
    parts: list[str] = []
    for number, sides in enumerate(chains):
        lead = "<mo>=</mo>" if continues and continues[number] else ""
        written = (_side(side, mistaken or set()) for side in sides)
        parts.append(lead + "<mo>=</mo>".join(written))
    mode = ' display="block"' if display else ""
    gap = '<mspace width="2em"></mspace>'
    return f"<math{mode}>{gap.join(parts)}</math>"


def _side(side: Side, mistaken: set[int]) -> str:
    if side.node is None:
        return f"<mtext>{escape(side.source)}</mtext>"
    text = f"<mrow>{to_mathml(side.node)}</mrow>"
    return f'<mrow class="mistaken">{text}</mrow>' if side.span[0] in mistaken else text


def _step(step: Step) -> str:
    place = f"line {step.line}, column {step.column}"
    grounds = [one for one in (step.reading, step.assumption) if one]
    what = f"{step.verdict}" + (f" ({escape(', '.join(grounds))})" if grounds else "")
    lines = [f'<span class="mark">{_MARKS[step.verdict]} {what}</span> <small>{place}</small>']
    if step.message not in ("", step.verdict, "a definition"):
        lines.append(escape(step.message))
    if step.mistake:
        lines.append(f"likely mistake: <strong>{escape(step.mistake)}</strong>")
    lines += [f"suggestion: <code>{escape(one)}</code>" for one in step.suggestions]
    if step.understood:
        lines.append(f'<span class="understood">understood: {escape(step.understood)}</span>')
    return f'<div class="step {step.verdict}">{"<br>".join(lines)}</div>'


def _names(report: Graded) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one.symbol)}</code></td><td>{escape(one.means)}</td>"
        f"<td>{escape(' × '.join(map(str, one.shape)) or 'number')}</td>"
        f"<td>{escape(one.origin)}</td></tr>"
        for one in report.names
    )
    head = "<tr><th>symbol</th><th>means</th><th>shape</th><th>from</th></tr>"
    return f"<h2>Names</h2>\n<table>{head}{rows}</table>"
