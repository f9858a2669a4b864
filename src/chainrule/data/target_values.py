"""Target values in one of four plain forms: truth values, whole numbers, numbers, text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chainrule.arrays import Array
from chainrule.data.columns.floats import floats
from chainrule.data.columns.kinds import kind_of
from chainrule.data.columns.texts import as_text
from chainrule.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_complete", "plain_target", "quoted"]

_INT64: Final = np.iinfo(np.int64)
#: Beyond this, float64 does not hold every whole number.
_EXACT: Final = 2.0**53


def plain_target(values: pd.Series[Any] | Array, name: str | None = None) -> Array:
    """Bring target values to a plain form.

    Parameters
    ----------
    values : pandas.Series or Array
        m values of any type that a table can hold.
    name : str, optional
        The column's name, for messages.

    Returns
    -------
    Array
        bool, int64 (or uint64), float64 with NaN where a number is missing, or an object array of
        str with None where text is missing.  Numbers that are all whole are integers.

    Raises
    ------
    DataError
        If the values are dates, lists and the like.

    Examples
    --------
    >>> plain_target(np.array([1.0, 2.0])), plain_target(np.array(["a", None], dtype=object))
    (array([1, 2]), array(['a', None], dtype=object))
    """
    import pandas as pd

    series = pd.Series(values)
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(object)
    kind = kind_of(series)
    if kind == "text":
        return _plain_text(series)
    if kind == "number":
        return _plain_numbers(series.infer_objects())
    held = "dates" if kind == "date" else "neither numbers nor text"
    raise DataError(f"{quoted(name)} holds {held}, and a target is a number or a class")


def check_complete(target: Array, name: str | None = None) -> None:
    """Refuse a target in which a value is missing or infinite.

    Parameters
    ----------
    target : Array
        What `plain_target` gives.
    name : str, optional
        The column's name, for messages.

    Raises
    ------
    DataError
        Says how many rows are concerned, and which is the first.

    Examples
    --------
    >>> check_complete(np.array([1.5, np.nan, np.inf]), "price")
    Traceback (most recent call last):
    ...
    chainrule.errors.DataError: 'price' is missing in 1 row, row 2; fill it in or leave it out
    """
    if target.dtype.kind == "f":
        _refuse(np.isnan(target), "missing", name)
        _refuse(np.isinf(target), "infinite", name)
    elif target.dtype == object:
        _refuse(np.array([value is None for value in target], dtype=bool), "missing", name)


def quoted(name: str | None) -> str:
    """Name a target in a sentence.

    Parameters
    ----------
    name : str or None
        The column's name.

    Returns
    -------
    str

    Examples
    --------
    >>> quoted("price"), quoted(None)
    ("'price'", 'the target')
    """
    return "the target" if name is None else repr(name)


def _refuse(bad: Array, how: str, name: str | None) -> None:
    count = int(bad.sum())
    if count == 0:
        return
    first = int(bad.argmax()) + 1
    rows = f"1 row, row {first}" if count == 1 else f"{count:,} rows, the first is row {first}"
    them = "it" if count == 1 else "them"
    raise DataError(
        f"{quoted(name)} is {how} in {rows}; "
        f"{'fill' if how == 'missing' else 'put'} {them} {'in' if how == 'missing' else 'right'} "
        f"or leave {them} out"
    )


def _plain_text(series: pd.Series[Any]) -> Array:
    import pandas as pd

    codes, uniques = pd.factorize(series)
    texts = np.array([*(as_text(value) for value in uniques), None], dtype=object)
    return texts[codes]


def _plain_numbers(series: pd.Series[Any]) -> Array:
    import pandas as pd

    types = pd.api.types
    if not series.hasnans and types.is_bool_dtype(series.dtype):
        return series.to_numpy(dtype=bool)
    if not series.hasnans and types.is_integer_dtype(series.dtype):
        unsigned = types.is_unsigned_integer_dtype(series.dtype) and series.max() > _INT64.max
        return series.to_numpy(dtype=np.uint64 if unsigned else np.int64)
    return _whole_if_possible(floats(series))


def _whole_if_possible(values: Array) -> Array:
    with np.errstate(invalid="ignore"):
        whole = values.astype(np.int64)
    exact = np.abs(values) < _EXACT
    return whole if exact.all() and (whole == values).all() else values
