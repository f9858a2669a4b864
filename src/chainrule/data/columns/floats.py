"""Any column of numbers as float64."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.arrays import Array

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["floats"]


def floats(series: pd.Series[Any]) -> Array:
    """Give the numbers of a column as a new float64 array.

    Parameters
    ----------
    series : pandas.Series
        Numbers or truth values of any type, Python's included.

    Returns
    -------
    Array
        m values: NaN where one is missing, infinite where one is too large for float64.

    Examples
    --------
    >>> import pandas as pd
    >>> floats(pd.Series([True, None, 10**400], dtype=object))
    array([ 1., nan, inf])
    """
    if series.dtype == object:
        missing = series.isna().to_numpy()
        pairs = zip(series, missing, strict=True)
        return np.array([math.nan if absent else _float(value) for value, absent in pairs])
    return np.array(series.to_numpy(dtype=np.float64, na_value=np.nan))


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
