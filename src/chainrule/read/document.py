"""A document, read: its rows in order, with the conditions and words around them."""

import re
from dataclasses import dataclass
from typing import Final, final

from chainrule.read.containers import Block, find_blocks
from chainrule.read.macros import find_macros
from chainrule.read.rows import Row, read_rows
from chainrule.read.signs import LOSSES
from chainrule.read.source import Source
from chainrule.read.tree import Relation

__all__ = ["Document", "Passage", "read_document"]

_MOST_ROWS: Final = 5_000

#: Letters that are functions if a bracket always follows them, or if they are primed.
_MAYBE: Final = [
    "f",
    "g",
    "h",
    "s",
    "S",
    "p",
    "q",
    "phi",
    "varphi",
    "psi",
    "rho",
    "Phi",
    "Psi",
    "theta",
    "sigma",
    "varsigma",
    "act",
    "ell",
    "cal",
    "L",
]
_FUNCTION_DEFINED: Final = (
    r"(?<![A-Za-z\\{])(\\[A-Za-z]{2,8}|[A-Za-z])\s*\(\s*(?:\\[a-z]{2,8}|[a-z])\s*\)\s*&?\s*="
)
_ALWAYS: Final = frozenset(["sigma", "varphi", "phi", "psi", "varsigma", "f", "g"])


@final
@dataclass(frozen=True)
class Passage:
    """A block that was read: its rows, and whether they are graded or only say what names mean."""

    block: Block
    rows: tuple[Row, ...]
    conditions: tuple[Relation, ...] = ()


@final
@dataclass(frozen=True)
class Document:
    """All that was read, and the source that it was read from."""

    source: Source
    passages: tuple[Passage, ...]
    functions: frozenset[str]

    @property
    def prose(self) -> str:
        """The words between the formulas, such as “sigmoid”, that say what a letter stands for."""
        text, at, words = self.source.text, 0, []
        for passage in self.passages:
            words.append(text[at : passage.block.start])
            at = max(at, passage.block.end)
        return " ".join([*words, text[at:]])


def read_document(text: str) -> Document:
    """Read Markdown, LaTeX or a notebook.

    Parameters
    ----------
    text : str
        The whole document; anything at all gives a result.

    Returns
    -------
    Document
        Its rows; what could not be read says so.

    Examples
    --------
    >>> document = read_document("$$E = a$$ and $$a = b$$")
    >>> [row.source for passage in document.passages for row in passage.rows]
    ['E = a', 'a = b']
    """
    source = Source.of(text)
    blocks = find_blocks(source.text)
    macros = find_macros(source.text)
    functions = _functions(source.text, blocks)
    passages: list[Passage] = []
    n_rows = 0
    pending: list[Relation] = []
    for block in blocks:
        content = source.text[block.start : block.end]
        rows = read_rows(content, block.start, macros, functions) if n_rows < _MOST_ROWS else []
        n_rows += len(rows)
        stated = [condition for row in rows for condition in row.conditions]
        if block.displayed:
            passages.append(Passage(block, tuple(rows), tuple(pending)))
            pending = []
        else:
            pending += stated + _equalities(rows)
            passages.append(Passage(block, tuple(rows)))
    return Document(source, tuple(passages), functions)


def _equalities(rows: list[Row]) -> list[Relation]:
    """Read inline ``i = j`` as a condition, since only letters stand on both sides."""
    found: list[Relation] = []
    for row in rows:
        for equation in row.equations:
            nodes = [side.node for side in equation.sides]
            letters = [side.source for side in equation.sides]
            if len(nodes) == 2 and all(re.fullmatch(r"[a-z]", letter) for letter in letters):
                found += [
                    Relation("=", a, b) for a, b in [nodes] if a is not None and b is not None
                ]
    return found


def _functions(text: str, blocks: list[Block]) -> frozenset[str]:
    """Find the names that this document uses as functions."""
    mathematics = " ".join(text[block.start : block.end] for block in blocks)[:400_000]
    names = dict.fromkeys([*_MAYBE, *_defined_functions(mathematics)])
    lone = {text[block.start : block.end].strip() for block in blocks}
    return frozenset(name for name in names if _is_function(name, mathematics, lone))


def _defined_functions(mathematics: str) -> list[str]:
    """Find the letters of definitions such as ``r(v) = …``, where v is one letter."""
    found = re.findall(_FUNCTION_DEFINED, mathematics)
    return [name.lstrip("\\") for name in found if name.lstrip("\\") not in LOSSES]


def _is_function(name: str, mathematics: str, lone: set[str]) -> bool:
    written = rf"\\{name}" if len(name) > 1 else rf"(?<![A-Za-z\\]){name}"
    scripts = r"(?:\s*(?:'|[_^]\s*(?:\{[^{}]{0,20}\}|\\?\w)))*"
    uses = re.findall(
        written + rf"(?![A-Za-z])(\}}?){scripts}\s*(?:\\left|\\[bB]igg?l?)?\s*(.?)", mathematics
    )
    called = sum(after in ("(", "[") for _, after in uses)
    if called and {name, f"\\{name}"} & lone:
        called += 1  # named alone in a sentence, “with $s$ the softmax”
    primed = re.search(written + r"(?![A-Za-z])\}?(?:\^\{?\\prime|')", mathematics)
    if name in _ALWAYS:
        return called > 0 or bool(primed)
    return bool(uses) and (called >= len(uses) or bool(primed and called * 2 >= len(uses)))
