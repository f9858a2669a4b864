"""Random well-shaped expressions, each with its value written in NumPy alone.

`meanings` draws a `Meaning`: an expression, and a function that computes what it ought to be worth
without the calculus. Variables lie between 0.5 and 1.5 in size, so that they may be divided by and
no sign hangs on rounding.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from hypothesis import strategies as st

from chainrule.arrays import Array
from chainrule.calculus import (
    ColumnSums,
    Constant,
    Diag,
    Dimension,
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
    Shape,
    Size,
    Sum,
    Transpose,
    Variable,
)
from chainrule.calculus.primitives import exp
from chainrule.functions import LOGISTIC, TANH

DIMENSIONS: tuple[Dimension, ...] = (1, Size("n", 0), Size("n", 1), Size("m"))
SHAPES = tuple(Shape(rows, columns) for rows in DIMENSIONS for columns in DIMENSIONS)
# One letter a shape, of those that mean nothing else when read (e is the base of exponentials).
LETTERS = dict(zip(SHAPES, "abcdfghijklopqrs", strict=True))
VARIABLES = tuple(
    Variable(letter, shape, layer) for shape, letter in LETTERS.items() for layer in (None, 1, 2)
)

Arrays: TypeAlias = Mapping[Expression, Array]
Value: TypeAlias = Callable[[Arrays], Array]


@dataclass(frozen=True)
class Meaning:
    """An expression and its value from the arrays of its variables."""

    expression: Expression
    value: Value

    @property
    def shape(self) -> Shape:
        return self.expression.shape


def extents(shape: Shape, lengths: Mapping[Dimension, int]) -> tuple[int, int]:
    return lengths[shape.rows], lengths[shape.columns]


def arrays_for(
    lengths: Mapping[Dimension, int], seed: int, stack: tuple[int, ...] = ()
) -> dict[Expression, Array]:
    """Draw an array for every variable."""
    rng = np.random.default_rng(seed)
    shapes = {v: (*stack, *extents(v.shape, lengths)) for v in VARIABLES}
    return {
        v: rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape)
        for v, shape in shapes.items()
    }


def length_maps(smallest: int = 1) -> st.SearchStrategy[dict[Dimension, int]]:
    """Draw a length for every size."""
    some = st.integers(smallest, 4)
    return st.tuples(some, some, some).map(lambda t: dict(zip(DIMENSIONS, (1, *t), strict=True)))


def distributes(value: Value, like: Value) -> Value:
    """Give a numeral or a bold 1 the shape of what stands beside it."""
    return lambda arrays: np.broadcast_to(value(arrays), like(arrays).shape)


def variables(shape: Shape) -> st.SearchStrategy[Meaning]:
    named = [v for v in VARIABLES if v.shape == shape]
    return st.sampled_from(named).map(lambda v: Meaning(v, lambda arrays: arrays[v]))


def numerals(shape: Shape) -> st.SearchStrategy[Meaning]:
    numbers = st.sampled_from([1, 2, 0.5, -3, 1e-7])
    made = numbers.map(
        lambda n: Meaning(Constant(n, shape), lambda arrays: np.full((1, 1), float(n)))
    )
    return made if shape.is_scalar else made | st.just(ones(shape))


def ones(shape: Shape) -> Meaning:
    return Meaning(Ones(shape), lambda arrays: np.ones((1, 1)))


@st.composite
def meanings(draw: st.DrawFn, shape: Shape | None = None, depth: int = 3) -> Meaning:
    """Draw an expression of a shape."""
    shape = draw(st.sampled_from(SHAPES)) if shape is None else shape
    if depth == 0:
        return draw(variables(shape))
    rule = draw(st.sampled_from([*EVERYWHERE, *_only(shape)]))
    return rule(draw, shape, depth - 1)


Rule: TypeAlias = Callable[[st.DrawFn, Shape, int], Meaning]


def _only(shape: Shape) -> list[Rule]:
    """List the rules that make some shapes only."""
    rules: list[Rule] = []
    if shape.columns == 1:
        rules += [_row_sums, _by_ones]
    if shape.rows == 1:
        rules += [_column_sums]
    if shape.rows == shape.columns:
        rules += [_diag]
    return rules


def _leaf(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    return draw(variables(shape))


def _sum(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a, b = draw(meanings(shape, depth)), draw(meanings(shape, depth))
    n = draw(numerals(shape))
    kind = draw(st.sampled_from(["sum", "difference", "numeral first", "all"]))
    if kind == "sum":
        return Meaning(Sum((a.expression, b.expression)), lambda k: a.value(k) + b.value(k))
    if kind == "difference":
        return Meaning(a.expression - b.expression, lambda k: a.value(k) - b.value(k))
    if kind == "numeral first":
        return Meaning(Sum((n.expression, a.expression)), lambda k: n.value(k) + a.value(k))
    return Meaning(
        Sum((a.expression, Negative(b.expression), n.expression)),
        lambda k: a.value(k) - b.value(k) + n.value(k),
    )


def _negative(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a = draw(meanings(shape, depth))
    return Meaning(Negative(a.expression), lambda k: -a.value(k))


def _product(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    inner = draw(st.sampled_from(DIMENSIONS))
    a = draw(meanings(Shape(shape.rows, inner), depth))
    b = draw(meanings(Shape(inner, shape.columns), depth))
    scalar_beside_matrix = a.shape.is_scalar or b.shape.is_scalar
    value: Value = (
        (lambda k: a.value(k) * b.value(k))
        if scalar_beside_matrix
        else (lambda k: a.value(k) @ b.value(k))
    )
    nested = draw(st.booleans()) and not scalar_beside_matrix
    made = Product((a.expression, b.expression)) if nested else a.expression @ b.expression
    return Meaning(made, value)


def _scaled(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    scalar = Shape(1, 1)
    c = draw(meanings(scalar, depth) | numerals(scalar))
    a = draw(meanings(shape, depth))
    made = draw(st.sampled_from([c.expression * a.expression, a.expression * c.expression]))
    return Meaning(made, lambda k: c.value(k) * a.value(k))


def _hadamard(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a, b = draw(meanings(shape, depth)), draw(meanings(shape, depth) | numerals(shape))
    return Meaning(Hadamard((a.expression, b.expression)), lambda k: a.value(k) * b.value(k))


def _quotient(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a = draw(meanings(shape, depth) | numerals(shape))
    b = draw(variables(shape))
    square = draw(st.booleans())
    divisor = Power(b.expression, 2) if square else b.expression
    value = distributes(a.value, b.value)
    return Meaning(
        Quotient(a.expression, divisor), lambda k: value(k) / b.value(k) ** (2 if square else 1)
    )


def _by_scalar(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a, c = draw(meanings(shape, depth)), draw(variables(Shape(1, 1)))
    return Meaning(Quotient(a.expression, c.expression), lambda k: a.value(k) / c.value(k))


def _power(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    exponent = draw(st.sampled_from([0, 1, 2, 3]))
    a = draw(meanings(shape, depth))
    return Meaning(Power(a.expression, exponent), lambda k: a.value(k) ** exponent)


def _reciprocal(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a = draw(variables(shape))
    return Meaning(a.expression**-1, lambda k: 1 / a.value(k))


def _transpose(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a = draw(meanings(shape.transposed, depth))
    made = draw(st.sampled_from([Transpose(a.expression), a.expression.T]))
    return Meaning(made, lambda k: np.swapaxes(a.value(k), -1, -2))


def _apply(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a = draw(meanings(shape, depth))
    function, compute = draw(
        st.sampled_from([(LOGISTIC, lambda v: 0.5 + np.tanh(v / 2) / 2), (TANH, np.tanh)])
    )
    return Meaning(function(a.expression), lambda k: compute(a.value(k)))


def _exponential(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a = draw(variables(shape))
    return Meaning(exp(Negative(a.expression)), lambda k: np.exp(-a.value(k)))


def _indicator(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a, b = draw(variables(shape)), draw(variables(shape))
    difference = a.expression - b.expression
    return Meaning(Indicator(difference), lambda k: 1.0 * (a.value(k) - b.value(k) > 0))


def _select(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    test, a, b = draw(variables(shape)), draw(meanings(shape, depth)), draw(variables(shape))
    return Meaning(
        Select(test.expression, a.expression, b.expression),
        lambda k: np.where(test.value(k) > 0, a.value(k), b.value(k)),
    )


def _row_sums(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a = draw(meanings(Shape(shape.rows, draw(st.sampled_from(DIMENSIONS))), depth))
    return Meaning(RowSums(a.expression), lambda k: a.value(k).sum(axis=-1, keepdims=True))


def _by_ones(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    inner = draw(st.sampled_from(DIMENSIONS[1:]))
    a = draw(meanings(Shape(shape.rows, inner), depth))
    made = Product((a.expression, Ones(Shape(inner, 1))))
    return Meaning(made, lambda k: a.value(k).sum(axis=-1, keepdims=True))


def _column_sums(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    a = draw(meanings(Shape(draw(st.sampled_from(DIMENSIONS)), shape.columns), depth))
    return Meaning(ColumnSums(a.expression), lambda k: a.value(k).sum(axis=-2, keepdims=True))


def _diag(draw: st.DrawFn, shape: Shape, depth: int) -> Meaning:
    vector = draw(st.sampled_from([Shape(shape.rows, 1), Shape(1, shape.rows)]))
    a = draw(meanings(vector, depth))

    def value(arrays: Arrays) -> Array:
        entries = a.value(arrays)
        flat = entries.reshape(*entries.shape[:-2], -1)
        return flat[..., None] * np.eye(flat.shape[-1])

    return Meaning(Diag(a.expression), value)


EVERYWHERE: tuple[Rule, ...] = (
    _leaf,
    _sum,
    _negative,
    _product,
    _scaled,
    _hadamard,
    _quotient,
    _by_scalar,
    _power,
    _reciprocal,
    _transpose,
    _apply,
    _exponential,
    _indicator,
    _select,
)
