"""From matrices to indices and back.

`entry` writes one entry of a matrix expression as a scalar in entries of its variables, with sums
over indices where there are matrix products; `collected` puts such entries together again.
"""

from dataclasses import replace

from chainrule.calculus.function import Apply
from chainrule.calculus.indexed import (
    Derivative,
    Entry,
    Index,
    IndexSum,
    Kronecker,
    Sample,
    SquaredNorm,
    free_indices,
    rebuilt,
    reindexed,
)
from chainrule.calculus.nodes import (
    ColumnSums,
    Constant,
    Diag,
    Expression,
    Indicator,
    Negative,
    Ones,
    Power,
    Product,
    Quotient,
    RowSums,
    Select,
    Sum,
    Transpose,
    Variable,
)
from chainrule.calculus.shapes import SCALAR, Dimension, Shape

__all__ = ["collected", "entry", "fresh_index"]

_LETTERS = "kjpqrabcd"


def fresh_index(size: Dimension, used: frozenset[Index]) -> Index:
    """Make an index whose letter is not in use."""
    letters = {index.letter for index in used}
    return Index(next(letter for letter in _LETTERS if letter not in letters), size)


def entry(
    expression: Expression,
    row: Index | None = None,
    column: Index | None = None,
    used: frozenset[Index] = frozenset(),
) -> Expression:
    """Write one entry of a matrix expression in entries of its variables.

    Parameters
    ----------
    expression : Expression
        The matrix, vector or scalar.
    row, column : Index, optional
        Which entry; None along an axis of length one.
    used : frozenset of Index
        Indices whose letters a sum must not take.

    Returns
    -------
    Expression
        A scalar.

    Examples
    --------
    >>> from chainrule.calculus import Shape, Size, Variable, to_text
    >>> n, k = Size("n", 1), Size("n", 0)
    >>> W, x = Variable("W", Shape(n, k)), Variable("x", Shape(k, 1))
    >>> to_text(entry(W @ x, Index("u", n)))
    'Σ_k W_uk x_k'
    """
    used = used | {index for index in (row, column) if index is not None}
    match expression:
        case Variable() | Sample() | Derivative():
            return _named(expression, row, column)
        case Constant():
            return Constant(expression.value, SCALAR, expression.latex, expression.text)
        case Ones():
            return Constant(1)
        case Transpose():
            return entry(expression.operand, column, row, used)
        case Diag():
            return _on_diagonal(expression, row, column, used)
        case Product():
            return _product(list(expression.factors), row, column, used)
        case RowSums() | ColumnSums() | SquaredNorm():
            return _sums(expression, row, column, used)
        case Quotient() if expression.denominator.shape.is_scalar:
            below = entry(expression.denominator, used=used)
            return Quotient(entry(expression.numerator, row, column, used), below)
    over = [entry(child, row, column, used) for child in expression.children]
    return _entrywise(expression, over)


def _named(expression: Expression, row: Index | None, column: Index | None) -> Expression:
    indices = tuple(index for index in (row, column) if index is not None)
    return Entry(expression, indices) if indices else expression


def _entrywise(expression: Expression, over: list[Expression]) -> Expression:
    match expression:
        case Sum():
            return Sum(tuple(over))
        case Negative() | Power() | Apply() | Indicator() | Quotient() | Select():
            return rebuilt(expression, dict(zip(expression.children, over, strict=True)))
    return Product(tuple(over))


def _on_diagonal(
    expression: Diag, row: Index | None, column: Index | None, used: frozenset[Index]
) -> Expression:
    vector = expression.operand
    if row is None or column is None:
        return entry(vector, used=used)
    value = entry(vector, row, used=used) if vector.shape.columns == 1 else entry(vector, None, row)
    return value * Kronecker(row, column)


def _product(
    factors: list[Expression], row: Index | None, column: Index | None, used: frozenset[Index]
) -> Expression:
    scalars = [entry(f, used=used) for f in factors if f.shape.is_scalar]
    matrices = [f for f in factors if not f.shape.is_scalar]
    if not matrices:
        return _times(scalars)
    sums: list[Index] = []
    entries: list[Expression] = []
    left = row
    for position, factor in enumerate(matrices):
        if position == len(matrices) - 1:
            right = column
        elif factor.shape.columns == 1:
            right = None
        else:
            right = fresh_index(factor.shape.columns, used)
            used = used | {right}
            sums.append(right)
        entries.append(entry(factor, left, right, used))
        left = right
    result = _times(entries)
    for index in reversed(sums):
        result = IndexSum(index, result)
    return _times([*scalars, result])


def _times(factors: list[Expression]) -> Expression:
    kept = [f for f in factors if not (isinstance(f, Constant) and f.value == 1)] or [Constant(1)]
    if len(kept) == 2 and kept[0] == kept[1]:
        return kept[0] ** 2
    result = kept[0]
    for factor in kept[1:]:
        result = result * factor
    return result


def _sums(
    expression: RowSums | ColumnSums | SquaredNorm,
    row: Index | None,
    column: Index | None,
    used: frozenset[Index],
) -> Expression:
    inner = expression.operand
    rows, columns = row, column
    sums = []
    if not isinstance(expression, RowSums):
        rows = None if inner.shape.rows == 1 else fresh_index(inner.shape.rows, used)
        used, sums = used | ({rows} if rows else set()), [rows]
    if not isinstance(expression, ColumnSums):
        columns = None if inner.shape.columns == 1 else fresh_index(inner.shape.columns, used)
        used, sums = used | ({columns} if columns else set()), [*sums, columns]
    result = entry(inner, rows, columns, used)
    result = result**2 if isinstance(expression, SquaredNorm) else result
    for index in reversed(sums):
        result = result if index is None else IndexSum(index, result)
    return result


def collected(expression: Expression, row: Index, column: Index | None = None) -> Expression:
    """Put entries together: to a column, or to a matrix where there are two indices.

    Parameters
    ----------
    expression : Expression
        A scalar with the free indices.
    row, column : Index
        What runs over the rows and over the columns of the result.

    Returns
    -------
    Expression
        The matrix of which `expression` is an entry.

    Examples
    --------
    >>> from chainrule.calculus import Shape, Size, Variable, to_text
    >>> i, j = Index("i", Size("n")), Index("j", Size("n"))
    >>> y = Variable("y", Shape(Size("n"), 1))
    >>> to_text(collected(Entry(y, (i,)) * (1 - Entry(y, (i,))), i))
    'y ∘ (1 - y)'
    >>> to_text(collected(Entry(y, (j,)) * Kronecker(i, j) - Entry(y, (i,)) * Entry(y, (j,)), i, j))
    'diag(y) - y yᵀ'
    """
    return _Collection(row, column).matrix(expression)


class _Collection:
    """Where the rows and the columns of the result come from."""

    def __init__(self, row: Index, column: Index | None) -> None:
        self.row, self.column = row, column
        self.shape = Shape(row.size, 1 if column is None else column.size)

    def matrix(self, node: Expression) -> Expression:
        if isinstance(node, Sum):
            return Sum(tuple(map(self.matrix, node.terms)))
        if isinstance(node, Negative):
            return -self.matrix(node.operand)
        if self.column is None:
            return self.column_of(node, self.row)
        return self._outer(node, self.column)

    def _outer(self, node: Expression, column: Index) -> Expression:
        factors = list(node.factors) if isinstance(node, Product) else [node]
        deltas = [f for f in factors if isinstance(f, Kronecker)]
        if deltas:
            rest = _times([f for f in factors if not isinstance(f, Kronecker)])
            return Diag(self.column_of(reindexed(rest, {column: self.row}), self.row))
        scalars: list[Expression] = []
        rows: list[Expression] = []
        columns: list[Expression] = []
        for factor in factors:
            free = free_indices(factor)
            if self.row in free and column in free:
                return self._matrix_entry(factor, column)
            (rows if self.row in free else columns if column in free else scalars).append(factor)
        left = self.column_of(_times(rows), self.row)
        right = self.column_of(_times(columns), column)
        return _times([*map(whole, scalars), Product((left, right.T))])

    def _matrix_entry(self, node: Expression, column: Index) -> Expression:
        if isinstance(node, Entry) and node.indices == (self.row, column):
            return node.base
        if isinstance(node, Entry) and node.indices == (column, self.row):
            return node.base.T
        raise TypeError(f"entries of {type(node).__name__} do not make a matrix")

    def column_of(self, node: Expression, index: Index) -> Expression:
        shape = Shape(index.size, 1)
        if isinstance(node, Negative):
            return -self.column_of(node.operand, index)
        if index not in free_indices(node):
            scalar = whole(node)
            if isinstance(scalar, Constant):
                return Constant(scalar.value, shape, scalar.latex, scalar.text)
            return Product((scalar, Ones(shape)))
        match node:
            case Entry():
                return node.base if node.base.shape.columns == 1 else node.base.T
            case Derivative(by=Entry(indices=(_,)) as by):
                whole_vector = replace(node, by=by.base)
                is_column = whole_vector.shape.columns == 1
                return whole_vector if is_column else whole_vector.T
            case Product():
                return self._scaled(node, index)
            case Sum():
                return Sum(tuple(self.column_of(term, index) for term in node.terms))
            case IndexSum(index=inner, body=body, other_than=None):
                return self._matrix_product(index, inner, body)
            case Quotient() if index not in free_indices(node.denominator):
                return Quotient(self.column_of(node.numerator, index), whole(node.denominator))
        over = {child: self.column_of(child, index) for child in node.children}
        return rebuilt(node, over)

    def _scaled(self, node: Product, index: Index) -> Expression:
        along = [f for f in node.factors if index in free_indices(f)]
        scalars = [whole(f) for f in node.factors if index not in free_indices(f)]
        result = self.column_of(along[0], index)
        for factor in along[1:]:
            result = result * self.column_of(factor, index)
        return _times([*scalars, result])

    def _matrix_product(self, index: Index, inner: Index, body: Expression) -> Expression:
        factors = list(body.factors) if isinstance(body, Product) else [body]
        matrices = [f for f in factors if {index, inner} <= free_indices(f)]
        rest = [f for f in factors if f not in matrices]
        if len(matrices) != 1 or any(index in free_indices(f) for f in rest):
            raise TypeError("a sum of these terms is not a product of matrices")
        matrix = _Collection(index, inner)._matrix_entry(matrices[0], inner)
        return matrix @ self.column_of(_times(rest), inner)


def whole(node: Expression) -> Expression:
    """Write a scalar without free indices as products of matrices: ``Σ_j t_j`` as ``1ᵀ t``."""
    if isinstance(node, IndexSum) and node.other_than is None:
        factors = node.body.factors if isinstance(node.body, Product) else (node.body,)
        along = [f for f in factors if node.index in free_indices(f)]
        scalars = [whole(f) for f in factors if node.index not in free_indices(f)]
        columns = _Collection(node.index, None)
        if len(along) == 2:
            left, right = (columns.column_of(f, node.index) for f in along)
            return _times([*scalars, Product((left.T, right))])
        total = ColumnSums(columns.column_of(_times(along), node.index))
        return _times([*scalars, total])
    return rebuilt(node, {child: whole(child) for child in node.children})
