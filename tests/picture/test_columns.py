"""Which neurons of a layer are drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.picture.columns import RADIUS, Column, column_height


@given(size=st.integers(1, 10**6), most=st.integers(4, 50))
def test_a_layer_is_drawn_whole_or_by_its_two_ends(size: int, most: int) -> None:
    column = Column.of("hidden", size, most, (0, 0))
    drawn = sorted(column.neurons)
    if size <= most:
        assert drawn == list(range(size))
        assert column.ellipsis is None
    else:
        first = [k for k in drawn if k == drawn.index(k)]
        assert drawn == [*range(len(first)), *range(size - most + 2 + len(first), size)]
        assert 0 <= len(first) - (len(drawn) - len(first)) <= 1
        assert column.ellipsis is not None


@given(size=st.integers(1, 100), most=st.integers(4, 50))
def test_a_column_is_centred_on_its_middle(size: int, most: int) -> None:
    heights = [y for _, y in Column.of("input", size, most, (5, 70)).neurons.values()]
    assert min(heights) + max(heights) == pytest.approx(140)
    assert max(heights) - min(heights) + 2 * RADIUS == pytest.approx(column_height(size, most))


def test_the_dots_stand_in_the_gap_and_touch_nothing() -> None:
    column = Column.of("input", 11, 4, (0, 0))
    dots = [disc for disc in column.discs() if disc.kind == "dot"]
    neurons = [disc for disc in column.discs() if disc.kind == "input"]
    assert [len(neurons), len(dots)] == [2, 3]
    above, below = sorted(disc.centre[1] for disc in neurons)
    for dot in dots:
        assert above + RADIUS < dot.centre[1] - dot.radius
        assert dot.centre[1] + dot.radius < below - RADIUS
