"""The weights and biases of a network, in one vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, final

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.errors import SpecificationError
from chainrule.network import Architecture

__all__ = ["Parameters", "initial_parameters"]


@final
@dataclass(frozen=True, eq=False)
class Parameters:
    """Weights and biases as views into one contiguous vector.

    The vector holds, layer by layer, ``W(l)`` row by row and then ``b(l)``. One vector lets a
    solver move every parameter in one operation, and a file or an engine take them in one piece.

    Parameters
    ----------
    vector : array of shape (n_parameters,)
        The numbers.
    weights : tuple of arrays
        ``weights[l-1]`` is ``W(l)``, of shape ``n_l × n_{l-1}``.
    biases : tuple of arrays or None
        ``biases[l-1]`` is ``b(l)``, of shape ``(n_l,)``, or None where there are no biases.

    Examples
    --------
    >>> from chainrule.network import Architecture
    >>> params = Parameters.over(Architecture.of([2, 3, 1], output="identity"), np.arange(13.0))
    >>> params.weights[0].shape, params.biases[0]
    ((3, 2), array([6., 7., 8.]))
    """

    vector: Array
    weights: tuple[Array, ...]
    biases: tuple[Array | None, ...]

    @classmethod
    def over(cls, architecture: Architecture, vector: Array) -> "Parameters":
        """View a vector of the architecture's length as its weights and biases."""
        shapes = [(n_out, n_in) for n_in, n_out in pairwise(architecture.layer_sizes)]
        return cls._view(vector, shapes, [architecture.bias] * len(shapes))

    @classmethod
    def _view(
        cls, vector: Array, shapes: Sequence[tuple[int, ...]], has_bias: Sequence[bool]
    ) -> "Parameters":
        needed = sum(n_out * (n_in + b) for (n_out, n_in), b in zip(shapes, has_bias, strict=True))
        if vector.shape != (needed,):
            given = " × ".join(map(str, vector.shape))
            raise SpecificationError(f"{given} numbers do not fit {needed} parameters")
        weights: list[Array] = []
        biases: list[Array | None] = []
        start = 0
        for (n_out, n_in), biased in zip(shapes, has_bias, strict=True):
            end = start + n_out * n_in
            weights.append(vector[start:end].reshape(n_out, n_in))
            biases.append(vector[end : end + n_out] if biased else None)
            start = end + n_out * biased
        return cls(vector, tuple(weights), tuple(biases))

    def like(self, vector: Array) -> "Parameters":
        """View another vector of the same length in the same way, without a copy."""
        shapes = [W.shape for W in self.weights]
        return self._view(vector, shapes, [b is not None for b in self.biases])

    def __reduce__(self) -> tuple[Any, ...]:
        # copied or pickled piece by piece, the views would no longer look into the vector
        shapes = [W.shape for W in self.weights]
        return Parameters._view, (self.vector, shapes, [b is not None for b in self.biases])

    def copy(self) -> "Parameters":
        """Copy the numbers."""
        return self.like(self.vector.copy())

    def zeros(self) -> "Parameters":
        """Zeros of the same layout and type."""
        return self.like(np.zeros_like(self.vector))


def initial_parameters(
    architecture: Architecture,
    random_state: np.random.RandomState,
    dtype: npt.DTypeLike = np.float64,
) -> Parameters:
    """Draw initial weights and biases, in scikit-learn's way and order.

    Uniform on ``±√(6/(n_{l-1} + n_l))``, with 2 in place of 6 after logistic hidden layers, as
    scikit-learn does; layer by layer the weights, input by input, and then the biases.

    Parameters
    ----------
    architecture : Architecture
        The network.
    random_state : numpy.random.RandomState
        The generator; it is advanced.
    dtype : float64 or float32
        The type of the parameters. The draws are the same for both.

    Returns
    -------
    params : Parameters
        The drawn parameters.

    References
    ----------
    X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural
    networks, AISTATS 2010, eq. 16.

    Examples
    --------
    >>> from chainrule.network import Architecture
    >>> net = Architecture.of([2, 1], output="identity")
    >>> initial_parameters(net, np.random.RandomState(0)).weights[0].round(3)
    array([[0.138, 0.609]])
    """
    params = Parameters.over(architecture, np.empty(architecture.n_parameters, dtype))
    factors = [2.0 if function.name == "logistic" else 6.0 for function in architecture.hidden]
    factors.append(factors[-1] if factors else 6.0)
    for factor, W, b in zip(factors, params.weights, params.biases, strict=True):
        bound = np.sqrt(factor / sum(W.shape))
        W[...] = random_state.uniform(-bound, bound, W.shape[::-1]).T
        if b is not None:
            b[...] = random_state.uniform(-bound, bound, b.shape)
    return params
