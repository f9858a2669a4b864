"""A derivation as LaTeX: a complete document, or a fragment to include."""

from collections.abc import Iterator

from chainrule.calculus import Expression, Shape, to_latex, to_text
from chainrule.calculus.nodes import Negative, Sum
from chainrule.derivation.document import (
    Case,
    Count,
    Detail,
    Document,
    Equation,
    Inline,
    Line,
    PowerOfTen,
    Prose,
)
from chainrule.derivation.writers.marks import blocks, code_of, heading, note_of, shape_of

__all__ = ["LatexMathematics", "latex_document", "latex_fragment"]

_HEAD = r"""\documentclass[10pt,a4paper,fleqn]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern}
\usepackage{amsmath,amssymb}
\usepackage[margin=2.1cm]{geometry}
\usepackage{microtype}
\usepackage{tikz}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\mathindent}{1.5em}
\setlength{\parskip}{4pt plus 1pt minus 1pt}
\setlength{\abovedisplayskip}{4pt plus 2pt minus 2pt}
\setlength{\belowdisplayskip}{4pt plus 2pt minus 2pt}
\begin{document}
"""

#: How much goes into one row: characters of the same in plain text, notes among them.
_ROW = 100


def latex_document(document: Document) -> str:
    """Write a document that ``pdflatex`` compiles."""
    title = rf"\begin{{center}}{{\Large {document.title}}}\end{{center}}"
    return f"{_HEAD}{title}\n\n{latex_fragment(document)}\n\\end{{document}}\n"


def latex_fragment(document: Document) -> str:
    """Write what stands inside a document; it needs ``amsmath`` and ``tikz``."""
    writer = LatexMathematics(document)
    return "\n".join(_paragraphs(document, writer)) + "\n"


def _paragraphs(document: Document, writer: "LatexMathematics") -> Iterator[str]:
    yield "\\begin{center}\n" + document.picture.to_tikz() + "\\end{center}\n"
    yield writer.prose(document.preface)
    for section in document.sections:
        yield rf"\subsection*{{{heading(section)}}}"
        for block in blocks(section.items):
            if isinstance(block, Prose):
                yield f"\n{writer.prose(block)}"
            else:
                yield writer.display(block)
                if code_of(block):
                    yield _verbatim(code_of(block))
    if document.code:
        yield r"\subsection*{The code}"
        yield _verbatim(document.code.rstrip())
    yield r"\subsection*{How this was checked}"
    yield writer.prose(document.closing)


def _verbatim(lines: str) -> str:
    return f"{{\\small\n\\begin{{verbatim}}\n{lines}\n\\end{{verbatim}}\n}}"


def _signs(words: str) -> str:
    return words.replace("*", "$^*$").replace("†", r"$^\dagger$")


class LatexMathematics:
    """Writes the sentences and equations of one document.

    Parameters
    ----------
    document : Document
        Whose symbols are used.
    """

    def __init__(self, document: Document) -> None:
        self._layers = document.layers
        self._is_full = document.detail is Detail.FULL

    def write(self, expression: Expression) -> str:
        """Write an expression."""
        return to_latex(expression, layers=self._layers, hadamard=r"\odot")

    def prose(self, prose: Prose) -> str:
        """Write a paragraph, with its mathematics inline."""
        return "".join(map(self._inline, prose.parts))

    def _inline(self, part: Inline) -> str:
        if isinstance(part, str):
            return _signs(part).replace("–", "--")
        return f"${self.inline(part)}$"

    def inline(self, part: Inline) -> str:
        """Write mathematics within a sentence, without its delimiters."""
        match part:
            case Expression():
                return self.write(part)
            case Shape():
                return rf"{part.rows} \times {part.columns}"
            case Case(left=left, right=right, equal=equal):
                sign = "=" if equal else r"\neq"
                return f"{left.letter} {sign} {right.letter}"
            case PowerOfTen(exponent=exponent):
                return f"10^{{{exponent}}}"
            case Count(size=size, n=n):
                return f"{size} = {n}"
            case str():
                return part
        return f"{self.write(part.left)} = {self.write(part.right)}"

    def display(self, equations: tuple[Equation, ...]) -> str:
        """Write equations under one another, their signs aligned."""
        rows = [row for equation in equations for row in self.rows(equation)]
        body = " \\\\\n".join(rows)
        return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"

    def rows(self, equation: Equation) -> Iterator[str]:
        """Write an equation, a row for each of its lines."""
        left = self.write(equation.left) + " "
        for lines in self._packed(equation):
            *before, last = (part for line in lines for part in self._parted(line.right))
            for row in before if len(lines) == 1 else ():
                yield f"{left}&{row}"
                left = ""
            whole = last if len(lines) == 1 else " ".join([*before, last])
            yield f"{left}&{whole}{self._note(equation, lines)}"
            left = ""

    def _parted(self, right: Expression) -> Iterator[str]:
        """Write a right side, a long sum in several rows."""
        terms = right.terms if isinstance(right, Sum) else (right,)
        start = 0
        for place in range(1, len(terms) + 1):
            is_end = place == len(terms)
            if is_end or len(to_text(Sum(terms[start : place + 1]))) > _ROW:
                row = Sum(terms[start:place]) if place - start > 1 else terms[start]
                sign = "= " if start == 0 else r"\quad "
                sign += "+ " if start > 0 and not isinstance(terms[start], Negative) else ""
                yield f"{sign}{self.write(row)}"
                start = place

    def _packed(self, equation: Equation) -> Iterator[list[Line]]:
        """Put short steps on one line, unless every step is to be seen on its own."""
        row: list[Line] = []
        width = 0
        for line in equation.lines:
            wanted = len(to_text(line.right)) + len(note_of(equation, line)) + 5
            if row and (self._is_full or width + wanted > _ROW):
                yield row
                row, width = [], len(to_text(equation.left))
            row.append(line)
            width += wanted
        yield row

    def _note(self, equation: Equation, lines: list[Line]) -> str:
        """Name the rules of a row, and the shape of what it comes to."""
        shape = shape_of(equation, lines[-1])
        size = f"${self.inline(shape)}$" if shape else ""
        words = [_signs(note_of(equation, line)) for line in lines]
        note = ", ".join(filter(None, (*words, size)))
        return rf" \tag*{{\small {note}}}" if note else ""
