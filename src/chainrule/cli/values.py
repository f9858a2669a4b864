"""Reading the values of options: what may be written, and one sentence where it may not."""

import math
from collections.abc import Callable, Iterable

import typer

from chainrule.errors import nearest

__all__ = ["number", "one_of", "whole"]


def whole(least: int, most: int) -> Callable[[str], int]:
    """Make a reader of whole numbers.

    Parameters
    ----------
    least, most : int
        The smallest and the largest that will do.

    Returns
    -------
    callable
        Takes text and returns the number, or raises `typer.BadParameter`.

    Examples
    --------
    >>> whole(1, 1000)("100")
    100
    """

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise typer.BadParameter(f"{text!r} is not a whole number") from None
        if not least <= value <= most:
            raise typer.BadParameter(f"{value} is not from {least} to {most}")
        return value

    return read


def number(above: float, below: float, *, or_equal: bool) -> Callable[[str], float]:
    """Make a reader of finite numbers.

    Parameters
    ----------
    above, below : float
        The bounds; an infinite one is none.
    or_equal : bool
        Whether the bounds themselves will do.

    Returns
    -------
    callable
        Takes text and returns the number, or raises `typer.BadParameter`.

    Examples
    --------
    >>> number(0, 1, or_equal=False)("0.2")
    0.2
    """

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise typer.BadParameter(f"{text!r} is not a number") from None
        inside = above < value < below or (or_equal and value in {above, below})
        if not (inside and math.isfinite(value)):
            raise typer.BadParameter(f"{text} is not {_range(above, below, or_equal)}")
        return value

    return read


def one_of(names: Iterable[str]) -> Callable[[str], str]:
    """Make a reader of names.

    Parameters
    ----------
    names : iterable of str
        Those that will do.

    Returns
    -------
    callable
        Takes text and returns it, or raises `typer.BadParameter`.

    Examples
    --------
    >>> one_of(["adam", "sgd"])("sgd")
    'sgd'
    """
    known = tuple(names)

    def read(text: str) -> str:
        if text not in known:
            raise typer.BadParameter(
                f"there is no {text!r}{nearest(text, known)}; choose from {', '.join(known)}"
            )
        return text

    return read


def _range(above: float, below: float, or_equal: bool) -> str:
    if math.isinf(below):
        return f"a finite number {'of at least' if or_equal else 'above'} {above:g}"
    bounds = f"from {above:g} to {below:g}" if or_equal else f"between {above:g} and {below:g}"
    return f"a number {bounds}"
