"""What may be written as the value of an option."""

import math

import pytest
import typer

from chainrule.cli.values import number, one_of, whole


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("9", 9), (" 5 ", 5)])
def test_a_whole_number_within_its_bounds_is_read(text: str, value: int) -> None:
    assert whole(1, 9)(text) == value


@pytest.mark.parametrize("text", ["0", "10", "-1", "1.5", "x", "", "1e3", "9" * 5000])
def test_no_other_whole_number_is(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        whole(1, 9)(text)


@pytest.mark.parametrize(
    ("or_equal", "text", "fits"),
    [
        (True, "0", True),
        (True, "1", True),
        (False, "0", False),
        (False, "1", False),
        (False, "0.5", True),
        (True, "nan", False),
        (True, "1.5", False),
        (True, "x", False),
    ],
)
def test_a_number_lies_within_its_bounds(or_equal: bool, text: str, fits: bool) -> None:
    read = number(0, 1, or_equal=or_equal)
    if fits:
        assert read(text) == float(text)
    else:
        with pytest.raises(typer.BadParameter):
            read(text)


def test_a_number_without_upper_bound_is_still_finite() -> None:
    read = number(0, math.inf, or_equal=True)
    assert read("1e300") == 1e300
    with pytest.raises(typer.BadParameter, match="inf is not a finite number of at least 0"):
        read("inf")


def test_a_name_is_one_of_those_known() -> None:
    assert one_of(["adam", "sgd"])("sgd") == "sgd"
    with pytest.raises(typer.BadParameter, match=r"there is no 'adma' .did you mean 'adam'"):
        one_of(["adam", "sgd"])("adma")
