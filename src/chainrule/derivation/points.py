"""Random points for the check of a derivation: layer sizes, parameters and samples."""

import numpy as np

from chainrule.arrays import Array
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.oracle import COMPLEX_STEP, Oracle
from chainrule.parameters import Parameters

__all__ = ["LAMBDA", "N_POINTS", "check_sizes", "draw_points"]

#: At how many random points each line is evaluated.
N_POINTS = 4
#: The weight decay there.
LAMBDA = 0.37

_LARGEST = 2.5
_TRIES = 400
#: How many samples are drawn for each that is kept.
_CANDIDATES = 16
#: How far a pre-activation stays from the kink of its function, relative to the layer's largest.
_DISTANCE = 0.01
#: After how many layers sizes come again.
_PERIOD = 11


def check_sizes(architecture: Architecture, seed: int = 0) -> tuple[tuple[int, ...], int]:
    """Draw layer sizes and a number of samples, all different; a single output stays one.

    Beyond ten layers the sizes come again. Only those of neighbouring layers and the number of
    samples ever meet in one line, so that a product of the wrong matrices is still refused, and
    what a check needs grows with the number of layers and not with a power of it.

    Parameters
    ----------
    architecture : Architecture
        The network.
    seed : int
        The seed.

    Returns
    -------
    sizes : tuple of int
        ``n_0 … n_L``.
    m : int
        The number of samples.

    Examples
    --------
    >>> sizes, m = check_sizes(Architecture.of([256, 7, 10]))
    >>> len({*sizes, m})
    4
    """
    n_sizes = architecture.n_layers + 1
    n_different = min(n_sizes, _PERIOD)
    drawn = np.random.default_rng(seed).permutation(np.arange(2, n_different + 3)).tolist()
    sizes = [drawn[layer % n_different] for layer in range(n_sizes)]
    if architecture.layer_sizes[-1] == 1:
        sizes[-1] = 1
    return tuple(sizes), drawn[-1]


def draw_points(
    architecture: Architecture,
    n_samples: int,
    l2: float,
    *,
    sums_to_one: bool,
    rng: np.random.Generator,
) -> list[Oracle]:
    """Draw points at which every layer passes a gradient and nothing is near a kink.

    Parameters
    ----------
    architecture : Architecture
        The network, with the sizes of the check.
    n_samples : int
        How many samples a batch has.
    l2 : float
        The weight decay.
    sums_to_one : bool
        Whether the targets of a sample do.
    rng : Generator
        Where chance comes from.

    Returns
    -------
    list of Oracle
        ``N_POINTS`` of them.

    Raises
    ------
    ArithmeticError
        If none are found.
    """
    found: list[Oracle] = []
    for _ in range(_TRIES):
        params = _parameters(architecture, rng)
        X = _samples(architecture, params, n_samples, rng)
        T = _targets((n_samples, architecture.layer_sizes[-1]), rng, sums_to_one=sums_to_one)
        if len(X) == n_samples:
            oracle = Oracle(Objective(architecture, l2), params, Batch(X, T))
            found += [oracle] if _is_alive(oracle) else []
        if len(found) == N_POINTS:
            return found
    raise ArithmeticError("no point was found at which every layer passes a gradient")


def _parameters(net: Architecture, rng: np.random.Generator) -> Parameters:
    params = Parameters.over(net, np.empty(net.n_parameters))
    for W, b in zip(params.weights, params.biases, strict=True):
        W[...] = rng.normal(size=W.shape) * np.sqrt(2 / W.shape[1])
        # one unit that what is positive keeps alive: else few samples would pass many relus
        W[0] = np.abs(W[0])
        if b is not None:
            b[...] = rng.normal(size=b.shape) / 2
    return params


def _targets(shape: tuple[int, int], rng: np.random.Generator, *, sums_to_one: bool) -> Array:
    T = rng.uniform(0.1, 0.9, shape)
    return T / T.sum(axis=1, keepdims=True) if sums_to_one else T


def _samples(
    net: Architecture, params: Parameters, n_samples: int, rng: np.random.Generator
) -> Array:
    """Draw samples, tame the parameters for them, and keep the first that are clear of kinks."""
    X = rng.normal(size=(_CANDIDATES * n_samples, net.layer_sizes[0]))
    batch = Batch(X, np.full((len(X), net.layer_sizes[-1]), 0.5))
    _tame(net, params, batch)
    oracle = Oracle(Objective(net), params, batch)
    is_clear = np.ones(len(X), dtype=bool)
    for layer, function in enumerate(net.hidden, start=1):
        if not function.analytic:
            Z = np.abs(oracle.value(f"z({layer})"))
            is_clear &= np.min(Z, axis=1) > _DISTANCE * np.max(Z)
    return X[is_clear][:n_samples]


def _tame(net: Architecture, params: Parameters, batch: Batch) -> None:
    """Scale layers whose pre-activations are large, so that no output is saturated.

    There a formula such as ``t/(1 - y)`` loses digits, which would look like an error of it.
    """
    for layer, (W, b) in enumerate(zip(params.weights, params.biases, strict=True), start=1):
        Z = Oracle(Objective(net), params, batch).value(f"z({layer})")
        scale = _LARGEST / max(float(np.max(np.abs(Z))), _LARGEST)
        for array in (W,) if b is None else (W, b):
            array[...] *= scale


def _is_alive(oracle: Oracle) -> bool:
    """Say whether the loss moves with the inputs, so that no layer below is checked in vain."""
    return bool(np.max(np.abs(np.imag(oracle.moved("x")["E"]))) > 1e-6 * COMPLEX_STEP)
