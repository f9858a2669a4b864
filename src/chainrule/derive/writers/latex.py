"""A derivation as LaTeX: a complete document, or a fragment to include."""

from collections.abc import Iterator

from chainrule.calculus import Expression, Shape
from chainrule.calculus.latex import LatexWriter
from chainrule.derive.document import Case, Count, Document, Equation, Inline, Line, Prose
from chainrule.derive.writers.marks import blocks, heading, rule_of

__all__ = ["LatexMathematics", "latex_document", "latex_fragment"]

_HEAD = r"""\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern}
\usepackage{amsmath,amssymb}
\usepackage[margin=2.4cm]{geometry}
\usepackage{microtype}
\usepackage{parskip}
\allowdisplaybreaks
\setcounter{secnumdepth}{0}
\begin{document}
"""


def latex_document(document: Document) -> str:
    """Write a document that ``pdflatex`` compiles."""
    title = rf"\begin{{center}}{{\Large {document.title}}}\end{{center}}"
    return f"{_HEAD}{title}\n\n{latex_fragment(document)}\n\\end{{document}}\n"


def latex_fragment(document: Document) -> str:
    """Write what stands inside a document; it needs ``amsmath``."""
    writer = LatexMathematics(document)
    return "\n\n".join(_paragraphs(document, writer)) + "\n"


def _paragraphs(document: Document, writer: "LatexMathematics") -> Iterator[str]:
    yield writer.prose(document.preface)
    for section in document.sections:
        yield rf"\section{{{heading(section)}}}"
        for block in blocks(section.items):
            yield writer.prose(block) if isinstance(block, Prose) else writer.display(block)
    yield r"\section{How this was checked}"
    yield writer.prose(document.closing)


class LatexMathematics:
    """Writes the sentences and equations of one document.

    Parameters
    ----------
    document : Document
        Whose symbols are used.
    """

    def __init__(self, document: Document) -> None:
        self.write = LatexWriter(document.layers, r"\odot").write

    def prose(self, prose: Prose) -> str:
        """Write a paragraph, with its mathematics inline."""
        return "".join(map(self._inline, prose.parts))

    def _inline(self, part: Inline) -> str:
        return part.replace("*", "$^*$") if isinstance(part, str) else f"${self.inline(part)}$"

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
        for line in equation.lines:
            note = self.note(equation, line)
            yield f"{left}&= {self.write(line.right)} && {note}"
            left = ""

    def note(self, equation: Equation, line: Line) -> str:
        """Name the rule of a line, and the shape of what it comes to."""
        words = rule_of(line).replace("*", "$^*$").replace("δ_ij", r"$\delta_{ij}$")
        words = words.replace("δ", r"$\delta$").replace("≠", r"$\neq$")
        if line is equation.lines[-1] and not equation.shape.is_scalar:
            words += f", ${self.inline(equation.shape)}$"
        return rf"\text{{\small {words}}}"
