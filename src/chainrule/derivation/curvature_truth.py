"""What is true of second derivatives: differences of first ones by the complex step.

The first derivatives come from the forward pass alone, and so do these. Central differences are
extrapolated once, which leaves about nine digits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.objective import Batch
from chainrule.oracle import COMPLEX_STEP, Oracle
from chainrule.outputs.output import Range
from chainrule.parameters import Parameters

__all__ = ["CurvatureTruth"]

_STEP = 1e-4


@final
@dataclass(frozen=True)
class CurvatureTruth:
    """Second derivatives of the loss of one sample at one point.

    Parameters
    ----------
    oracle : Oracle
        The point.
    seed : int
        The seed of the direction in which parameters move.
    """

    oracle: Oracle
    seed: int = 0

    @property
    def _n_layers(self) -> int:
        return self.oracle.objective.architecture.n_layers

    # By the output pre-activations

    def _slopes(self, Z: Array, T: Array) -> Array:
        """Differentiate the loss by ``z(L)``, (n_L,), at a place and a target."""
        objective = self.oracle.objective
        moved = Z + 1j * COMPLEX_STEP * np.eye(Z.size)[:, None, :]
        Y = objective.architecture.output.evaluate(moved)
        return np.imag(objective.sample_losses(Y, T, moved)[:, 0]) / COMPLEX_STEP

    @cached_property
    def hessian(self) -> Array:
        """``∂²E/∂z(L)∂z(L)ᵀ``."""
        Z, T = self.oracle.value(f"z({self._n_layers})"), self.oracle.batch.T
        return np.stack([self._bend(Z, T, unit) for unit in np.eye(Z.size)], axis=1)

    def _bend(self, Z: Array, T: Array, unit: Array) -> Array:
        return _slope(lambda h: self._slopes(Z + h * unit, T))

    # Through the weights of a layer

    def _jacobian(self, layer: int) -> Array:
        """Differentiate ``z(L)`` by ``W(l)``, row by row, (n_L, n_l n_{l-1})."""
        moved = self.oracle.moved(f"W({layer})")[f"z({self._n_layers})"]
        return np.imag(moved[:, 0, :]).T / COMPLEX_STEP

    def gauss_newton(self, layer: int) -> Array:
        """``Jᵀ H J`` with the Jacobian by the weights themselves."""
        J = self._jacobian(layer)
        return J.T @ self.hessian @ J

    def fisher(self, layer: int) -> Array:
        """Average the outer products of the scores, with targets drawn from the model."""
        J, Z = self._jacobian(layer), self.oracle.value(f"z({self._n_layers})")
        scores = [(chance, self._slopes(Z, t[None]) @ J) for chance, t in self._targets()]
        return sum((chance * np.outer(s, s) for chance, s in scores), np.zeros((1, 1)))

    def _targets(self) -> list[tuple[float, Array]]:
        """List targets with their chances, which have the mean and variance of the model's own.

        The score is linear in the target, so that nothing else of the distribution matters.
        """
        y = self.oracle.value(f"y({self._n_layers})")[0]
        kind = self.oracle.objective.architecture.output.range
        if kind == Range.SIMPLEX:
            return list(zip(y.tolist(), np.eye(y.size), strict=True))
        if kind == Range.UNIT_INTERVAL:
            sides = [((1 - p, 0.0), (p, 1.0)) for p in y.tolist()]
        elif kind == Range.POSITIVE:
            sides = [((1 / (r + 1), 0.0), (r / (r + 1), r + 1)) for r in y.tolist()]
        else:
            sides = [((0.5, mean - 1), (0.5, mean + 1)) for mean in y.tolist()]
        drawn = [tuple(zip(*choice, strict=True)) for choice in product(*sides)]
        return [(float(np.prod(chances)), np.array(t)) for chances, t in drawn]

    # Along a direction

    @cached_property
    def direction(self) -> Parameters:
        """How the parameters move."""
        params = self.oracle.params
        return params.like(np.random.default_rng(self.seed).normal(size=params.vector.size))

    def along(self, name: str) -> Array:
        """Differentiate ``z(l)`` or ``y(l)`` while the parameters move in the direction."""
        return _slope(lambda h: self._at(h).value(name))

    def gradient_along(self, name: str) -> Array:
        """Differentiate ``∂E/∂name`` while the parameters move in the direction."""
        return _slope(lambda h: _gradient(self._at(h), name))

    def gradient(self, name: str) -> Array:
        """Differentiate ``E`` by a quantity, in its shape."""
        return _gradient(self.oracle, name)

    def _at(self, step: float) -> Oracle:
        oracle = self.oracle
        params = oracle.params.like(oracle.params.vector + step * self.direction.vector)
        return Oracle(oracle.objective, params, Batch(oracle.batch.X, oracle.batch.T))


def _gradient(oracle: Oracle, name: str) -> Array:
    slopes: Array = np.imag(oracle.moved(name)["E"]) / COMPLEX_STEP
    return slopes.reshape(oracle.value(name).shape)


def _slope(function: Callable[[float], Array]) -> Array:
    """Differentiate at zero: central differences at two steps, extrapolated."""
    wide, narrow = ((function(h) - function(-h)) / (2 * h) for h in (_STEP, _STEP / 2))
    return (4 * narrow - wide) / 3
