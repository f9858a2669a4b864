"""The grid of a CSV file: its delimiter, its header, and rows as wide as the header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias, final

from chainrule.errors import DataError

__all__ = ["Grid", "csv_grid"]

#: First line, last line, cells.
Record: TypeAlias = tuple[int, int, list[str]]

_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE: Final = 100
_UNCLOSED: Final = "perhaps a quotation mark is never closed"
_DECIMAL_COMMA: Final = re.compile(r"[-+]?\d+,\d+")
_DECIMAL_POINT: Final = re.compile(r"[-+]?\d+\.\d+")


@final
@dataclass(frozen=True)
class Grid:
    """How a CSV file is laid out.

    Parameters
    ----------
    delimiter : str
        What stands between two columns.
    decimal : str
        The decimal mark, ``"."`` or ``","``.
    columns : tuple of str
        The header, without spaces around the names; a nameless column is ``column 3``.
    n_rows : int
        Rows below the header, blank lines not counted.
    """

    delimiter: str
    decimal: str
    columns: tuple[str, ...]
    n_rows: int


def csv_grid(raw: bytes, name: str) -> Grid:
    r"""Find out how a CSV file is laid out, and that every row fits.

    pandas fills short rows up without a word, so the width of each row is checked here.

    Parameters
    ----------
    raw : bytes
        The file in UTF-8.
    name : str
        Its name, for messages.

    Returns
    -------
    Grid

    Raises
    ------
    DataError
        If a column name occurs twice, a row has more or fewer columns than the header, or there
        is no row.

    Examples
    --------
    >>> csv_grid(b'a;b\n1,5;"x;y"\n', "t.csv")
    Grid(delimiter=';', decimal=',', columns=('a', 'b'), n_rows=1)
    """
    delimiter = _delimiter(raw)
    records = _records(raw, delimiter, name)
    columns = tuple(_names(next(records)[2]))
    _check_names(columns, name)
    n_rows = _n_plain_rows(raw, delimiter, len(columns)) or _n_rows(records, len(columns), name)
    return Grid(delimiter, _decimal(raw, delimiter), columns, n_rows)


def _records(raw: bytes, delimiter: str, name: str) -> Iterator[Record]:
    """Give each record that is not blank with the numbers of its first and last line."""
    text = io.TextIOWrapper(io.BytesIO(raw), "utf-8", newline="")
    reader = csv.reader(text, delimiter=delimiter, skipinitialspace=True)
    first = 1
    try:
        for record in reader:
            if len(record) > 1 or (record and record[0].strip()):
                yield first, reader.line_num, record
            first = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"{name} cannot be read from line {first} on ({error}); {_UNCLOSED}"
        ) from error


def _n_plain_rows(raw: bytes, delimiter: str, width: int) -> int:
    """Count the rows of a file without quotation marks, many times as fast as `_n_rows`.

    The answer is 0 if a row does not fit or there are quotation marks: then look closely.
    """
    if b'"' in raw:
        return 0
    mark = delimiter.encode()
    lines = [line for line in raw.splitlines() if line.strip(b" ")]
    fits = all(line.count(mark) == width - 1 for line in lines)
    return len(lines) - 1 if fits else 0


def _n_rows(records: Iterator[Record], width: int, name: str) -> int:
    n_rows = 0
    for first, last, record in records:
        if len(record) != width:
            raise _misfit(first, last, len(record), width, name)
        n_rows += 1
    if n_rows == 0:
        raise DataError(f"{name} holds column names and no rows")
    return n_rows


def _misfit(first: int, last: int, count: int, width: int, name: str) -> DataError:
    columns = "1 column" if count == 1 else f"{count} columns"
    if first == last:
        return DataError(f"line {first} of {name} has {columns} where the header has {width}")
    return DataError(
        f"lines {first} to {last} of {name} are one row of {columns} where the header has {width}; "
        f"{_UNCLOSED}"
    )


def _names(header: list[str]) -> Iterator[str]:
    for number, cell in enumerate(header, start=1):
        yield cell.strip() or f"column {number}"


def _check_names(columns: tuple[str, ...], name: str) -> None:
    column, count = Counter(columns).most_common(1)[0]
    if count > 1:
        raise DataError(
            f"the column name {column!r} occurs {count} times in {name}; "
            "its first line must name every column once"
        )


def _delimiter(raw: bytes) -> str:
    """Prefer what cuts most of the first records into as many cells as the header."""
    return max(_DELIMITERS, key=lambda delimiter: _fit(raw, delimiter))


def _fit(raw: bytes, delimiter: str) -> tuple[float, int]:
    widths = [len(record) for _, _, record in _sample(raw, delimiter)]
    if not widths or widths[0] < 2:
        return 0.0, 0
    return widths.count(widths[0]) / len(widths), widths[0]


def _sample(raw: bytes, delimiter: str) -> list[Record]:
    try:
        return list(islice(_records(raw, delimiter, ""), _SAMPLE))
    except DataError:
        return []


def _decimal(raw: bytes, delimiter: str) -> str:
    """Read 1,5 as a number where commas do not part columns and no number has a point."""
    if delimiter == ",":
        return "."
    cells = [cell for _, _, record in _sample(raw, delimiter) for cell in record]
    commas = any(_DECIMAL_COMMA.fullmatch(cell.strip()) for cell in cells)
    points = any(_DECIMAL_POINT.fullmatch(cell.strip()) for cell in cells)
    return "," if commas and not points else "."
