"""A tree written as LaTeX again, for corrections in the document's own notation.

What was read keeps the letters and fonts that it had; what is new is written in the signs of
`Style`. The result reads back to the same tree.
"""

from dataclasses import dataclass
from typing import Final, final

from chainrule.read.tree import (
    Absolute,
    Call,
    Cases,
    Derivative,
    Fraction,
    Group,
    Matrix,
    Nabla,
    Negative,
    Node,
    Norm,
    Number,
    Partial,
    Plus,
    Product,
    Relation,
    Root,
    Scripted,
    Sequence,
    Summation,
    Symbol,
    Words,
)

__all__ = ["Style", "to_latex"]

_SIGNS: Final = {
    "": " ",
    "cdot": r" \cdot ",
    "times": r" \times ",
    "ast": " * ",
    "odot": r" \odot ",
    "circ": r" \circ ",
    "otimes": r" \otimes ",
    "oslash": r" \oslash ",
    "slash": " / ",
}
_RELATIONS: Final = {
    "!=": r"\neq",
    "in": r"\in",
    "<=": r"\le",
    ">=": r"\ge",
    "to": r"\to",
    "from": r"\leftarrow",
    "|": r"\mid",
}
_BRACKETS: Final = {"(": ("(", ")"), "[": ("[", "]"), "{": (r"\{", r"\}")}


@final
@dataclass(frozen=True)
class Style:
    """The signs for what is new: transposes, products entry by entry, differentials."""

    transpose: str = r"\top"
    elementwise: str = "odot"
    differential: str = r"\partial"


def to_latex(node: Node, style: Style = Style()) -> str:
    r"""Write a tree as LaTeX.

    Parameters
    ----------
    node : Node
        What to write.
    style : Style
        The signs for what the document does not have.

    Returns
    -------
    str
        LaTeX that reads back to an equal tree.

    Examples
    --------
    >>> from chainrule.read.parser import parse
    >>> from chainrule.read.tokens import tokenise
    >>> to_latex(parse(tokenise(r"(y - t)^\top W")))
    '(y - t)^\\top W'
    """
    return _Writer(style).write(node)


@final
@dataclass(frozen=True)
class _Writer:
    style: Style

    def write(self, node: Node) -> str:
        match node:
            case Number() | Words():
                return node.text
            case Symbol():
                return self.symbol(node)
            case Group():
                opening, closing = _BRACKETS.get(node.bracket, ("(", ")"))
                return f"{opening}{self.write(node.body)}{closing}"
            case Negative():
                return f"-{self.factor(node.body, in_sum=True)}"
            case Plus():
                return self.plus(node)
            case Product():
                return self.product(node)
            case Fraction():
                above, below = self.write(node.numerator), self.write(node.denominator)
                return rf"\frac{{{above}}}{{{below}}}"
            case Scripted():
                return self.scripted(node)
            case Call():
                arguments = ", ".join(map(self.write, node.arguments))
                return f"{self.write(node.function)}({arguments})"
            case Derivative():
                return self.derivative(node)
            case Summation():
                return self.summation(node)
            case _:
                return self.rarer(node)

    def symbol(self, node: Symbol) -> str:
        if node.latex:
            return node.latex
        return node.name if len(node.name) == 1 else f"\\{node.name}"

    def rarer(self, node: Node) -> str:
        match node:
            case Nabla():
                by = "" if node.by is None else f"_{{{self.write(node.by)}}}"
                of = "" if node.of is None else f" {self.factor(node.of)}"
                return rf"\nabla{by}{of}"
            case Relation():
                sign = _RELATIONS.get(node.sign, node.sign)
                return f"{self.write(node.left)} {sign} {self.write(node.right)}"
            case Sequence():
                return ", ".join(map(self.write, node.items))
            case Norm():
                return rf"\lVert {self.write(node.body)} \rVert"
            case Absolute():
                return rf"\lvert {self.write(node.body)} \rvert"
            case Root():
                return rf"\sqrt{{{self.write(node.body)}}}"
            case Partial():
                return rf"\partial {'' if node.body is None else self.factor(node.body)}"
            case Matrix():
                rows = r" \\ ".join(" & ".join(map(self.write, row)) for row in node.rows)
                return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
            case Cases():
                pairs = zip(node.values, node.conditions, strict=True)
                rows = r" \\ ".join(f"{self.write(a)} & {self.write(b)}" for a, b in pairs)
                return rf"\begin{{cases}} {rows} \end{{cases}}"
        return ""

    def plus(self, node: Plus) -> str:
        text = self.factor(node.terms[0], in_sum=True, first=True)
        for term in node.terms[1:]:
            if isinstance(term, Negative):
                text += f" - {self.factor(term.body, in_sum=True)}"
            else:
                text += f" + {self.factor(term, in_sum=True)}"
        return text

    def factor(self, node: Node, *, in_sum: bool = False, first: bool = False) -> str:
        """Write an operand, in brackets where it would fall apart without."""
        loose = isinstance(node, Plus | Relation) or (isinstance(node, Negative) and not first)
        if not in_sum:
            loose = loose or isinstance(node, Product | Negative | Summation)
        text = self.write(node)
        return f"({text})" if loose else text

    def product(self, node: Product) -> str:
        text = self.operand(node, 0)
        for at, sign in enumerate(node.signs, start=1):
            text += _SIGNS.get(sign, " ") + self.operand(node, at)
        return text

    def operand(self, node: Product, at: int) -> str:
        factor = node.factors[at]
        is_chain = isinstance(factor, Product) and not any(factor.signs) and any(node.signs)
        is_last = at == len(node.factors) - 1
        sums_last = isinstance(factor, Summation) and is_last
        text = self.factor(factor, in_sum=is_chain or sums_last)
        side_by_side = at > 0 and node.signs[at - 1] == ""
        before = node.factors[at - 1] if at else None
        if side_by_side and isinstance(before, Symbol) and isinstance(factor, Group):
            return text
        return text

    def scripted(self, node: Scripted) -> str:
        base = self.write(node.base)
        if not isinstance(node.base, Symbol | Group | Number | Norm | Call | Absolute):
            base = f"({base})"
        sub = "" if node.sub is None else f"_{self.script(node.sub)}"
        if node.primes and node.sup is not None:
            primes = r"\prime" * node.primes
            return rf"{base}{sub}^{{{self.write(node.sup)}{primes}}}"
        sup = "" if node.sup is None else f"^{self.script(node.sup)}"
        return base + "'" * node.primes + sub + sup

    def script(self, node: Node) -> str:
        """Write a script, in braces where it is more than one sign."""
        text = self.write(node).replace(" + ", "+").replace(" - ", "-")
        letters = node.factors if isinstance(node, Product) and not any(node.signs) else ()
        if letters and all(isinstance(one, Symbol) and len(one.latex) == 1 for one in letters):
            text = text.replace(" ", "")
        is_one = len(text) == 1 or (
            isinstance(node, Symbol) and text.startswith("\\") and text[1:].isalpha()
        )
        return text if is_one else f"{{{text}}}"

    def derivative(self, node: Derivative) -> str:
        sign = self.style.differential
        of, by = self.factor(node.of), self.write(node.by)
        if node.style == "operator":
            return rf"\frac{{{sign}}}{{{sign} {by}}} {of}"
        return rf"\frac{{{sign} {of}}}{{{sign} {by}}}"

    def summation(self, node: Summation) -> str:
        sign = rf"\{node.kind}"
        below = "" if node.below is None else f"_{{{self.write(node.below)}}}"
        above = "" if node.above is None else f"^{{{self.write(node.above)}}}"
        return f"{sign}{below}{above} {self.factor(node.body, in_sum=True, first=True)}"
