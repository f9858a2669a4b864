"""From tokens to a tree: a parser of operator precedence for the mathematics of the page.

It ends on every input: each call takes at least one token or stops, and nesting is bounded. What
it cannot read ends in a `ReadError` that says what and where. Why it is not made from a grammar
stands in docs/decisions.
"""

from collections.abc import Sequence as ListLike
from dataclasses import dataclass, field
from typing import Final, final

from chainrule.errors import ReadError
from chainrule.read.pieces import (
    as_partial,
    cleaned,
    count_primes,
    environment,
    is_name,
    items,
    product,
    side_by_side,
    without_primes,
    word,
)
from chainrule.read.signs import (
    ACCENTS,
    BARS,
    CLOSING,
    FONTS,
    FRACTIONS,
    FUNCTIONS,
    LOSSES,
    OPERATORS,
    RELATIONS,
    SUMS,
)
from chainrule.read.tokens import Token
from chainrule.read.tree import (
    Absolute,
    Call,
    Derivative,
    Fraction,
    Group,
    Nabla,
    Negative,
    Node,
    Norm,
    Number,
    Partial,
    Plus,
    Product,
    Product,
    Relation,
    Root,
    Scripted,
    Sequence,
    Span,
    Summation,
    Symbol,
    Words,
)

__all__ = ["parse"]

_DEEPEST: Final = 40
_LONGEST: Final = 6_000
_END: Final = Token("end", "", -1, -1)


def parse(tokens: ListLike[Token], functions: frozenset[str] = frozenset()) -> Node:
    """Read one formula.

    Parameters
    ----------
    tokens : sequence of Token
        All of the formula.
    functions : frozenset of str
        The names that are functions, so that ``f(z)`` is a call and ``t(1 + e)`` a product.

    Returns
    -------
    Node
        The formula as it is written.

    Raises
    ------
    ReadError
        If it cannot be read, with the place.
    """
    kept = cleaned(tokens)
    if len(kept) > _LONGEST:
        raise ReadError("the formula is too long", kept[0].start)
    parser = _Parser(kept, functions)
    node = parser.sequence()
    if parser.peek is not _END:
        raise ReadError(f"{parser.peek.text} was not expected here", parser.peek.start)
    return node


@final
@dataclass
class _Parser:
    """A place in a list of tokens."""

    tokens: list[Token]
    functions: frozenset[str]
    at: int = 0
    depth: int = 0
    open_bars: list[str] = field(default_factory=list)

    # Tokens.

    @property
    def peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    def next(self) -> Token:
        token = self.peek
        if token is _END:
            last = self.tokens[-1].end if self.tokens else 0
            raise ReadError("the formula ends where something should follow", last)
        self.at += 1
        return token

    def take(self, *texts: str) -> bool:
        if self.peek.text in texts and self.peek.kind != "text":
            self.at += 1
            return True
        return False

    def need(self, text: str) -> None:
        if not self.take(text):
            found = self.peek.text or "the end"
            place = self.peek.start if self.peek is not _END else self.tokens[-1].end
            raise ReadError(f"{found} stands where {text} should", place)

    def span_from(self, start: int) -> Span:
        return (self.tokens[start].start, self.tokens[max(start, self.at - 1)].end)

    def enter(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ReadError("the formula is nested too deeply", self.peek.start)

    # Commas, relations, sums, products.

    def sequence(self) -> Node:
        start = self.at
        items = [self.relation()]
        while self.peek.text in (",", ";") and self.peek.kind == "sign":
            self.at += 1
            items.append(self.relation())
        return items[0] if len(items) == 1 else Sequence(tuple(items), self.span_from(start))

    def relation(self) -> Node:
        start = self.at
        left = self.sum()
        while self.peek.text in RELATIONS:
            sign = RELATIONS[self.next().text]
            left = Relation(sign, left, self.sum(), self.span_from(start))
        return left

    def sum(self) -> Node:
        self.enter()
        start = self.at
        terms = [self.signed_term()]
        while self.peek.text in ("+", "-"):
            terms.append(self.signed_term())
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Plus(tuple(terms), self.span_from(start))

    def signed_term(self) -> Node:
        start = self.at
        negative = False
        while self.peek.text in ("+", "-"):
            negative ^= self.next().text == "-"
        term = self.term()
        return Negative(term, self.span_from(start)) if negative else term

    def term(self) -> Node:
        start = self.at
        factors, signs = [self.chain()], []
        while self.peek.text in OPERATORS and self.peek.kind != "text":
            signs.append(OPERATORS[self.next().text])
            place = self.at
            minus = self.take("-")
            factor = self.chain()
            factors.append(Negative(factor, self.span_from(place)) if minus else factor)
        return product(factors, signs, self.span_from(start))

    def chain(self) -> Node:
        start = self.at
        factors = [self.factor()]
        while self.starts_factor():
            factors.append(self.factor())
        return product(factors, [""] * (len(factors) - 1), self.span_from(start))

    def starts_factor(self) -> bool:
        token = self.peek
        if token is _END or token.text in CLOSING or token.text in RELATIONS:
            return False
        if token.kind == "text":
            return True
        if token.text in BARS:
            return token.text not in self.open_bars[-1:]
        return token.text not in OPERATORS and token.text not in ("+", "-", ",", ";", "&", "^", "_")

    # Factors.

    def factor(self) -> Node:
        self.enter()
        start = self.at
        node = self.scripted(self.primary(), start)
        if self.is_loss(node) and self.peek.text == "(":
            self.skip_names()
        elif self.is_function(node) and self.peek.text in ("(", "["):
            place = self.at
            argument = self.primary()
            if isinstance(argument, Group):
                node = Call(node, items(argument.body), self.span_from(start))
                node = self.scripted(node, start)
            else:
                self.at = place
        self.depth -= 1
        return node

    def is_function(self, node: Node) -> bool:
        base = node.base if isinstance(node, Scripted) else node
        return isinstance(base, Symbol) and base.name in self.functions

    def is_loss(self, node: Node) -> bool:
        base = node.base if isinstance(node, Scripted) else node
        if isinstance(node, Scripted) and node.sub is not None:
            parts = node.sub.factors if isinstance(node.sub, Product) else items(node.sub)
            if any(one in (Symbol("W"), Symbol("theta"), Symbol("Theta")) for one in parts):
                return True  # h_{W,b}(x)
        return isinstance(base, Symbol) and base.name in LOSSES

    def skip_names(self) -> None:
        """Pass over the arguments of a loss, ``L(y, t)``, where they are nothing but names."""
        place = self.at
        group = self.primary()
        bare = group.body if isinstance(group, Group) else group
        if not all(is_name(item) for item in items(bare)):
            self.at = place

    def scripted(self, base: Node, start: int) -> Node:
        sub: Node | None = None
        sup: Node | None = None
        primes = 0
        while True:
            if self.take("'", "\\prime"):
                primes += 1
            elif self.take("^"):
                script = self.script()
                primes += count_primes(script)
                sup = script if sup is None else side_by_side(sup, script)
            elif self.take("_"):
                script = self.script()
                sub = script if sub is None else side_by_side(sub, script)
            else:
                break
        if sub is None and sup is None and primes == 0:
            return base
        return Scripted(base, sub, without_primes(sup), primes, self.span_from(start))

    def script(self) -> Node:
        start = self.at
        if self.peek.text == "{":
            end = self.closing_brace()
            inside = self.tokens[start + 1 : end]
            self.at = min(end + 1, len(self.tokens))
            return self.content(inside, self.span_from(start))
        token = self.next()
        if token.text in FONTS or token.text in ACCENTS or token.text in FRACTIONS:
            self.at = start
            return self.primary()
        return self.content([token], (token.start, token.end))

    def content(self, tokens: list[Token], span: Span) -> Node:
        """Read what stands in a script, or keep it as words."""
        parser = _Parser(tokens, frozenset(), 0, self.depth)
        text = " ".join(token.text for token in tokens)
        try:
            self.enter()
            node = parser.sequence() if tokens else Words("", span)
            self.depth -= 1
        except ReadError:
            self.depth -= 1
            return Words(text, span)
        return node if parser.peek is _END else Words(text, span)

    def closing_brace(self) -> int:
        depth = 0
        for at in range(self.at, len(self.tokens)):
            depth += {"{": 1, "}": -1}.get(self.tokens[at].text, 0)
            if depth == 0:
                return at
        raise ReadError("a brace is not closed", self.peek.start)

    def braced(self) -> Node:
        """Read an argument in braces, or one token."""
        if self.take("{"):
            node = self.sequence()
            self.need("}")
            return node
        start = self.at
        token = self.peek
        if token.kind == "number" and len(token.text) > 1:  # \frac12
            self.tokens[self.at : self.at + 1] = [
                Token("number", digit, token.start + place, token.start + place + 1)
                for place, digit in enumerate(token.text)
            ]
        node = self.primary()
        return node if self.at > start else Words("")

    def primary(self) -> Node:
        start = self.at
        token = self.next()
        if token.kind == "number":
            return Number(token.text, self.span_from(start))
        if token.kind in ("letter", "word"):
            if token.text in FUNCTIONS:
                return self.named_function(token.text, token.text, start)
            return Symbol(token.text, token.text, self.span_from(start))
        if token.kind == "text":
            name = token.text.strip()
            if name in FUNCTIONS:
                return self.named_function(name, rf"\text{{{name}}}", start)
            if not name or " " in name:
                raise ReadError(f"the words “{name[:40]}” stand inside of a formula", token.start)
            return Symbol(name, rf"\text{{{name}}}", self.span_from(start))
        if token.kind == "command":
            return self.command(token.text, start)
        if token.text in ("(", "[", "{"):
            return self.bracketed(token.text, start)
        if token.text == "|":
            return self.bars(token.text, start)
        raise ReadError(f"{token.text} cannot begin a quantity", token.start)

    def bracketed(self, bracket: str, start: int) -> Node:
        close = {"(": (")", "]"), "[": ("]", ")"), "{": ("}",), "\\{": ("\\}",)}[bracket]
        body = self.sequence()
        if not self.take(*close):
            self.need(close[0])
        if bracket == "{":
            return body
        return Group(body, bracket.lstrip("\\"), self.span_from(start))

    def command(self, text: str, start: int) -> Node:
        if text in FONTS or text in ACCENTS:
            return self.decorated(text, start)
        if text in FRACTIONS:
            numerator = self.braced()
            return self.fraction(numerator, self.braced(), start)
        if text in SUMS:
            return self.summation(SUMS[text], start)
        name = text[1:]
        if name in FUNCTIONS:
            return self.named_function(name, text, start)
        special = getattr(self, f"_read_{name}", None) if name.isalpha() else None
        if special is not None:
            return special(start)  # type: ignore[no-any-return]
        if text in BARS or text in ("\\lVert", "\\lvert"):
            return self.bars(text, start)
        if text in ("\\{", "\\lbrace"):
            return self.bracketed("\\{", start)
        if text in ("\\lbrack", "\\langle"):
            raise ReadError(f"{text} is not understood", self.tokens[start].start)
        if name.isalpha() and len(name) > 1:
            return Symbol(name, text, self.span_from(start))
        raise ReadError(f"{text} is not understood", self.tokens[start].start)

    def bars(self, opening: str, start: int) -> Node:
        closing = {"\\lVert": "\\rVert", "\\lvert": "\\rvert"}.get(opening, opening)
        self.open_bars.append(closing)
        body = self.sequence()
        self.open_bars.pop()
        self.need(closing)
        kind = Absolute if opening in ("|", "\\vert", "\\lvert") else Norm
        return kind(body, self.span_from(start))

    def decorated(self, text: str, start: int) -> Node:
        inner = self.braced() if self.peek.text == "{" else self.primary()
        span = self.span_from(start)
        mark = ACCENTS.get(text) or FONTS.get(text) or ""
        body = inner.base if isinstance(inner, Scripted) else inner
        while isinstance(body, Group) and text in ACCENTS:
            body = body.body
        if isinstance(body, Number) and body.text == "1" and text in FONTS:
            ones = "indicator" if "bb" in text else "ones"
            body = Symbol(ones, f"{text}{{1}}", span)
        elif isinstance(body, Product) and text in FONTS:
            body = word(body, text, span)
        elif isinstance(body, Symbol) and not (body.name in FUNCTIONS):
            body = Symbol(f"{mark} {body.name}".strip(), f"{text}{{{body.latex}}}", span)
        elif not isinstance(body, Symbol):
            return inner
        if isinstance(body, Symbol) and body.name in FUNCTIONS:
            return self.named_function(body.name, body.latex, start)
        if not isinstance(inner, Scripted):
            return body
        return Scripted(body, inner.sub, inner.sup, inner.primes, span)

    def fraction(self, numerator: Node, denominator: Node, start: int) -> Node:
        above, below = as_partial(numerator), as_partial(denominator)
        if above is None or below is None or below.body is None:
            return Fraction(numerator, denominator, self.span_from(start))
        if above.order is not None or below.order is not None:
            raise ReadError("second derivatives are not graded", self.tokens[start].start)
        if above.body is not None:
            return Derivative(above.body, below.body, "fraction", self.span_from(start))
        of = self.factor() if self.peek.text in ("(", "[") else self.chain()
        return Derivative(of, below.body, "operator", self.span_from(start))

    def summation(self, kind: str, start: int) -> Node:
        below: Node | None = None
        above: Node | None = None
        while self.peek.text in ("_", "^", "\\limits", "\\nolimits"):
            sign = self.next().text
            if sign == "_":
                below = self.script()
            elif sign == "^":
                above = self.script()
        body = self.signed_term()
        return Summation(kind, below, above, body, self.span_from(start))

    def named_function(self, name: str, latex: str, start: int) -> Node:
        """Read a function that has a name of its own, with or without brackets."""
        symbol = Symbol(FUNCTIONS[name], latex, self.span_from(start))
        function = self.scripted(symbol, start)
        if not self.starts_factor() or self.peek.kind == "text":
            return function
        if self.peek.text in ("(", "[", "\\{"):
            argument = self.primary()
            node: Node = Call(function, items(argument.body if isinstance(argument, Group) else argument), self.span_from(start))
            return self.scripted(node, start)
        return Call(function, (self.factor(),), self.span_from(start))

    def _read_partial(self, start: int) -> Node:
        order = self.script() if self.take("^") else None
        if self.take("_"):
            by = self.script()
            return Derivative(self.chain(), by, "subscript", self.span_from(start))
        if not self.starts_factor() or self.peek.text in OPERATORS:
            return Partial(None, order, self.span_from(start))
        body = self.factor()
        partial = Partial(body, order, self.span_from(start))
        if self.peek.text == "/" and self.tokens[self.at + 1 : self.at + 2]:
            place = self.at
            self.at += 1
            if self.take("\\partial"):
                by = self.factor()
                return Derivative(body, by, "slash", self.span_from(start))
            self.at = place
        return partial

    def _read_nabla(self, start: int) -> Node:
        by = self.script() if self.take("_") else None
        of = self.factor() if self.starts_factor() else None
        return Nabla(of, by, self.span_from(start))

    def _read_sqrt(self, start: int) -> Node:
        return Root(self.braced(), self.span_from(start))

    def _read_half(self, start: int) -> Node:
        return Fraction(Number("1"), Number("2"), self.span_from(start))

    def _read_underbrace(self, _start: int) -> Node:
        body = self.braced()
        if self.take("_"):
            self.script()
        return body

    def _read_overbrace(self, _start: int) -> Node:
        body = self.braced()
        if self.take("^"):
            self.script()
        return body

    def _read_boxed(self, _start: int) -> Node:
        return self.braced()

    def _read_color(self, _start: int) -> Node:
        self.braced()
        return self.braced() if self.peek.text == "{" else self.factor()

    def _read_begin(self, start: int) -> Node:
        name = self.environment_name()
        rows: list[tuple[Node, ...]] = []
        row: list[Node] = []
        while not self.take("\\end"):
            row.append(self.sequence())
            if self.take("\\\\"):
                rows.append(tuple(row))
                row = []
            elif not self.take("&") and self.peek.text != "\\end":
                self.need("\\end")
        self.environment_name()
        rows += [tuple(row)] if row else []
        return environment(name, rows, self.span_from(start))

    def environment_name(self) -> str:
        self.need("{")
        name = ""
        while not self.take("}"):
            name += self.next().text
        return name
