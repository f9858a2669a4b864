"""A derivation as plain text with Unicode, at most 80 columns wide."""

import textwrap
from collections.abc import Iterator

from chainrule.calculus import Expression, Shape
from chainrule.calculus.text import TextWriter
from chainrule.derive.document import Case, Count, Document, Equation, Inline, Prose
from chainrule.derive.writers.marks import blocks, heading, rule_of

__all__ = ["text_page"]

_WIDTH = 80
_INDENT = 2


def text_page(document: Document) -> str:
    """Write a page."""
    return "\n\n".join(_paragraphs(document, TextWriter(document.layers))) + "\n"


def _paragraphs(document: Document, writer: TextWriter) -> Iterator[str]:
    yield _underlined(document.title, "=")
    yield _prose(writer, document.preface)
    for section in document.sections:
        yield _underlined(heading(section), "-")
        for block in blocks(section.items):
            yield _prose(writer, block) if isinstance(block, Prose) else _display(writer, block)
    yield _underlined("How this was checked", "-")
    yield _prose(writer, document.closing)


def _underlined(title: str, sign: str) -> str:
    return f"{title}\n{sign * len(title)}"


def _prose(writer: TextWriter, prose: Prose) -> str:
    written = "".join(_inline(writer, part) for part in prose.parts)
    # a formula is kept on one line
    return textwrap.fill(written, _WIDTH, break_long_words=False).replace("\N{NO-BREAK SPACE}", " ")


def _inline(writer: TextWriter, part: Inline) -> str:
    match part:
        case str():
            return part
        case Expression():
            written = writer.write(part)
        case Shape():
            written = str(part)
        case Case(left=left, right=right, equal=equal):
            written = f"{left.letter} {'=' if equal else '≠'} {right.letter}"
        case Count(size=size, n=n):
            written = f"{size} = {n}"
        case _:
            written = f"{writer.write(part.left)} = {writer.write(part.right)}"
    return written.replace(" ", "\N{NO-BREAK SPACE}")


def _display(writer: TextWriter, equations: tuple[Equation, ...]) -> str:
    lefts = [writer.write(equation.left) for equation in equations]
    margin = _INDENT + min(max(map(len, lefts)), _WIDTH // 3)
    rows = [
        row
        for left, equation in zip(lefts, equations, strict=True)
        for row in _rows(writer, left, equation, margin)
    ]
    return "\n".join(rows)


def _rows(writer: TextWriter, left: str, equation: Equation, margin: int) -> Iterator[str]:
    head = " " * _INDENT + left
    if len(head) > margin:
        yield head
        head = ""
    for line in equation.lines:
        note = rule_of(line)
        if line is equation.lines[-1] and not equation.shape.is_scalar:
            note += f", {equation.shape}"
        yield from _noted(_broken(writer.write(line.right), head.ljust(margin) + " = "), note)
        head = ""


def _broken(right: str, head: str) -> list[str]:
    """Break a long right side before its signs, and else between its words."""
    rows = [head]
    for word in _pieces(right):
        joint = "" if rows[-1] == head or rows[-1].isspace() else " "
        if len(rows[-1] + joint + word) > _WIDTH and not rows[-1].isspace() and rows[-1] != head:
            rows.append(" " * (len(head) + 2))
            joint = ""
        rows[-1] += joint + word
    return rows


def _pieces(right: str) -> list[str]:
    """Part a formula at its spaces, each sign with what follows it."""
    words = right.split(" ")
    pieces: list[str] = []
    for word in words:
        if pieces and pieces[-1] in {"+", "-", "∘", "·"}:
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return pieces


def _noted(rows: list[str], note: str) -> list[str]:
    """Put a note at the right margin, on a line of its own if there is no room."""
    if len(rows[-1]) + 2 + len(note) <= _WIDTH:
        return [*rows[:-1], rows[-1] + note.rjust(_WIDTH - len(rows[-1]))]
    return [*rows, note.rjust(_WIDTH)]
