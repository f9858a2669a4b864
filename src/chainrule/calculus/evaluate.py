"""The value of an expression on NumPy arrays, real or complex.

Arrays are strictly two-dimensional in their last two axes; any axes before them are a stack, so
that one expression for a sample serves a batch (a stack of samples), and one for a matrix serves a
stack of perturbed matrices.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import TypeAlias, final

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.curvature import KroneckerProduct
from chainrule.calculus.function import Apply, Function, y, z
from chainrule.calculus.index_axes import IndexAxes
from chainrule.calculus.indexed import (
    Derivative,
    Entry,
    Index,
    IndexSum,
    Kronecker,
    LayerSum,
    Sample,
    SquaredNorm,
    indices_in,
    variables,
)
from chainrule.calculus.nodes import (
    ColumnSums,
    Constant,
    Diag,
    Expression,
    Hadamard,
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
from chainrule.calculus.shapes import Dimension, Shape, Size
from chainrule.errors import ShapeError, UnknownNameError

__all__ = ["Moved", "derivatives", "evaluate", "values"]


@final
@dataclass(frozen=True)
class Moved:
    """All quantities with the entries of one moved a little in the imaginary direction.

    Parameters
    ----------
    known : mapping of Expression to array
        Every quantity, ``(…, N, rows, columns)``: in the k-th of N, the k-th entry has moved, and
        what follows from it with it. One that does not follow may have length 1 in place of N.
    step : float
        How far.
    """

    known: Mapping[Expression, Array]
    step: float


#: Gives the moved quantities for a variable; what a `Derivative` is evaluated from.
Moves: TypeAlias = Callable[[Variable], Moved]


def evaluate(
    expression: Expression,
    known: Mapping[Expression, Array],
    *,
    moves: Moves | None = None,
    indices: tuple[Index, ...] | None = None,
    sizes: Mapping[Size, int] | None = None,
) -> Array:
    """Evaluate an expression.

    Parameters
    ----------
    expression : Expression
        What to evaluate.
    known : mapping of Expression to array
        The arrays that its variables stand for, each ``(…, rows, columns)``. Any other
        subexpression may be given too and is then not computed: this is how a numerically stable
        ``log y`` takes the place of the logarithm of a rounded ``y``.
    moves : callable, optional
        The moved quantities for a variable; derivatives are evaluated from them, by their slopes.
    indices : tuple of Index, optional
        The indices to which the result has axes, with those of the expression among them; by
        default those of the expression, by their letters.
    sizes : mapping of Size to int, optional
        Sizes that no array of `known` shows.

    Returns
    -------
    array
        The value, ``(…, rows, columns)``, in the floating-point type of what is known; before the
        rows, an axis for each index, of length one where nothing changes along it.

    Raises
    ------
    ShapeError
        If an array does not have the shape of what it stands for, or two symbols for one size
        disagree.
    UnknownNameError
        If a variable has no array.

    Examples
    --------
    >>> import numpy as np
    >>> from chainrule.calculus import Shape, Size, Variable
    >>> n = Size("n")
    >>> x = Variable("x", Shape(n, 1))
    >>> evaluate(x.T @ x, {x: np.array([[3.0], [4.0]])})
    array([[25.]])
    """
    if indices is None:
        found = {index: index.letter for index in indices_in(expression)}
        indices = tuple(sorted(found, key=lambda index: (index.letter, str(index.size))))
    return _Evaluation.of(known, IndexAxes(indices), moves, sizes)(expression)


def values(function: Function, arguments: Array) -> Array:
    """Evaluate an elementwise function, stably where it says how.

    Examples
    --------
    >>> import numpy as np
    >>> from chainrule.functions import LOGISTIC
    >>> values(LOGISTIC, np.array([-1e4, 0.0, 1e4]))
    array([0. , 0.5, 1. ])
    """
    if function.evaluate is not None:
        return function.evaluate(arguments)
    if function.value is None:
        raise TypeError(f"function {function.name!r} has no definition")
    results = evaluate(function.value, {z: arguments[..., None, None]})[..., 0, 0]
    # a constant function has one value for all arguments
    return results if results.shape == arguments.shape else np.full_like(arguments, results)


def derivatives(function: Function, arguments: Array, results: Array) -> Array:
    """Evaluate the derivative of an elementwise function.

    Parameters
    ----------
    function : Function
        The function f.
    arguments : array
        Where: z, of any shape.
    results : array
        ``f(z)``, of the same shape, since most derivatives are formulas in it.

    Returns
    -------
    array
        ``f'(z)``.

    Examples
    --------
    >>> import numpy as np
    >>> from chainrule.functions import TANH
    >>> derivatives(TANH, np.array([0.0]), np.array([0.0]))
    array([1.])
    """
    stack: dict[Expression, Array] = {
        z: arguments[..., None, None],
        y: results[..., None, None],
    }
    slope = evaluate(function.derivative, stack)[..., 0, 0]
    return np.broadcast_to(slope, arguments.shape)


@final
@dataclass
class _Evaluation:
    """One evaluation: the values found so far and the sizes that the arrays bind."""

    results: dict[Expression, Array]
    sizes: dict[Size, int] = field(default_factory=dict)
    dtype: np.dtype[np.generic] = field(default_factory=lambda: np.dtype(np.float64))
    axes: IndexAxes = field(default_factory=lambda: IndexAxes(()))
    moves: Moves | None = None

    @classmethod
    def of(
        cls,
        known: Mapping[Expression, Array],
        axes: IndexAxes,
        moves: Moves | None,
        sizes: Mapping[Size, int] | None,
    ) -> "_Evaluation":
        evaluation = cls({}, dict(sizes or {}), axes=axes, moves=moves)
        for expression, array in known.items():
            evaluation._bind(expression, array)
            evaluation.results[expression] = axes.spread(array)
        if known:
            evaluation.dtype = _inexact(np.result_type(*known.values()))
        return evaluation

    def _bind(self, expression: Expression, array: Array) -> None:
        if array.ndim < 2:
            got = " × ".join(map(str, array.shape)) or "a bare number"
            raise ShapeError(f"value of {_name(expression)}", expression.shape, got)
        expected = (expression.shape.rows, expression.shape.columns)
        for dimension, length in zip(expected, array.shape[-2:], strict=True):
            bound = dimension if isinstance(dimension, int) else self._size(dimension, length)
            if bound != length:
                got = f"{array.shape[-2]} × {array.shape[-1]}"
                hint = "" if isinstance(dimension, int) else f"{dimension} is {bound} elsewhere"
                raise ShapeError(f"value of {_name(expression)}", expression.shape, got, hint)

    def _size(self, size: Size, length: int) -> int:
        return self.sizes.setdefault(size, length)

    def _extent(self, shape: Shape) -> tuple[int, int]:
        return self._length(shape.rows), self._length(shape.columns)

    def _length(self, dimension: Dimension) -> int:
        if isinstance(dimension, int):
            return dimension
        if dimension not in self.sizes:
            raise UnknownNameError("known size", str(dimension), map(str, self.sizes))
        return self.sizes[dimension]

    def __call__(self, node: Expression) -> Array:
        if node not in self.results:
            self.results[node] = self._compute(node)
        return self.results[node]

    def _compute(self, node: Expression) -> Array:
        match node:
            case Variable():
                variables = [known for known in self.results if isinstance(known, Variable)]
                raise UnknownNameError("value for", _name(node), map(_name, variables))
            case Constant():
                return np.full(self._extent(node.shape), float(node.value), self.dtype)
            case Ones():
                return np.ones(self._extent(node.shape), self.dtype)
            case Sum():
                return reduce(np.add, map(self, node.terms))
            case Negative():
                return np.negative(self(node.operand))
            case Product():
                return self._product(node)
            case Hadamard():
                return reduce(np.multiply, map(self, node.factors))
            case Quotient():
                return np.divide(self(node.numerator), self(node.denominator))
            case Power():
                return np.power(self(node.base), node.exponent)
            case Apply():
                return values(node.function, self(node.operand))
            case Entry() | Sample() | IndexSum() | Kronecker() | Derivative():
                return self._indexed(node)
            case _:
                return self._rearranged(node)

    def _indexed(self, node: Expression) -> Array:
        match node:
            case Entry():
                return self.axes.entry(self(node.base), node.indices)
            case Sample():
                return self.axes.sample(self(node.base), node.index)
            case IndexSum():
                length = self._length(node.index.size)
                return self.axes.total(self(node.body), node.index, length, node.other_than)
            case Kronecker():
                return self.axes.kronecker(node.left, node.right, self._length(node.left.size))
            case Derivative() if self.moves is not None:
                return self._derivative(node, self.moves(node.variable))
        raise TypeError(f"there is no evaluation of {type(node).__name__} without moves")

    def _derivative(self, node: Derivative, moved: Moved) -> Array:
        known: dict[Expression, Array] = {v: moved.known[v] for v in set(variables(node.of))}
        at_moved = _Evaluation.of(known, self.axes, None, self.sizes)
        slopes = np.imag(self.axes.full(at_moved(node.of))) / moved.step
        rows, columns = self._extent(node.variable.shape)
        n_axes = len(self.axes.indices) + 3
        if slopes.ndim < n_axes or slopes.shape[-n_axes] == 1:  # it does not move at all
            slopes = slopes * np.ones((rows * columns, *(1,) * (n_axes - 1)))
        return self.axes.derivative(node, slopes, (rows, columns))

    def _rearranged(self, node: Expression) -> Array:
        match node:
            case Transpose():
                return np.swapaxes(self(node.operand), -1, -2)
            case Diag():
                vector = self(node.operand)
                return _diagonal(vector.reshape(*vector.shape[:-2], -1))
            case RowSums():
                return np.sum(self(node.operand), axis=-1, keepdims=True)
            case ColumnSums():
                return np.sum(self(node.operand), axis=-2, keepdims=True)
            case Indicator():
                return (np.real(self(node.operand)) > 0).astype(self.dtype)
            case Select():
                positive = np.real(self(node.test)) > 0
                return np.where(positive, self(node.positive), self(node.otherwise))
            case SquaredNorm():
                operand = self(node.operand)
                return np.sum(operand * operand, axis=(-2, -1), keepdims=True)
            case LayerSum():
                return reduce(np.add, map(self, node.terms))
            case KroneckerProduct():
                left, right = self(node.left), self(node.right)
                product = left[..., :, None, :, None] * right[..., None, :, None, :]
                rows, columns = left.shape[-2] * right.shape[-2], left.shape[-1] * right.shape[-1]
                return product.reshape(*product.shape[:-4], rows, columns)
        raise TypeError(f"there is no evaluation of {type(node).__name__}")

    def _product(self, node: Product) -> Array:
        first, *rest = node.factors
        value, is_scalar = self(first), first.shape.is_scalar
        for factor in rest:
            scales = is_scalar or factor.shape.is_scalar
            value = value * self(factor) if scales else value @ self(factor)
            is_scalar = is_scalar and factor.shape.is_scalar
        return value


def _inexact(dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """Give whole numbers float64, since the constants beside them need not be whole."""
    return dtype if np.issubdtype(dtype, np.inexact) else np.dtype(np.float64)


def _diagonal(vectors: Array) -> Array:
    matrices = np.zeros((*vectors.shape, vectors.shape[-1]), vectors.dtype)
    index = np.arange(vectors.shape[-1])
    matrices[..., index, index] = vectors
    return matrices


def _name(expression: Expression) -> str:
    if not isinstance(expression, Variable):
        return type(expression).__name__
    return expression.name if expression.layer is None else f"{expression.name}({expression.layer})"
