"""A document's text and the places in it: lines, columns, and the cells of a notebook."""

import json
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

__all__ = ["Place", "Source"]

#: Longer documents are read up to here; no derivation comes near.
LONGEST_DOCUMENT = 4_000_000


@final
@dataclass(frozen=True)
class Place:
    """Where something stands: line and column count from 1, in its cell where there are cells."""

    line: int
    column: int
    cell: int | None = None


@final
@dataclass(frozen=True)
class Source:
    r"""The text that is read, whatever file it came from.

    Parameters
    ----------
    text : str
        The text; of a notebook, its Markdown cells one after the other.
    cells : tuple of (int, int)
        For a notebook, the offset at which each Markdown cell starts and the cell's number.

    Examples
    --------
    >>> Source("a\nbc").place(3)
    Place(line=2, column=2, cell=None)
    """

    text: str
    cells: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, text: str) -> "Source":
        """Read a document: the Markdown cells of a notebook, or the text as it is."""
        text = text[:LONGEST_DOCUMENT].removeprefix("\ufeff")
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
        cells = _notebook_cells(text)
        return cls(text) if cells is None else _joined(cells)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(at + 1 for at, character in enumerate(self.text) if character == "\n")]

    def place(self, offset: int) -> Place:
        """Give line and column of an offset into the text."""
        row = bisect_right(self._starts, offset) - 1
        column = offset - self._starts[row] + 1
        if not self.cells:
            return Place(row + 1, column)
        start, number = self.cells[bisect_right(self.cells, (offset, 1 << 60)) - 1]
        first = bisect_right(self._starts, start) - 1
        return Place(row - first + 1, column, number)

    def line_at(self, offset: int) -> str:
        """Give the whole line that an offset lies in."""
        start = self._starts[bisect_right(self._starts, offset) - 1]
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end]


def _notebook_cells(text: str) -> list[tuple[int, str]] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        return None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        return None
    numbered = enumerate(cells, start=1)
    return [(number, _content(cell)) for number, cell in numbered if _is_markdown(cell)]


def _is_markdown(cell: Any) -> bool:
    return isinstance(cell, dict) and cell.get("cell_type") == "markdown"


def _content(cell: dict[str, Any]) -> str:
    content = cell.get("source", "")
    if isinstance(content, list):
        content = "".join(part for part in content if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _joined(cells: list[tuple[int, str]]) -> Source:
    text, starts = "", []
    parts: list[str] = []
    length = 0
    for number, content in cells:
        starts.append((length, number))
        parts.append(content + "\n\n")
        length += len(parts[-1])
    text = "".join(parts)
    return Source(text, tuple(starts) or ((0, 1),))
