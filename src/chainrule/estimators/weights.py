"""Between scikit-learn's lists of matrices and the one vector that is trained."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.estimators.clipping import with_clipped_probabilities
from chainrule.losses import Loss
from chainrule.network import Architecture
from chainrule.parameters import Parameters, initial_parameters

__all__ = ["architecture_of", "coefs_of", "first_parameters", "intercepts_of", "parameters_of"]

#: scikit-learn's names of output functions that have another name here.
_OUTPUTS = {"exp": "exponential"}


def architecture_of(
    sizes: Sequence[int],
    activation: str | Sequence[str],
    out_activation: str,
    loss: Loss | None = None,
) -> Architecture:
    """Name the network that scikit-learn would train, or one of its kind.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, hidden layers, outputs.
    activation : str or sequence of str
        The function of the hidden layers, or one a layer.
    out_activation : str
        The output function, as ``out_activation_`` has it.
    loss : Loss, optional
        The loss; by default the canonical one of the output.

    Returns
    -------
    Architecture

    Examples
    --------
    >>> architecture_of([4, 3, 1], "tanh", "exp").loss.name
    'poisson'
    """
    output = _OUTPUTS.get(out_activation, out_activation)
    architecture = Architecture.of(sizes, hidden=activation, output=output, loss=loss)
    return with_clipped_probabilities(architecture)


def first_parameters(
    sizes: Sequence[int],
    activation: str | Sequence[str],
    out_activation: str,
    random_state: np.random.RandomState,
    dtype: npt.DTypeLike,
) -> Parameters:
    """Draw the weights and biases that scikit-learn would draw.

    Parameters
    ----------
    sizes, activation, out_activation
        As `architecture_of` takes them.
    random_state : numpy.random.RandomState
        The generator; it is advanced.
    dtype : float64 or float32
        The type of the parameters.

    Returns
    -------
    params : Parameters
        The parameters.
    """
    architecture = architecture_of(sizes, activation, out_activation)
    params = initial_parameters(architecture, random_state, dtype)
    if not architecture.hidden and activation == "logistic":
        # scikit-learn takes the bound of logistic layers also where there is no hidden layer
        params.vector[...] *= sqrt(2 / 6)
    return params


def parameters_of(
    architecture: Architecture, coefs: Sequence[Array], intercepts: Sequence[Array]
) -> Parameters:
    """Copy scikit-learn's matrices (``n_{l-1} × n_l``) and vectors into one vector.

    Parameters
    ----------
    architecture : Architecture
        The network.
    coefs, intercepts : sequence of arrays
        One a layer.

    Returns
    -------
    params : Parameters
        The parameters.
    """
    dtype = np.result_type(*coefs, *intercepts)
    params = Parameters.over(architecture, np.empty(architecture.n_parameters, dtype))
    for W, coef in zip(params.weights, coefs, strict=True):
        W[...] = np.transpose(coef)
    for b, intercept in zip(params.biases, intercepts, strict=True):
        if b is not None:
            b[...] = intercept
    return params


def coefs_of(params: Parameters) -> list[Array]:
    """Give ``W(l)ᵀ`` of every layer, as arrays of their own.

    Parameters
    ----------
    params : Parameters

    Returns
    -------
    list of arrays, each of shape (n_{l-1}, n_l)
    """
    return [np.array(W.T, order="C") for W in params.weights]


def intercepts_of(params: Parameters) -> list[Array]:
    """Give ``b(l)`` of every layer, as arrays of their own.

    Parameters
    ----------
    params : Parameters

    Returns
    -------
    list of arrays, each of shape (n_l,)
    """
    return [b.copy() for b in params.biases if b is not None]
