"""A tree written as plain text, so that a reader sees how a formula was understood."""

from collections.abc import Callable
from typing import Final

from chainrule.read.tree import (
    Absolute,
    Call,
    Cases,
    Derivative,
    Fraction,
    Group,
    Nabla,
    Negative,
    Node,
    Norm,
    Number,
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

__all__ = ["GREEK", "to_plain"]

GREEK: Final = dict(
    zip(
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "pi",
            "rho",
            "sigma",
            "tau",
            "upsilon",
            "phi",
            "chi",
            "psi",
            "omega",
            "Gamma",
            "Delta",
            "Theta",
            "Lambda",
            "Xi",
            "Pi",
            "Sigma",
            "Phi",
            "Psi",
            "Omega",
            "ell",
            "top",
            "partial",
            "varphi",
            "varsigma",
        ],
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩℓᵀ∂φς",
        strict=True,
    )
)
_SIGNS: Final = {
    "": " ",
    "cdot": " · ",
    "times": " × ",
    "ast": " * ",
    "odot": " ∘ ",
    "circ": " ∘ ",
    "otimes": " ⊗ ",
    "oslash": " ⊘ ",
    "slash": " / ",
}
_RELATIONS: Final = {"!=": "≠", "<=": "≤", ">=": "≥", "in": "∈", "to": "→", "from": "←"}
_MARKS: Final = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}

#: Says how a symbol with its scripts is written, or None to go on with its parts.
Namer = Callable[[Node], str | None]


def letter(name: str) -> str:
    """Write a name: Greek letters and accents as such.

    Examples
    --------
    >>> letter("sigma")
    'σ'
    """
    *marks, bare = name.split(" ")
    base, _, rest = bare.partition("_")
    text = GREEK.get(base, base) + (f"_{rest}" if rest else "")
    if marks and marks[0] == "cal":
        return {"L": "ℒ", "E": "ℰ", "J": "𝒥", "C": "𝒞"}.get(text, text)
    return text + "".join(_MARKS.get(mark, "") for mark in marks)


def to_plain(node: Node, name: Namer = lambda _: None) -> str:
    """Write a tree as text.

    Parameters
    ----------
    node : Node
        What to write.
    name : callable
        Says what a symbol with its scripts was understood as.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> to_plain(Negative(Fraction(Symbol("t"), Symbol("y"))))
    '-t/y'
    """
    named = name(node)
    if named is not None:
        return named

    def write(part: Node) -> str:
        return to_plain(part, name)

    def operand(part: Node) -> str:
        loose = isinstance(part, Plus | Product | Negative | Summation | Relation)
        return f"({write(part)})" if loose else write(part)

    match node:
        case Number() | Words():
            return node.text
        case Symbol():
            return letter(node.name)
        case Group():
            return f"({write(node.body)})"
        case Negative():
            loose = isinstance(node.body, Plus)
            return f"-({write(node.body)})" if loose else f"-{write(node.body)}"
        case Plus():
            terms = [
                f"- {write(t.body)}" if isinstance(t, Negative) else f"+ {write(t)}"
                for t in node.terms
            ]
            return " ".join(terms).removeprefix("+ ").replace("- ", "-", 0)
        case Product():
            parts = [write(f) if isinstance(f, Product) else operand(f) for f in node.factors]
            signs = [*(_SIGNS.get(sign, " ") for sign in node.signs), ""]
            return "".join(part + sign for part, sign in zip(parts, signs, strict=True))
        case Fraction():
            return f"{operand(node.numerator)}/{operand(node.denominator)}"
        case Derivative():
            return f"∂{operand(node.of)}/∂{operand(node.by)}"
        case Call():
            return f"{write(node.function)}({', '.join(map(write, node.arguments))})"
        case Summation():
            below = "" if node.below is None else write(node.below)
            above = "" if node.above is None else f" … {write(node.above)}"
            sign = "Σ" if node.kind == "sum" else "Π"
            body = operand(node.body) if isinstance(node.body, Plus) else write(node.body)
            return f"{sign}[{below}{above}] {body}"
        case _:
            return _rarer(node, write, operand)


def _rarer(node: Node, write: Callable[[Node], str], operand: Callable[[Node], str]) -> str:
    match node:
        case Scripted():
            sub = "" if node.sub is None else f"_{operand(node.sub)}"
            sup = "" if node.sup is None else f"^{operand(node.sup)}"
            if sup in ("^T", "^ᵀ"):
                sup = "ᵀ"
            return operand(node.base) + "'" * node.primes + sub + sup
        case Nabla():
            by = "" if node.by is None else f"[{write(node.by)}]"
            return f"∇{by}" + ("" if node.of is None else f" {operand(node.of)}")
        case Relation():
            return f"{write(node.left)} {_RELATIONS.get(node.sign, node.sign)} {write(node.right)}"
        case Sequence():
            return ", ".join(map(write, node.items))
        case Norm():
            return f"‖{write(node.body)}‖"
        case Absolute():
            return f"|{write(node.body)}|"
        case Root():
            return f"√{operand(node.body)}"
        case Cases():
            pairs = zip(node.values, node.conditions, strict=True)
            return "{" + "; ".join(f"{write(a)} if {write(b)}" for a, b in pairs) + "}"
    return "…"
