import pandas as pd

from chainrule.data.columns.rows import row_number


def test_a_part_of_a_table_keeps_the_numbers_of_the_whole() -> None:
    series = pd.Series(list("abcde"))
    assert row_number(series, 3) == 4
    assert row_number(series.iloc[[4, 1]], 0) == 5


def test_an_index_of_names_numbers_no_rows() -> None:
    assert row_number(pd.Series([1, 2], index=["a", "b"]), 1) == 2
