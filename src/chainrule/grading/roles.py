"""Which letter plays which part: weights, pre-activations, outputs, targets, loss."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, final

from chainrule.grading.definitions import Definition
from chainrule.grading.notation import Notation, Reference
from chainrule.read.tree import (
    Call,
    Derivative,
    Group,
    Nabla,
    Negative,
    Node,
    Product,
    Scripted,
    Summation,
    Symbol,
    children,
)

__all__ = ["LOSS_NAMES", "WEIGHT_NAMES", "Roles", "assign_roles", "is_loss_name", "references"]

LOSS_NAMES: Final = ("E", "cal L", "cal J", "J", "C", "L", "cal E", "cal C", "ell", "Loss", "Err")
WEIGHT_NAMES: Final = ("W", "w", "Theta", "theta", "V", "U", "Omega", "omega", "v", "u")
_PRE: Final = ("z", "net", "s", "Z", "v", "u", "in", "a")
_ACT: Final = ("a", "h", "y", "o", "A", "H", "x")
_OUTPUT: Final = ("hat y", "hat Y", "y", "o", "p", "Y")


@final
@dataclass(frozen=True)
class Roles:
    """The letters of a document for the parts of a network.

    Parameters
    ----------
    weights, bias, pre, act, input, target, output, loss : str
        The letters; `output` is the name of the network's answer without a layer.
    shift : int
        By how much the layer of a pre-activation exceeds that of its weights.
    """

    weights: str = "W"
    bias: str = "b"
    pre: str = "z"
    act: str = "y"
    input: str = "x"
    target: str = "t"
    output: str = "y"
    loss: str = "E"
    shift: int = 0


def is_loss_name(name: str) -> bool:
    """Say whether a name is that of a loss, with or without a number."""
    return name.split("_", maxsplit=1)[0] in LOSS_NAMES


def references(nodes: Iterable[Node], notation: Notation) -> list[Reference]:
    """Give every reference to a symbol in some formulas, in no order; scripts are not searched.

    Examples
    --------
    >>> [one.name for one in references([Group(Symbol("x"))], Notation())]
    ['x']
    """
    found: list[Reference] = []
    stack = list(nodes)
    while stack:
        node = stack.pop()
        reference = notation.refer(node)
        if reference is not None:
            found.append(reference)
            stack += [] if reference.power is None else [reference.power]
        elif isinstance(node, Scripted):
            stack.append(node.base)
        elif isinstance(node, Call):
            stack += node.arguments
        elif isinstance(node, Summation):
            stack.append(node.body)
        elif isinstance(node, Nabla):
            stack += [one for one in (node.by, node.of) if one is not None]
        else:
            stack += children(node)
    return found


def _is_applied(node: Node | object, notation: Notation) -> bool:
    """Say whether a definition is a function of something: an activation."""
    if isinstance(node, Group | Negative):
        return _is_applied(node.body, notation)
    return isinstance(node, Call)


def _is_linear(node: Node | object, notation: Notation, weights: Sequence[str]) -> bool:
    if not isinstance(node, Node) or _is_applied(node, notation):
        return False
    names = {one.name for one in references([node], notation)}
    has_product = any(isinstance(one, Product) for one in _tops(node))
    return has_product and bool(names & set(weights)) and not names & {"log", "lambda", "eta"}


def _tops(node: Node) -> Iterable[Node]:
    stack = [node]
    while stack:
        one = stack.pop()
        yield one
        if not isinstance(one, Derivative | Scripted):
            stack += children(one)


def assign_roles(
    definitions: Sequence[Definition], used: Sequence[Reference], notation: Notation
) -> Roles:
    """Say which letter plays which part, by the definitions first and by custom then."""
    names = {one.name for one in used}
    layered = {one.name for one in used if one.layer is not None}
    forward = [one for one in definitions if one.kind == "forward"]
    weights = _first(WEIGHT_NAMES[:6], names, "W")
    linear = [one for one in forward if _is_linear(one.body, notation, WEIGHT_NAMES)]
    applied = [one for one in forward if _is_applied(one.body, notation)]
    losses = [one.name for one in forward if is_loss_name(one.name)]
    pre = _layered_name(linear) or _first(_PRE[:5], names, "z")
    hidden = [one for one in applied if not is_loss_name(one.name)]
    act = _layered_name(hidden) or _first([n for n in _ACT if n != pre], layered, "")
    inputs = _input(used, names)
    if inputs not in names:
        inputs = _multiplied_leaf(linear, forward, notation) or inputs
    target = _target(names, act, hidden, inputs)
    act = act or _first([n for n in _ACT if n not in (pre, target)], names, "y")
    # the Y of labels that are y one at a time is no output
    stacked = {target.upper()} if target.islower() and len(target) == 1 else set()
    output = _first([n for n in _OUTPUT if n != target and n not in stacked], names, act)
    shift = _shift(linear, notation)
    return Roles(
        weights=weights,
        bias=_first(("b", "beta", "c"), names, "b"),
        pre=pre,
        act=act,
        input=inputs,
        target=target,
        output=output,
        loss=losses[0] if losses else next(filter(is_loss_name, sorted(names)), "E"),
        shift=shift,
    )


def _input(used: Sequence[Reference], names: set[str]) -> str:
    alone = any(one.name == "x" and one.sample is None for one in used)
    return "X" if "X" in names and not alone else "x"


def _multiplied_leaf(
    linear: Sequence[Definition], forward: Sequence[Definition], notation: Notation
) -> str:
    """Give the name that weights are multiplied with and that nothing defines: the input's."""
    known = {one.name for one in forward} | set(WEIGHT_NAMES)
    bodies = [node for one in linear if isinstance(one.body, Node) for node in _tops(one.body)]
    factors = [factor for node in bodies if isinstance(node, Product) for factor in node.factors]
    for reference in map(notation.refer, factors):
        if reference is not None and reference.layer is None and reference.name not in known:
            return reference.name
    return ""


def _first(candidates: Iterable[str], names: set[str], otherwise: str) -> str:
    return next((name for name in candidates if name in names), otherwise)


def _layered_name(definitions: Sequence[Definition]) -> str:
    """Give the name that most of these define, a layered one if there is one."""
    names = [one.name for one in definitions if one.layer is not None] or [
        one.name for one in definitions
    ]
    return max(names, key=names.count, default="")


def _target(names: set[str], act: str, hidden: Sequence[Definition], inputs: str) -> str:
    outputs = {one.name for one in hidden}
    capital = ("T", "Y") if inputs == "X" else ()
    for name in (*capital, "t", "y", "d", "r", "tau", "T", "Y"):
        if name in names and name != act and name not in outputs:
            return name
    return "t"


def _shift(linear: Sequence[Definition], notation: Notation) -> int:
    """Find ``z^{(l+1)} = W^{(l)} a^{(l)}``, where weights count one less."""
    for one in linear:
        if one.layer is None or not isinstance(one.body, Node):
            continue
        for reference in references([one.body], notation):
            layer = reference.layer if reference.name in WEIGHT_NAMES else None
            if layer is not None and layer.letter == one.layer.letter:
                return max(0, min(1, one.layer.offset - layer.offset))
    return 0


def symbol(name: str) -> Symbol:
    """Give a name as a node, for formulas that are made and not read."""
    return Symbol(name, name)
