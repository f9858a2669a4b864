"""Gradient clipping: what keeps one steep batch from throwing the parameters far away."""

from dataclasses import dataclass
from typing import Protocol, final

import numpy as np

from chainrule.arrays import Array
from chainrule.parameters import Parameters
from chainrule.training.hyperparameters import require_positive

__all__ = ["ClipNorm", "ClipValue", "Clipping"]


class Clipping(Protocol):
    """A bound on the gradient of a step, applied before the solver sees it."""

    def clip(self, gradient: Parameters, /) -> None:
        """Bring a gradient within the bound, in place."""


@final
@dataclass(frozen=True)
class ClipNorm:
    """A bound on the length of the whole gradient: ``g ← g · min(1, c / ‖g‖)``.

    ``‖g‖`` is the Euclidean norm over all weights and biases together, so the direction stays.
    The gradient is that of ``E``, the penalty included.

    Parameters
    ----------
    max_norm : float
        The greatest length ``c``.

    Raises
    ------
    SpecificationError
        Where `max_norm` is not positive.

    References
    ----------
    Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", ICML
    2013, Algorithm 1.

    Examples
    --------
    >>> from chainrule.network import Architecture
    >>> architecture = Architecture.of([1, 1], output="identity")
    >>> gradient = Parameters.over(architecture, np.array([3.0, -4.0]))
    >>> ClipNorm(1.0).clip(gradient)
    >>> gradient.vector.round(3).tolist()
    [0.6, -0.8]
    """

    max_norm: float

    def __post_init__(self) -> None:
        require_positive("max_norm", self.max_norm)

    def clip(self, gradient: Parameters, /) -> None:
        """Shorten a gradient that is too long, in place.

        Parameters
        ----------
        gradient : Parameters
            ``g``. One that is not finite is left to be noticed as a divergence.
        """
        # g ← g · min(1, c / ‖g‖)
        norm = _norm(gradient.vector)
        if self.max_norm < norm < np.inf:
            gradient.vector[...] *= self.max_norm / norm


@final
@dataclass(frozen=True)
class ClipValue:
    """A bound on every entry of the gradient: ``g_k ← min(max(g_k, -c), c)``.

    Parameters
    ----------
    max_value : float
        The greatest absolute value ``c``.

    Raises
    ------
    SpecificationError
        Where `max_value` is not positive.

    Examples
    --------
    >>> from chainrule.network import Architecture
    >>> architecture = Architecture.of([1, 1], output="identity")
    >>> gradient = Parameters.over(architecture, np.array([3.0, -0.5]))
    >>> ClipValue(1.0).clip(gradient)
    >>> gradient.vector.tolist()
    [1.0, -0.5]
    """

    max_value: float

    def __post_init__(self) -> None:
        require_positive("max_value", self.max_value)

    def clip(self, gradient: Parameters, /) -> None:
        """Bring every entry within the bound, in place.

        Parameters
        ----------
        gradient : Parameters
            ``g``. A NaN stays one.
        """
        # g_k ← min(max(g_k, -c), c)
        np.clip(gradient.vector, -self.max_value, self.max_value, out=gradient.vector)


def _norm(vector: Array) -> float:
    """Evaluate ``‖g‖`` by way of the largest entry, whose square may be no number any more."""
    largest = float(np.max(np.abs(vector), initial=0.0))
    if largest == 0 or not np.isfinite(largest):
        return largest
    scaled = vector.astype(np.float64) / largest
    return largest * float(np.sqrt(np.sum(scaled * scaled)))
