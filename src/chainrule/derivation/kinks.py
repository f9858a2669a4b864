"""Where a derivative does not exist, and which lines stay away from there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus import Constant, Expression, Function
from chainrule.calculus.evaluate import derivatives, evaluate, values
from chainrule.calculus.function import Apply
from chainrule.calculus.indexed import variables
from chainrule.calculus.nodes import Indicator, Select
from chainrule.derivation.document import Equality, Equation, Inline, Line, Section
from chainrule.derivation.parts.forward import loss_name
from chainrule.derivation.quantities import Quantities
from chainrule.losses.loss import t, y

__all__ = ["Kinks"]

_STEP = 1e-9
#: By how much a derivative jumps at a kink, at least.
_JUMP = 1e-3


@final
@dataclass(frozen=True)
class Kinks:
    """The kinks of a network's functions, all of which are at zero, and of its loss.

    Parameters
    ----------
    quantities : Quantities
        The network's variables.
    """

    quantities: Quantities

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """The hidden functions with a kink."""
        distinct = dict.fromkeys(self.quantities.architecture.hidden)
        return tuple(function for function in distinct if _jumps(_slopes(function)))

    @property
    def is_in_loss(self) -> bool:
        """Whether the loss has one where an output meets its target."""
        return self.quantities.architecture.loss.analytic is False and _jumps(self._loss_slopes)

    @cached_property
    def _loss_slopes(self) -> Array:
        slope = self.quantities.architecture.loss.by_output
        at = [np.full((1, 1), value) for value in (-_STEP, 0.0, _STEP)]
        return np.array([evaluate(slope, {y: z, t: np.zeros((1, 1))}).item() for z in at])

    def marked(self, section: Section) -> Section:
        """Say of each line whether it holds away from kinks only."""
        if not self.functions and not self.is_in_loss:
            return section
        items = (
            self._marked(item) if isinstance(item, Equation) else item for item in section.items
        )
        return replace(section, items=tuple(items))

    def _marked(self, equation: Equation) -> Equation:
        if equation.is_definition:
            return equation
        return replace(equation, lines=tuple(self._line(equation, x) for x in equation.lines))

    def _line(self, equation: Equation, line: Line) -> Line:
        branches = (node for node in line.right.walk() if _is_branch(node))
        is_kinked = any(self._is_kinked(equation, branch) for branch in branches)
        return replace(line, is_away_from_kinks=is_kinked)

    def _is_kinked(self, equation: Equation, branch: Expression) -> bool:
        found = {variable.name + str(variable.layer) for variable in variables(branch)}
        return bool(found & self._names) or any(
            isinstance(node, Apply) and node.function in self.functions
            for node in equation.left.walk()
        )

    @cached_property
    def _names(self) -> set[str]:
        """The variables at whose zeros, or at whose targets, a kink is."""
        q = self.quantities
        layers = (
            layer
            for layer, function in enumerate(q.architecture.hidden, start=1)
            if function in self.functions
        )
        found = [variable for layer in layers for variable in (q.z(layer), q.y(layer))]
        found += [q.t] if self.is_in_loss else []
        both = [*found, *map(q.stacked, found)]
        return {variable.name + str(variable.layer) for variable in both}

    def sentence(self) -> Iterator[Inline]:
        """Say where the kinks are, and what is taken as the derivative there."""
        q = self.quantities
        yield " The lines marked † hold away from kinks"
        at_zero = Equality(q.argument, Constant(0))
        for function in self.functions:
            yield from ("; at ", at_zero, f" the derivative of {function.text} is taken as ")
            yield f"{_slopes(function)[1]:.4g}"
        if self.is_in_loss:
            where = Equality(q.y(q.n_layers), q.t)
            name = loss_name(q.architecture.loss.name)
            yield from ("; where ", where, f" that of the {name} by an output is taken as ")
            yield f"{self._loss_slopes[1]:.4g}"
        yield "."


def _slopes(function: Function) -> Array:
    """Give the derivative just below zero, there, and just above."""
    at = np.array([[-_STEP, 0.0, _STEP]])
    return derivatives(function, at, values(function, at)).ravel()


def _jumps(slopes: Array) -> bool:
    return bool(abs(slopes[2] - slopes[0]) > _JUMP)


def _is_branch(node: Expression) -> bool:
    if isinstance(node, Apply):
        return node.function.name == "sign" or node.function.name.endswith("'")
    return isinstance(node, Indicator | Select)
