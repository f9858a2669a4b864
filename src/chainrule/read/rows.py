r"""The rows of a displayed formula, and the sides of the equations in each row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from chainrule.errors import ReadError
from chainrule.read.macros import Macro, expand
from chainrule.read.parser import parse
from chainrule.read.tokens import Token, tokenise
from chainrule.read.tree import Node, Relation, Span

__all__ = ["Equation", "Row", "Side", "read_rows"]

_OUTER: Final = re.compile(
    r"(?:equation|align|aligned|alignat|alignedat|flalign|gather|gathered|multline|eqnarray|"
    r"displaymath|split|dmath|subequations|math)\*?"
)
_EQUALS: Final = frozenset(["=", "\\equiv", "\\triangleq", "\\doteq", "\\coloneqq", "\\eqqcolon"])
_UPDATES: Final = frozenset(["\\leftarrow", "\\gets", "\\longleftarrow"])
_OTHER: Final = frozenset(
    [
        *("\\approx", "\\propto", "\\simeq", "\\sim", "\\le", "\\leq", "\\ge", "\\geq", "<", ">"),
        *("\\in", "\\neq", "\\ne", "\\cong", "\\ll", "\\gg", "\\mapsto"),
    ]
)
_ARROWS: Final = frozenset(
    [
        *("\\Rightarrow", "\\rightarrow", "\\implies", "\\to", "\\therefore", "\\iff"),
        *("\\Longrightarrow", "\\longrightarrow", "\\Leftrightarrow", "\\because"),
    ]
)
_GAPS: Final = frozenset(["\\quad", "\\qquad", "\\enspace", "\\hspace", "\\hspace*"])
_OPENERS: Final = frozenset(["(", "[", "{", "\\{", "\\lbrace"])
_CLOSERS: Final = frozenset([")", "]", "}", "\\}", "\\rbrace"])
_CONDITION_WORDS: Final = re.compile(
    r"\b(if|for|when|where|case|with|otherwise|unless|since|because|all)\b", re.IGNORECASE
)


@final
@dataclass(frozen=True)
class Side:
    """One side of an equation: its tree, or why there is none."""

    source: str
    span: Span
    node: Node | None
    problem: str = ""


@final
@dataclass(frozen=True)
class Equation:
    """Sides with relations between them; `continues` if the first side stands before it.

    `relations` has one sign a side that follows: ``=``, ``:=``, ``<-`` or another relation.
    """

    sides: tuple[Side, ...]
    relations: tuple[str, ...]
    continues: bool = False


@final
@dataclass(frozen=True)
class Row:
    """A row as it is displayed, with its equations and the conditions that it states."""

    source: str
    span: Span
    equations: tuple[Equation, ...]
    conditions: tuple[Relation, ...] = ()
    problem: str = ""


def read_rows(
    text: str,
    offset: int,
    macros: Mapping[str, Macro],
    functions: frozenset[str],
) -> list[Row]:
    r"""Read a block of mathematics.

    Parameters
    ----------
    text : str
        What stands between the dollars, or an environment with its ``\begin`` and ``\end``.
    offset : int
        Where it starts in the document.
    macros : mapping of str to Macro
        What the document's own commands stand for.
    functions : frozenset of str
        The names that are functions.

    Returns
    -------
    list of Row
        In order; rows that hold nothing are left out.

    Examples
    --------
    >>> [row] = read_rows(r"E &= a + b \\\\", 0, {}, frozenset())
    >>> [side.source for side in row.equations[0].sides]
    ['E', 'a + b']
    """
    tokens = _unboxed(_without_numbers(_unwrapped(expand(tokenise(text, offset), macros))))
    reader = _RowReader(text, offset, functions)
    rows = [reader.row(part) for part in _joined(_split_rows(tokens)) if part]
    return [row for row in rows if row.equations or row.conditions or row.problem]


def _unwrapped(tokens: list[Token]) -> list[Token]:
    r"""Drop the ``\begin`` and ``\end`` of environments that only arrange rows."""
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        if tokens[at].text in ("\\begin", "\\end"):
            end = at + 1
            while end < len(tokens) and tokens[end].text != "}":
                end += 1
            name = "".join(token.text for token in tokens[at + 2 : end])
            if _OUTER.fullmatch(name):
                at = end + 1
                if name.startswith("alignat") or name.startswith("alignedat"):
                    at += 3 if at < len(tokens) and tokens[at].text == "{" else 0
                continue
        result.append(tokens[at])
        at += 1
    return result


def _without_numbers(tokens: list[Token]) -> list[Token]:
    r"""Drop ``\tag{…}``, ``\label{…}`` and the like."""
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        if tokens[at].text in (
            "\\tag",
            "\\tag*",
            "\\label",
            "\\eqno",
            "\\ref",
            "\\hspace*",
            "\\hspace",
        ):
            depth, at = 0, at + 1
            while at < len(tokens):
                depth += {"{": 1, "}": -1}.get(tokens[at].text, 0)
                at += 1
                if depth <= 0:
                    break
            continue
        result.append(tokens[at])
        at += 1
    return result


def _unboxed(tokens: list[Token]) -> list[Token]:
    r"""Drop ``\boxed{`` and its brace, so that equations in a box are like any others."""
    result: list[Token] = []
    depths: list[int] = []
    depth, opens = 0, False
    for token in tokens:
        if token.text in ("\\boxed", "\\fbox"):
            opens = True
            continue
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if opens and token.text == "{":
            depths.append(depth)
        elif not (token.text == "}" and depths and depth == depths[-1] - 1):
            result.append(token)
        else:
            depths.pop()
        opens = False
    return result


def _split_rows(tokens: list[Token]) -> list[list[Token]]:
    rows: list[list[Token]] = [[]]
    depth = braces = 0
    skip = False
    for at, token in enumerate(tokens):
        depth += {"\\begin": 1, "\\end": -1}.get(token.text, 0)
        braces += {"{": 1, "}": -1}.get(token.text, 0)
        outside = depth <= 0 and braces <= 0
        if outside and token.text in ("\\\\", "\\newline", "\\cr"):
            rows.append([])
            skip = (
                tokens[at + 1 : at + 2] != []
                and tokens[at + 1].text == "["
                and _is_length(tokens, at)
            )
        elif skip:
            skip = token.text != "]"
        elif outside and token.text == "&" and tokens[at - 1 : at] and tokens[at - 1].text == "&":
            rows[-1].append(Token("command", "\\quad", token.start, token.end))  # a new column
        elif not (outside and token.text == "&"):
            rows[-1].append(token)
    return rows


def _is_length(tokens: list[Token], at: int) -> bool:
    r"""Say whether ``\\[4pt]`` follows, and not a bracket of the next row."""
    inside = [token.text for token in tokens[at + 2 : at + 8]]
    return "]" in inside and "".join(inside[: inside.index("]")])[-2:] in (
        "pt",
        "em",
        "ex",
        "mm",
        "cm",
    )


def _joined(rows: list[list[Token]]) -> list[list[Token]]:
    """Put a row that begins with an operator to the one that it goes on from."""
    result: list[list[Token]] = []
    for row in rows:
        starts = next((token.text for token in row if token.text not in _GAPS), "")
        has_relation = any(token.text in _EQUALS for token in row)
        goes_on = starts in ("+", "\\cdot", "\\times", "\\odot") or (
            starts == "-" and not has_relation
        )
        ends = result[-1][-1].text if result and result[-1] else ""
        goes_on = goes_on or ends in ("+", "-", "\\cdot", "\\times", "\\odot")
        if result and goes_on:
            result[-1] += [token for token in row if token.text not in _GAPS]
        else:
            result.append(row)
    return result


@final
@dataclass
class _RowReader:
    text: str
    offset: int
    functions: frozenset[str]

    def source(self, tokens: list[Token]) -> tuple[str, Span]:
        start = min(token.start for token in tokens)
        end = max(token.end for token in tokens)
        return self.text[start - self.offset : end - self.offset].strip(), (start, end)

    def row(self, tokens: list[Token]) -> Row:
        source, span = self.source(tokens)
        equations: list[Equation] = []
        conditions: list[Relation] = []
        conditional = False
        for words, part in _segments(tokens):
            conditional = bool(_CONDITION_WORDS.search(words)) or (conditional and not words)
            equation = self.equation(part)
            if equation is None or (conditional and _is_condition(equation)):
                conditions += self.condition(part)
            else:
                equations.append(equation)
        return Row(source, span, tuple(equations), tuple(conditions))

    def condition(self, tokens: list[Token]) -> list[Relation]:
        try:
            node = parse(_bare(tokens), self.functions)
        except ReadError:
            return []
        return [node] if isinstance(node, Relation) else []

    def equation(self, tokens: list[Token]) -> Equation | None:
        parts, relations = _split_sides(tokens)
        if not relations or not any(sign in ("=", ":=", "<-") for sign in relations):
            return None
        continues = not parts[0]
        sides = tuple(self.side(part) for part in (parts[1:] if continues else parts))
        return Equation(sides, tuple(relations), continues)

    def side(self, tokens: list[Token]) -> Side:
        while tokens and tokens[-1].text in (".", ",", ";"):
            tokens = tokens[:-1]  # punctuation of the sentence that the formula ends
        if not tokens:
            return Side("", (self.offset, self.offset), None, "nothing stands after the sign")
        source, span = self.source(tokens)
        try:
            return Side(source, span, parse(tokens, self.functions))
        except ReadError as error:
            return Side(source, span, None, error.reason)


def _is_condition(equation: Equation) -> bool:
    """Say whether ``i = j`` or ``l = 1`` is meant: nothing but letters and numbers."""
    sources = [side.source.strip(" .,;") for side in equation.sides]
    return all(re.fullmatch(r"[A-Za-z0-9,\\. +-]{1,14}", source) for source in sources)


def _bare(tokens: list[Token]) -> list[Token]:
    while len(tokens) > 2 and tokens[0].text == "(" and tokens[-1].text == ")":
        tokens = tokens[1:-1]
    return tokens


def _segments(tokens: list[Token]) -> list[tuple[str, list[Token]]]:
    """Split a row at arrows, words, commas and gaps, each part with the words before it."""
    parts: list[tuple[str, list[Token]]] = [("", [])]
    depth = 0
    for token in tokens:
        depth += (token.text in _OPENERS) - (token.text in _CLOSERS)
        depth += {"\\begin": 1, "\\end": -1}.get(token.text, 0)
        depth = max(depth, 0)
        is_words = token.kind == "text" and _is_prose(token.text)
        cuts = token.text in _ARROWS or (is_words and depth == 0)
        if cuts and depth == 0:
            parts.append((token.text if is_words else "", []))
        elif depth == 0 and (token.text in _GAPS or token.text in (",", ";", ":")):
            if token.text == ":" or parts[-1][1] or not parts[-1][0]:
                parts.append(("", []))
        else:
            parts[-1][1].append(token)
    return [part for part in _mended(parts) if part[1]]


def _is_prose(text: str) -> bool:
    word = text.strip()
    return not re.fullmatch(r"[A-Za-z]{2,12}", word) or word.lower() in (
        *("and", "where", "so", "if", "for", "with", "when", "or", "then", "hence", "thus"),
        *("since", "because", "let", "as", "by", "case", "otherwise", "thus", "therefore"),
    )


def _mended(parts: list[tuple[str, list[Token]]]) -> list[tuple[str, list[Token]]]:
    """Put back what a comma or a gap cut off: ``:=``, and lists that are no equation."""
    result: list[tuple[str, list[Token]]] = []
    for words, part in parts:
        begins = part[0].text if part else ""
        if result and not words and begins in ("=", *_EQUALS):
            result[-1][1].extend(part)
        elif result and not words and part and _is_number(part):
            continue
        else:
            result.append((words, part))
    return result


def _is_number(tokens: list[Token]) -> bool:
    """Say whether ``(3)`` or ``(2a)`` stands there, an equation's number."""
    inner = "".join(token.text for token in tokens)
    return bool(re.fullmatch(r"\((?:\d{1,3}[a-z]?|\*|[A-Z]{1,3}\d?|\d+[.\-]\d+)\)", inner))


def _split_sides(tokens: list[Token]) -> tuple[list[list[Token]], list[str]]:
    parts: list[list[Token]] = [[]]
    relations: list[str] = []
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.text in _OPENERS) - (token.text in _CLOSERS)
        depth += {"\\begin": 1, "\\end": -1}.get(token.text, 0)
        depth = max(depth, 0)
        sign = _relation(token) if depth == 0 else None
        if sign is None:
            is_colon = token.text == ":" and tokens[at + 1 : at + 2] != [] and depth == 0
            if not (is_colon and tokens[at + 1].text == "="):
                parts[-1].append(token)
        elif relations and not parts[-1]:
            relations[-1] = sign if relations[-1] == "=" else relations[-1]
        else:
            defines = at > 0 and tokens[at - 1].text == ":" and sign == "="
            relations.append(":=" if defines else sign)
            parts.append([])
    return parts, relations


def _relation(token: Token) -> str | None:
    if token.kind == "text":
        return None
    if token.text in _EQUALS:
        return "=" if token.text in ("=", "\\equiv") else ":="
    if token.text in _UPDATES:
        return "<-"
    return token.text.lstrip("\\") if token.text in _OTHER else None
