"""What every part of a derivation works from."""

from dataclasses import dataclass
from functools import cached_property
from typing import final

from chainrule.calculus import Expression
from chainrule.calculus.indexed import Derivative, Entry, Index, Layout
from chainrule.calculus.nodes import Variable
from chainrule.derivation.chain import Chain
from chainrule.derivation.document import Detail
from chainrule.derivation.network_rules import NetworkRules
from chainrule.derivation.quantities import Quantities

__all__ = ["Page"]


@final
@dataclass(frozen=True)
class Page:
    """A network, a layout and a level of detail.

    Parameters
    ----------
    quantities : Quantities
        The network's variables.
    layout : Layout
        How derivatives are laid out.
    detail : Detail
        How much is written.
    """

    quantities: Quantities
    layout: Layout
    detail: Detail

    @cached_property
    def rules(self) -> NetworkRules:
        """The chain rule and the matrix rules."""
        return NetworkRules(self.quantities, self.layout)

    def by(self, of: Expression, by: Expression) -> Derivative:
        """Write a derivative in this layout."""
        return Derivative(of, by, self.layout)

    def chain(self, left: Expression) -> Chain:
        """Begin an equation."""
        return Chain(self.quantities.scope, left)

    def entry(self, vector: Variable, letter: str) -> Expression:
        """Write an entry of a vector; a vector of one entry is that entry."""
        if vector.shape.is_scalar:
            return vector
        return Entry(vector, (self.index(vector, letter),))

    @staticmethod
    def index(vector: Variable, letter: str) -> Index:
        """Make the index of a vector's entries."""
        shape = vector.shape
        return Index(letter, shape.rows if shape.columns == 1 else shape.columns)

    def shows(self, level: Detail) -> bool:
        """Say whether something of this level is written."""
        return self.detail >= level
