"""Numbers and dates: standardised, missing values filled with the training median."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, final

import numpy as np

from chainrule.arrays import Array
from chainrule.data.columns.floats import floats
from chainrule.data.columns.kinds import kind_of
from chainrule.data.columns.rows import row_number
from chainrule.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NumberColumn", "numbers"]

_DAY: Final = np.timedelta64(1, "D") / np.timedelta64(1, "us")
#: Squares of larger numbers leave float64.
_LARGEST: Final = 1e150
#: Larger standardised values leave float32 a few operations later.
_FARTHEST: Final = 1e30


@final
@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers, or of dates counted in days since 1970.

    The value x becomes (x - mean) / scale, where mean and scale (the standard deviation) are those
    of the training part with its missing values filled in.

    Parameters
    ----------
    name : str
        Name of the column.
    kind : str
        ``"number"`` or ``"date"``.
    median : float
        What stands for a missing value.
    mean, scale : float
        See above; scale is 1 for a column that does not vary.
    has_indicator : bool
        Whether a second output column is 1 where the value is missing.  Without it, a missing
        value is the median and nothing else.

    Examples
    --------
    >>> import pandas as pd
    >>> column = NumberColumn.fit(pd.Series([1.0, 3.0, None], name="age"))
    >>> column.median, column.output_names
    (2.0, ('age', 'age is missing'))
    """

    name: str
    kind: Literal["number", "date"]
    median: float
    mean: float
    scale: float
    has_indicator: bool

    @classmethod
    def fit(cls, series: pd.Series[Any]) -> NumberColumn:
        """Learn median, mean and scale from the training part.

        Parameters
        ----------
        series : pandas.Series
            Numbers or dates, at least one of them present.

        Returns
        -------
        NumberColumn

        Raises
        ------
        DataError
            If a number is infinite or too large.
        """
        kind: Literal["number", "date"] = "date" if kind_of(series) == "date" else "number"
        values = numbers(series, kind)
        missing = np.isnan(values)
        median = float(np.median(values[~missing]))
        values[missing] = median
        mean, scale = _mean_and_scale(values)
        return cls(str(series.name), kind, median, mean, scale, bool(missing.any()))

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the columns that `write` fills."""
        return (self.name, f"{self.name} is missing") if self.has_indicator else (self.name,)

    def write(self, series: pd.Series[Any], out: Array) -> None:
        """Fill the columns of `out` for the rows of a table.

        Parameters
        ----------
        series : pandas.Series
            m values.
        out : Array
            m × 1 or, with an indicator, m × 2; float32 or float64, all zero.

        Raises
        ------
        DataError
            If a value is no number, infinite, or absurdly far from those of training.
        """
        values = numbers(series, self.kind)
        missing = np.isnan(values)
        if missing.any():
            values[missing] = self.median
        out[:, 0] = self._standardised(values, series)
        if self.has_indicator:
            out[:, 1] = missing

    def _standardised(self, values: Array, series: pd.Series[Any]) -> Array:
        result = (values - self.mean) / self.scale
        far = np.abs(result) > _FARTHEST
        if far.any():
            row = int(far.argmax())
            raise DataError(
                f"column {self.name!r} holds {values[row]:g} in row {row_number(series, row)}, "
                f"beyond any use for a model trained on values near {self.mean:g}"
            )
        return result


def numbers(series: pd.Series[Any], kind: Literal["number", "date"]) -> Array:
    """Give the values of a column as a new float64 array, NaN where they are missing.

    Parameters
    ----------
    series : pandas.Series
        Numbers, dates, or text that can be read as such.
    kind : str
        ``"number"``, or ``"date"`` for days since 1970 (durations: days).

    Returns
    -------
    Array
        m finite or NaN values.

    Raises
    ------
    DataError
        If a value is something else, infinite or larger than 1e150; column and row are named.

    Examples
    --------
    >>> import pandas as pd
    >>> numbers(pd.to_datetime(pd.Series(["1970-01-02T12:00", None])), "date")
    array([1.5, nan])
    """
    values = _days(series) if kind == "date" else _numbers(series)
    too_large = np.abs(values) > _LARGEST
    if too_large.any():
        row = int(too_large.argmax())
        what = "an infinite value" if np.isinf(values[row]) else f"{values[row]:g}"
        raise DataError(
            f"column {series.name!r} holds {what} in row {row_number(series, row)}; "
            "correct it, or leave the cell empty"
        )
    return values


def _numbers(series: pd.Series[Any]) -> Array:
    import pandas as pd

    kind = kind_of(series)
    if kind == "text":
        parsed = pd.to_numeric(series.astype(object), errors="coerce")
        checked = _read_from_text(series, parsed, "a number")
        return np.array(checked.to_numpy(np.float64, na_value=np.nan))
    if kind != "number":
        raise DataError(f"column {series.name!r} needs numbers, and holds {series.dtype} values")
    return floats(series)


def _days(series: pd.Series[Any]) -> Array:
    import pandas as pd

    if kind_of(series) == "number" and series.notna().any():
        raise DataError(f"column {series.name!r} needs dates, and holds {series.dtype} values")
    if pd.api.types.is_timedelta64_dtype(series.dtype):
        return _in_days(series.astype("timedelta64[us]"))
    parsed = pd.to_datetime(series, errors="coerce", utc=True, format=_format(series))
    moments = _read_from_text(series, parsed, "a date").dt.tz_localize(None)
    return _in_days(moments.astype("datetime64[us]"))


def _format(series: pd.Series[Any]) -> str | None:
    return "ISO8601" if kind_of(series) == "text" else None


def _in_days(moments: pd.Series[Any]) -> Array:
    days = moments.to_numpy().view(np.int64) / _DAY
    days[moments.isna().to_numpy()] = np.nan
    return np.asarray(days, dtype=np.float64)


def _read_from_text(series: pd.Series[Any], parsed: Any, wanted: str) -> Any:
    failed = (parsed.isna() & series.notna()).to_numpy()
    if failed.any():
        row = int(failed.argmax())
        raise DataError(
            f"column {series.name!r} holds {series.iloc[row]!r} in row {row_number(series, row)}, "
            f"where {wanted} is needed"
        )
    return parsed


def _mean_and_scale(values: Array) -> tuple[float, float]:
    """Compare the extremes, because rounding lets a constant column deviate from its mean."""
    scale = float(values.std()) if values.min() < values.max() else 0.0
    return float(values.mean()), scale or 1.0
