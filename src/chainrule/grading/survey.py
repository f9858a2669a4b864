"""The survey of a document: how it writes its layers, counted once and decided once."""

from collections.abc import Iterable

from chainrule.grading.notation import LAYER_LETTERS, LAYERED, WEIGHTS, Notation, flat
from chainrule.read.tree import Call, Group, Negative, Node, Number, Plus, Scripted, Symbol, walk

__all__ = ["survey"]


def survey(nodes: Iterable[Node], functions: frozenset[str]) -> Notation:
    """Decide how a document writes its layers.

    Parameters
    ----------
    nodes : iterable of Node
        All of its formulas.
    functions : frozenset of str
        The names that are functions.

    Returns
    -------
    Notation
        One decision for the whole document.
    """
    counts = dict.fromkeys(("(", "[", "bare", "sub"), 0)
    shifted: set[str] = set()
    layered: set[str] = set()
    for node in nodes:
        for one in walk(node):
            if isinstance(one, Scripted) and isinstance(one.base, Symbol):
                _count(one, one.base.name, counts)
                shifted |= _shifted_letters(one)
            layered |= _layered_argument(one)
    style = _decided(counts)
    letters = LAYER_LETTERS | shifted
    return Notation(style, frozenset(letters), functions, layered=frozenset(layered))


def _layered_argument(node: Node) -> set[str]:
    """Find the ``u`` of ``r(u_1)``: a function of a whole layer, unlike ``log y_1``."""
    if not isinstance(node, Call) or len(node.arguments) != 1:
        return set()
    argument, function = node.arguments[0], node.function
    plain = isinstance(function, Symbol) and function.name in ("log", "exp", "max", "sqrt")
    if plain or not isinstance(argument, Scripted) or not isinstance(argument.base, Symbol):
        return set()
    is_layer = isinstance(argument.sub, Number) and argument.sup is None
    return {argument.base.name} if is_layer else set()


def _decided(counts: dict[str, int]) -> str:
    if counts["["]:
        return "["
    if counts["("] >= max(1, counts["bare"]):
        return "("
    if counts["bare"]:
        return "bare"
    return "sub" if counts["sub"] else ""


def _count(node: Scripted, name: str, counts: dict[str, int]) -> None:
    is_weight = name in WEIGHTS
    for part in flat(node.sup):
        bare = part.body if isinstance(part, Group) else part
        countable = _is_layer_like(bare)
        if isinstance(part, Group) and countable and part.bracket in counts:
            counts[part.bracket] += name in LAYERED or not isinstance(bare, Number)
        elif not isinstance(part, Group) and countable:
            counts["bare"] += is_weight or not isinstance(bare, Number)
    parts = flat(node.sub)
    if node.sup is None and len(parts) == 1 and _is_layer_like(parts[0]):
        is_matrix = name in ("W", "Theta", "V", "U") or not isinstance(parts[0], Number)
        counts["sub"] += is_matrix


def _is_layer_like(node: Node) -> bool:
    if isinstance(node, Number):
        return node.text.isdigit()
    if isinstance(node, Plus):
        return _is_layer_like(node.terms[0])
    return isinstance(node, Symbol) and node.name in LAYER_LETTERS


def _shifted_letters(node: Scripted) -> set[str]:
    """Find the letters that count layers because one is added to them: ``a^{(k-1)}``."""
    found: set[str] = set()
    for part in flat(node.sup):
        bare = part.body if isinstance(part, Group) else part
        if isinstance(bare, Plus) and len(bare.terms) == 2 and isinstance(bare.terms[0], Symbol):
            last = bare.terms[1]
            amount = last.body if isinstance(last, Negative) else last
            if isinstance(amount, Number) and amount.text == "1":
                found.add(bare.terms[0].name)
    return found
