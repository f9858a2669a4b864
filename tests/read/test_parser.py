"""Tokens to trees, and trees to LaTeX again."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.errors import ReadError
from chainrule.read.latex import to_latex
from chainrule.read.parser import parse
from chainrule.read.plain import to_plain
from chainrule.read.tokens import tokenise
from chainrule.read.tree import (
    Call,
    Derivative,
    Fraction,
    Group,
    Negative,
    Node,
    Norm,
    Number,
    Plus,
    Product,
    Relation,
    Scripted,
    Summation,
    Symbol,
)

W, x, y, z, t = (Symbol(name) for name in "Wxyzt")
i, j = Symbol("i"), Symbol("j")


def read(formula: str, *functions: str) -> Node:
    return parse(tokenise(formula), frozenset(functions))


def test_factors_side_by_side_bind_closer_than_a_product_with_a_sign() -> None:
    assert read(r"W x \odot y") == Product((Product((W, x), ("",)), y), ("odot",))


def test_a_letter_before_brackets_is_a_call_only_if_it_is_a_function() -> None:
    group = Group(Plus((Number("1"), y)))
    assert read("t(1 + y)") == Product((t, group), ("",))
    assert read("t(1 + y)", "t") == Call(t, (group.body,))


def test_a_fraction_of_partials_is_a_derivative() -> None:
    assert read(r"\frac{\partial t}{\partial z_i}") == Derivative(t, Scripted(z, i))
    assert read(r"\frac{dt}{dz}") == Derivative(t, z)
    assert read(r"\partial t / \partial z") == Derivative(t, z)
    assert read(r"\frac{\partial}{\partial z} t") == Derivative(t, z)


def test_a_sum_takes_the_rest_of_its_term() -> None:
    body = Product((Scripted(y, j), Scripted(t, j)), ("",))
    assert read(r"\sum_j y_j t_j + x") == Plus((Summation("sum", j, None, body), x))


def test_a_sum_may_have_a_condition() -> None:
    condition = Relation("!=", i, j)
    assert read(r"\sum_{i \neq j} t_j") == Summation("sum", condition, None, Scripted(t, j))


def test_fractions_without_braces_are_read_digit_by_digit() -> None:
    assert read(r"\frac12 x") == Product((Fraction(Number("1"), Number("2")), x), ("",))


def test_a_logarithm_takes_the_next_factor() -> None:
    assert read(r"-t \log y") == Negative(Product((t, Call(Symbol("log"), (y,))), ("",)))


@pytest.mark.parametrize("bars", [r"\|x\|", r"\lVert x \rVert", "||x||", r"\left\|x\right\|"])
def test_norms_are_written_in_many_ways(bars: str) -> None:
    assert read(bars) == Norm(x)


def test_fonts_do_not_change_a_name_and_accents_do() -> None:
    assert read(r"\mathbf{x}") == read(r"\boldsymbol x") == x
    assert read(r"\hat{y}") == Symbol("hat y")


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (r"\frac{1}{", "ends"),
        ("(a + b", "stands where ) should"),
        ("a + ", "ends"),
        ("a ^", "ends"),
        (r"\begin{tikz} a \end{tikz}", "tikz"),
        ("{" * 200 + "}" * 200, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_says_why(formula: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason.replace(")", r"\)")):
        read(formula)


def names() -> st.SearchStrategy[Node]:
    plain: st.SearchStrategy[Node] = st.sampled_from([W, x, y, z, t, Number("2")])
    scripted = st.builds(
        Scripted,
        st.sampled_from([W, x, y, z, t]),
        st.sampled_from([None, i, j, Product((i, j), ("",))]),
        st.sampled_from([None, Group(Number("1")), Number("2"), Symbol("top", r"\top")]),
    ).filter(lambda one: one.sub is not None or one.sup is not None)
    return plain | scripted


def trees() -> st.SearchStrategy[Node]:
    def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        groups = inner.map(lambda one: one if isinstance(one, Group) else Group(one))
        atoms = names() | groups
        signs = st.sampled_from(["cdot", "odot", "times"])
        return st.one_of(
            st.builds(Fraction, inner, inner),
            st.builds(lambda a, b: Plus((a, b)), atoms, atoms),
            st.builds(lambda a, b: Plus((a, Negative(b))), atoms, atoms),
            st.builds(lambda a, b, sign: Product((a, b), (sign,)), atoms, atoms, signs),
            st.builds(lambda a, b: Product((a, b), ("",)), names(), groups),
            st.builds(lambda one: Call(Symbol("exp", r"\exp"), (one,)), inner),
            st.builds(lambda one: Derivative(one, Scripted(z, i)), groups),
            st.builds(lambda one: Summation("sum", j, None, one), atoms),
        )

    return st.recursive(names(), larger, max_leaves=8)


@given(trees())
def test_a_tree_written_as_latex_reads_back_to_itself(tree: Node) -> None:
    assert read(to_latex(tree)) == tree


@given(trees())
def test_every_tree_has_a_plain_text(tree: Node) -> None:
    assert to_plain(tree)


@given(st.text(st.sampled_from(r"\frac{}()[]^_ab12+-=&|'\partialsumleftright,.;"), max_size=60))
def test_anything_is_a_tree_or_an_error_with_a_reason(text: str) -> None:
    with contextlib.suppress(ReadError):
        to_latex(read(text))
