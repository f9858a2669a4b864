"""Tables in CSV files, packed with gzip or not."""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chainrule.data.csv_bytes import csv_bytes
from chainrule.data.csv_grid import Grid, csv_grid
from chainrule.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MISSING_IN_TARGET", "MISSING_MARKS", "read_csv"]

#: Cells that mean a missing value in every column.
MISSING_IN_TARGET: Final = (
    *("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-NaN", "-nan", "NULL", "null"),
)
#: Cells that mean a missing value in a feature; as a target, each of the last two is a class.
MISSING_MARKS: Final = (*MISSING_IN_TARGET, "None", "?")

#: What the delimiters besides the comma are called.
_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}
#: Rows looked at before a whole column of text is tried as numbers.
_SAMPLE: Final = 1000
#: A text column with at least this share of numbers is mentioned.
_NEARLY_NUMBERS: Final = 0.9


def read_csv(
    path: Path, *, target: str | None = None, text_columns: Collection[str] = ()
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a table of comma- (or semicolon-, tab-, bar-) separated values.

    Parameters
    ----------
    path : Path
        A file in UTF-8, with or without byte-order mark, whose first line names the columns.
    target : str, optional
        The column to predict, in which ``None`` and ``?`` are classes where it holds text.
    text_columns : collection of str
        Columns to leave as text, even where every cell looks like a number.

    Returns
    -------
    frame : pandas.DataFrame
        The table.
    notes : tuple of str
        What was noticed on the way.

    Raises
    ------
    DataError
        If the file is not such a table; the sentence names the line.
    """
    raw = csv_bytes(path)
    grid = csv_grid(raw, path.name)
    frame = _parsed(raw, grid, path.name, target, text_columns)
    frame, counted = _without_row_count(frame)
    frame, repaired = _repair_numbers(frame, text_columns)
    return frame, (*_grid_notes(grid), *counted, *repaired)


def _parsed(
    raw: bytes, grid: Grid, name: str, target: str | None, text_columns: Collection[str]
) -> pd.DataFrame:
    import pandas as pd

    marks: dict[Any, Any] = dict.fromkeys(grid.columns, MISSING_MARKS)
    if target in marks:
        marks[target] = MISSING_IN_TARGET
    try:
        return pd.read_csv(
            io.BytesIO(raw),
            sep=grid.delimiter,
            decimal=grid.decimal,
            names=list(grid.columns),
            header=0,
            index_col=False,
            dtype=dict.fromkeys(set(text_columns) & set(grid.columns), str),
            na_values=marks,
            keep_default_na=False,
            skipinitialspace=True,
            low_memory=False,
        )
    except (pd.errors.ParserError, ValueError) as error:
        reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise DataError(f"{name} cannot be read as CSV: {reason}") from error


def _without_row_count(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out the index that table programs write as a first column without a name."""
    first = frame.columns[0]
    if first != "column 1" or min(frame.shape) < 2 or frame[first].dtype.kind != "i":
        return frame, ()
    steps = frame[first].diff().iloc[1:]
    if frame[first].iloc[0] not in (0, 1) or not (steps == 1).all():
        return frame, ()
    note = "The first column has no name and only counts the rows, so it is left out."
    return frame.drop(columns=first), (note,)


def _repair_numbers(
    frame: pd.DataFrame, text_columns: Collection[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Make numbers of text columns that hold nothing else; mention those that nearly do."""
    import pandas as pd

    repaired: dict[str, pd.Series[Any]] = {}
    notes: list[str] = []
    for column in frame.columns:
        if column in text_columns or not isinstance(frame[column].dtype, pd.StringDtype):
            continue
        present = frame[column][~frame[column].isin(MISSING_MARKS)].dropna()
        values = _mostly_numbers(present)
        if values is None:
            continue
        failed = present[values.isna()]
        if failed.empty:
            repaired[column] = values.reindex(frame.index)
        else:
            notes.append(_nearly_numbers(column, present, failed))
    return (frame.assign(**repaired) if repaired else frame), tuple(notes)


def _mostly_numbers(texts: pd.Series[Any]) -> pd.Series[Any] | None:
    """Read text as numbers, NaN where it is none; give up if that is often so."""
    import pandas as pd

    for part in (texts.head(_SAMPLE), texts):
        values = pd.to_numeric(part, errors="coerce")
        # Not the same as a small share of NaN: of no values, the mean is NaN too.
        if not values.notna().mean() >= _NEARLY_NUMBERS:
            return None
    return values.astype(float)


def _nearly_numbers(column: str, present: pd.Series[Any], failed: pd.Series[Any]) -> str:
    no_numbers = "is not a number" if len(failed) == 1 else "are not numbers"
    return (
        f"{column!r} is taken as text, because {len(failed):,} of its {len(present):,} values "
        f"{no_numbers}, such as {failed.iloc[0]!r} in row {failed.index[0] + 1}."
    )


def _grid_notes(grid: Grid) -> tuple[str, ...]:
    if grid.delimiter == ",":
        return ()
    decimal = " and ',' as the decimal mark" if grid.decimal == "," else ""
    return (f"Read with {_DELIMITERS[grid.delimiter]} between the columns{decimal}.",)
