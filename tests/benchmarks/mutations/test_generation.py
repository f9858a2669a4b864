"""Mutants are many, different, and the same again for the same seed."""

from collections import Counter
from itertools import islice

from mutations import harmless_edits
from mutations.generation import mutants
from mutations.judge import judged
from mutations.six_networks import NETWORKS

HARMLESS = {edit.__name__ for edit in harmless_edits.EDITS}


def test_a_longer_campaign_begins_with_the_shorter_one() -> None:
    assert [m.latex for m in mutants(3, 30)] == [m.latex for m in islice(mutants(3, 60), 30)]


def test_another_seed_gives_other_mutants() -> None:
    assert [m.latex for m in mutants(3, 30)] != [m.latex for m in mutants(4, 30)]


def test_no_mutant_comes_twice() -> None:
    written = [(m.network.name, m.latex) for m in mutants(0, 500)]
    assert len(set(written)) == len(written)


def test_every_network_and_one_and_two_edits_take_part() -> None:
    some = list(mutants(0, 300))
    assert {m.network.name for m in some} == set(NETWORKS)
    assert {len(m.edits) for m in some} == {1, 2}


def test_harmless_edits_leave_a_formula_right() -> None:
    harmless = [m for m in mutants(1, 400) if set(m.edits) <= HARMLESS]
    kinds = Counter(judged(m.network, m.formula, m.right).kind for m in harmless)
    assert kinds["right"] > 20
    assert kinds["wrong"] == 0
