"""The nodes of matrix expressions.

A node is immutable, knows its shape from the moment it is built, and refuses operands whose shapes
do not fit. Nothing broadcasts, with two exceptions that mathematics itself makes: a scalar factor
scales a matrix, and a numeral beside a matrix in a sum stands for that multiple of ones, so that
``1 - y`` means what it says.

Operators build nodes: ``@`` is the matrix product, ``*`` the elementwise product (or scaling, where
one side is a scalar), ``/`` the elementwise quotient, ``.T`` the transpose.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property, partial, reduce
from numbers import Real
from typing import TypeAlias, final

from chainrule.calculus.shapes import SCALAR, Shape, equal_shapes, product_shape
from chainrule.errors import ShapeError

__all__ = [
    "ColumnSums",
    "Constant",
    "Diag",
    "Expression",
    "Hadamard",
    "Indicator",
    "Negative",
    "Number",
    "Ones",
    "Power",
    "Product",
    "Quotient",
    "RowSums",
    "Select",
    "Sum",
    "Transpose",
    "Variable",
]

Number: TypeAlias = int | float | Fraction


class Expression(ABC):
    """A matrix expression: the base of every node.

    Examples
    --------
    >>> from chainrule.calculus import Size, to_text
    >>> n_0, n_1 = Size("n", 0), Size("n", 1)
    >>> W = Variable("W", Shape(n_1, n_0), layer=1)
    >>> x = Variable("x", Shape(n_0, 1))
    >>> z = W @ x
    >>> to_text(z), str(z.shape)
    ('W(1) x', 'n_1 × 1')
    >>> x @ W
    Traceback (most recent call last):
    ...
    chainrule.errors.ShapeError: matrix product: n_0 × 1 does not fit n_1 × n_0
    """

    __array_ufunc__ = None  # an array leaves its operators to the node, which refuses them

    def __post_init__(self) -> None:
        _ = self.shape  # a node whose operands do not fit must not come to exist

    @cached_property
    @abstractmethod
    def shape(self) -> Shape:
        """The shape of the value."""

    @cached_property
    def _fields(self) -> tuple[object, ...]:
        return tuple(getattr(self, field.name) for field in fields(self))  # type: ignore[arg-type]

    @cached_property
    def _hash(self) -> int:
        return hash((type(self), self._fields))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression) or type(self) is not type(other):
            return NotImplemented
        return self is other or (self._hash == other._hash and self._fields == other._fields)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self._fields  # a cached hash of names is void in another process

    @cached_property
    def children(self) -> tuple["Expression", ...]:
        """The operands, in order."""
        nested = (field if isinstance(field, tuple) else (field,) for field in self._fields)
        return tuple(item for group in nested for item in group if isinstance(item, Expression))

    def walk(self) -> Iterator["Expression"]:
        """Yield this node and every node below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def T(self) -> "Expression":
        """The transpose."""
        return self.operand if isinstance(self, Transpose) else Transpose(self)

    def __neg__(self) -> "Expression":
        return self.operand if isinstance(self, Negative) else Negative(self)

    def __add__(self, other: "Expression | Number") -> "Expression":
        return Sum((*_terms(self), *_terms(_numeral(other, self.shape))))

    def __radd__(self, other: Number) -> "Expression":
        return _numeral(other, self.shape) + self

    def __sub__(self, other: "Expression | Number") -> "Expression":
        return Sum((*_terms(self), *(-term for term in _terms(_numeral(other, self.shape)))))

    def __rsub__(self, other: Number) -> "Expression":
        return _numeral(other, self.shape) - self

    def __matmul__(self, other: "Expression") -> "Expression":
        if not isinstance(other, Expression):
            return NotImplemented
        left = _factors(self)
        scales = all(factor.shape.is_scalar for factor in left)
        right = other.factors if isinstance(other, Product) and scales else _factors(other)
        return Product((*left, *right))

    def __mul__(self, other: "Expression | Number") -> "Expression":
        right = _numeral(other, SCALAR)
        if self.shape.is_scalar or right.shape.is_scalar:
            return self @ right
        return Hadamard((*_entries(self), *_entries(right)))

    def __rmul__(self, other: Number) -> "Expression":
        return _numeral(other, SCALAR) * self

    def __truediv__(self, other: "Expression | Number") -> "Expression":
        return Quotient(self, _numeral(other, SCALAR))

    def __rtruediv__(self, other: Number) -> "Expression":
        return Quotient(_numeral(other, self.shape), self)

    def __pow__(self, exponent: int) -> "Expression":
        return Power(self, exponent)


def _numeral(value: Expression | Number, shape: Shape) -> Expression:
    if not isinstance(value, Expression | Real):
        raise TypeError(f"an operand must be an expression or a real number, got {value!r}")
    return value if isinstance(value, Expression) else Constant(value, shape)


def _terms(expression: Expression) -> tuple[Expression, ...]:
    return expression.terms if isinstance(expression, Sum) else (expression,)


def _entries(expression: Expression) -> tuple[Expression, ...]:
    return expression.factors if isinstance(expression, Hadamard) else (expression,)


def _factors(expression: Expression) -> tuple[Expression, ...]:
    """Flatten a product, but keep one whose factors make a scalar only together: ``xᵀ y``."""
    if not isinstance(expression, Product):
        return (expression,)
    whole = expression.shape.is_scalar and not all(f.shape.is_scalar for f in expression.factors)
    return (expression,) if whole else expression.factors


@final
@dataclass(frozen=True, eq=False)
class Variable(Expression):
    """A named quantity, such as ``W^{(2)}``.

    Parameters
    ----------
    name : str
        The letter, Greek ones as themselves (``"λ"``).
    shape : Shape
        Its shape.
    layer : int or str, optional
        The layer, written as a superscript in parentheses.

    Examples
    --------
    >>> from chainrule.calculus import to_latex
    >>> to_latex(Variable("W", SCALAR, layer=2))
    'W^{(2)}'
    """

    name: str
    shape: Shape = SCALAR
    layer: int | str | None = None


@final
@dataclass(frozen=True, eq=False)
class Constant(Expression):
    r"""A number, or that multiple of ones where `shape` is not scalar.

    Parameters
    ----------
    value : int, float or Fraction
        The number.
    shape : Shape
        Its shape.
    latex, text : str, optional
        How it is written where the digits would not be (``\sqrt{2}``).
    """

    value: Number
    shape: Shape = SCALAR
    latex: str = ""
    text: str = ""


@final
@dataclass(frozen=True, eq=False)
class Ones(Expression):
    """The vector or matrix of ones, written as a bold 1."""

    shape: Shape = SCALAR


@final
@dataclass(frozen=True, eq=False)
class Sum(Expression):
    """The sum of terms of one shape."""

    terms: tuple[Expression, ...]

    @cached_property
    def shape(self) -> Shape:
        """The shape of every term."""
        return reduce(partial(equal_shapes, "sum"), (term.shape for term in self.terms))


@final
@dataclass(frozen=True, eq=False)
class Negative(Expression):
    """``-A``."""

    operand: Expression

    @cached_property
    def shape(self) -> Shape:
        """The shape of the operand."""
        return self.operand.shape


@final
@dataclass(frozen=True, eq=False)
class Product(Expression):
    """The matrix product; factors that are scalars scale."""

    factors: tuple[Expression, ...]

    @cached_property
    def shape(self) -> Shape:
        """The rows of the first factor by the columns of the last, scalars left out."""
        matrices = [f.shape for f in self.factors if not f.shape.is_scalar]
        return reduce(_chain, matrices) if matrices else SCALAR


def _chain(left: Shape, right: Shape) -> Shape:
    if left.is_scalar:  # x' y A is (x' y) A, which must be written with its parentheses
        raise ShapeError("matrix product", left, right, "parenthesise the scalar product")
    return product_shape(left, right)


@final
@dataclass(frozen=True, eq=False)
class Hadamard(Expression):
    """The elementwise product ``A ∘ B`` of factors of one shape."""

    factors: tuple[Expression, ...]

    @cached_property
    def shape(self) -> Shape:
        """The shape of every factor."""
        return reduce(partial(equal_shapes, "elementwise product"), (f.shape for f in self.factors))


@final
@dataclass(frozen=True, eq=False)
class Quotient(Expression):
    """The elementwise quotient of two operands of one shape, or division by a scalar."""

    numerator: Expression
    denominator: Expression

    @cached_property
    def shape(self) -> Shape:
        """The shape of the numerator."""
        if self.denominator.shape.is_scalar:
            return self.numerator.shape
        return equal_shapes("elementwise quotient", self.numerator.shape, self.denominator.shape)


@final
@dataclass(frozen=True, eq=False)
class Power(Expression):
    """Every entry raised to a whole power."""

    base: Expression
    exponent: int

    @cached_property
    def shape(self) -> Shape:
        """The shape of the base."""
        return self.base.shape


@final
@dataclass(frozen=True, eq=False)
class Transpose(Expression):
    """``Aᵀ``."""

    operand: Expression

    @cached_property
    def shape(self) -> Shape:
        """Columns by rows."""
        return self.operand.shape.transposed


@final
@dataclass(frozen=True, eq=False)
class Diag(Expression):
    """The square matrix with a vector on its diagonal."""

    operand: Expression

    @cached_property
    def shape(self) -> Shape:
        """``n × n`` for a vector of n entries."""
        given = self.operand.shape
        if not given.is_vector:
            raise ShapeError("diag", given, "a vector", "diag takes a row or a column")
        size = given.rows if given.columns == 1 else given.columns
        return Shape(size, size)


@final
@dataclass(frozen=True, eq=False)
class RowSums(Expression):
    """The column ``A 1`` of the sums over each row."""

    operand: Expression

    @cached_property
    def shape(self) -> Shape:
        """``rows × 1``."""
        return Shape(self.operand.shape.rows, 1)


@final
@dataclass(frozen=True, eq=False)
class ColumnSums(Expression):
    """The row ``1ᵀ A`` of the sums over each column."""

    operand: Expression

    @cached_property
    def shape(self) -> Shape:
        """``1 × columns``."""
        return Shape(1, self.operand.shape.columns)


@final
@dataclass(frozen=True, eq=False)
class Indicator(Expression):
    """``[A > 0]``: one where an entry is positive, else zero."""

    operand: Expression

    @cached_property
    def shape(self) -> Shape:
        """The shape of the operand."""
        return self.operand.shape


@final
@dataclass(frozen=True, eq=False)
class Select(Expression):
    """Entry by entry, one of two values, by whether an entry of `test` is positive."""

    test: Expression
    positive: Expression
    otherwise: Expression

    @cached_property
    def shape(self) -> Shape:
        """The shape that all three share."""
        shape = equal_shapes("case distinction", self.test.shape, self.positive.shape)
        return equal_shapes("case distinction", shape, self.otherwise.shape)
