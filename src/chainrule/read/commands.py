r"""What follows each command: ``\frac``, ``\partial``, ``\sum``, accents, norms, environments."""

from collections.abc import Callable
from typing import Final

from chainrule.errors import ReadError
from chainrule.read.cursor import Cursor
from chainrule.read.pieces import as_partial, environment, items, word
from chainrule.read.signs import ACCENTS, FONTS, FUNCTIONS, OPERATORS
from chainrule.read.tree import (
    Absolute,
    Call,
    Derivative,
    Fraction,
    Group,
    Nabla,
    Node,
    Norm,
    Number,
    Partial,
    Product,
    Root,
    Scripted,
    Summation,
    Symbol,
    Words,
)

__all__ = ["COMMANDS", "bars", "decorated", "fraction", "named_function", "summation"]


def bars(cursor: Cursor, opening: str, start: int) -> Node:
    """Read a norm or an absolute value."""
    closing = {"\\lVert": "\\rVert", "\\lvert": "\\rvert"}.get(opening, opening)
    cursor.open_bars.append(closing)
    body = cursor.sequence()
    cursor.open_bars.pop()
    cursor.need(closing)
    kind = Absolute if opening in ("|", "\\vert", "\\lvert") else Norm
    return kind(body, cursor.span_from(start))


def decorated(cursor: Cursor, text: str, start: int) -> Node:
    """Read what a font or an accent is set on; accents become part of the name."""
    inner = cursor.braced() if cursor.peek.text == "{" else cursor.primary()
    span = cursor.span_from(start)
    mark = ACCENTS.get(text) or FONTS.get(text) or ""
    body = inner.base if isinstance(inner, Scripted) else inner
    while isinstance(body, Group) and text in ACCENTS:
        body = body.body
    if isinstance(body, Number) and body.text == "1" and text in FONTS:
        ones = "indicator" if "bb" in text else "ones"
        body = Symbol(ones, f"{text}{{1}}", span)
    elif isinstance(body, Product) and text in FONTS:
        body = word(body, text, span)
    elif isinstance(body, Symbol) and body.name not in FUNCTIONS:
        body = Symbol(f"{mark} {body.name}".strip(), f"{text}{{{body.latex}}}", span)
    elif not isinstance(body, Symbol):
        return inner
    if isinstance(body, Symbol) and body.name in FUNCTIONS:
        return named_function(cursor, body.name, body.latex, start)
    if not isinstance(inner, Scripted):
        return body
    return Scripted(body, inner.sub, inner.sup, inner.primes, span)


def fraction(cursor: Cursor, numerator: Node, denominator: Node, start: int) -> Node:
    """Make a fraction, or the derivative that it is."""
    above, below = as_partial(numerator), as_partial(denominator)
    if above is None or below is None or below.body is None:
        return Fraction(numerator, denominator, cursor.span_from(start))
    if above.order is not None or below.order is not None:
        raise ReadError("second derivatives are not graded", cursor.tokens[start].start)
    if above.body is not None:
        return Derivative(above.body, below.body, "fraction", cursor.span_from(start))
    of = cursor.factor() if cursor.peek.text in ("(", "[") else cursor.chain()
    return Derivative(of, below.body, "operator", cursor.span_from(start))


def summation(cursor: Cursor, kind: str, start: int) -> Node:
    """Read a sum with its limits and all that it sums."""
    below: Node | None = None
    above: Node | None = None
    while cursor.peek.text in ("_", "^", "\\limits", "\\nolimits"):
        sign = cursor.next().text
        if sign == "_":
            below = cursor.script()
        elif sign == "^":
            above = cursor.script()
    body = cursor.signed_term()
    return Summation(kind, below, above, body, cursor.span_from(start))


def named_function(cursor: Cursor, name: str, latex: str, start: int) -> Node:
    """Read a function that has a name of its own, with or without brackets."""
    symbol = Symbol(FUNCTIONS[name], latex, cursor.span_from(start))
    function = cursor.scripted(symbol, start)
    if not cursor.starts_factor() or cursor.peek.kind == "text":
        return function
    if cursor.peek.text in ("(", "[", "\\{"):
        argument = cursor.primary()
        node: Node = Call(
            function,
            items(argument.body if isinstance(argument, Group) else argument),
            cursor.span_from(start),
        )
        return cursor.scripted(node, start)
    return Call(function, (cursor.factor(),), cursor.span_from(start))


def read_partial(cursor: Cursor, start: int) -> Node:
    order = cursor.script() if cursor.take("^") else None
    if cursor.take("_"):
        by = cursor.script()
        return Derivative(cursor.chain(), by, "subscript", cursor.span_from(start))
    if not cursor.starts_factor() or cursor.peek.text in OPERATORS:
        return Partial(None, order, cursor.span_from(start))
    body = cursor.factor()
    partial = Partial(body, order, cursor.span_from(start))
    if cursor.peek.text == "/" and cursor.tokens[cursor.at + 1 : cursor.at + 2]:
        place = cursor.at
        cursor.at += 1
        if cursor.take("\\partial"):
            by = cursor.factor()
            return Derivative(body, by, "slash", cursor.span_from(start))
        cursor.at = place
    return partial


def read_nabla(cursor: Cursor, start: int) -> Node:
    by = cursor.script() if cursor.take("_") else None
    of = cursor.factor() if cursor.starts_factor() else None
    return Nabla(of, by, cursor.span_from(start))


def read_sqrt(cursor: Cursor, start: int) -> Node:
    return Root(cursor.braced(), cursor.span_from(start))


def read_half(cursor: Cursor, start: int) -> Node:
    return Fraction(Number("1"), Number("2"), cursor.span_from(start))


def read_underbrace(cursor: Cursor, _start: int) -> Node:
    body = cursor.braced()
    if cursor.take("_"):
        cursor.script()
    return body


def read_overbrace(cursor: Cursor, _start: int) -> Node:
    body = cursor.braced()
    if cursor.take("^"):
        cursor.script()
    return body


def read_boxed(cursor: Cursor, _start: int) -> Node:
    return cursor.braced()


def read_color(cursor: Cursor, _start: int) -> Node:
    cursor.braced()
    return cursor.braced() if cursor.peek.text == "{" else cursor.factor()


def read_begin(cursor: Cursor, start: int) -> Node:
    name = environment_name(cursor)
    rows: list[tuple[Node, ...]] = []
    row: list[Node] = []
    while not cursor.take("\\end"):
        row.append(_condition(cursor) if row and name.endswith("cases") else cursor.sequence())
        if cursor.take("\\\\"):
            rows.append(tuple(row))
            row = []
        elif not cursor.take("&") and cursor.peek.text != "\\end":
            cursor.need("\\end")
    environment_name(cursor)
    rows += [tuple(row)] if row else []
    return environment(name, rows, cursor.span_from(start))


def _condition(cursor: Cursor) -> Node:
    """Read the condition of a case, without the words before it."""
    start = cursor.at
    while cursor.peek.kind == "text":
        cursor.next()
    if cursor.peek.text in ("\\\\", "\\end", "&"):
        return Words("otherwise", cursor.span_from(start))
    return cursor.sequence()


def environment_name(cursor: Cursor) -> str:
    cursor.need("{")
    name = ""
    while not cursor.take("}"):
        name += cursor.next().text
    return name


#: How to go on after a command.
COMMANDS: Final[dict[str, Callable[[Cursor, int], Node]]] = {
    "partial": read_partial,
    "nabla": read_nabla,
    "sqrt": read_sqrt,
    "half": read_half,
    "underbrace": read_underbrace,
    "overbrace": read_overbrace,
    "boxed": read_boxed,
    "color": read_color,
    "begin": read_begin,
}
