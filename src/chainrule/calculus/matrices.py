"""Rewriting matrix expressions: transposes carried inside, samples stacked as rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from chainrule.calculus.indexed import rebuilt
from chainrule.calculus.nodes import (
    ColumnSums,
    Constant,
    Diag,
    Expression,
    Negative,
    Ones,
    Product,
    RowSums,
    Sum,
    Transpose,
    Variable,
)
from chainrule.calculus.shapes import Dimension, Shape

__all__ = ["as_rows", "transposed"]


def transposed(expression: Expression) -> Expression:
    """Transpose, carrying the sign into products of matrices and sums of them.

    What is a vector is transposed as a whole, ``(y - t)ᵀ``.

    Examples
    --------
    >>> from chainrule.calculus import Size, Variable, to_text
    >>> A = Variable("A", Shape(Size("m"), Size("n")))
    >>> x = Variable("x", Shape(Size("n"), 1))
    >>> to_text(transposed(A @ x)), to_text(transposed(x @ x.T))
    ('xᵀ Aᵀ', 'x xᵀ')
    """
    match expression:
        case _ if expression.shape.is_scalar:
            return expression
        case Transpose():
            return expression.operand
        case Diag():
            return expression
        case Negative():
            return -transposed(expression.operand)
        case Product():
            scalars = [f for f in expression.factors if f.shape.is_scalar]
            matrices = [f for f in expression.factors if not f.shape.is_scalar]
            return Product((*scalars, *map(transposed, reversed(matrices))))
        case Sum() if not expression.shape.is_vector:
            return Sum(tuple(map(transposed, expression.terms)))
    return expression.T


def as_rows(
    expression: Expression, samples: Dimension, stacked: Mapping[Expression, Expression]
) -> Expression:
    """Stack what is a column for one sample: the rows of the result are its transposes.

    Parameters
    ----------
    expression : Expression
        A column or a scalar of one sample. Variables that are not in `stacked` are the same for
        all samples.
    samples : Dimension
        The number of samples.
    stacked : mapping of Expression to Expression
        For each column of one sample the matrix of its rows.

    Returns
    -------
    Expression
        ``m × n`` for a column of n entries, ``m × 1`` for a scalar.

    Examples
    --------
    >>> from chainrule.calculus import Size, Variable, to_text
    >>> m, n = Size("m"), Size("n")
    >>> y, t = Variable("y", Shape(n, 1)), Variable("t", Shape(n, 1))
    >>> Y, T = Variable("Y", Shape(m, n)), Variable("T", Shape(m, n))
    >>> to_text(as_rows(y - t, m, {y: Y, t: T}))
    'Y - T'
    >>> to_text(as_rows(ColumnSums(t) * y - t, m, {y: Y, t: T}))
    'diag(T 𝟏) Y - T'
    """
    return _Rows(samples, stacked).of(expression)


@final
@dataclass(frozen=True)
class _Rows:
    samples: Dimension
    stacked: Mapping[Expression, Expression]

    def of(self, node: Expression) -> Expression:
        if node in self.stacked:
            return self.stacked[node]
        match node:
            case Variable() if node.shape.columns == 1:
                return Ones(Shape(self.samples, 1)) @ node.T  # the same for every sample
            case Constant():
                shape = Shape(self.samples, node.shape.rows)
                return Constant(node.value, shape, node.latex, node.text)
            case Ones():
                return Ones(Shape(self.samples, node.shape.rows))
            case ColumnSums():
                return RowSums(self.of(node.operand))
            case Product():
                return self.product(node)
        return rebuilt(node, {child: self.of(child) for child in node.children})

    def product(self, node: Product) -> Expression:
        """Stack ``aᵀ b``, ``diag(a) b``, ``W b`` or a scalar times a column."""
        first, *rest = node.factors
        if not rest:
            return self.of(first)
        following = self.of(rest[0] if len(rest) == 1 else Product(tuple(rest)))
        if isinstance(first, Constant) and first.shape.is_scalar:
            return first * following
        if isinstance(first, Transpose) and first.operand.shape.columns == 1:
            return RowSums(self.of(first.operand) * following)
        if isinstance(first, Diag):
            return self.of(first.operand) * following
        if first.shape.is_scalar:
            shares = self.of(first)
            return shares * following if following.shape.columns == 1 else Diag(shares) @ following
        if isinstance(first, Transpose):
            return following @ first.operand
        return following @ first.T
