"""Colours and widths of lines, the same in every format."""

from typing import Final

from chainrule.picture.scene import Connection

__all__ = [
    "CONNECTION_WIDTH",
    "FILLS",
    "INK",
    "LINE_WIDTH",
    "PAPER",
    "QUIET",
    "connection_colour",
    "connection_width",
]

PAPER: Final = "#FFFFFF"
INK: Final = "#1A1A1A"
QUIET: Final = "#555B66"

#: Neurons are told apart by lightness, which a printer without colours keeps.
FILLS: Final = {"input": "#FFFFFF", "hidden": "#E9ECF1", "output": "#C9D0DA", "dot": INK}
LINE_WIDTH: Final = 1.0

#: A connection whose weight is not known.
CONNECTION_WIDTH: Final = 0.55
_CONNECTION: Final = "#8C94A1"

#: The blue and the vermillion of Okabe and Ito (Color Universal Design, 2008), which stay apart
#: for readers who do not tell red from green.
_POSITIVE: Final = "#0072B2"
_NEGATIVE: Final = "#D55E00"
_WIDEST: Final = 3.4
_THINNEST: Final = 0.12


def connection_colour(connection: Connection) -> str:
    """Choose a colour by the sign of a weight.

    Parameters
    ----------
    connection : Connection
        The line.

    Returns
    -------
    str
        The colour as #RRGGBB.

    Examples
    --------
    >>> connection_colour(Connection((0, 0), (1, 0), weight=-0.5))
    '#D55E00'
    """
    if connection.weight is None:
        return _CONNECTION
    return _POSITIVE if connection.weight > 0 else _NEGATIVE


def connection_width(connection: Connection) -> float:
    """Choose a width in proportion to the magnitude of a weight.

    Parameters
    ----------
    connection : Connection
        The line.

    Returns
    -------
    float
        The width in pixels.

    Examples
    --------
    >>> connection_width(Connection((0, 0), (1, 0), weight=-0.5))
    1.7
    """
    if connection.weight is None:
        return CONNECTION_WIDTH
    return max(_THINNEST, _WIDEST * abs(connection.weight))
