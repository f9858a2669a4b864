"""The order of names in which people count."""

import re

__all__ = ["natural_order"]


def natural_order(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sort key under which ``class 2`` comes before ``class 10``.

    Parameters
    ----------
    name : str
        Any text.

    Returns
    -------
    tuple
        Runs of digits as numbers, then the text itself.

    Examples
    --------
    >>> sorted(["10", "9", "b", "a10", "a9"], key=natural_order)
    ['9', '10', 'a9', 'a10', 'b']
    """
    runs = re.findall(r"([0-9]+)|([^0-9]+)", name)
    return [(0, int(digits), "") if digits else (1, 0, text) for digits, text in runs], name
