"""Quotients upside down, and the logarithm in the place of its derivative."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chainrule.grading.edits.palette import Edit, Palette
from chainrule.read.tree import Call, Fraction, Group, Node, Number, Product, Symbol

__all__ = ["quotient_edits"]

_LOG: Final = Symbol("log", r"\log")
_ONE: Final = Number("1")


def quotient_edits(node: Node, palette: Palette) -> Iterator[Edit]:
    """Turn a quotient upside down, or change a logarithm to its derivative and back."""
    del palette
    if isinstance(node, Fraction):
        upside_down = replace(node, numerator=node.denominator, denominator=node.numerator)
        yield "inverted-quotient", upside_down
        if not isinstance(node.denominator, Number):
            yield "wrong-derivative", Call(_LOG, (_bare(node.denominator),))
    elif isinstance(node, Call) and node.function == _LOG and len(node.arguments) == 1:
        yield "wrong-derivative", Fraction(_ONE, node.arguments[0])
    elif isinstance(node, Product):
        for at, sign in enumerate(node.signs):
            if sign in ("slash", "oslash"):
                first, second = node.factors[at : at + 2]
                swapped = (*node.factors[:at], second, first, *node.factors[at + 2 :])
                yield "inverted-quotient", replace(node, factors=swapped)


def _bare(node: Node) -> Node:
    return node.body if isinstance(node, Group) else node
