from hypothesis import given
from hypothesis import strategies as st

from chainrule.data.ordering import natural_order


def test_numbers_in_names_count_by_size() -> None:
    assert sorted(["class 10", "class 2", "10", "9", "b"], key=natural_order) == [
        *("9", "10", "b", "class 2", "class 10"),
    ]


def test_names_that_count_alike_are_in_the_order_of_their_text() -> None:
    assert sorted(["1", "01"], key=natural_order) == sorted(["01", "1"], key=natural_order)


@given(st.lists(st.text(), unique=True))
def test_the_order_of_any_names_does_not_depend_on_how_they_came(
    names: list[str],
) -> None:
    ordered = sorted(names, key=natural_order)
    backwards = names[::-1]
    assert sorted(backwards, key=natural_order) == ordered
    assert sorted(names) == sorted(ordered)
