"""Small steps of the parser that need no place in a list of tokens."""

from collections.abc import Iterable

from chainrule.errors import ReadError
from chainrule.read.signs import BARS, IGNORED
from chainrule.read.tokens import Token
from chainrule.read.tree import (
    Cases,
    Group,
    Matrix,
    Node,
    Partial,
    Product,
    Scripted,
    Sequence,
    Span,
    Symbol,
    Words,
)

__all__ = [
    "as_partial",
    "cleaned",
    "count_primes",
    "environment",
    "is_name",
    "items",
    "product",
    "side_by_side",
    "without_primes",
    "word",
]


def cleaned(tokens: Iterable[Token]) -> list[Token]:
    r"""Drop sizes and spaces, and tell ``\left|`` from ``\right|`` before they go."""
    result: list[Token] = []
    side = ""
    for original in tokens:
        token, text = original, original.text
        if text in ("\\left", "\\right") and token.kind == "command":
            side = text
            continue
        if text in IGNORED and token.kind == "command":
            continue
        if side and text == ".":
            side = ""
            continue
        if text in ("*", "\\ast") and result and result[-1].text == ".":
            # the product entry by entry of a programming language
            token = Token("command", "\\odot", result.pop().start, token.end)
        if side and text in BARS:
            letter = "l" if side == "\\left" else "r"
            name = "vert" if text in ("|", "\\vert") else "Vert"
            token = Token("command", f"\\{letter}{name}", token.start, token.end)
        elif text == "|" and result and result[-1].text == "|" and result[-1].end == token.start:
            token = Token("command", "\\Vert", result.pop().start, token.end)
        side = ""
        result.append(token)
    while result and result[-1].text in (".", ",", ";", ":"):
        result.pop()  # punctuation of the sentence that the formula ends
    return result


def product(factors: list[Node], signs: list[str], span: Span) -> Node:
    """Give a product, or the only factor."""
    return factors[0] if len(factors) == 1 else Product(tuple(factors), tuple(signs), span)


def items(node: Node) -> tuple[Node, ...]:
    """Give what stands between commas."""
    return node.items if isinstance(node, Sequence) else (node,)


def is_name(node: Node) -> bool:
    """Say whether a node is a name, with or without scripts."""
    if isinstance(node, Scripted):
        return is_name(node.base)
    return isinstance(node, Symbol)


def count_primes(script: Node) -> int:
    r"""Count the primes in a superscript such as ``^{(l)\prime}``."""
    if isinstance(script, Symbol):
        return int(script.name == "prime")
    if isinstance(script, Scripted):
        return script.primes
    if isinstance(script, Product):
        return sum(map(count_primes, script.factors))
    return 0


def without_primes(script: Node | None) -> Node | None:
    """Give a superscript without its primes, or None if nothing is left."""
    if isinstance(script, Symbol):
        return None if script.name == "prime" else script
    if isinstance(script, Scripted) and script.primes:
        return script.base if script.sub is script.sup is None else script
    if isinstance(script, Product):
        kept = [bare for one in script.factors if (bare := without_primes(one)) is not None]
        return product(kept, [""] * (len(kept) - 1), script.span) if kept else None
    return script


def side_by_side(first: Node, second: Node) -> Node:
    """Join two scripts of one symbol."""
    span = (first.span[0], second.span[1])
    factors = [*_factors(first), *_factors(second)]
    return Product(tuple(factors), ("",) * (len(factors) - 1), span)


def _factors(node: Node) -> tuple[Node, ...]:
    return node.factors if isinstance(node, Product) and not any(node.signs) else (node,)


def word(letters: Product, font: str, span: Span) -> Node:
    r"""Read the letters of ``\mathrm{net}`` as one name."""
    names = [one.name for one in letters.factors if isinstance(one, Symbol)]
    if len(names) != len(letters.factors) or any(letters.signs):
        return letters
    return Symbol("".join(names), f"{font}{{{''.join(names)}}}", span)


def as_partial(node: Node) -> Partial | None:
    """Read ``∂x`` or ``dx``, above or below a fraction line."""
    if isinstance(node, Partial):
        return node
    if isinstance(node, Symbol) and node.name == "d":
        return Partial(None, None, node.span)
    if isinstance(node, Scripted) and node.base == Symbol("d") and node.sub is None:
        return Partial(None, node.sup, node.span)
    if not isinstance(node, Product) or node.signs[0]:
        return None
    first, *rest = node.factors
    head = as_partial(first)
    if head is None:
        return None
    body = rest if head.body is None else [head.body, *rest]
    return Partial(product(body, list(node.signs[-(len(body) - 1) :]), node.span), head.order)


def environment(name: str, rows: list[tuple[Node, ...]], span: Span) -> Node:
    """Read what an environment inside of a formula holds."""
    if name in ("cases", "dcases", "rcases"):
        values = tuple(row[0] for row in rows if row)
        conditions = tuple(row[1] if len(row) > 1 else Words("") for row in rows if row)
        return Cases(values, conditions, span)
    if name.endswith("matrix") or name == "array":
        return Matrix(tuple(rows), span)
    if name in ("aligned", "split", "gathered") and len(rows) == 1 and len(rows[0]) == 1:
        return Group(rows[0][0], "(", span)
    raise ReadError(f"the environment {name[:40]} is not understood here", span[0])
