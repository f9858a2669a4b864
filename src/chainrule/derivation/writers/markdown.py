"""A derivation as Markdown, with mathematics as GitHub renders it."""

from collections.abc import Iterator

from chainrule.calculus import Dimension, Size
from chainrule.derivation.document import Document, Equation, Prose
from chainrule.derivation.writers.latex import LatexMathematics
from chainrule.derivation.writers.marks import blocks, code_of, heading, note_of, shape_of

__all__ = ["markdown_page"]

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def markdown_page(document: Document, *, fenced: bool = True, picture: str = "") -> str:
    """Write a page.

    Parameters
    ----------
    document : Document
        The derivation.
    fenced : bool
        Whether equations stand in ``math`` fences, which GitHub never mistakes for Markdown, or
        between double dollars, which notebooks know too.
    picture : str
        Where the page finds its picture, or nothing.

    Returns
    -------
    str
        Markdown.
    """
    title, *rest = _paragraphs(document, LatexMathematics(document), fenced)
    image = [f"![{document.picture.scene.title}]({picture})"] if picture else []
    return "\n\n".join([title, *image, *rest]) + "\n"


def _paragraphs(document: Document, writer: LatexMathematics, fenced: bool) -> Iterator[str]:
    yield f"# {document.title}"
    yield _prose(writer, document.preface)
    for section in document.sections:
        yield f"## {heading(section)}"
        for block in blocks(section.items):
            if isinstance(block, Prose):
                yield _prose(writer, block)
            else:
                yield _display(writer, block, fenced)
                if code_of(block):
                    yield _code(code_of(block))
    if document.code:
        yield "## The code"
        yield _code(document.code.rstrip())
    yield "## How this was checked"
    yield _prose(writer, document.closing)


def _code(lines: str) -> str:
    return f"```python\n{lines}\n```"


def _prose(writer: LatexMathematics, prose: Prose) -> str:
    return "".join(
        part.replace("*", r"\*") if isinstance(part, str) else f"${_allowed(writer.inline(part))}$"
        for part in prose.parts
    )


def _display(writer: LatexMathematics, equations: tuple[Equation, ...], fenced: bool) -> str:
    rows = [row for equation in equations for row in _rows(writer, equation)]
    body = _allowed(" \\\\\n".join(rows))
    before, after = ("```math", "```") if fenced else ("$$", "$$")
    return f"{before}\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n{after}"


def _rows(writer: LatexMathematics, equation: Equation) -> Iterator[str]:
    left = writer.write(equation.left) + " "
    for line in equation.lines:
        shape = shape_of(equation, line)
        size = f"{_size(shape.rows)} × {_size(shape.columns)}" if shape else ""
        note = ", ".join(filter(None, (note_of(equation, line), size)))
        words = rf" && \text{{{note}}}" if note else ""
        yield f"{left}&= {writer.write(line.right)}{words}"
        left = ""


def _size(size: Dimension) -> str:
    """Write a size in words, with a subscript of Unicode: ``n₁``."""
    if not isinstance(size, Size):
        return str(size)
    factors = ((part.letter, "" if part.index is None else part.index) for part in size.factors)
    return " ".join(letter + str(index).translate(_SUBSCRIPTS) for letter, index in factors)


def _allowed(latex: str) -> str:
    r"""GitHub refuses ``\operatorname``."""
    return latex.replace(r"\operatorname{", r"\mathrm{")
