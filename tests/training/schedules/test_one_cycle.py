import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.errors import SpecificationError
from chainrule.training import OneCycle


def test_it_begins_low_peaks_and_ends_lower_than_it_began() -> None:
    schedule = OneCycle(0.5, max_epochs=20, rise=0.4, div_factor=10, final_div_factor=100)
    assert schedule.at(0.5, 0) == pytest.approx(0.05)
    assert schedule.at(0.5, 8) == pytest.approx(0.5)
    assert schedule.at(0.5, 20) == pytest.approx(0.0005)


def test_the_two_ways_are_half_cosines() -> None:
    schedule = OneCycle(1.0, max_epochs=10, rise=0.5, div_factor=4, final_div_factor=1e9)
    assert schedule.at(1.0, 2.5) == pytest.approx((0.25 + 1) / 2)
    assert schedule.at(1.0, 1.25) == pytest.approx(0.25 + 0.75 * (1 - 0.5**0.5) / 2)
    assert schedule.at(1.0, 7.5) == pytest.approx(0.5)


@given(earlier=st.floats(0, 1), later=st.floats(0, 1))
def test_there_is_one_peak(earlier: float, later: float) -> None:
    schedule = OneCycle(1.0, max_epochs=10, rise=0.3)
    earlier, later = sorted((earlier, later))
    assert schedule.at(1.0, 3 * earlier) <= schedule.at(1.0, 3 * later)
    assert schedule.at(1.0, 3 + 7 * earlier) >= schedule.at(1.0, 3 + 7 * later)


def test_after_the_cycle_the_rate_stays_at_its_end() -> None:
    schedule = OneCycle(1.0, max_epochs=10)
    assert schedule.at(1.0, 10) == schedule.at(1.0, 25) == pytest.approx(1 / 25e4)


@pytest.mark.parametrize("rise", [0.0, 1.0, -0.1, float("nan")])
def test_a_rise_that_leaves_nothing_for_one_of_the_ways_is_refused(rise: float) -> None:
    with pytest.raises(SpecificationError, match="rise must be between 0 and 1"):
        OneCycle(rise=rise)


@pytest.mark.parametrize("name", ["div_factor", "final_div_factor", "max_epochs"])
def test_a_divisor_or_a_limit_below_one_is_refused(name: str) -> None:
    with pytest.raises(SpecificationError, match=f"{name} must be at least 1, got 0.5"):
        OneCycle(**{name: 0.5})  # type: ignore[arg-type]
