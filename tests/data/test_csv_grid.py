import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.data.csv_grid import csv_grid
from chainrule.errors import DataError

CELL = st.text(st.sampled_from('ab "\n,;\t|1.'), max_size=6)


@given(rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=5))
def test_what_the_csv_module_writes_is_read_row_for_row(rows: list[tuple[str, ...]]) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("x", "y", "z"), *rows])
    grid = csv_grid(text.getvalue().encode(), "t.csv")
    assert grid.columns == ("x", "y", "z")
    assert grid.n_rows == len(rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_the_delimiter_is_found(delimiter: str, quote: str) -> None:
    lines = [[f"{quote}a{quote}", "b", "c"], ["1", f"{quote}x y{quote}", "3"]]
    raw = "\n".join(delimiter.join(line) for line in lines).encode()
    assert csv_grid(raw, "t.csv").delimiter == delimiter


def test_commas_in_quoted_text_do_not_part_columns() -> None:
    assert csv_grid(b'a;b\n"1,2,3";x\n"4,5";y\n', "t.csv").columns == ("a", "b")


def test_one_column_is_a_table_too() -> None:
    assert csv_grid(b"a\n1\n2\n", "t.csv").n_rows == 2


@pytest.mark.parametrize(
    ("raw", "decimal"),
    [
        (b"a;b\n1,5;2\n", ","),
        (b"a;b\n1.5;2\n", "."),
        (b"a;b\n1,5;2.5\n", "."),
        (b'a,b\n"1,5",2\n', "."),
    ],
)
def test_a_decimal_comma_is_found_where_no_number_has_a_point(raw: bytes, decimal: str) -> None:
    assert csv_grid(raw, "t.csv").decimal == decimal


def test_names_lose_the_spaces_around_them_and_nameless_columns_are_numbered() -> None:
    assert csv_grid(b" a, b ,,c,\n1,2,3,4,\n", "t.csv").columns == (
        *("a", "b", "column 3", "c", "column 5"),
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"a,b\n\n1,2\n  \n3,4\n\n\n",
        b'a,b\n\n"1",2\n  \n3,4\n\n\n',
        b"a\n\n1\n  \n3\n\n\n",
    ],
)
def test_blank_lines_are_no_rows(raw: bytes) -> None:
    assert csv_grid(raw, "t.csv").n_rows == 2


@pytest.mark.parametrize("row", ["1,2,3", "1"])
@pytest.mark.parametrize("before", ["1,2", '"1",2'])
def test_a_row_of_another_width_is_named_with_its_line(row: str, before: str) -> None:
    raw = f"a,b\n{before}\n{row}\n".encode()
    with pytest.raises(DataError, match=r"line 3 of t\.csv has (1|3) columns? where .* has 2"):
        csv_grid(raw, "t.csv")


def test_a_quotation_mark_that_is_never_closed_is_suspected() -> None:
    with pytest.raises(DataError, match=r"lines 3 to 5 .* perhaps a quotation mark"):
        csv_grid(b'a,b\n1,2\n"3,4\n5,6\n7,8\n', "t.csv")


def test_a_cell_that_swallows_the_file_is_suspected_too() -> None:
    raw = b'a,b\n"' + b"1,2\n" * 50_000
    with pytest.raises(DataError, match=r"from line 2 on .* perhaps a quotation mark"):
        csv_grid(raw, "t.csv")


def test_a_name_that_occurs_twice_is_refused() -> None:
    with pytest.raises(DataError, match=r"'a' occurs 2 times in t\.csv"):
        csv_grid(b"a,b,a\n1,2,3\n", "t.csv")


@pytest.mark.parametrize("raw", [b"a,b\n", b'"a",b\n\n'])
def test_a_header_alone_is_no_table(raw: bytes) -> None:
    with pytest.raises(DataError, match="column names and no rows"):
        csv_grid(raw, "t.csv")
