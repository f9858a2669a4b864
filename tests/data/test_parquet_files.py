import datetime
import decimal
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chainrule.data.parquet_files import read_parquet
from chainrule.errors import DataError

Write = Callable[..., Path]


def test_decimals_are_plain_numbers(tmp_path: Path) -> None:
    table = pa.table({"d": [decimal.Decimal("1.25"), None], "s": ["a", "b"]})
    pq.write_table(table, tmp_path / "t.parquet")
    frame = read_parquet(tmp_path / "t.parquet")
    assert frame["d"].dtype.kind == "f"
    assert frame["d"].iloc[0] == 1.25


def test_a_named_index_is_a_column_and_a_nameless_one_is_not(tmp_path: Path) -> None:
    days = [datetime.date(2020, 1, day) for day in (1, 2)]
    pd.DataFrame({"a": [1, 2]}, index=pd.Index(days, name="day")).to_parquet(tmp_path / "n.parquet")
    pd.DataFrame({"a": [1, 2]}, index=[7, 8]).to_parquet(tmp_path / "m.parquet")
    assert list(read_parquet(tmp_path / "n.parquet")) == ["day", "a"]
    nameless = read_parquet(tmp_path / "m.parquet")
    assert (list(nameless), list(nameless.index)) == (["a"], [0, 1])


def test_a_folder_of_parquet_files_is_one_table(tmp_path: Path) -> None:
    folder = tmp_path / "t.parquet"
    folder.mkdir()
    for part in range(2):
        pq.write_table(pa.table({"a": [part]}), folder / f"part-{part}.parquet")
    assert sorted(read_parquet(folder)["a"]) == [0, 1]


def test_a_damaged_file_is_refused(tmp_path: Path, write: Write) -> None:
    pq.write_table(pa.table({"a": list(range(1000))}), tmp_path / "t.parquet")
    whole = (tmp_path / "t.parquet").read_bytes()
    for content in (b"", b"PAR1", whole[: len(whole) // 2]):
        with pytest.raises(DataError, match=r"cut\.parquet cannot be read as Parquet"):
            read_parquet(write(content, "cut.parquet"))


def test_a_name_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table([[1], [2]], names=["a", "a"]), tmp_path / "t.parquet")
    with pytest.raises(DataError, match="'a' occurs 2 times"):
        read_parquet(tmp_path / "t.parquet")


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.array([], pa.int64())}), tmp_path / "t.parquet")
    with pytest.raises(DataError, match="holds no rows"):
        read_parquet(tmp_path / "t.parquet")
