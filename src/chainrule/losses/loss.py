"""Losses: what a sample costs, as an expression in its output and its target.

An entry is written for one sample, ``y`` and ``t`` being columns of n entries, in the mixed layout:
a derivative by a vector is a row. A loss sums over the outputs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, final

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.function import Function, entrywise
from chainrule.calculus.function import y as y_entry
from chainrule.calculus.function import z as z_entry
from chainrule.calculus.nodes import ColumnSums, Expression, Variable
from chainrule.outputs.output import Range, y

__all__ = ["Loss", "ratio", "t", "y"]

#: The target, a column.
t = Variable("t", y.shape)

#: A stable value of a subexpression from the arrays of ``t`` and ``y``.
TargetFunction: TypeAlias = Callable[[Array, Array], Array]


@final
@dataclass(frozen=True)
class Loss:
    """The loss of one sample.

    Parameters
    ----------
    name : str
        Its name in every interface and in the engines.
    value : Expression
        ``ℓ(y, t)``, a scalar.
    by_output : Expression
        ``∂ℓ/∂y``, a row.
    by_target : Expression
        ``∂ℓ/∂t``, a row.
    needs : Range
        Where the outputs must lie.
    targets : Range
        Where the targets must lie, closed: ``POSITIVE`` admits zero.
    canonical : str
        The name of the output whose canonical loss this is, or an empty string.
    delta : Expression, optional
        ``∂ℓ/∂z``, a row in `y` and `t`, with that output: what remains of the chain rule when the
        derivative of the output cancels.
    stable : mapping of Expression to callable
        Stable values of subexpressions, from the arrays of `t` and `y`.
    singular_target : float, optional
        The target at which ``∂ℓ/∂t`` is infinite.
    analytic : bool
        Whether the complex step may be used.
    parameter : float, optional
        The number that tells this loss from others of its name, such as the δ of Huber's.
    """

    name: str
    value: Expression
    by_output: Expression
    by_target: Expression
    needs: Range = Range.REAL
    targets: Range = Range.REAL
    canonical: str = ""
    delta: Expression | None = None
    stable: Mapping[Expression, TargetFunction] = field(default_factory=dict, compare=False)
    singular_target: float | None = None
    analytic: bool = True
    parameter: float | None = None

    @classmethod
    def of_residual(cls, name: str, penalty: Function, parameter: float | None = None) -> "Loss":
        """Make the loss ``1ᵀ ρ(y - t)`` of an elementwise penalty ρ."""
        residual = y - t
        slope = entrywise(penalty.derivative, {z_entry: residual, y_entry: penalty(residual)})
        return cls(
            name=name,
            value=ColumnSums(penalty(residual)),
            by_output=slope.T,
            by_target=-slope.T,
            analytic=penalty.analytic,
            parameter=parameter,
        )


def ratio(numerator: Array, denominator: Array) -> Array:
    """Divide, taking ``0/0`` as 0: a target of zero asks nothing of an output that underflowed."""
    one = np.where(numerator == 0, 1, denominator)
    with np.errstate(divide="ignore", over="ignore"):
        return numerator / one
