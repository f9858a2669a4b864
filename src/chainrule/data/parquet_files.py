"""Tables in Parquet files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_parquet"]


def read_parquet(path: Path) -> pd.DataFrame:
    """Read a Parquet file, or a folder ``….parquet`` of them.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    pandas.DataFrame
        Decimals as float64; an index that has a name as a column.

    Raises
    ------
    DataError
        If the file is damaged, a column name occurs twice, or there is no row.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        source = pq.ParquetDataset(path)
        _check_names(source.schema.names, path.name)
        frame: pd.DataFrame = _plain_decimals(source.read_pandas()).to_pandas()
    except (pa.ArrowException, OSError) as error:
        reason = str(error).split(". ")[0].splitlines()[0]
        raise DataError(f"{path.name} cannot be read as Parquet: {reason}") from error
    frame = frame.reset_index(drop=frame.index.names == [None])
    if frame.empty:
        raise DataError(f"{path.name} holds no rows")
    return frame.set_axis(frame.columns.map(str), axis=1)


def _plain_decimals(table: Any) -> Any:
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            numbers = table.column(place).cast(pa.float64())
            table = table.set_column(place, field.name, numbers)
    return table


def _check_names(columns: list[str], name: str) -> None:
    column, count = Counter(columns).most_common(1)[0] if columns else ("", 0)
    if count > 1:
        raise DataError(f"the column name {column!r} occurs {count} times in {name}")
