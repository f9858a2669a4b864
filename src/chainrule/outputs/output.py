"""Output functions: what turns the last pre-activations into the network's answer.

An entry is written for one sample, ``z`` and ``y`` being columns of n entries, in the mixed layout:
a derivative by a vector is a row. The engines apply it to a batch, whose samples are rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias, final

from chainrule.arrays import Array
from chainrule.calculus.evaluate import values
from chainrule.calculus.function import Function, entrywise
from chainrule.calculus.function import y as y_entry
from chainrule.calculus.function import z as z_entry
from chainrule.calculus.nodes import Diag, Expression, Variable
from chainrule.calculus.shapes import Shape, Size

__all__ = ["Output", "Range", "RowFunction", "g", "y", "z"]

_n = Size("n")

#: The pre-activations of the last layer, a column.
z = Variable("z", Shape(_n, 1))
#: The output, a column.
y = Variable("y", Shape(_n, 1))
#: The derivative of the loss by the output, a row.
g = Variable("g", Shape(1, _n))

#: A function of arrays whose last axis runs over the n outputs.
RowFunction: TypeAlias = Callable[[Array], Array]


class Range(IntEnum):
    """Where outputs lie; each range contains the next."""

    REAL = 0
    POSITIVE = 1
    UNIT_INTERVAL = 2
    SIMPLEX = 3


@final
@dataclass(frozen=True)
class Output:
    """An output function.

    Parameters
    ----------
    name : str
        Its name in every interface and in the engines.
    latex, text : str
        How it is written.
    range : Range
        Where its values lie.
    value : Expression
        ``y`` as an expression in `z`.
    jacobian : Expression
        ``∂y/∂z``, n × n, in `z` and `y`.
    pullback : Expression
        ``∂E/∂z``, a row, from `g` = ``∂E/∂y``: the product ``g ∂y/∂z`` without the matrix.
    evaluate : callable
        The numerically stable value for the rows of an array.
    logarithms : mapping of Expression to callable
        Stable values, from ``z``, of logarithms that losses take of `y`.
    analytic : bool
        Whether the complex step may be used.
    clips_probabilities : bool
        Whether `logarithms` are those of outputs kept the machine epsilon away from 0 and 1.
    """

    name: str
    latex: str
    text: str
    range: Range
    value: Expression
    jacobian: Expression
    pullback: Expression
    evaluate: RowFunction = field(compare=False)
    logarithms: Mapping[Expression, RowFunction] = field(default_factory=dict, compare=False)
    analytic: bool = True
    clips_probabilities: bool = field(default=False, compare=False)

    @classmethod
    def of(
        cls,
        function: Function,
        *,
        name: str = "",
        range: Range,
        logarithms: Mapping[Expression, RowFunction] | None = None,
    ) -> "Output":
        """Make an output of an elementwise function, whose Jacobian is diagonal."""
        slope = entrywise(function.derivative, {z_entry: z, y_entry: y})
        return cls(
            name=name or function.name,
            latex=function.latex,
            text=function.text,
            range=range,
            value=function(z),
            jacobian=Diag(slope),
            pullback=g * slope.T,
            evaluate=lambda rows: values(function, rows),
            logarithms=logarithms or {},
            analytic=function.analytic,
        )
