"""The judge knows right from wrong, strictly, and says what a right formula rests on."""

import random

import pytest
from mpmath import mp

from mutations.judge import Verdict, judged, points
from mutations.networks import Formula
from mutations.points import STEP, drawn, forward
from mutations.six_networks import MEAN, NETWORKS
from mutations.tree import (
    Diagonal,
    Entry,
    Entrywise,
    Fraction,
    Minus,
    Node,
    Number,
    Plus,
    Symbol,
    Total,
    Transposed,
    product,
)

S, T, P = Symbol, Transposed, product
ERROR = Minus(S("y"), S("t"))
SLOPE = Entrywise(S("y1"), Minus(Number(1), S("y1")))
FORMULAS = [(name, formula) for name, net in NETWORKS.items() for formula in net.formulas]


def verdict(network: str, name: str, right: Node, *indices: tuple[str, str]) -> Verdict:
    return judged(NETWORKS[network], Formula(name, right, indices), right)


@pytest.mark.parametrize(("name", "formula"), FORMULAS)
def test_the_formulas_to_start_from_are_right_without_a_reading(
    name: str, formula: Formula
) -> None:
    found = judged(NETWORKS[name], formula, formula.right)
    assert (found.kind, found.reading) == ("right", None)


@pytest.mark.parametrize("name", NETWORKS)
def test_all_sizes_of_a_network_differ(name: str) -> None:
    sizes = NETWORKS[name].sizes.values()
    assert len(set(sizes)) == len(sizes)
    assert 1 not in sizes


def test_the_complex_step_agrees_with_a_difference_quotient() -> None:
    network = NETWORKS["batch-of-rows"]
    at = points(network.name, "free")[0]
    leaves = drawn(network, random.Random(f"{network.name}:free:0"), "free")
    height = mp.mpf(10) ** -12
    sides = []
    for sign in (1, -1):
        moved = {**leaves, "W1": [list(row) for row in leaves["W1"]]}
        moved["W1"][1][2] += sign * height
        sides.append(forward(network, moved)[1])
    slope = (sides[0] - sides[1]) / (2 * height)
    assert abs(at.arrays["d W1"].entries[1][2] - slope) < mp.mpf(10) ** -15
    assert height > STEP


@pytest.mark.parametrize(
    ("network", "name", "right", "kind"),
    [
        ("canonical", "z2", T(Minus(S("t"), S("y"))), "wrong"),
        ("canonical", "y1", P(T(ERROR), T(S("W2"))), "shape"),
        ("canonical", "W1", P(S("d z1"), T(S("x"))), "shape"),
        ("canonical", "z1", Entrywise(P(T(ERROR), S("W2"), Diagonal(S("y1"))), SLOPE), "shape"),
        ("canonical", "z1", P(S("d y1"), Diagonal(S("y1"))), "wrong"),
        ("batch-of-rows", "z2", ERROR, "wrong"),
        ("batch-of-rows", "b2", Plus(P(T(S("d z2")), S("ones")), P(S("lambda"), S("b2"))), "wrong"),
        (
            *("batch-of-rows", "W2"),
            Plus(P(T(S("d z2")), S("y1")), P(Fraction(S("lambda"), Number(2)), S("W2"))),
            "wrong",
        ),
        ("regression", "W2", P(T(ERROR), S("y1")), "shape"),
    ],
)
def test_a_planted_mistake_is_not_right(network: str, name: str, right: Node, kind: str) -> None:
    assert verdict(network, name, right).kind == kind


def test_a_sum_of_targets_is_an_assumption() -> None:
    found = verdict("canonical", "z2", T(ERROR))
    assert found == Verdict("right", assumption="sum-to-one")
    weighted = Minus(P(T(S("t")), Diagonal(S("t"))), T(S("y")))
    assert verdict("canonical", "z2", P(Number(-1), weighted)).assumption == "one-hot"


def test_a_transposed_result_is_a_reading_and_a_transpose_inside_is_not() -> None:
    assert verdict("three-layers", "z3", ERROR).reading == "orientation"
    assert verdict("three-layers", "y2", P(ERROR, S("W3"))).kind == "shape"


def test_neighbours_of_one_shape_may_be_meant_entry_by_entry() -> None:
    back = P(T(S("W2")), S("d z2"))
    right = P(back, S("y1"), Minus(Number(1), S("y1")))
    assert verdict("batch-of-columns", "z1", right).reading == "elementwise"


def test_nothing_broadcasts_but_a_numeral() -> None:
    column = P(MEAN, Plus(ERROR, S("b2")))
    assert verdict("batch-of-rows", "z2", column).kind == "shape"
    assert verdict("regression", "z2", Plus(ERROR, Number(0))).kind == "right"


def test_diag_of_a_row_is_disputed() -> None:
    right = P(T(ERROR), S("W2"), Diagonal(T(SLOPE)))
    assert verdict("canonical", "z1", right).kind == "disputed"


def test_neighbours_of_one_shape_that_do_not_come_first_are_disputed() -> None:
    assert verdict("batch-of-columns", "b2", P(S("d z2"), S("ones"), S("ones"))).kind == "disputed"
    slope = Minus(Number(1), P(S("y1"), S("y1")))
    assert verdict("regression", "b1", P(slope, T(S("W2")), ERROR)).kind == "disputed"


def test_a_letter_that_nothing_binds_is_no_sum() -> None:
    error = Minus(Entry("y", ("k",)), Entry("t", ("k",)))
    body = P(error, Entry("W2", ("k", "j")))
    j = ("j", "n_1")
    assert verdict("components", "y1", Total("k", "n_2", body), j).kind == "right"
    assert verdict("components", "y1", body, j).kind == "shape"


def test_a_sum_must_run_over_the_whole_axis() -> None:
    body = P(Entry("d z2", ("k",)), Entry("W2", ("k", "j")))
    assert verdict("components", "y1", Total("k", "n_0", body), ("j", "n_1")).kind == "shape"
