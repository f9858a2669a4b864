"""Every bracket that the meaning needs is written."""

import pytest

from mutations.latex import Writer
from mutations.six_networks import NETWORKS
from mutations.tree import (
    Entry,
    Entrywise,
    Minus,
    Negative,
    Node,
    Number,
    Plus,
    Symbol,
    Total,
    Transposed,
    product,
)

S, T, P = Symbol, Transposed, product
W, x, h = S("W1"), S("x"), S("y1")
x_i = Entry("x", ("i",))


@pytest.mark.parametrize(
    ("node", "latex"),
    [
        (P(W, Plus(x, h)), r"W_1 (x + h)"),
        (Entrywise(P(W, x), h), r"(W_1 x) \odot h"),
        (P(Entrywise(W, x), h), r"(W_1 \odot x) h"),
        (Entrywise(h, Entrywise(x, h)), r"h \odot (x \odot h)"),
        (Entrywise(Entrywise(h, x), h), r"h \odot x \odot h"),
        (Minus(x, Minus(h, x)), r"x - (h - x)"),
        (Minus(x, Negative(h)), r"x - (-h)"),
        (Negative(Plus(x, h)), r"-(x + h)"),
        (P(x, Negative(h)), r"x (-h)"),
        (T(T(x)), r"(x^T)^T"),
        (T(P(W, x)), r"(W_1 x)^T"),
        (T(S("d x")), r"(\frac{\partial L}{\partial x})^T"),
        (P(x, Number(2)), r"x \cdot 2"),
        (P(Total("i", "n_0", x_i), h), r"(\sum_{i=1}^{n_0} x_{i}) h"),
        (P(h, Total("i", "n_0", x_i)), r"h \sum_{i=1}^{n_0} x_{i}"),
        (Total("i", "n_0", Plus(x_i, h)), r"\sum_{i=1}^{n_0} (x_{i} + h)"),
        (Plus(Total("i", "n_0", x_i), h), r"(\sum_{i=1}^{n_0} x_{i}) + h"),
    ],
)
def test_a_formula_is_written_with_its_brackets(node: Node, latex: str) -> None:
    assert Writer(NETWORKS["regression"]).write(node) == latex


def test_the_mark_of_a_transpose_goes_where_the_document_puts_it() -> None:
    assert Writer(NETWORKS["canonical"]).write(T(S("W2"))) == r"W^{(2)\top}"
    assert Writer(NETWORKS["batch-of-rows"]).write(T(S("W2"))) == (r"\left( W^{(2)} \right)^\top")


def test_indices_stand_below_and_layers_above() -> None:
    assert Writer(NETWORKS["components"]).write(Entry("W2", ("k", "j"))) == "W_{kj}^{(2)}"
