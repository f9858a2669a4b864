import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.training.schedules.annealing import half_cosine

shares = st.floats(0, 1)


@given(share=shares)
def test_the_way_down_is_the_way_up_from_the_other_end(share: float) -> None:
    down, up = half_cosine(3.0, 1.0, share), half_cosine(1.0, 3.0, share)
    assert down + up == pytest.approx(4.0, rel=1e-12)


def test_it_begins_and_ends_level_and_is_steepest_half_way() -> None:
    h = 1e-6
    slopes = [(half_cosine(1, 0, s + h) - half_cosine(1, 0, s)) / h for s in (0, 0.5, 1 - h)]
    assert slopes == pytest.approx([0, -math.pi / 2, 0], abs=1e-5)


def test_beyond_the_end_nothing_moves() -> None:
    assert half_cosine(1.0, 0.25, 1.0) == half_cosine(1.0, 0.25, 7.0) == 0.25
