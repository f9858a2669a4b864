r"""The macros that a document defines, and what they stand for, within bounds.

A document may define macros that grow without end; so the number of tokens is bounded, and what
goes beyond is left as it is written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from chainrule.read.tokens import Token, tokenise

__all__ = ["Macro", "expand", "find_macros"]

_MOST_TOKENS: Final = 20_000
_MOST_MACROS: Final = 500
_DEEPEST: Final = 16

_DEFINITION: Final = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand)\*?\s*\{?\s*(\\[A-Za-z]+)\s*\}?\s*(?:\[(\d)\])?"
    r"(?:\[([^\]]{0,80})\])?\s*(?=\{)"
    r"|\\def\s*(\\[A-Za-z]+)\s*((?:#\d){0,9})\s*(?=\{)"
    r"|\\DeclareMathOperator\*?\s*\{?\s*(\\[A-Za-z]+)\s*\}?\s*(?=\{)"
)


@final
@dataclass(frozen=True)
class Macro:
    """A macro: how many arguments it takes, the default of the first, and its body."""

    n_arguments: int
    body: tuple[Token, ...]
    default: tuple[Token, ...] | None = None


def find_macros(text: str) -> dict[str, Macro]:
    r"""Find what ``\newcommand``, ``\def`` and ``\DeclareMathOperator`` define in a document.

    Examples
    --------
    >>> find_macros(r"\newcommand{\half}{\frac{1}{2}}").keys()
    dict_keys(['\\half'])
    """
    macros: dict[str, Macro] = {}
    for found in _DEFINITION.finditer(text):
        if len(macros) >= _MOST_MACROS:
            break
        body = _body(text, found.end())
        new, count, default, defined, parameters, operator = found.groups()
        if operator:
            macros[operator] = Macro(0, tuple(tokenise(rf"\operatorname{{{body}}}")))
        elif new:
            first = None if default is None else tuple(tokenise(default))
            macros[new] = Macro(int(count or 0), tuple(tokenise(body)), first)
        else:
            macros[defined] = Macro(len(parameters) // 2, tuple(tokenise(body)))
    return macros


def _body(text: str, at: int) -> str:
    depth = 0
    for end in range(at, min(len(text), at + 2_000)):
        if text[end] == "{" and text[end - 1] != "\\":
            depth += 1
        elif text[end] == "}" and text[end - 1] != "\\":
            depth -= 1
            if depth == 0:
                return text[at + 1 : end]
    return ""


def expand(tokens: list[Token], macros: Mapping[str, Macro]) -> list[Token]:
    r"""Put what macros stand for in their place, as far as the bounds allow.

    Parameters
    ----------
    tokens : list of Token
        A formula.
    macros : mapping of str to Macro
        By their command.

    Returns
    -------
    list of Token
        The formula without macros; every token of a macro has the macro's place.
    """
    if not macros:
        return tokens
    for _ in range(_DEEPEST):
        expanded = _expand_once(tokens, macros)
        if len(expanded) > _MOST_TOKENS:
            return tokens
        if len(expanded) == len(tokens) and expanded == tokens:
            break
        tokens = expanded
    return tokens


def _expand_once(tokens: list[Token], macros: Mapping[str, Macro]) -> list[Token]:
    result: list[Token] = []
    at = 0
    while at < len(tokens) and len(result) <= _MOST_TOKENS:
        token = tokens[at]
        macro = macros.get(token.text) if token.kind == "command" else None
        at += 1
        if macro is None:
            result.append(token)
            continue
        arguments: list[list[Token]] = []
        if macro.default is not None:
            given, at = _optional(tokens, at)
            arguments.append(list(macro.default) if given is None else given)
        while len(arguments) < macro.n_arguments:
            argument, at = _argument(tokens, at)
            arguments.append(argument)
        last = tokens[at - 1].end
        result += _filled(macro, arguments, token.start, last)
    return result


def _optional(tokens: list[Token], at: int) -> tuple[list[Token] | None, int]:
    if at < len(tokens) and tokens[at].text == "[":
        for end in range(at + 1, len(tokens)):
            if tokens[end].text == "]":
                return tokens[at + 1 : end], end + 1
    return None, at


def _argument(tokens: list[Token], at: int) -> tuple[list[Token], int]:
    if at >= len(tokens):
        return [], at
    if tokens[at].text != "{":
        return [tokens[at]], at + 1
    depth = 0
    for end in range(at, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[end].text, 0)
        if depth == 0:
            return tokens[at + 1 : end], end + 1
    return tokens[at + 1 :], len(tokens)


def _filled(macro: Macro, arguments: list[list[Token]], start: int, end: int) -> list[Token]:
    result: list[Token] = []
    body = macro.body
    at = 0
    while at < len(body):
        is_parameter = body[at].text == "#" and at + 1 < len(body) and body[at + 1].kind == "number"
        if is_parameter:
            number = int(body[at + 1].text[0])
            result += arguments[number - 1] if 1 <= number <= len(arguments) else []
            at += 2
        else:
            result.append(Token(body[at].kind, body[at].text, start, end))
            at += 1
    return result
