"""Symbolic sizes and the shapes of matrix expressions.

Everything is a matrix of two dimensions: a column vector is ``n × 1``, a row ``1 × n``, a scalar
``1 × 1``. A dimension is a number or a `Size`, a symbol such as ``n_1`` or ``m``; two dimensions
are equal only if they are the same number or the same symbol, whatever value the symbol takes in
one example. That is what catches a product that fits by accident.
"""

from dataclasses import dataclass
from typing import TypeAlias, final

from chainrule.errors import ShapeError

__all__ = ["SCALAR", "Dimension", "Shape", "Size", "equal_shapes", "product_shape"]


@final
@dataclass(frozen=True)
class Size:
    """A symbolic dimension.

    Parameters
    ----------
    letter : str
        One letter, one axis: ``n`` for the neurons of a layer, ``m`` for the samples.
    index : int or str, optional
        The layer, as in ``n_0`` or ``n_l``.

    Examples
    --------
    >>> str(Size("n", 0)), str(Size("n", "l-1")), str(Size("m"))
    ('n_0', 'n_{l-1}', 'm')
    """

    letter: str
    index: int | str | None = None

    @property
    def factors(self) -> tuple["Size", ...]:
        """The sizes whose product this is; of a plain one, itself.

        Examples
        --------
        >>> [str(size) for size in Size("n_1 n_0").factors]
        ['n_1', 'n_0']
        """
        if " " not in self.letter:
            return (self,)
        parts = (part.partition("_") for part in self.letter.split(" "))
        return tuple(Size(letter, index.strip("{}") or None) for letter, _, index in parts)

    def __str__(self) -> str:
        if self.index is None:
            return self.letter
        index = str(self.index)
        return f"{self.letter}_{index}" if len(index) == 1 else f"{self.letter}_{{{index}}}"


Dimension: TypeAlias = int | Size


@final
@dataclass(frozen=True)
class Shape:
    """The two dimensions of a matrix expression.

    Parameters
    ----------
    rows, columns : int or Size
        The dimensions.

    Examples
    --------
    >>> str(Shape(Size("n", 1), 1))
    'n_1 × 1'
    >>> Shape(Size("n", 1), 1).transposed
    Shape(rows=1, columns=Size(letter='n', index=1))
    """

    rows: Dimension
    columns: Dimension

    def __str__(self) -> str:
        return f"{self.rows} × {self.columns}"

    @property
    def transposed(self) -> "Shape":
        """The shape of the transpose."""
        return Shape(self.columns, self.rows)

    @property
    def is_scalar(self) -> bool:
        """Whether this is ``1 × 1``."""
        return self.rows == 1 and self.columns == 1

    @property
    def is_vector(self) -> bool:
        """Whether this is a column or a row (a scalar is both)."""
        return self.rows == 1 or self.columns == 1


SCALAR = Shape(1, 1)


def equal_shapes(operation: str, left: Shape, right: Shape) -> Shape:
    """Return the shape that two operands share.

    Raises
    ------
    ShapeError
        If they differ; the message names `operation` and both shapes.

    Examples
    --------
    >>> equal_shapes("sum", SCALAR, SCALAR)
    Shape(rows=1, columns=1)
    """
    if left != right:
        hint = "transpose one of them" if left == right.transposed else ""
        raise ShapeError(operation, left, right, hint)
    return left


def product_shape(left: Shape, right: Shape) -> Shape:
    """Return the shape of a matrix product; a ``1 × 1`` factor scales the other.

    Raises
    ------
    ShapeError
        If the inner dimensions differ.

    Examples
    --------
    >>> n, m = Size("n"), Size("m")
    >>> str(product_shape(Shape(m, n), Shape(n, 1)))
    'm × 1'
    """
    if left.is_scalar:
        return right
    if right.is_scalar:
        return left
    if left.columns != right.rows:
        hint = "transpose one of them" if left.columns == right.columns else ""
        raise ShapeError("matrix product", left, right, hint)
    return Shape(left.rows, right.columns)
