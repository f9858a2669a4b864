"""Options that take several values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.cli.arguments import spread

WORDS = frozenset({"relu", "tanh"})


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("train --hidden 100 50 digits", "train --hidden 100 --hidden 50 digits"),
        ("train digits --hidden 100,50", "train digits --hidden 100 --hidden 50"),
        ("train digits --hidden=100,50 --json", "train digits --hidden 100 --hidden 50 --json"),
        ("check 5 4 3 --hidden relu tanh", "check 5 4 3 --hidden relu --hidden tanh"),
        ("check --hidden relu 5 4 3", "check --hidden relu 5 4 3"),
        ("train --hidden 100 relu", "train --hidden 100 --hidden relu"),
        ("train --hidden", "train --hidden"),
        ("train --hidden=100 50", "train --hidden 100 50"),
        ("train -- --hidden 1 2", "train -- --hidden 1 2"),
        ("train digits --target a,b", "train digits --target a,b"),
    ],
)
def test_each_value_gets_its_option(given_: str, expected: str) -> None:
    assert spread(given_.split(), WORDS) == expected.split()


def test_an_empty_value_is_kept_for_the_error_to_name() -> None:
    assert spread(["--hidden", "100,,50"], WORDS)[2:4] == ["--hidden", ""]
    assert spread(["--hidden="], WORDS) == ["--hidden", ""]


@given(st.lists(st.text(max_size=4)))
def test_a_line_without_such_an_option_is_left_as_it_is(line: list[str]) -> None:
    assert spread(line, WORDS) == line


@given(st.lists(st.integers(0, 999), min_size=1, max_size=5))
def test_commas_and_spaces_say_the_same(sizes: list[int]) -> None:
    spaced = [*map(str, sizes)]
    expected = [part for size in spaced for part in ("--hidden", size)]
    assert spread(["--hidden", *spaced], WORDS) == expected
    assert spread(["--hidden", ",".join(spaced)], WORDS) == expected
