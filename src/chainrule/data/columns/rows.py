"""Which row of the user's table a value stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["row_number"]


def row_number(series: pd.Series[Any], position: int) -> int:
    """Give the number of a row as the user counts: from 1, in the table as it was read.

    A part of a table keeps the numbers of the whole in its index.

    Parameters
    ----------
    series : pandas.Series
        A column of a table or of a part of it.
    position : int
        Place of the row in it, from 0.

    Returns
    -------
    int

    Examples
    --------
    >>> import pandas as pd
    >>> row_number(pd.Series([7, 8, 9]).iloc[[2, 0]], 0)
    3
    """
    label = series.index[position]
    return int(label) + 1 if series.index.dtype.kind in "iu" else position + 1
