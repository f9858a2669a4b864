"""A derivation as one HTML page that needs no network: its mathematics is MathML."""

from collections.abc import Iterator
from html import escape

from chainrule.calculus import Expression, Shape, to_mathml
from chainrule.calculus.mathml import size_to_mathml
from chainrule.derivation.document import (
    Case,
    Count,
    Document,
    Equation,
    Inline,
    Line,
    PowerOfTen,
    Prose,
)
from chainrule.derivation.writers.marks import blocks, code_of, heading, note_of, shape_of

__all__ = ["html_page"]

_STYLE = """
.derivation { max-width: 54rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem;
  font: 1.0625rem/1.6 Georgia, "Times New Roman", serif; color: #1d1d1f; background: #fff; }
.derivation h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0 1rem; }
.derivation h2 { font-size: 1.2rem; margin: 2.2rem 0 0.6rem; }
.derivation figure { margin: 1rem 0; overflow-x: auto; text-align: center; }
.derivation figure svg { max-width: 100%; height: auto; }
.derivation pre { overflow-x: auto; padding: 0.7rem 1rem; background: rgba(127, 127, 127, 0.1);
  border-radius: 0.4rem; font: 0.8125rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
.derivation p { margin: 0.8rem 0; }
.derivation math { font-size: 1.06em; }
.derivation mtable.cases mtd { text-align: left; padding: 0.1em 0.5em; }
.derivation .equations { display: grid; margin: 1rem 0; align-items: center; row-gap: 0.55rem;
  grid-template-columns: minmax(min-content, max-content) minmax(0, 1fr) minmax(0, 11rem); }
.derivation .left { text-align: right; padding-left: 1rem; }
.derivation .right { overflow-x: auto; overflow-y: hidden; padding: 0.2rem 0 0.2rem 0.3rem; }
.derivation .note { font-size: 0.8125rem; line-height: 1.3; color: #6a6a70; padding-left: 1rem; }
.derivation .note math { font-size: 1em; }
@media (max-width: 40rem) {
  .derivation { padding: 1rem 1rem 2rem; font-size: 1rem; }
  .derivation .equations { grid-template-columns: minmax(min-content, max-content) minmax(0, 1fr);
    row-gap: 0.1rem; }
  .derivation .left { padding-left: 0; }
  .derivation .note { grid-column: 2; padding: 0 0 0.5rem 1.6rem; }
}
@media (prefers-color-scheme: dark) {
  html:has(> body > .derivation) { background: #16161a; }
  .derivation { color: #e8e8ea; background: #16161a; }
  .derivation .note { color: #9a9aa2; }
}
"""


def html_page(document: Document, *, is_fragment: bool = False) -> str:
    """Write a page, or the part of it that stands within a page such as a notebook."""
    body = "\n".join(_paragraphs(document, _Mathematics(document)))
    content = f"<style>{_STYLE}</style>\n<article class='derivation'>\n{body}\n</article>"
    if is_fragment:
        return content
    return (
        "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        f"<title>{escape(document.title)}</title>\n</head>\n<body style='margin: 0'>\n"
        f"{content}\n</body>\n</html>\n"
    )


def _paragraphs(document: Document, writer: "_Mathematics") -> Iterator[str]:
    yield f"<h1>{escape(document.title)}</h1>"
    # within HTML the element needs no name space
    svg = document.picture.to_svg().replace(' xmlns="http://www.w3.org/2000/svg"', "")
    yield f"<figure>{svg}</figure>"
    yield writer.prose(document.preface)
    for section in document.sections:
        yield f"<h2>{escape(heading(section))}</h2>"
        for block in blocks(section.items):
            if isinstance(block, Prose):
                yield writer.prose(block)
            else:
                cells = (cell for equation in block for cell in writer.cells(equation))
                yield "<div class='equations'>\n" + "\n".join(cells) + "\n</div>"
                if code_of(block):
                    yield _code(code_of(block))
    if document.code:
        yield "<h2>The code</h2>"
        yield _code(document.code.rstrip())
    yield "<h2>How this was checked</h2>"
    yield writer.prose(document.closing)


def _code(lines: str) -> str:
    return f"<pre><code>{escape(lines)}</code></pre>"


class _Mathematics:
    """Writes the sentences and equations of one document."""

    def __init__(self, document: Document) -> None:
        self._layers = document.layers

    def prose(self, prose: Prose) -> str:
        return f"<p>{''.join(map(self._inline, prose.parts))}</p>"

    def cells(self, equation: Equation) -> Iterator[str]:
        left = f"<math display='inline'>{self._displayed(self._write(equation.left))}</math>"
        for line in equation.lines:
            right = self._displayed(f"<mo>=</mo>{self._write(line.right)}")
            yield f"<div class='left'>{left}</div>"
            yield f"<div class='right'><math>{right}</math></div>"
            yield f"<div class='note'>{self._note(equation, line)}</div>"
            left = ""

    @staticmethod
    def _displayed(elements: str) -> str:
        return f"<mstyle displaystyle='true'>{elements}</mstyle>"

    def _note(self, equation: Equation, line: Line) -> str:
        shape = shape_of(equation, line)
        size = self._inline(shape) if shape else ""
        return ", ".join(filter(None, (escape(note_of(equation, line)), size)))

    def _write(self, expression: Expression) -> str:
        return to_mathml(expression, layers=self._layers)

    def _inline(self, part: Inline) -> str:
        if isinstance(part, str):
            return escape(part)
        return f"<math>{self._elements(part)}</math>"

    def _elements(self, part: Inline) -> str:
        match part:
            case Expression():
                return self._write(part)
            case PowerOfTen(exponent=exponent):
                return f"<msup><mn>10</mn><mn>{exponent}</mn></msup>".replace("-", "−")
            case Shape(rows=rows, columns=columns):
                return f"{size_to_mathml(rows)}<mo>×</mo>{size_to_mathml(columns)}"
            case Case(left=left, right=right, equal=equal):
                sign = "=" if equal else "≠"
                return f"<mi>{left.letter}</mi><mo>{sign}</mo><mi>{right.letter}</mi>"
            case Count(size=size, n=n):
                return f"{size_to_mathml(size)}<mo>=</mo><mn>{n}</mn>"
            case str():
                return f"<mtext>{escape(part)}</mtext>"
        return f"{self._write(part.left)}<mo>=</mo>{self._write(part.right)}"
