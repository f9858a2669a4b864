"""A derivation as one HTML page that needs no network: its mathematics is MathML."""

from collections.abc import Callable, Iterator
from functools import partial
from html import escape

from chainrule.derivation.document import Document, Equation, Inline, Line, Prose
from chainrule.derivation.writers.latex import LatexMathematics
from chainrule.derivation.writers.marks import blocks, heading, note_of, shape_of

__all__ = ["html_page"]

_STYLE = """
.derivation { max-width: 54rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem;
  font: 1.0625rem/1.6 Georgia, "Times New Roman", serif; color: #1d1d1f; background: #fff; }
.derivation h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0 1rem; }
.derivation h2 { font-size: 1.2rem; margin: 2.2rem 0 0.6rem; }
.derivation p { margin: 0.8rem 0; }
.derivation math { font-size: 1.06em; }
.derivation .equations { display: grid; margin: 1rem 0; align-items: center; row-gap: 0.7rem;
  grid-template-columns: minmax(min-content, max-content) minmax(0, 1fr) minmax(0, 11rem); }
.derivation .left { text-align: right; }
.derivation .right { overflow-x: auto; overflow-y: hidden; padding: 0.15rem 0 0.15rem 0.4rem; }
.derivation .note { font-size: 0.8125rem; line-height: 1.3; color: #6a6a70; padding-left: 1rem; }
.derivation .note math { font-size: 1em; }
@media (max-width: 40rem) {
  .derivation { padding: 1rem 1rem 2rem; font-size: 1rem; }
  .derivation .equations { grid-template-columns: minmax(0, 1fr); row-gap: 0.2rem; }
  .derivation .left { text-align: left; margin-top: 0.7rem; }
  .derivation .left:empty { display: none; }
  .derivation .right { padding-left: 1rem; }
  .derivation .note { padding-left: 2.2rem; margin-bottom: 0.5rem; }
}
@media (prefers-color-scheme: dark) {
  html:has(> body > .derivation) { background: #16161a; }
  .derivation { color: #e8e8ea; background: #16161a; }
  .derivation .note { color: #9a9aa2; }
}
"""

#: From LaTeX to a ``math`` element.
_Convert = Callable[[str], str]


def html_page(document: Document, *, is_fragment: bool = False) -> str:
    """Write a page, or the part of it that stands within a page such as a notebook."""
    from latex2mathml.converter import convert

    body = "\n".join(_paragraphs(document, LatexMathematics(document), partial(convert)))
    content = f"<style>{_STYLE}</style>\n<article class='derivation'>\n{body}\n</article>"
    if is_fragment:
        return content
    return (
        "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        f"<title>{escape(document.title)}</title>\n</head>\n<body style='margin: 0'>\n"
        f"{content}\n</body>\n</html>\n"
    )


def _paragraphs(document: Document, writer: LatexMathematics, convert: _Convert) -> Iterator[str]:
    yield f"<h1>{escape(document.title)}</h1>"
    yield _prose(writer, convert, document.preface)
    for section in document.sections:
        yield f"<h2>{escape(heading(section))}</h2>"
        for block in blocks(section.items):
            if isinstance(block, Prose):
                yield _prose(writer, convert, block)
            else:
                yield _display(writer, convert, block)
    yield "<h2>How this was checked</h2>"
    yield _prose(writer, convert, document.closing)


def _prose(writer: LatexMathematics, convert: _Convert, prose: Prose) -> str:
    def inline(part: Inline) -> str:
        return escape(part) if isinstance(part, str) else convert(writer.inline(part))

    return f"<p>{''.join(map(inline, prose.parts))}</p>"


def _display(writer: LatexMathematics, convert: _Convert, equations: tuple[Equation, ...]) -> str:
    cells = [cell for equation in equations for cell in _cells(writer, convert, equation)]
    return "<div class='equations'>\n" + "\n".join(cells) + "\n</div>"


def _cells(writer: LatexMathematics, convert: _Convert, equation: Equation) -> Iterator[str]:
    left = convert(writer.write(equation.left))
    for line in equation.lines:
        right = convert(rf"\displaystyle = {writer.write(line.right)}")
        yield f"<div class='left'>{left}</div>"
        yield f"<div class='right'>{right}</div>"
        yield f"<div class='note'>{_note(writer, convert, equation, line)}</div>"
        left = ""


def _note(writer: LatexMathematics, convert: _Convert, equation: Equation, line: Line) -> str:
    shape = shape_of(equation, line)
    size = convert(writer.inline(shape)) if shape else ""
    return ", ".join(filter(None, (escape(note_of(equation, line)), size)))
