"""Documents to rows: containers, chains, conditions, places."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.read.document import Document, read_document


def sides(text: str) -> list[list[str]]:
    """Give the sources of the sides of every displayed equation."""
    return [
        [side.source for side in equation.sides]
        for passage in read_document(text).passages
        if passage.block.displayed
        for row in passage.rows
        for equation in row.equations
    ]


@pytest.mark.parametrize(
    "text",
    [
        "$$a = b$$",
        r"\[a = b\]",
        "\\begin{equation}\na = b\n\\end{equation}",
        r"\begin{align*} a &= b \end{align*}",
        r"\begin{gather}a = b\end{gather}",
        "$$\\begin{aligned} a &= b \\end{aligned}$$",
        "```math\na = b\n```",
        "```latex\n$$a = b$$\n```",
        "some words\n\n$a = b$\n\nand others",
        "$$a = b \\quad (3)$$",
        r"$$a = b \tag{3}$$",
        r"$$a = b. \label{eq:one}$$",
        r"$$\boxed{a} = \underbrace{b}_{\text{what}}$$".replace(r"\boxed{a}", "a").replace(
            r"\underbrace{b}_{\text{what}}", "b"
        ),
    ],
)
def test_every_container_is_read(text: str) -> None:
    assert sides(text) == [["a", "b"]]


@pytest.mark.parametrize(
    "text",
    [
        "`$$a = b$$`",
        "```python\n$$a = b$$\n```",
        "<!-- $$a = b$$ -->",
        r"\begin{verbatim}$$a = b$$\end{verbatim}",
        "it costs $5 = 5$ in all".replace("= 5$", "or 6"),
        "in the text, $a = b$ stands inline",
    ],
)
def test_what_is_not_displayed_is_not_graded(text: str) -> None:
    assert sides(text) == []


def test_a_notebook_gives_its_markdown_cells() -> None:
    cells = [
        {"cell_type": "code", "source": "x = '$$a = b$$'"},
        {"cell_type": "markdown", "source": ["Here:\n", "$$c = d$$"]},
    ]
    text = json.dumps({"cells": cells, "nbformat": 4})
    assert sides(text) == [["c", "d"]]
    document = read_document(text)
    assert document.source.place(document.passages[0].rows[0].span[0]).cell == 2
    assert document.source.place(document.passages[0].rows[0].span[0]).line == 2


def test_a_row_that_begins_with_a_sign_goes_on_from_the_one_before() -> None:
    [first, second] = (
        read_document(r"$$\begin{aligned} a &= b \\ &= c \end{aligned}$$").passages[0].rows
    )
    assert not first.equations[0].continues
    assert second.equations[0].continues


def test_a_term_on_a_row_of_its_own_belongs_to_the_row_before() -> None:
    assert sides("$$\\begin{aligned} a &= b \\\\ &\\quad + c \\end{aligned}$$")[0][0] == "a"
    assert len(sides("$$\\begin{aligned} a &= b \\\\ &\\quad + c \\end{aligned}$$")) == 1


def test_arrows_and_commas_separate_equations() -> None:
    assert sides(r"$$a = b, \quad c = d \Rightarrow e = f$$") == [
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
    ]


def conditions(text: str) -> list[tuple[str, ...]]:
    document = read_document(text)
    return [
        tuple(condition.sign for condition in passage.conditions)
        for passage in document.passages
        if passage.block.displayed
    ]


def test_a_condition_holds_for_the_next_displayed_formula_only() -> None:
    assert conditions(r"when $i \neq j$: $$a = b$$ and $$c = d$$") == [("!=",), ()]


def test_macros_stand_for_what_they_are_defined_as() -> None:
    text = r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}} $$\pd{E}{z} = a$$"
    [passage] = read_document(text).passages
    assert type(passage.rows[0].equations[0].sides[0].node).__name__ == "Derivative"


def test_a_macro_that_grows_without_end_is_left_alone() -> None:
    text = r"\newcommand{\a}{\a\a\a} $$\a = b$$"
    assert len(read_document(text).passages) == 1


def test_places_count_lines_and_columns_from_one() -> None:
    document = read_document("one\n\n  $$a = b$$")
    place = document.source.place(document.passages[0].rows[0].span[0])
    assert (place.line, place.column) == (3, 5)


PIECES = st.sampled_from(
    [
        *("$", "$$", "\\[", "\\]", "\\begin{align}", "\\end{align}", "```", "\n\n", "\\\\", "&"),
        *("=", "\\frac", "{", "}", "^", "_", "(", ")", "a", "W", "\\newcommand", "\\sum", "|"),
        *("\\left", "\\right", "%", "#", "'", "\\text{if}", "\\to", ",", "\\partial", "1", " "),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80))
def test_any_text_at_all_is_a_document(text: str) -> None:
    document: Document = read_document(text)
    for passage in document.passages:
        for row in passage.rows:
            assert 0 <= row.span[0] <= row.span[1] <= len(document.source.text)
