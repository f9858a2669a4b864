"""What a column of a table holds: numbers, dates, text, or something with no use here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Kind", "kind_of"]

Kind: TypeAlias = Literal["number", "date", "text", "unsupported"]

#: What pandas finds in a column of Python objects, missing values aside.
_OBJECTS: Final[dict[str, Kind]] = {
    "empty": "number",
    "boolean": "number",
    "integer": "number",
    "floating": "number",
    "mixed-integer-float": "number",
    "decimal": "number",
    "date": "date",
    "datetime": "date",
    "datetime64": "date",
    "timedelta": "date",
    "timedelta64": "date",
    "string": "text",
    "time": "text",
}


def kind_of(series: pd.Series[Any]) -> Kind:
    """Find out what a column holds.

    Truth values are numbers, 0 and 1; durations are dates; a categorical column is text.

    Parameters
    ----------
    series : pandas.Series
        The column.

    Returns
    -------
    str
        ``"number"``, ``"date"``, ``"text"``, or ``"unsupported"`` for lists, bytes and the like.

    Examples
    --------
    >>> import pandas as pd
    >>> kind_of(pd.Series([True, None])), kind_of(pd.Series(["a"])), kind_of(pd.Series([[1]]))
    ('number', 'text', 'unsupported')
    """
    import pandas as pd

    types = pd.api.types
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype | pd.StringDtype):
        return "text"
    if types.is_object_dtype(dtype):
        return _kind_of_objects(series)
    if types.is_datetime64_any_dtype(dtype) or types.is_timedelta64_dtype(dtype):
        return "date"
    if types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype):
        return "number"
    return "text" if types.is_string_dtype(dtype) else "unsupported"


def _kind_of_objects(series: pd.Series[Any]) -> Kind:
    import pandas as pd

    found = pd.api.types.infer_dtype(series, skipna=True)
    if found in {"mixed", "mixed-integer"}:
        simple = series.dropna().map(lambda value: isinstance(value, str | int | float)).all()
        return "text" if simple else "unsupported"
    return _OBJECTS.get(found, "unsupported")
