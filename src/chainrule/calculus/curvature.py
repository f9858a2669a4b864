"""Nodes of second derivatives: the Hessian of a number, and the Kronecker product."""

from dataclasses import dataclass
from functools import cached_property
from typing import final

from chainrule.calculus.nodes import Expression, Variable
from chainrule.calculus.shapes import Dimension, Shape, Size
from chainrule.errors import ShapeError

__all__ = ["Hessian", "KroneckerProduct"]


@final
@dataclass(frozen=True, eq=False)
class Hessian(Expression):
    """``∂²E/∂z∂zᵀ`` for a column z, a square matrix; for a number, the second derivative."""

    of: Variable
    by: Variable

    @cached_property
    def shape(self) -> Shape:
        """As many rows and columns as the column has entries."""
        if self.by.shape.columns != 1 or not self.of.shape.is_scalar:
            raise ShapeError("Hessian", self.of.shape, self.by.shape, "a number by a column")
        return Shape(self.by.shape.rows, self.by.shape.rows)


@final
@dataclass(frozen=True, eq=False)
class KroneckerProduct(Expression):
    """``A ⊗ B``: every entry of A times all of B."""

    left: Expression
    right: Expression

    @cached_property
    def shape(self) -> Shape:
        """The rows of both multiplied by the columns of both."""
        first, second = self.left.shape, self.right.shape
        return Shape(times(first.rows, second.rows), times(first.columns, second.columns))


def times(left: Dimension, right: Dimension) -> Dimension:
    """Multiply two dimensions.

    Examples
    --------
    >>> str(times(Size("n", 1), Size("n", 0)))
    'n_1 n_0'
    """
    if left == 1 or right == 1:
        return right if left == 1 else left
    return Size(f"{left} {right}")
