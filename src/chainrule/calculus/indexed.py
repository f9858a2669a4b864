"""Nodes of the index form: entries, sums over an index, derivatives.

An `Index` runs over an axis. Every node with indices is a scalar for each choice of them, except
`Sample`, which is one row of a matrix of samples written as a column.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import final

from chainrule.calculus.nodes import Expression, Variable
from chainrule.calculus.shapes import SCALAR, Dimension, Shape
from chainrule.errors import ShapeError

__all__ = [
    "Derivative",
    "Entry",
    "Index",
    "IndexSum",
    "Kronecker",
    "LayerSum",
    "Layout",
    "Sample",
    "SquaredNorm",
    "delta",
    "free_indices",
    "indices_in",
    "rebuilt",
    "reindexed",
    "variables",
]


@final
@dataclass(frozen=True)
class Index:
    """An index, such as ``i = 1 … n_2``.

    Parameters
    ----------
    letter : str
        How it is written.
    size : Dimension
        Its last value.
    """

    letter: str
    size: Dimension


class Layout(StrEnum):
    """How a derivative by a vector or a matrix is laid out.

    ``MIXED``: a derivative by a vector is a row, one by a matrix has the shape of the matrix.
    ``NUMERATOR``: rows follow what is differentiated, so that one by a matrix is transposed.
    ``DENOMINATOR``: rows follow what it is differentiated by, so that one by a vector is a column.
    """

    MIXED = "mixed"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@final
@dataclass(frozen=True, eq=False)
class Entry(Expression):
    """An entry of a vector (one index) or of a matrix (two)."""

    base: Expression
    indices: tuple[Index, ...]

    @cached_property
    def shape(self) -> Shape:
        """A scalar; the indices must run over the axes of the base."""
        given = self.base.shape
        axes: tuple[Dimension, ...] = (given.rows, given.columns)
        if len(self.indices) == 1 and given.is_vector:
            axes = (given.rows if given.columns == 1 else given.columns,)
        sizes = tuple(index.size for index in self.indices)
        if sizes != axes:
            raise ShapeError("entry", " × ".join(map(str, sizes)), given)
        return SCALAR


@final
@dataclass(frozen=True, eq=False)
class Sample(Expression):
    """One row of a matrix of samples, as a column: ``x_s`` of ``X``.

    Parameters
    ----------
    base : Variable
        The matrix, a row for each sample.
    index : Index
        Which sample.
    column : Variable
        How the column is called: the variable of one sample.
    """

    base: Variable
    index: Index
    column: Variable

    @cached_property
    def shape(self) -> Shape:
        """A column as long as the rows of the base."""
        return Shape(self.base.shape.columns, 1)


@final
@dataclass(frozen=True, eq=False)
class IndexSum(Expression):
    """The sum of a body over an index, which may leave one value of it out.

    Parameters
    ----------
    index : Index
        What is summed over.
    body : Expression
        The terms.
    other_than : Index, optional
        The value that is left out: ``Σ_{j ≠ i}``.
    """

    index: Index
    body: Expression
    other_than: Index | None = None

    @cached_property
    def shape(self) -> Shape:
        """The shape of the body."""
        return self.body.shape


@final
@dataclass(frozen=True, eq=False)
class Kronecker(Expression):
    """``δ_ij``: one where two indices agree, else zero."""

    left: Index
    right: Index

    @cached_property
    def shape(self) -> Shape:
        """A scalar."""
        return SCALAR


@final
@dataclass(frozen=True, eq=False)
class SquaredNorm(Expression):
    """``‖A‖²``: the sum of the squares of all entries."""

    operand: Expression

    @cached_property
    def shape(self) -> Shape:
        """A scalar."""
        return SCALAR


@final
@dataclass(frozen=True, eq=False)
class LayerSum(Expression):
    """A sum over the layers, written once for the layer ``l``.

    Parameters
    ----------
    body : Expression
        How a term is written, with variables of the layer ``l``.
    terms : tuple of Expression
        The terms themselves, of the layers 1 to L.
    """

    body: Expression
    terms: tuple[Expression, ...]

    @cached_property
    def shape(self) -> Shape:
        """The shape of a term."""
        return self.body.shape


@final
@dataclass(frozen=True, eq=False)
class Derivative(Expression):
    """``∂ of / ∂ by``, in a layout.

    ``by`` is a variable, an entry of one, or a sample; what follows from it moves with it.
    """

    of: Expression
    by: Expression
    layout: Layout = Layout.MIXED

    @cached_property
    def shape(self) -> Shape:
        """What the layout makes of the two shapes."""
        above, below = self.of.shape, self.by.shape
        if above.is_scalar and below.is_scalar:
            return SCALAR
        if not above.is_vector or not (above.is_scalar or below.is_vector):
            raise ShapeError("derivative", above, below, "write it entry by entry")
        by_column = below.columns == 1 and not below.is_scalar
        if self.layout is Layout.NUMERATOR or (self.layout is Layout.MIXED and by_column):
            return Shape(above.rows, below.rows) if by_column else self._of(above, below)
        return Shape(below.rows, above.rows) if by_column else self._by(above, below)

    @staticmethod
    def _of(above: Shape, below: Shape) -> Shape:
        return above if below.is_scalar else below.transposed

    def _by(self, above: Shape, below: Shape) -> Shape:
        if not below.is_scalar:
            return below
        return above if self.layout is Layout.MIXED else above.transposed

    @property
    def variable(self) -> Variable:
        """The quantity whose entries move."""
        base = self.by.base if isinstance(self.by, Entry | Sample) else self.by
        if isinstance(base, Sample):
            base = base.base
        if not isinstance(base, Variable):
            raise ShapeError("derivative", self.by.shape, "a variable or an entry of one")
        return base


def delta(left: Index, right: Index) -> Kronecker:
    """Write ``δ_ij`` with its indices in the order of the alphabet."""
    return Kronecker(*sorted((left, right), key=lambda index: index.letter))


def _own_indices(node: Expression) -> tuple[Index, ...]:
    match node:
        case Entry():
            return node.indices
        case Sample():
            return (node.index,)
        case Kronecker():
            return node.left, node.right
        case IndexSum():
            return () if node.other_than is None else (node.other_than,)
    return ()


def free_indices(expression: Expression) -> frozenset[Index]:
    """Collect the indices of an expression that no sum binds.

    Examples
    --------
    >>> from chainrule.calculus import Size
    >>> i = Index("i", Size("n"))
    >>> y = Variable("y", Shape(Size("n"), 1))
    >>> [index.letter for index in free_indices(Entry(y, (i,)))]
    ['i']
    >>> free_indices(IndexSum(i, Entry(y, (i,))))
    frozenset()
    """
    found = frozenset(_own_indices(expression))
    below = frozenset[Index]().union(*map(free_indices, expression.children))
    if isinstance(expression, IndexSum):
        below -= {expression.index}
    return found | below


def rebuilt(node: Expression, children: Mapping[Expression, Expression]) -> Expression:
    """Build a node anew with other operands; those not named stay."""

    def new(value: object) -> object:
        if isinstance(value, tuple):
            return tuple(map(new, value))
        return children.get(value, value) if isinstance(value, Expression) else value

    if all(child is children.get(child, child) for child in node.children):
        return node
    names = node.__dataclass_fields__  # type: ignore[attr-defined]
    return type(node)(*(new(getattr(node, name)) for name in names))


def reindexed(expression: Expression, new: Mapping[Index, Index]) -> Expression:
    """Write other indices for the free ones of an expression.

    Examples
    --------
    >>> from chainrule.calculus import Size, to_text
    >>> i, j = Index("i", Size("n")), Index("j", Size("n"))
    >>> y = Variable("y", Shape(Size("n"), 1))
    >>> to_text(reindexed(Entry(y, (i,)), {i: j}))
    'y_j'
    """
    if isinstance(expression, IndexSum):
        new = {old: index for old, index in new.items() if old != expression.index}
    children = {child: reindexed(child, new) for child in expression.children}
    node = rebuilt(expression, children)
    match node:
        case Entry():
            return replace(node, indices=tuple(new.get(index, index) for index in node.indices))
        case Sample():
            return replace(node, index=new.get(node.index, node.index))
        case Kronecker():
            return delta(new.get(node.left, node.left), new.get(node.right, node.right))
        case IndexSum() if node.other_than is not None:
            return replace(node, other_than=new.get(node.other_than, node.other_than))
    return node


def indices_in(expression: Expression) -> Iterator[Index]:
    """Yield every index of an expression, free or bound."""
    for node in expression.walk():
        yield from _own_indices(node)
        if isinstance(node, IndexSum):
            yield node.index


def variables(expression: Expression) -> Iterator[Variable]:
    """Yield the variables whose values an expression needs, as often as they stand in it."""
    match expression:
        case Variable():
            yield expression
        case Sample():
            yield expression.base
        case LayerSum():
            for term in expression.terms:
                yield from variables(term)
        case _:
            for child in expression.children:
                yield from variables(child)
