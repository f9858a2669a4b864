"""Reads what the writers write, by recursive descent, into a value; it knows no nodes.

The grammar, with juxtaposition for the matrix product::

    expression := ["-"] terms of elementwise products, joined by "+" and "-"
    hadamard   := product ("∘" product)*
    product    := quotient (["·"] quotient)*     left to right; what is 1 × 1 scales
    quotient   := scripted ["/" scripted]
    scripted   := atom ("ᵀ" | superscript)*

A product whose beginning is a scalar that the factors make only together, such as ``xᵀ y A``, is
refused: it must be written ``(xᵀ y) A``.
"""

import re
from collections.abc import Callable, Mapping

import numpy as np

from chainrule.arrays import Array

FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "σ": lambda v: 0.5 + np.tanh(v / 2) / 2,
    "diag": lambda v: np.diag(v.ravel()),
}
NUMBER = r"(?P<number>[0-9]+(?:\.[0-9]+)?)"  # not \d, which takes the bold 1 for a digit
TEXT = re.compile(
    rf"\s*(?:{NUMBER}|(?P<power>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<word>exp|log|tanh|σ|diag)(?=\()"
    r"|(?P<key>if|else)\b|(?P<name>[a-zA-Z](?:\([0-9]\))?)|(?P<sign>[-+∘·/()\[\]>ᵀ𝟏]))"
)
LATEX = re.compile(
    rf"\s*(?:{NUMBER}|\^\{{(?P<power>(?:\\circ )?-?[0-9]+)\}}|(?P<word>\\tanh|\\sigma)(?:\\left)?\("
    r"|\\operatorname\{(?P<operator>diag)\}(?:\\left)?\(|(?P<exp>e\^\{)"
    r"|(?P<name>[a-zA-Z](?:\^\{\([0-9]\)\})?)"
    r"|(?P<sign>\\left\(|\\right\)|\\frac|\\begin\{cases\}|\\end\{cases\}|\\text\{otherwise\}"
    r"|\\circ|\\cdot|\\mathbf\{1\}|\^\\top|\\\\|[-+&()\[\]{}>]))"
)
SIGNS = {
    r"\left(": "(",
    r"\right)": ")",
    r"\circ": "∘",
    r"\cdot": "·",
    r"\mathbf{1}": "𝟏",
    r"^\top": "ᵀ",
}
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
ENDS = {"+", "-", "∘", ")", "]", "}", ">", "if", "else", "&", "\\\\", r"\end{cases}", "/", ""}


class BoldOne:
    """A vector of ones whose length what stands beside it decides."""

    def __init__(self, is_row: bool) -> None:
        self.is_row = is_row


Read = Array | BoldOne


def read_text(line: str, arrays: Mapping[str, Array]) -> Array:
    """Read plain text; variables go by names such as ``W(1)``."""
    return _Reader(_tokens_of_text(line), arrays).whole()


def read_latex(line: str, arrays: Mapping[str, Array]) -> Array:
    """Read LaTeX; variables go by the same names."""
    return _Reader(_tokens_of_latex(line), arrays).whole()


def _tokens_of_text(line: str) -> list[tuple[str, str]]:
    tokens = []
    for match in _matches(TEXT, line):
        kind, value = match.lastgroup or "", match.group(match.lastgroup or 0)
        if kind == "power":
            value = value.translate(SUPERSCRIPTS)
        tokens.append((kind, value))
    return tokens


def _tokens_of_latex(line: str) -> list[tuple[str, str]]:
    tokens = []
    for match in _matches(LATEX, line):
        kind, value = match.lastgroup or "", match.group(match.lastgroup or 0)
        if kind in ("word", "operator"):
            word = {"\\sigma": "σ"}.get(value, value.removeprefix("\\"))
            tokens += [("word", word), ("sign", "(")]
        elif kind == "exp":
            tokens += [("word", "exp"), ("sign", "{")]
        elif kind == "power":
            tokens.append((kind, value.removeprefix("\\circ ")))
        elif kind == "name":
            tokens.append((kind, value.replace("^{", "").replace("}", "")))
        else:
            tokens.append((kind, SIGNS.get(value, value)))
    return tokens


def _matches(pattern: re.Pattern[str], line: str) -> list[re.Match[str]]:
    found, position = [], 0
    while position < len(line):
        match = pattern.match(line, position)
        if match is None:
            raise ValueError(f"cannot read {line[position:]!r} in {line!r}")
        found.append(match)
        position = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]], arrays: Mapping[str, Array]) -> None:
        self.tokens = tokens
        self.arrays = arrays
        self.position = 0

    @property
    def next(self) -> str:
        return self.tokens[self.position][1] if self.position < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        if expected and self.next not in expected:
            raise ValueError(f"expected {expected}, got {self.next!r} in {self.tokens}")
        self.position += 1
        return self.tokens[self.position - 1][1]

    def taken(self, sign: str) -> bool:
        if self.next != sign:
            return False
        self.position += 1
        return True

    def whole(self) -> Array:
        value = self.expression()
        if self.next:
            raise ValueError(f"{self.next!r} is left over in {self.tokens}")
        return value

    def expression(self) -> Array:
        value = -self.hadamard() if self.taken("-") else self.hadamard()
        while self.next in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            value = value + sign * self.hadamard()
        return value

    def hadamard(self) -> Array:
        value = self.product()
        while self.taken("∘"):
            value = value * self.product()
        return value

    def product(self) -> Array:
        factors = [self.quotient()]
        while self.next not in ENDS:
            self.taken("·")
            factors.append(self.quotient())
        return _multiplied(factors)

    def quotient(self) -> Read:
        value = self.scripted()
        return _plain(value) / _plain(self.scripted()) if self.taken("/") else value

    def scripted(self) -> Read:
        value = self.atom()
        scripts = 0
        while self.position < len(self.tokens):
            if self.taken("ᵀ"):
                value = BoldOne(not value.is_row) if isinstance(value, BoldOne) else value.T
            elif self.tokens[self.position][0] == "power":
                value = _plain(value) ** float(self.take())
            else:
                break
            scripts += 1
            if scripts > 1:
                raise ValueError(f"a double script in {self.tokens}")
        return value

    def atom(self) -> Read:
        kind, value = self.tokens[self.position]
        self.position += 1
        if kind == "number":
            return np.full((1, 1), float(value))
        if kind == "name":
            return self.arrays[value]
        if kind == "word":
            function = FUNCTIONS[value]
            argument = self.until(self.expression, "}" if self.take("(", "{") == "{" else ")")
            return function(argument)
        if value == "𝟏":
            return BoldOne(is_row=False)
        if value == r"\frac":
            return self.braced() / self.braced()
        if value == "{":
            return self.until(self.scripted, "}")
        if value == "[":
            return 1.0 * (self.until(self.compared, "]") > 0)
        if value == r"\begin{cases}":
            return self.cases()
        if value == "(":
            return self.until(self.choice, ")")
        raise ValueError(f"{value!r} does not begin anything in {self.tokens}")

    def until(self, read: Callable[[], Read], closing: str) -> Array:
        value = read()
        self.take(closing)
        return _plain(value)

    def braced(self) -> Array:
        self.take("{")
        return self.until(self.expression, "}")

    def compared(self) -> Array:
        value = self.expression()
        self.take(">")
        self.take("0")
        return value

    def choice(self) -> Array:
        value = self.expression()
        if not self.taken("if"):
            return value
        test = self.compared()
        self.take("else")
        return np.where(test > 0, value, self.expression())

    def cases(self) -> Array:
        value = self.expression()
        self.take("&")
        test = self.compared()
        self.take("\\\\")
        otherwise = self.expression()
        self.take("&")
        self.take(r"\text{otherwise}")
        self.take(r"\end{cases}")
        return np.where(test > 0, value, otherwise)


def _plain(value: Read) -> Array:
    return np.ones((1, 1)) if isinstance(value, BoldOne) else value


def _multiplied(factors: list[Read]) -> Array:
    """Multiply from left to right, giving each bold 1 the length that its neighbour asks for."""
    value, scales = _resolved(factors, 0, None)
    for index in range(1, len(factors)):
        factor, factor_scales = _resolved(factors, index, value)
        if scales or factor_scales:
            value = value * factor
        elif value.size == 1:
            raise ValueError("a scalar product before a matrix wants parentheses")
        else:
            value = value @ factor
        scales = scales and factor_scales
    return value


def _resolved(factors: list[Read], index: int, before: Array | None) -> tuple[Array, bool]:
    factor = factors[index]
    if isinstance(factor, BoldOne) and factor.is_row:
        after = [f for f in factors[index + 1 :] if isinstance(f, BoldOne) or f.size > 1]
        factor = np.ones((1, 1 if not after or isinstance(after[0], BoldOne) else len(after[0])))
    elif isinstance(factor, BoldOne):
        factor = np.ones((1 if before is None else before.shape[1], 1))
    return factor, factor.size == 1
