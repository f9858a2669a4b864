"""Why a formula has no value: its shapes, its indices, or that it was not understood."""

from typing import final

from chainrule.errors import ChainruleError

__all__ = [
    "FormulaError",
    "IndexMistakeError",
    "NotUnderstoodError",
    "OutsideNetworkError",
    "ShapeMistakeError",
]


class FormulaError(ChainruleError, ValueError):
    """A formula that has no value."""


@final
class ShapeMistakeError(FormulaError):
    """Two shapes that do not fit."""


@final
class IndexMistakeError(FormulaError):
    """An index that runs over two different things, or is not one of what it indexes."""


@final
class NotUnderstoodError(FormulaError):
    """A name or a construction whose meaning is not known."""


@final
class OutsideNetworkError(FormulaError):
    """A layer that the network does not have."""
