"""From tokens to a tree: a parser of operator precedence for the mathematics of the page.

It ends on every input: each call takes at least one token or stops, and nesting is bounded. What
it cannot read ends in a `ReadError` that says what and where. Why it is not made from a grammar
stands in docs/decisions.
"""

from collections.abc import Sequence as ListLike
from dataclasses import dataclass
from typing import Final, final

from chainrule.errors import ReadError
from chainrule.read.commands import (
    COMMANDS,
    bars,
    decorated,
    fraction,
    named_function,
    summation,
)
from chainrule.read.cursor import END, Cursor
from chainrule.read.pieces import (
    cleaned,
    count_primes,
    is_name,
    items,
    product,
    side_by_side,
    without_primes,
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
    Call,
    Group,
    Negative,
    Node,
    Number,
    Plus,
    Product,
    Relation,
    Scripted,
    Sequence,
    Span,
    Symbol,
    Words,
)

__all__ = ["parse"]

_LONGEST: Final = 6_000


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
    if parser.peek is not END:
        raise ReadError(f"{parser.peek.text} was not expected here", parser.peek.start)
    return node


@final
@dataclass
class _Parser(Cursor):
    """The grammar: each method reads one level of it."""

    # Commas, relations, sums, products.

    def sequence(self) -> Node:
        start = self.at
        items = [self.relation()]
        while self.peek.text in (",", ";") and self.peek.kind == "sign":
            self.at += 1
            if self.peek.text in ("\\\\", "\\end", "&"):
                break  # punctuation inside of an environment
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
        if token is END or token.text in CLOSING or token.text in RELATIONS:
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
        return node if parser.peek is END else Words(text, span)

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
                return named_function(self, token.text, token.text, start)
            return Symbol(token.text, token.text, self.span_from(start))
        if token.kind == "text":
            name = token.text.strip()
            if name in FUNCTIONS:
                return named_function(self, name, rf"\text{{{name}}}", start)
            if not name or " " in name:
                raise ReadError(f"the words “{name[:40]}” stand inside of a formula", token.start)
            return Symbol(name, rf"\text{{{name}}}", self.span_from(start))
        if token.kind == "command":
            return self.command(token.text, start)
        if token.text in ("(", "[", "{"):
            return self.bracketed(token.text, start)
        if token.text == "|":
            return bars(self, token.text, start)
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
            return decorated(self, text, start)
        if text in FRACTIONS:
            numerator = self.braced()
            return fraction(self, numerator, self.braced(), start)
        if text in SUMS:
            return summation(self, SUMS[text], start)
        name = text[1:]
        if name in FUNCTIONS:
            return named_function(self, name, text, start)
        if name in COMMANDS:
            return COMMANDS[name](self, start)
        if text in BARS or text in ("\\lVert", "\\lvert"):
            return bars(self, text, start)
        if text in ("\\{", "\\lbrace"):
            return self.bracketed("\\{", start)
        if text in ("\\lbrack", "\\langle"):
            raise ReadError(f"{text} is not understood", self.tokens[start].start)
        if name.isalpha() and len(name) > 1:
            return Symbol(name, text, self.span_from(start))
        raise ReadError(f"{text} is not understood", self.tokens[start].start)
