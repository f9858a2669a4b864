from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chainrule.data.dataset import Images, Layout
from chainrule.data.tables import read_table
from chainrule.errors import DataError

Write = Callable[..., Path]


def test_the_target_is_set_apart(write: Write) -> None:
    dataset = read_table(write("a,income,b\n1,x,2\n3,y,4\n"), target="income", layout=Layout())
    assert not isinstance(dataset.features, Images)
    assert list(dataset.features) == ["a", "b"]
    assert dataset.target is not None
    assert (dataset.target.tolist(), dataset.target_name) == (["x", "y"], "income")


def test_without_a_target_all_columns_are_features(write: Write) -> None:
    dataset = read_table(write("a,b\n1,2\n"), target=None, layout=Layout())
    assert not isinstance(dataset.features, Images)
    assert (list(dataset.features), dataset.target) == (["a", "b"], None)


def test_a_parquet_file_is_told_by_its_name(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1], "b": [2]}), tmp_path / "t.PARQUET")
    dataset = read_table(tmp_path / "t.PARQUET", target="b", layout=Layout())
    assert dataset.target is not None
    assert dataset.target.tolist() == [2]


def test_a_column_that_is_not_there_is_named_with_the_nearest(write: Write) -> None:
    with pytest.raises(DataError) as error:
        read_table(write("age,income\n1,2\n"), target="incone", layout=Layout())
    assert str(error.value) == (
        "table.csv has no column 'incone' (did you mean 'income'?); its columns are age, income"
    )


def test_a_file_without_a_header_is_suspected(write: Write) -> None:
    with pytest.raises(DataError, match="first line seems to hold data"):
        read_table(write("5.1,3.5,setosa\n4.9,3.0,setosa\n"), target="species", layout=Layout())


def test_of_many_columns_twenty_are_listed(write: Write) -> None:
    names = ",".join(f"c{i}" for i in range(50))
    with pytest.raises(DataError, match=r"c18, c19 and 30 more$"):
        read_table(write(f"{names}\n{names}\n"), target="zzz", layout=Layout())


def test_a_target_alone_is_not_enough(write: Write) -> None:
    with pytest.raises(DataError, match="no column besides the target 'a'"):
        read_table(write("a\n1\n2\n"), target="a", layout=Layout())


def test_a_layout_keeps_columns_as_text(write: Write) -> None:
    layout = Layout(text_columns=frozenset({"a"}))
    features = read_table(write("a,b\n007,2\n"), target=None, layout=layout).features
    assert not isinstance(features, Images)
    assert features["a"].tolist() == ["007"]
