"""What a document defines: quantities of its forward pass, gradients that it names, functions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from chainrule.grading.notation import Layer, Notation, Reference
from chainrule.read.document import Document
from chainrule.read.rows import Equation
from chainrule.read.tree import (
    Call,
    Derivative,
    Fraction,
    Group,
    Nabla,
    Negative,
    Node,
    Number,
    Partial,
    Product,
    Scripted,
    Summation,
    Symbol,
    walk,
)

__all__ = [
    "Builtin",
    "Definition",
    "Key",
    "coded",
    "coded_key",
    "collect",
    "differential",
    "function_in_prose",
    "is_derivative",
]

#: A quantity: its name and its layer, a number.
Key: TypeAlias = tuple[str, int | None]

GRADIENTS: Final = frozenset(["delta", "Delta"])
_CONSTANTS: Final = frozenset(["lambda", "eta", "alpha", "epsilon", "m", "N", "n", "L", "K"])


@final
@dataclass(frozen=True)
class Builtin:
    """A definition that the document leaves out and the network asked for supplies.

    `kind` is ``linear`` (weights, input, perhaps bias), ``apply`` (a function of one quantity),
    ``same`` (another name) or ``loss`` (output, target); `name` is the function or the loss.
    """

    kind: str
    keys: tuple[Key, ...]
    name: str = ""


@final
@dataclass(frozen=True)
class Definition:
    """One definition.

    Parameters
    ----------
    name : str
        What is defined.
    layer : Layer or None
        At which layer; with a letter, at every layer.
    indices : tuple of str
        The components, where the definition is of one component.
    sample : str or None
        The index of the sample, where it has one.
    body : Node or Builtin
        What it is equal to.
    kind : str
        ``forward``, ``gradient`` or ``function``.
    offset : int
        Where it stands; -1 for what the network supplies.
    section : int
        Under which heading.
    parameter : str
        Of a function, the name of its argument.
    """

    name: str
    layer: Layer | None
    indices: tuple[str, ...]
    sample: str | None
    body: Node | Builtin
    kind: str
    offset: int = -1
    section: int = 0
    parameter: str = ""
    latex: str = ""


def coded(key: Key) -> Symbol:
    """Write a quantity as a name that no document can contain, for formulas that are made.

    Examples
    --------
    >>> coded_key(coded(("z", 2)).name)
    ('z', 2)
    """
    name, layer = key
    return Symbol(f"@{name}@{'' if layer is None else layer}", name)


def coded_key(name: str) -> Key:
    """Read a name that `coded` wrote."""
    _, bare, layer = name.split("@")
    return (bare, int(layer) if layer else None)


def is_derivative(node: Node) -> bool:
    """Say whether a derivative or a gradient stands anywhere in a formula."""
    return any(isinstance(one, Derivative | Nabla | Partial) for one in walk(node))


def _gradient_body(node: Node) -> bool:
    """Say whether a formula is a derivative itself, perhaps with a sign or in brackets."""
    if isinstance(node, Negative | Group):
        return _gradient_body(node.body)
    if isinstance(node, Scripted):
        return _gradient_body(node.base)
    return isinstance(node, Derivative | Nabla) or differential(node) is not None


def differential(node: Node) -> Node | None:
    """Give ``W`` for ``dW``, the way to write a gradient in programs."""
    if isinstance(node, Product) and len(node.factors) == 2 and node.signs == ("",):
        first, second = node.factors
        named = second.base if isinstance(second, Scripted) else second
        if first == Symbol("d") and isinstance(named, Symbol):
            return second
    return None


def definition(
    equation: Equation, notation: Notation, section: int, at: int = 0
) -> Definition | None:
    """Read an equation as the definition of its left side, if it can be one.

    `at` is the number of the side that is defined, in a chain such as ``ŷ = a = f(z)``.

    Examples
    --------
    >>> from chainrule.read.rows import read_rows
    >>> [row] = read_rows("z = W x", 0, {}, frozenset())
    >>> definition(row.equations[0], Notation(), 0).name
    'z'
    """
    if len(equation.sides) < at + 2 or (equation.continues and at == 0 and len(equation.sides) < 2):
        return None
    relation = equation.relations[at + 1 if equation.continues else at]
    left, right = equation.sides[at].node, equation.sides[at + 1].node
    if left is None or right is None or relation not in ("=", ":="):
        return None
    offset = equation.sides[at].span[0]
    if isinstance(left, Call):
        return _function(left, right, offset, section)
    reference = notation.refer(left)
    if reference is None or reference.power is not None or reference.transposed or reference.primes:
        return None
    if any(isinstance(index, int) for index in reference.indices):
        return None
    return _quantity(reference, left, right, notation, (offset, section))


def _quantity(
    reference: Reference, left: Node, right: Node, notation: Notation, place: tuple[int, int]
) -> Definition | None:
    kind = "forward"
    if is_derivative(right) or differential(right) is not None:
        # a symbol for a derivative stands for that derivative; anything longer is a claim
        if not _gradient_body(right):
            return None
        kind = "gradient"
    elif isinstance(right, Number) or (
        reference.name in GRADIENTS
        and not (reference.name == "Delta" and isinstance(right, Summation))
    ):
        return None
    if reference.name in _CONSTANTS and reference.layer is None and _is_small(right):
        return None
    if reference.layer is None and _is_index(left) and _is_index(right):
        return None  # “i = j” is a condition
    own = (reference.name, reference.layer)
    for one in walk(right):
        mentioned = notation.refer(one)
        if mentioned is None or (mentioned.name, mentioned.layer) != own:
            continue
        if mentioned.sample == reference.sample and mentioned.indices == reference.indices:
            return None  # an update, or an equation to be solved
    indices = tuple(str(index) for index in reference.indices)
    sample = None if reference.sample is None else str(reference.sample)
    latex = _latex(left)
    return Definition(
        reference.name, reference.layer, indices, sample, right, kind, *place, latex=latex
    )


def _is_small(node: Node) -> bool:
    return isinstance(node, Number | Symbol | Fraction)


def _is_index(node: Node) -> bool:
    return isinstance(node, Symbol) and node.name in tuple("ijklmnpqrsuv")


def _latex(node: Node) -> str:
    return (
        node.latex
        if isinstance(node, Symbol)
        else _latex(node.base)
        if isinstance(node, Scripted)
        else ""
    )


def _function(left: Call, right: Node, offset: int, section: int) -> Definition | None:
    name = left.function.base if isinstance(left.function, Scripted) else left.function
    primed = isinstance(left.function, Scripted) and left.function.primes
    if not isinstance(name, Symbol) or primed or len(left.arguments) != 1:
        return None
    argument = left.arguments[0]
    if not isinstance(argument, Symbol) or is_derivative(right):
        return None
    if not any(one == argument for one in walk(right)):
        return None
    return Definition(
        name.name, None, (), None, right, "function", offset, section, argument.name, name.latex
    )


def collect(document: Document, notation: Notation) -> Iterator[Definition]:
    """Give everything in a document that can be a definition, in its order."""
    for passage in document.passages:
        for row in passage.rows:
            for equation in row.equations:
                first: Definition | None = None
                for at in range(len(equation.sides) - 1):
                    found = definition(equation, notation, passage.block.section, at)
                    if found is not None:
                        first = first or found
                        yield found
                other = None if first is None else _other_name(equation, first, notation)
                if other is not None:
                    yield other


def _other_name(equation: Equation, first: Definition, notation: Notation) -> Definition | None:
    """Read the end of ``a = g(z) = h`` as another name of what the chain defines."""
    left, right = equation.sides[0].node, equation.sides[-1].node
    if left is None or right is None or len(equation.sides) < 3 or equation.continues:
        return None
    reference = notation.refer(right)
    if reference is None or reference != Reference(reference.name) or first.kind != "forward":
        return None
    place = (equation.sides[-1].span[0], first.section)
    return Definition(reference.name, None, (), None, left, "forward", *place)


_WORDS: Final = {
    "logistic": re.compile(r"\bsigmoid|\blogistic", re.IGNORECASE),
    "tanh": re.compile(r"\btanh\b|hyperbolic tangent", re.IGNORECASE),
    "relu": re.compile(r"\brelu\b|rectified linear", re.IGNORECASE),
    "softplus": re.compile(r"\bsoftplus\b", re.IGNORECASE),
}


def function_in_prose(prose: str) -> str | None:
    """Give the one function that the words of a document name, if it is one."""
    named = [name for name, pattern in _WORDS.items() if pattern.search(prose)]
    return named[0] if len(named) == 1 else None
