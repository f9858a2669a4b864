"""Small changes of a formula, each of them the correction of one kind of mistake."""

from collections.abc import Iterator
from typing import Final

from chainrule.grading.edits.functions import function_edits
from chainrule.grading.edits.indices import index_edits
from chainrule.grading.edits.palette import Edit, Palette, Rule, places
from chainrule.grading.edits.products import product_edits
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
    factor_edits,
)
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
        yield from whole_edits(tree, palette)
