"""Small changes of a formula, each of them the correction of one kind of mistake."""

from collections.abc import Iterator
from typing import Final

from chainrule.grading.edits.functions import function_edits
from chainrule.grading.edits.indices import index_edits
from chainrule.grading.edits.palette import Edit, Palette, Rule, places
from chainrule.grading.edits.products import product_edits
from chainrule.grading.edits.quantities import (
    link_edits,
    matrix_edits,
    missing_terms,
    quantity_edits,
)
from chainrule.grading.edits.quotients import quotient_edits
from chainrule.grading.edits.slopes import slope_edits
from chainrule.grading.edits.terms import factor_edits, term_edits, whole_edits
from chainrule.grading.edits.transposes import transpose_edits
from chainrule.read.tree import Node, replaced

__all__ = ["QUICK", "RULES", "Edit", "Palette", "edits_of"]

#: Every kind of change, the likelier before the rarer.
RULES: Final[tuple[Rule, ...]] = (
    transpose_edits,
    index_edits,
    product_edits,
    term_edits,
    function_edits,
    slope_edits,
    quotient_edits,
    matrix_edits,
    factor_edits,
    quantity_edits,
    link_edits,
)
#: Those that are made at every place of the same quantity, too: one slip of the pen.
REPEATED: Final[tuple[Rule, ...]] = (index_edits, function_edits)
#: Those that are also tried two at a time.
QUICK: Final[tuple[Rule, ...]] = (transpose_edits, index_edits, product_edits, term_edits)


def edits_of(
    tree: Node, palette: Palette, rules: tuple[Rule, ...] = RULES
) -> Iterator[tuple[str, Node]]:
    """Give every tree that is one change away, with the name of the mistake it would correct.

    Parameters
    ----------
    tree : Node
        A formula that is wrong.
    palette : Palette
        What the document offers to change it with.
    rules : tuple of Rule
        The kinds of change.

    Yields
    ------
    (str, Node)
        The mistake and the corrected formula.
    """
    for rule in rules:
        for place in places(tree, palette.notation):
            for mistake, new in rule(place, palette):
                yield mistake, replaced(tree, place, new)
    if rules is RULES:
        yield from _repeated_edits(tree, palette)
        yield from whole_edits(tree, palette)
        yield from missing_terms(tree, palette)


def _repeated_edits(tree: Node, palette: Palette) -> Iterator[tuple[str, Node]]:
    """Change a quantity at all places where it stands."""
    quantities = [one for one in places(tree, palette.notation) if palette.notation.refer(one)]
    for place in dict.fromkeys(quantities):
        same = [one for one in quantities if one == place]
        if len(same) > 1:
            for rule in REPEATED:
                for mistake, new in rule(place, palette):
                    yield mistake, _replaced_all(tree, same, new)


def _replaced_all(tree: Node, old: list[Node], new: Node) -> Node:
    for one in old:
        tree = replaced(tree, one, new)
    return tree
