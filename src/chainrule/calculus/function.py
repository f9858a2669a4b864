"""Elementwise functions: a formula, its derivative and its names in one entry.

The formula and the derivative are scalar expressions in the placeholders `z` (the argument) and
`y` (the value), since most derivatives in use are shortest in terms of the value, such as
``σ' = y (1 - y)``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import final

from chainrule.arrays import Array
from chainrule.calculus.nodes import (
    Constant,
    Expression,
    Hadamard,
    Indicator,
    Negative,
    Power,
    Product,
    Quotient,
    Select,
    Sum,
    Variable,
)
from chainrule.calculus.shapes import Shape

__all__ = ["Apply", "Function", "entrywise", "y", "z"]

#: The argument of an elementwise function.
z = Variable("z")
#: Its value.
y = Variable("y")


@final
@dataclass(frozen=True)
class Function:
    """An elementwise function and its derivative.

    Parameters
    ----------
    name : str
        Its name in every interface and in the engines.
    latex, text : str
        How it is written; ``%s`` marks the place of the argument, which otherwise follows in
        parentheses.
    derivative : Expression
        The derivative, a scalar expression in `z` and `y`.
    value : Expression, optional
        The definition, a scalar expression in `z`; None for a primitive, which `evaluate` defines.
    evaluate : callable, optional
        The numerically stable evaluation over an array of any shape. It keeps the dtype and accepts
        complex numbers, branching on the real part. Without it the definition is evaluated.
    analytic : bool
        Whether the complex step may be used.

    Examples
    --------
    >>> from chainrule.calculus import to_text
    >>> from chainrule.functions import LOGISTIC
    >>> to_text(LOGISTIC.value), to_text(LOGISTIC.derivative)
    ('1/(1 + exp(-z))', 'y (1 - y)')
    """

    name: str
    latex: str
    text: str
    derivative: Expression
    value: Expression | None = None
    evaluate: Callable[[Array], Array] | None = field(default=None, compare=False)
    analytic: bool = True

    def __post_init__(self) -> None:
        if self.value is None and self.evaluate is None:
            raise ValueError(f"function {self.name!r} has neither a definition nor an evaluation")

    def __call__(self, operand: Expression) -> "Apply":
        """Apply the function to every entry of an expression."""
        return Apply(self, operand)


@final
@dataclass(frozen=True, eq=False)
class Apply(Expression):
    """An elementwise function of an expression, such as ``σ(z^{(1)})``."""

    function: Function
    operand: Expression

    @cached_property
    def shape(self) -> Shape:
        """The shape of the operand."""
        return self.operand.shape


def entrywise(formula: Expression, arguments: Mapping[Variable, Expression]) -> Expression:
    """Write a scalar formula for every entry of vectors or matrices.

    Scalar products become elementwise ones, and numerals multiples of ones.

    Parameters
    ----------
    formula : Expression
        A scalar expression.
    arguments : mapping
        What stands for each of its variables; all of one shape.

    Returns
    -------
    Expression
        The formula over that shape.

    Examples
    --------
    >>> from chainrule.calculus import Shape, Size, to_text
    >>> v = Variable("y", Shape(Size("n", 1), 1), layer=1)
    >>> to_text(entrywise(y * (1 - y), {y: v}))
    'y(1) ∘ (1 - y(1))'
    """
    shape = next(iter(arguments.values())).shape

    def over(node: Expression) -> Expression:
        match node:
            case Variable():
                return arguments[node]
            case Constant():
                return Constant(node.value, shape, node.latex, node.text)
            case Sum():
                return Sum(tuple(map(over, node.terms)))
            case Product() if isinstance(node.factors[0], Constant) and not shape.is_scalar:
                return _scaled(node.factors[0], [over(factor) for factor in node.factors[1:]])
            case Product():
                return _times([over(factor) for factor in node.factors])
            case Negative():
                return Negative(over(node.operand))
            case Quotient():
                return Quotient(over(node.numerator), over(node.denominator))
            case Power():
                return Power(over(node.base), node.exponent)
            case Indicator():
                return Indicator(over(node.operand))
            case Select():
                return Select(over(node.test), over(node.positive), over(node.otherwise))
            case Apply():
                return Apply(node.function, over(node.operand))
        raise TypeError(f"{type(node).__name__} does not act entry by entry")

    return over(formula)


def _times(factors: list[Expression]) -> Expression:
    if factors[0].shape.is_scalar:
        return Product(tuple(factors))
    return Hadamard(tuple(factors)) if len(factors) > 1 else factors[0]


def _scaled(scalar: Constant, factors: list[Expression]) -> Expression:
    return Product((scalar, _times(factors)))
