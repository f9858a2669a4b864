"""Which columns of a table are used, how, and in what words the user hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from chainrule.data.columns.kinds import kind_of
from chainrule.data.columns.numbers import NumberColumn
from chainrule.data.columns.texts import MAX_VALUES, TextColumn
from chainrule.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Column", "fit_columns"]

#: A column in use.
Column: TypeAlias = NumberColumn | TextColumn

#: As many column names are listed in a sentence; the rest is counted.
_LISTED: Final = 5


def fit_columns(frame: pd.DataFrame) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Learn the encoding of each column that can be of use.

    Parameters
    ----------
    frame : pandas.DataFrame
        The training part; different column names, all text.

    Returns
    -------
    columns : tuple of NumberColumn or TextColumn
        The columns in use.
    notes : tuple of str
        Sentences that say what is done with which columns.

    Raises
    ------
    DataError
        If no column is left, or a number is infinite.
    """
    reasons = {str(name): _reason_to_drop(series) for name, series in frame.items()}
    columns = tuple(_fit(frame[name]) for name, reason in reasons.items() if not reason)
    if not columns:
        raise DataError(
            "no column is of use: each is all missing, holds a single value, "
            "or holds neither numbers nor text"
        )
    return columns, (*_encoded(columns), *_missing(frame, columns), *_dropped(reasons))


def _fit(series: pd.Series[Any]) -> Column:
    return TextColumn.fit(series) if kind_of(series) == "text" else NumberColumn.fit(series)


def _reason_to_drop(series: pd.Series[Any]) -> str:
    kind = kind_of(series)
    if kind == "unsupported":
        return "neither numbers nor text"
    missing = series.isna()
    if missing.all():
        return "all missing"
    if missing.any() or not (series == series.iloc[0]).all():
        return ""
    return "a single value"


def _encoded(columns: tuple[Column, ...]) -> list[str]:
    texts = [column for column in columns if isinstance(column, TextColumn)]
    numbers = [column for column in columns if isinstance(column, NumberColumn)]
    dates = [column.name for column in numbers if column.kind == "date"]
    notes = []
    if numbers:
        notes.append(f"{_count(len(numbers), 'number column')} standardised.")
    if dates:
        notes.append(f"{_listed(dates)} {_hold(dates)} dates, taken as days since 1970.")
    if texts:
        width = sum(len(column.output_names) for column in texts)
        notes.append(
            f"{_count(len(texts), 'text column')} one-hot encoded into {_count(width, 'column')}."
        )
    crowded = [column.name for column in texts if column.has_other]
    if crowded:
        notes.append(
            f"{_listed(crowded)} {_hold(crowded)} more than {MAX_VALUES} different values: the "
            f"{MAX_VALUES} most frequent have a column each, the rest share one."
        )
    return notes


def _missing(frame: pd.DataFrame, columns: tuple[Column, ...]) -> list[str]:
    numbers = [c.name for c in columns if isinstance(c, NumberColumn) and c.has_indicator]
    texts = [c.name for c in columns if isinstance(c, TextColumn) and c.has_missing]
    total = int(frame[[*numbers, *texts]].isna().sum().sum())
    if total == 0:
        return []
    how = []
    if numbers:
        how.append(f"numbers ({_listed(numbers)}) get the training median and an indicator column")
    if texts:
        how.append(f"text ({_listed(texts)}) gets a category of its own")
    return [f"{_count(total, 'missing value')} in the training part: {'; '.join(how)}."]


def _dropped(reasons: dict[str, str]) -> list[str]:
    verbs = {
        "all missing": ("is all missing and was", "are all missing and were"),
        "a single value": ("holds a single value and was", "hold a single value and were"),
        "neither numbers nor text": (
            "holds neither numbers nor text and was",
            "hold neither numbers nor text and were",
        ),
    }
    notes = []
    for reason, (one, several) in verbs.items():
        names = [name for name, found in reasons.items() if found == reason]
        if names:
            notes.append(f"{_listed(names)} {one if len(names) == 1 else several} dropped.")
    return notes


def _listed(names: list[str]) -> str:
    shown = [repr(name) for name in names[:_LISTED]]
    if len(names) > _LISTED:
        shown.append(f"{len(names) - _LISTED} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def _hold(names: list[str]) -> str:
    return "holds" if len(names) == 1 else "hold"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
