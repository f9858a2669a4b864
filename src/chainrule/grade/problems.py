"""Why a formula has no value: its shapes, its indices, or that it was not understood."""

from typing import final

from chainrule.errors import ChainruleError

__all__ = ["FormulaError", "IndexMistake", "NotUnderstood", "OutsideNetwork", "ShapeMistake"]


class FormulaError(ChainruleError, ValueError):
    """A formula that has no value."""


@final
class ShapeMistake(FormulaError):
    """Two shapes that do not fit."""


@final
class IndexMistake(FormulaError):
    """An index that runs over two different things, or is not one of what it indexes."""


@final
class NotUnderstood(FormulaError):
    """A name or a construction whose meaning is not known."""


@final
class OutsideNetwork(FormulaError):
    """A layer that the network does not have."""
