"""A derivation as plain text with Unicode, at most 80 columns wide."""

import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

from chainrule.calculus import Expression, Shape, to_text
from chainrule.derivation.document import Case, Count, Document, Equation, Inline, PowerOfTen, Prose
from chainrule.derivation.writers.marks import blocks, code_of, heading, note_of, shape_of

__all__ = ["text_page"]

_WIDTH = 80
_INDENT = 2
_CODE = "    "

_Write: TypeAlias = Callable[[Expression], str]


def text_page(document: Document) -> str:
    """Write a page."""
    return "\n\n".join(_paragraphs(document, partial(to_text, layers=document.layers))) + "\n"


def _paragraphs(document: Document, writer: _Write) -> Iterator[str]:
    yield _underlined(document.title, "=")
    yield _prose(writer, document.preface)
    for section in document.sections:
        yield _underlined(heading(section), "-")
        for block in blocks(section.items):
            if isinstance(block, Prose):
                yield _prose(writer, block)
                continue
            yield _display(writer, block)
            if code_of(block):
                yield textwrap.indent(code_of(block), _CODE)
    if document.code:
        yield _underlined("The code", "-")
        yield textwrap.indent(document.code.rstrip(), _CODE)
    yield _underlined("How this was checked", "-")
    yield _prose(writer, document.closing)


def _underlined(title: str, sign: str) -> str:
    return f"{title}\n{sign * len(title)}"


def _prose(writer: _Write, prose: Prose) -> str:
    written = "".join(_inline(writer, part) for part in prose.parts)
    # a formula is kept on one line
    return textwrap.fill(written, _WIDTH, break_long_words=False).replace("\N{NO-BREAK SPACE}", " ")


def _inline(writer: _Write, part: Inline) -> str:
    match part:
        case str():
            return part
        case PowerOfTen(exponent=exponent):
            written = f"1e{exponent}"
        case Expression():
            written = writer(part)
        case Shape():
            written = str(part)
        case Case(left=left, right=right, equal=equal):
            written = f"{left.letter} {'=' if equal else '≠'} {right.letter}"
        case Count(size=size, n=n):
            written = f"{size} = {n}"
        case _:
            written = f"{writer(part.left)} = {writer(part.right)}"
    return written.replace(" ", "\N{NO-BREAK SPACE}")


def _display(writer: _Write, equations: tuple[Equation, ...]) -> str:
    lefts = [writer(equation.left) for equation in equations]
    margin = _INDENT + min(max(map(len, lefts)), _WIDTH // 3)
    rows = [
        row
        for left, equation in zip(lefts, equations, strict=True)
        for row in _rows(writer, left, equation, margin)
    ]
    return "\n".join(rows)


def _rows(writer: _Write, left: str, equation: Equation, margin: int) -> Iterator[str]:
    head = " " * _INDENT + left
    if len(head) > margin:
        yield head
        head = ""
    for line in equation.lines:
        shape = shape_of(equation, line)
        note = ", ".join(filter(None, (note_of(equation, line), str(shape) if shape else "")))
        yield from _noted(_broken(writer(line.right), head.ljust(margin) + " = "), note)
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
    if not note:
        return rows
    if len(rows[-1]) + 2 + len(note) <= _WIDTH:
        return [*rows[:-1], rows[-1] + note.rjust(_WIDTH - len(rows[-1]))]
    return [*rows, note.rjust(_WIDTH)]
