"""Signs that are written before something and mean nothing of their own."""

from chainrule.read.tree import Group, Node, Product, Relation, Symbol

__all__ = ["without_indicators", "without_sign"]


def without_indicators(factors: list[Node], signs: list[str]) -> tuple[list[Node], list[str]]:
    """Drop the sign before the condition of ``1[z > 0]``: the condition is one where it holds."""
    for at in range(len(factors) - 2, -1, -1):
        follows = factors[at + 1]
        is_mark = factors[at] in (Symbol("ones"), Symbol("indicator"), Symbol("I"))
        if is_mark and isinstance(follows, Group) and isinstance(follows.body, Relation):
            del factors[at]
            del signs[at]
    return factors, signs


def without_sign(sup: Node) -> Node:
    """Read ``^{∘2}`` as a square: vectors have no other."""
    if isinstance(sup, Product) and sup.factors[0] in (Symbol("odot"), Symbol("circ")):
        return sup.factors[1]
    return sup
