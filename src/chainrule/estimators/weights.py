"""Between scikit-learn's lists of matrices and the one vector that is trained."""

from collections.abc import Sequence
from functools import lru_cache
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
    hidden = activation if isinstance(activation, str) else tuple(activation)
    return _architecture_of(tuple(sizes), hidden, out_activation, loss)


@lru_cache(maxsize=64)
def _architecture_of(
    sizes: tuple[int, ...],
    hidden: str | tuple[str, ...],
    out_activation: str,
    loss: Loss | None,
) -> Architecture:
    # kept, since every prediction asks for it
    output = _OUTPUTS.get(out_activation, out_activation)
    architecture = Architecture.of(sizes, hidden=hidden, output=output, loss=loss)
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
    """Give the one vector that scikit-learn's matrices (``n_{l-1} × n_l``) and vectors view.

    Matrices that are not views of one vector, such as those that were pickled or that a user put
    there, are copied into one.

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
    shared = _viewed(architecture, coefs, intercepts)
    if shared is not None:
        return shared
    dtype = np.result_type(*coefs, *intercepts)
    params = Parameters.over(architecture, np.empty(architecture.n_parameters, dtype))
    for W, coef in zip(params.weights, coefs, strict=True):
        W[...] = np.transpose(coef)
    for b, intercept in zip(params.biases, intercepts, strict=True):
        if b is not None:
            b[...] = intercept
    return params


def _viewed(
    architecture: Architecture, coefs: Sequence[Array], intercepts: Sequence[Array]
) -> Parameters | None:
    vector = coefs[0]
    while isinstance(vector.base, np.ndarray):
        vector = vector.base
    if type(vector) is not np.ndarray or vector.shape != (architecture.n_parameters,):
        return None
    params = Parameters.over(architecture, vector)
    expected = [*(W.T for W in params.weights), *params.biases]
    pairs = zip(expected, [*coefs, *intercepts], strict=True)
    return params if all(_is_same(view, given) for view, given in pairs) else None


def _is_same(view: Array | None, given: Array) -> bool:
    """Tell whether two arrays are the same numbers in the same place."""
    if view is None or view.dtype != given.dtype or view.shape != given.shape:
        return False
    there, here = view.__array_interface__["data"], given.__array_interface__["data"]
    return bool(there == here) and view.strides == given.strides


def coefs_of(params: Parameters) -> list[Array]:
    """Give ``W(l)ᵀ`` of every layer, as views.

    Parameters
    ----------
    params : Parameters

    Returns
    -------
    list of arrays, each of shape (n_{l-1}, n_l)
    """
    return [W.T for W in params.weights]


def intercepts_of(params: Parameters) -> list[Array]:
    """Give ``b(l)`` of every layer, as views.

    Parameters
    ----------
    params : Parameters

    Returns
    -------
    list of arrays, each of shape (n_l,)
    """
    return [b for b in params.biases if b is not None]
