from collections.abc import Callable
from pathlib import Path

import pytest

from chainrule.data.csv_files import read_csv
from chainrule.errors import DataError

Write = Callable[..., Path]


def test_numbers_text_and_truth_values_are_told_apart(write: Write) -> None:
    frame, notes = read_csv(write("n,t,b\n1.5,x,True\n2,y,False\n"))
    assert [frame[name].dtype.kind for name in frame] == ["f", "O", "b"]
    assert notes == ()


def test_a_quoted_line_break_stays_in_its_cell(write: Write) -> None:
    frame, _ = read_csv(write('a,b\n"x\ny",1\nz,2\n'))
    assert frame["a"].tolist() == ["x\ny", "z"]


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "\r\n", "\n  \n"])
def test_empty_last_lines_are_no_rows(write: Write, end: str) -> None:
    frame, _ = read_csv(write(f"a,b\n1,2\n3,4{end}"))
    assert frame["b"].tolist() == [2, 4]


def test_spaces_after_the_delimiter_do_not_count(write: Write) -> None:
    frame, _ = read_csv(write("a, b\n1, x\n2, ?\n"))
    assert frame["b"].isna().tolist() == [False, True]


@pytest.mark.parametrize("mark", ["", "NA", "NaN", "null", "None", "?"])
def test_marks_of_missing_values_leave_a_column_of_numbers(write: Write, mark: str) -> None:
    frame, _ = read_csv(write(f"a,b\n1,x\n{mark},y\n"))
    assert frame["a"].dtype.kind == "f"
    assert frame["a"].isna().tolist() == [False, True]


def test_none_is_a_class_where_the_target_is_text(write: Write) -> None:
    frame, _ = read_csv(write("a,b\n1,None\n2,Apnea\n"), target="b")
    assert frame["b"].tolist() == ["None", "Apnea"]


def test_none_is_a_missing_value_where_the_target_is_a_number(write: Write) -> None:
    frame, _ = read_csv(write("a,b\n1,None\n2,3\n"), target="b")
    assert frame["b"].isna().tolist() == [True, False]


def test_a_decimal_comma_makes_numbers(write: Write) -> None:
    frame, notes = read_csv(write("a;b\n1,5;x\n2,5;y\n"))
    assert frame["a"].tolist() == [1.5, 2.5]
    assert notes == ("Read with semicolons between the columns and ',' as the decimal mark.",)


def test_whole_numbers_too_large_for_an_integer_are_numbers(write: Write) -> None:
    frame, _ = read_csv(write(f"a,b\n{2**64 - 1},x\n-5,y\n"))
    assert frame["a"].tolist() == [2.0**64, -5.0]


def test_a_column_that_is_nearly_all_numbers_is_mentioned(write: Write) -> None:
    rows = "".join(f"{i},x\n" for i in range(9))
    frame, notes = read_csv(write(f"a,b\n{rows}eight,y\n"))
    assert frame["a"].iloc[0] == "0"
    assert notes == (
        "'a' is taken as text, because 1 of its 10 values is not a number, such as 'eight' in "
        "row 10.",
    )


def test_columns_that_must_stay_text_do(write: Write) -> None:
    frame, _ = read_csv(write("a,b\n007,1\n012,\n"), text_columns={"a", "other"})
    assert frame["a"].tolist() == ["007", "012"]


def test_a_nameless_first_column_that_counts_the_rows_is_left_out(write: Write) -> None:
    frame, notes = read_csv(write(",a\n0,5\n1,6\n2,7\n"))
    assert list(frame) == ["a"]
    assert "only counts the rows" in notes[0]


@pytest.mark.parametrize("cells", ["5 6 7", "0 1 3", "a b c"])
def test_another_nameless_column_is_kept(write: Write, cells: str) -> None:
    frame, _ = read_csv(write(",a\n" + "".join(f"{cell},1\n" for cell in cells.split())))
    assert list(frame) == ["column 1", "a"]


def test_a_quotation_mark_open_at_the_end_is_an_error(write: Write) -> None:
    with pytest.raises(DataError, match=r"table\.csv cannot be read as CSV: EOF inside string"):
        read_csv(write('a,b\n1,x\n2,"y\n'))
