"""What kind of document it is: about single numbers, or about batches whose samples are rows."""

from collections.abc import Iterable

from chainrule.grading.definitions import Definition
from chainrule.grading.notation import Notation, Reference
from chainrule.grading.roles import WEIGHT_NAMES, Roles
from chainrule.read.tree import Node, Product, walk

__all__ = ["batch_is_rows", "is_scalar", "samples_are_columns"]


def batch_is_rows(definitions: Iterable[Definition], notation: Notation) -> bool:
    """Say whether ``X W`` stands there and not ``W X``: samples are rows then."""
    for one in definitions:
        for node in walk(one.body) if isinstance(one.body, Node) else ():
            if isinstance(node, Product) and len(node.factors) > 1:
                named = [notation.refer(factor) for factor in node.factors[:2]]
                if named[1] is not None and named[1].name in WEIGHT_NAMES and named[0] is not None:
                    return named[0].name not in WEIGHT_NAMES and not named[0].transposed
    return False


def is_scalar(mentions: list[Reference], roles: Roles) -> bool:
    """Say whether everything is a number: one neuron a layer, no index, no transpose."""
    if roles.weights != "w":
        return False
    return not any(
        one.transposed or one.indices or (one.name[-1:].isupper() and one.name in ("W", "X"))
        for one in mentions
    )


def samples_are_columns(definitions: Iterable[Definition], notation: Notation) -> bool:
    """Say whether ``Z = W X`` stands there for all samples at once: they are columns then."""
    for one in definitions:
        for node in walk(one.body) if isinstance(one.body, Node) else ():
            if isinstance(node, Product) and len(node.factors) > 1:
                first, second = (notation.refer(factor) for factor in node.factors[:2])
                if first is not None and first.name in WEIGHT_NAMES and second is not None:
                    return second.name.isupper() and not (first.transposed or second.transposed)
    return False
