"""What a document offers to correct a formula with, gathered from near the formula outwards."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from chainrule.grading.chains import Chain
from chainrule.grading.edits import Palette
from chainrule.grading.edits.palette import index_letters, is_difference, is_primed, with_name
from chainrule.grading.notation import Reference
from chainrule.grading.program import Program
from chainrule.grading.understanding import Understanding
from chainrule.read.tree import (
    Call,
    Derivative,
    Group,
    Nabla,
    Negative,
    Node,
    Number,
    Plus,
    Product,
    Scripted,
    Symbol,
    walk,
)

__all__ = ["palette_of"]

_MOST_FACTORS: Final = 24
_MOST_QUANTITIES: Final = 24
_MOST_TERMS: Final = 12
_MOST_FORMULAS: Final = 80
_CONSTANTS: Final = frozenset(["e", "pi", "d", "indicator", "ones", "I"])


def palette_of(understanding: Understanding, chain: Chain, start: Node, right: Node) -> Palette:
    """Gather what the side of a step can be corrected with.

    Parameters
    ----------
    understanding : Understanding
        What the names mean.
    chain : Chain
        Where the step stands.
    start, right : Node
        What it should be equal to, and what is written.

    Returns
    -------
    Palette
        The document's letters, quantities, factors and signs.
    """
    program = understanding.program
    near = [start, right, *chain.nodes()]
    nodes = [*near, *_formulas(understanding, chain)]
    by_node = _variable(start)
    text = understanding.document.source.text
    spelling = _spelling(nodes)
    return Palette(
        program,
        tuple(_letters(near, program)),
        tuple(_variables(near)),
        tuple([*_slopes(program, start, spelling), *_factors(nodes, program)][:_MOST_FACTORS]),
        _transpose_sign(text),
        _elementwise_sign(text),
        None if by_node is None else program.notation.refer(by_node),
        by_node,
        tuple(_letters([start], program)),
        tuple(_numbers(near, program)),
        tuple(islice(_quantities(nodes, program), _MOST_QUANTITIES)),
        tuple(islice(_terms(nodes), _MOST_TERMS)),
        spelling,
    )


def _formulas(understanding: Understanding, chain: Chain) -> list[Node]:
    """Give the document's formulas, those of the nearest rows first."""
    passages = list(understanding.document.passages)
    here = next((at for at, one in enumerate(passages) if one is chain.passage), 0)
    order = sorted(range(len(passages)), key=lambda at: abs(at - here))
    found = [
        side.node
        for at in order
        for row in passages[at].rows
        for equation in row.equations
        for side in equation.sides
        if side.node is not None
    ]
    return found[:_MOST_FORMULAS]


def _factors(nodes: Iterable[Node], program: Program) -> list[Node]:
    """Collect what the document multiplies with: ``σ'(z)``, ``(1 - y)``, quantities."""
    found: dict[Node, None] = {}
    for node in nodes:
        for one in walk(node):
            if _is_factor(one):
                found.setdefault(one)
            elif isinstance(one, Product):
                named = (f for f in one.factors if program.notation.refer(f) is not None)
                found.update(dict.fromkeys(named))
    return list(found)


def _is_factor(node: Node) -> bool:
    if isinstance(node, Call):
        inner = node.arguments[0] if len(node.arguments) == 1 else node
        return is_primed(node) or (node.function == Symbol("diag") and is_primed(inner))
    return isinstance(node, Group) and is_difference(node)


def _quantities(nodes: Iterable[Node], program: Program) -> Iterator[Node]:
    """Give the quantities that are mentioned, without powers and transposes."""
    seen: set[Reference] = set()
    for node in nodes:
        for one in walk(node):
            reference = program.notation.refer(one)
            if reference is None or reference in seen or not _is_quantity(reference, program):
                continue
            seen.add(reference)
            yield one


def _is_quantity(reference: Reference, program: Program) -> bool:
    marked = reference.transposed or reference.power is not None or reference.primes
    is_function = reference.name in program.notation.functions
    is_known = reference.name in program.names and reference.name not in _CONSTANTS
    is_number = program.is_scalar_name(reference.name)
    return is_known and not (marked or is_function or is_number)


def _terms(nodes: Iterable[Node]) -> Iterator[Node]:
    """Give the terms of the document's sums."""
    seen: set[Node] = set()
    for node in nodes:
        for one in walk(node):
            if isinstance(one, Plus):
                for term in one.terms:
                    bare = term.body if isinstance(term, Negative) else term
                    if not isinstance(bare, Number | Symbol) and bare not in seen:
                        seen.add(bare)
                        yield term


def _spelling(nodes: Iterable[Node]) -> dict[str, str]:
    """Say how the document writes its names, the first time that it does."""
    found: dict[str, str] = {}
    for node in nodes:
        for one in walk(node):
            if isinstance(one, Symbol) and one.latex:
                found.setdefault(one.name, one.latex)
    return found


def _slopes(program: Program, start: Node, spelling: Mapping[str, str]) -> Iterator[Node]:
    """Give the derivatives of the activation that belong to the left side: ``f'(z)``, ``1 - a``."""
    by = _variable(start) or start
    reference = program.notation.refer(by)
    if reference is None or not isinstance(by, Scripted | Symbol):
        return
    pre = by if reference.name == program.roles.pre else with_name(by, program.roles.pre, spelling)
    act = with_name(by, program.roles.act, spelling)
    for name in sorted(program.notation.functions):
        if name in program.functions_applied:
            function = Symbol(name, name if len(name) == 1 else f"\\{name}")
            yield Call(Scripted(function, primes=1), (pre,))
    yield Product((act, Group(Plus((Number("1"), Negative(act))))), ("",))


def _letters(nodes: Iterable[Node], program: Program) -> list[str]:
    letters: dict[str, None] = {}
    for node in nodes:
        for one in walk(node):
            if isinstance(one, Scripted) and one.sub is not None:
                reference = program.notation.refer(one)
                indices = () if reference is None else reference.indices
                found = [one for one in index_letters(one.sub) if one in indices]
                letters.update(dict.fromkeys(found))
    return list(letters)[:6]


def _numbers(nodes: Iterable[Node], program: Program) -> list[int]:
    """Give the numbers that components have."""
    found: dict[int, None] = {}
    for node in nodes:
        for one in walk(node):
            reference = program.notation.refer(one)
            if reference is not None:
                numbers = (index for index in reference.indices if isinstance(index, int))
                found.update(dict.fromkeys(numbers))
    return list(found)[:4]


def _variable(start: Node) -> Node | None:
    if isinstance(start, Derivative):
        return start.by
    if isinstance(start, Nabla):
        return start.by
    if isinstance(start, Product) and start.factors[0] == Symbol("d") and len(start.factors) == 2:
        return start.factors[1]
    return _variable(start.body) if isinstance(start, Negative | Group) else None


def _variables(nodes: Iterable[Node]) -> list[Node]:
    found: dict[Node, None] = {}
    for node in nodes:
        for one in walk(node):
            if isinstance(one, Derivative):
                found.setdefault(one.by)
    return list(found)[:8]


def _transpose_sign(text: str) -> Symbol:
    counts: Mapping[str, int] = {
        r"\top": text.count(r"\top"),
        "T": text.count("^T") + text.count("^{T") + text.count("T}"),
        r"\intercal": text.count(r"\intercal"),
    }
    sign = max(counts, key=lambda one: counts[one])
    return Symbol(sign.lstrip("\\"), sign)


def _elementwise_sign(text: str) -> str:
    counts = {
        "odot": text.count(r"\odot"),
        "circ": text.count(r"\circ"),
        "ast": text.count(r"\ast") + text.count("*") // 4 + text.count(" * "),
    }
    return max(counts, key=lambda one: counts[one])
