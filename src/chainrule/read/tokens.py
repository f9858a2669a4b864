"""From the text of a formula to tokens, each with its place in the document."""

import re
from dataclasses import dataclass
from typing import Final, final

__all__ = ["Token", "tokenise"]


@final
@dataclass(frozen=True, slots=True)
class Token:
    r"""One token: a command (``\frac``), a letter, a word, a number, a text or a sign.

    `start` and `end` are offsets into the document; what a macro stands for has the place of the
    macro.
    """

    kind: str
    text: str
    start: int
    end: int


#: Letters run together in mathematics are a product, except for these.
_WORDS: Final = (
    "softmax",
    "sigmoid",
    "logistic",
    "softplus",
    "LeakyReLU",
    "ReLU",
    "relu",
    "tanh",
    "diag",
    "log",
    "exp",
    "net",
    "sign",
    "trace",
)

_PATTERN: Final = re.compile(
    r"(?P<command>\\(?:[A-Za-z]+\*?|.))"
    r"|(?P<comment>%[^\n]*)"
    r"|(?P<space>[\s~]+)"
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)"
    rf"|(?P<word>{'|'.join(_WORDS)})(?![A-Za-z])"
    r"|(?P<letter>[A-Za-z])"
    r"|(?P<sign>.)",
    re.DOTALL,
)

_TEXT: Final = re.compile(
    r"\\(?:text|textrm|textbf|textit|textnormal|texttt|textsf|mbox|hbox|intertext|shortintertext)"
    r"\s*(?=\{)"
)

_GREEK: Final = {
    **dict(
        zip(
            "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩϕϵ",
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
                "phi",
                "epsilon",
            ],
            strict=True,
        )
    ),
    "ℓ": "ell",
}
_SIGNS: Final = {
    "∂": "partial",
    "∇": "nabla",
    "∑": "sum",
    "∏": "prod",
    "·": "cdot",
    "⋅": "cdot",
    "×": "times",
    "⊙": "odot",
    "∘": "circ",
    "⊗": "otimes",
    "∗": "ast",
    "≠": "neq",
    "≡": "equiv",
    "≈": "approx",
    "≤": "le",
    "≥": "ge",
    "→": "rightarrow",
    "⇒": "Rightarrow",
    "⟹": "implies",
    "∴": "therefore",
    "‖": "Vert",
    "∥": "Vert",
    "⊤": "top",
    "∈": "in",
    "…": "dots",
    "⋯": "cdots",
    "←": "leftarrow",
    "√": "sqrt",
    "½": "half",
}
_ASCII: Final = {"−": "-", "–": "-", "′": "'", "’": "'", "〈": "(", "〉": ")"}
_RAISED: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵀˡ", "0123456789+-()Tl", strict=True))
_LOWERED: Final = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ᵢⱼₖₗₘₙ", "0123456789+-()ijklmn", strict=True))


def tokenise(text: str, offset: int = 0) -> list[Token]:
    r"""Split a formula into tokens; comments and spaces are dropped.

    Parameters
    ----------
    text : str
        The formula, without the dollars or the environment around it.
    offset : int
        Where it starts in the document.

    Returns
    -------
    list of Token
        Every character of the formula lies in one of them, or in a comment or a space.

    Examples
    --------
    >>> [token.text for token in tokenise(r"W^{(2)} \log y_j")]
    ['W', '^', '{', '(', '2', ')', '}', '\\log', 'y', '_', 'j']
    """
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        words = _TEXT.match(text, at)
        if words:
            end = _closing_brace(text, words.end())
            tokens.append(Token("text", text[words.end() + 1 : end - 1], offset + at, offset + end))
            at = end
            continue
        found = _PATTERN.match(text, at)
        end = at + 1 if found is None else found.end()
        kind = "sign" if found is None else str(found.lastgroup)
        if kind not in ("comment", "space"):
            _append(tokens, kind, text[at:end], offset + at, offset + end)
        at = end
    return tokens


def _append(tokens: list[Token], kind: str, text: str, start: int, end: int) -> None:
    if text in _GREEK:
        tokens.append(Token("command", "\\" + _GREEK[text], start, end))
    elif text in _SIGNS:
        tokens.append(Token("command", "\\" + _SIGNS[text], start, end))
    elif text in _RAISED:
        _append_script(tokens, "^", _RAISED[text], start, end)
    elif text in _LOWERED:
        _append_script(tokens, "_", _LOWERED[text], start, end)
    else:
        tokens.append(Token(kind, _ASCII.get(text, text), start, end))


def _append_script(tokens: list[Token], sign: str, text: str, start: int, end: int) -> None:
    """Write raised or lowered characters as a script, a run of them as one."""
    kind = "number" if text.isdigit() else "letter" if text.isalpha() else "sign"
    is_run = (
        len(tokens) > 2
        and tokens[-1].text == "}"
        and tokens[-1].end == start
        and tokens[-1].kind == f"end{sign}"
    )
    if is_run:
        tokens.pop()
    else:
        tokens += [Token("sign", sign, start, start), Token("sign", "{", start, start)]
    tokens += [Token(kind, text, start, end), Token(f"end{sign}", "}", end, end)]


def _closing_brace(text: str, at: int) -> int:
    """Give the offset behind the brace that closes the one at `at`, or the end of the text."""
    depth = 0
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 1
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return len(text)
