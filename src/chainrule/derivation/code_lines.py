"""Statements of Python, broken to fit a page."""

import re
import textwrap

__all__ = ["CODE_WIDTH", "INDENT", "fitted", "indented"]

#: How wide code is at most, so that pages of eighty columns can indent it.
CODE_WIDTH = 76
#: By how much the body of a function stands to the right.
INDENT = "    "

_JOINT = "\N{NO-BREAK SPACE}"
_SIGN = re.compile(r" (\*\*|[-+*/@>=]=?) ")


def fitted(line: str, width: int = CODE_WIDTH) -> str:
    """Break an assignment, a return or the head of a function at its blanks, if it is too long.

    Parameters
    ----------
    line : str
        The statement, without strings in it.
    width : int
        How wide it may be.

    Returns
    -------
    str
        One or several lines that mean the same.

    Examples
    --------
    >>> print(fitted("total = first + second * third", 24))
    total = (
        first + second
        * third
    )
    """
    if len(line) <= width:
        return line
    if line.startswith("def "):
        name, _, arguments = line.partition("(")
        head, inside, foot = f"{name}(", arguments.removesuffix("):") + ",", "):"
    else:
        keyword = "return " if line.startswith("return ") else line.partition(" = ")[0] + " = "
        head, inside, foot = keyword + "(", line[len(keyword) :], ")"
    # a sign stays with what follows it
    kept = _SIGN.sub(lambda sign: f" {sign[1]}{_JOINT}", inside)
    rows = textwrap.wrap(kept, width - len(INDENT), break_long_words=False, break_on_hyphens=False)
    return "\n".join([head, *(INDENT + row.replace(_JOINT, " ") for row in rows), foot])


def indented(line: str) -> str:
    """Fit a statement into the body of a function."""
    return textwrap.indent(fitted(line, CODE_WIDTH - len(INDENT)), INDENT)
