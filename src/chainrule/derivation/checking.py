"""Every line of a derivation against the truth, before it is written."""

from dataclasses import dataclass, field, replace
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus import Expression, to_text
from chainrule.calculus.curvature import Hessian
from chainrule.calculus.evaluate import evaluate
from chainrule.calculus.indexed import Index, indices_in, variables
from chainrule.derivation.document import SUM_TO_ONE, Equation, Line, Section
from chainrule.derivation.points import N_POINTS
from chainrule.derivation.quantities import Quantities
from chainrule.derivation.truth import Ground, Setting
from chainrule.errors import VerificationError

__all__ = ["TOLERANCE", "Checker"]

#: The relative error from which on a line is wrong.
TOLERANCE = 1e-9
#: The same for second derivatives, whose truth is differences of first ones.
SECOND_TOLERANCE = 1e-6


@final
@dataclass
class Checker:
    """Evaluates both sides of every line at random points.

    Parameters
    ----------
    quantities : Quantities
        The network's variables.
    seed : int
        The seed of the points.
    """

    quantities: Quantities
    seed: int = 0
    _grounds: dict[Setting, Ground] = field(default_factory=dict)

    def checked(self, section: Section) -> Section:
        """Check a section; its lines carry their errors afterwards.

        Raises
        ------
        VerificationError
            If a line is not true.
        """
        items = (
            self.checked_equation(item) if isinstance(item, Equation) else item
            for item in section.items
        )
        return replace(section, items=tuple(items))

    def checked_equation(self, equation: Equation) -> Equation:
        """Check the lines of one equation."""
        lines = tuple(self._checked(equation, line) for line in equation.lines)
        return replace(equation, lines=lines)

    def _checked(self, equation: Equation, line: Line) -> Line:
        left, right = equation.left, line.right
        if left.shape != right.shape:
            raise VerificationError(
                f"{to_text(left)} = {to_text(right)} has shapes {left.shape} and {right.shape}"
            )
        setting = replace(equation.setting, sums_to_one=line.assumption == SUM_TO_ONE)
        error = self._error(equation, right, self._ground(setting))
        if not error <= (SECOND_TOLERANCE if setting.is_second else TOLERANCE):
            raise VerificationError(
                f"{to_text(left)} = {to_text(right)} ({line.rule}) is off by {error:.1e} relative "
                f"to the oracle at one of {N_POINTS} random points"
            )
        return replace(line, error=error)

    def _ground(self, setting: Setting) -> Ground:
        if setting not in self._grounds:
            self._grounds[setting] = Ground(self.quantities, setting, self.seed)
        return self._grounds[setting]

    def _error(self, equation: Equation, right: Expression, ground: Ground) -> float:
        found = {*indices_in(equation.left), *indices_in(right)}
        indices = tuple(sorted(found, key=lambda index: (index.letter, str(index.size))))
        sides = [
            _full(evaluated(side, ground, indices), indices) for side in (equation.left, right)
        ]
        true, given = np.broadcast_arrays(*sides)
        case = equation.case
        if case is not None:
            axes = [indices.index(index) - len(indices) - 2 for index in (case.left, case.right)]
            keep = _diagonal(true.shape, axes) == case.equal
            true, given = true * keep, given * keep
        return _relative(given, true)


def evaluated(expression: Expression, ground: Ground, indices: tuple[Index, ...]) -> Array:
    """Evaluate an expression at the points of a ground."""
    known: dict[Expression, Array] = {v: ground.value(v) for v in set(variables(expression))}
    if ground.setting.is_second:
        bent = {node for node in expression.walk() if isinstance(node, Hessian)}
        known |= dict.fromkeys(bent, ground.hessian())
    return evaluate(expression, known, moves=ground.moves, indices=indices, sizes=ground.sizes)


def _full(value: Array, indices: tuple[Index, ...]) -> Array:
    missing = len(indices) + 3 - value.ndim
    return value.reshape(*(1,) * max(missing, 0), *value.shape)


def _diagonal(shape: tuple[int, ...], axes: list[int]) -> Array:
    first, second = (np.arange(shape[axis]).reshape(-1, *(1,) * (-axis - 1)) for axis in axes)
    return first == second


def _relative(given: Array, true: Array) -> float:
    largest = np.max(np.abs(true))
    with np.errstate(invalid="ignore"):
        difference = np.max(np.abs(given - true))
    return float(difference / largest) if largest > 0 else float(difference)
