"""Tables with a column to predict, from CSV and Parquet files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chainrule.data.csv_files import read_csv
from chainrule.data.dataset import Dataset, Layout, Part
from chainrule.data.parquet_files import read_parquet
from chainrule.data.target_values import plain_target
from chainrule.errors import DataError, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["listed_columns", "read_table"]

#: As many columns are listed in an error.
_LISTED: Final = 20
_NUMBER: Final = re.compile(r"[-+]?\d*\.?\d+(e[-+]?\d+)?", re.IGNORECASE)


def read_table(path: Path, *, target: str | None, layout: Layout) -> Dataset:
    """Read a table and set its target apart.

    Parameters
    ----------
    path : Path
        A CSV file, packed or not, or a Parquet file.
    target : str or None
        The column to predict; None leaves all columns features.
    layout : Layout
        Columns that have to stay text.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        If the file cannot be read, has no such column, or no other.
    """
    notes: tuple[str, ...] = ()
    if ".parquet" in (suffix.lower() for suffix in path.suffixes):
        frame = read_parquet(path)
    else:
        frame, notes = read_csv(path, target=target, text_columns=layout.text_columns)
    return Dataset(path.name, _part(frame, target, path.name), target_name=target, notes=notes)


def listed_columns(columns: Iterable[str]) -> str:
    """List column names in a sentence, the first 20 of them.

    Parameters
    ----------
    columns : iterable of str
        The names.

    Returns
    -------
    str

    Examples
    --------
    >>> listed_columns(["age", "city"])
    'age, city'
    """
    names = list(columns)
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def _part(frame: pd.DataFrame, target: str | None, name: str) -> Part:
    if target is None:
        return Part(frame)
    if target not in frame.columns:
        raise DataError(
            f"{name} has no column {target!r}{nearest(target, frame.columns)}; "
            f"its columns are {listed_columns(frame.columns)}{_header_hint(frame)}"
        )
    features = frame.drop(columns=target)
    if features.shape[1] == 0:
        raise DataError(f"{name} has no column besides the target {target!r}")
    return Part(features, plain_target(frame[target], target))


def _header_hint(frame: pd.DataFrame) -> str:
    if not any(_NUMBER.fullmatch(name) for name in frame.columns):
        return ""
    return " (its first line seems to hold data: add a line of column names)"
