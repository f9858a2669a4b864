"""Text: one column for each of the most frequent values, one for the others, one for missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np

from chainrule.arrays import Array
from chainrule.data.columns.kinds import kind_of
from chainrule.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MAX_VALUES", "TextColumn", "as_text"]

#: How many values of a column have an output column of their own.
MAX_VALUES: Final = 100


@final
@dataclass(frozen=True)
class TextColumn:
    """A column of text, one-hot encoded.

    A value that training did not meet is one of the others; where there are no others, all its
    output columns are zero.  So is a missing value where training had none.

    Parameters
    ----------
    name : str
        Name of the column.
    values : tuple of str
        The most frequent values of the training part, most frequent first, equal counts in the
        order of the alphabet.
    has_other : bool
        Whether training had more values, which share one output column.
    has_missing : bool
        Whether training had missing values, which have an output column.

    Examples
    --------
    >>> import pandas as pd
    >>> TextColumn.fit(pd.Series(["b", "a", "b", None], name="city")).output_names
    ('city = b', 'city = a', 'city is missing')
    """

    name: str
    values: tuple[str, ...]
    has_other: bool
    has_missing: bool

    @classmethod
    def fit(cls, series: pd.Series[Any]) -> TextColumn:
        """Learn the most frequent values from the training part.

        Parameters
        ----------
        series : pandas.Series
            Text, or values that can stand as text.

        Returns
        -------
        TextColumn
        """
        codes, texts = _codes(series)
        counts = np.bincount(codes[codes >= 0], minlength=len(texts))
        order = sorted(range(len(texts)), key=lambda code: (-counts[code], texts[code]))
        values = tuple(texts[code] for code in order[:MAX_VALUES])
        return cls(str(series.name), values, len(texts) > MAX_VALUES, bool((codes < 0).any()))

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the columns that `write` fills."""
        names = tuple(f"{self.name} = {value}" for value in self.values)
        other = (f"{self.name}: another value",) if self.has_other else ()
        missing = (f"{self.name} is missing",) if self.has_missing else ()
        return names + other + missing

    def write(self, series: pd.Series[Any], out: Array) -> None:
        """Put a one into each row of `out` that has a column for its value.

        Parameters
        ----------
        series : pandas.Series
            m values.
        out : Array
            m × the number of output names; float32 or float64, all zero.

        Raises
        ------
        DataError
            If the column holds lists, bytes and the like.
        """
        codes, places = self._places(series)
        place = places[codes]
        known = np.flatnonzero(place >= 0)
        out[known, place[known]] = 1

    def unseen(self, series: pd.Series[Any]) -> int:
        """Count the rows whose value training did not give a column or a share in "others".

        Parameters
        ----------
        series : pandas.Series
            m values.

        Returns
        -------
        int
            Always 0 for a column with more values than `MAX_VALUES`, whose rare values were not
            kept.
        """
        codes, places = self._places(series)
        return int((places[codes] < 0).sum())

    def _places(self, series: pd.Series[Any]) -> tuple[Array, Array]:
        """Give a code for each row and an output column for each code, the last for missing."""
        codes, texts = _codes(series)
        known = {value: place for place, value in enumerate(self.values)}
        other = len(self.values) if self.has_other else -1
        missing = len(self.output_names) - 1 if self.has_missing else other
        return codes, np.array([*(known.get(text, other) for text in texts), missing])


def as_text(value: Any) -> str:
    """Write a value as text, whole numbers without a decimal point.

    Parameters
    ----------
    value : object
        Text, a number or a truth value.

    Returns
    -------
    str

    Examples
    --------
    >>> as_text(12.0), as_text("12.0"), as_text(True)
    ('12', '12.0', 'True')
    """
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _codes(series: pd.Series[Any]) -> tuple[Array, list[str]]:
    """Give each row the number of its text, -1 where it is missing, and the texts."""
    import pandas as pd

    if kind_of(series) == "unsupported":
        raise DataError(f"column {series.name!r} needs text, and holds {series.dtype} values")
    codes, uniques = pd.factorize(series)
    texts = [as_text(value) for value in uniques]
    if len(set(texts)) == len(texts):
        return codes, texts
    merged, different = pd.factorize(np.array(texts, dtype=object))
    return np.append(merged, -1)[codes], list(different)
