"""Going on from a checkpoint: whether it is of this training, and what it gives back."""

import hashlib
import os
import warnings
from typing import Any, Final

import numpy as np
from scipy.sparse import issparse

from chainrule.arrays import Array
from chainrule.errors import SpecificationError
from chainrule.estimators.hyperparameters import Hyperparameters
from chainrule.estimators.samples import Samples
from chainrule.network import Architecture
from chainrule.parameters import Parameters
from chainrule.training import (
    Problem,
    Recipe,
    TrainingState,
    load_checkpoint,
    load_state,
    refuse_another_origin,
)

__all__ = ["checkpoint_path", "digest_of", "origin_of", "resumed_parameters", "resumed_state"]

_ROWS_AT_ONCE: Final = 16384
#: Parameters that may change where a training goes on; those of the network are compared with it.
_FREE: Final = {
    *("hidden_layer_sizes", "activation", "max_iter", "n_threads"),
    *("random_state", "verbose", "warm_start"),
}
#: Schedules that span all epochs, so that `max_iter` says what each of them is like.
_SPANNING: Final = {"cosine", "one_cycle"}


def origin_of(told: Hyperparameters, learn: Samples, held: Samples | None) -> dict[str, str]:
    """Say what a training is told that it has to be told again where it goes on.

    Parameters
    ----------
    told : Hyperparameters
        The estimator.
    learn : Samples
        Those that are learned from.
    held : Samples, optional
        Those that are watched.

    Returns
    -------
    dict of str to str
        As checkpoints keep it.
    """
    parameters = told.get_params(deep=False)
    free = _FREE - ({"max_iter"} if told.learning_rate in _SPANNING else set())
    origin = {name: _named(value) for name, value in parameters.items() if name not in free}
    watched = "digest: none" if held is None else digest_of(held)
    return origin | {"samples": digest_of(learn), "validation samples": watched}


def _named(value: Any) -> str:
    """Write a value so that the same one is written the same in another process."""
    if callable(value):
        return str(getattr(value, "__qualname__", type(value).__qualname__))
    return repr(value.tolist() if isinstance(value, np.ndarray | np.generic) else value)


def digest_of(samples: Samples) -> str:
    """Tell samples from others by their shapes, their types and every value.

    Parameters
    ----------
    samples : Samples

    Returns
    -------
    str
        The same for the same samples in the same order.

    Examples
    --------
    >>> X, Y = np.eye(3), np.ones((3, 1))
    >>> digest_of(Samples(X, Y)) == digest_of(Samples(X[::-1], Y))
    False
    """
    digest = hashlib.blake2b(repr((samples.X.shape, samples.Y.shape)).encode(), digest_size=16)
    for start in range(0, samples.n_samples, _ROWS_AT_ONCE):
        rows = samples.rows(slice(start, start + _ROWS_AT_ONCE))
        for array in (*_arrays(rows.X), rows.Y, rows.sample_weight):
            if array is not None:
                digest.update(f"{array.dtype} {array.shape}".encode())
                digest.update(np.ascontiguousarray(array).tobytes())
    return f"digest: {digest.hexdigest()}"


def _arrays(X: Any) -> tuple[Array, ...]:
    is_sparse: bool = issparse(X)  # a plain bool, so that X stays of any type
    return (X.data, X.indices, X.indptr) if is_sparse else (X,)


def checkpoint_path(resume_from: Any) -> str | os.PathLike[str]:
    """Take a path, and nothing else.

    Parameters
    ----------
    resume_from : str or path-like
        What the user gave.

    Returns
    -------
    str or path-like

    Raises
    ------
    SpecificationError
        If it is something else.
    """
    if not isinstance(resume_from, str | os.PathLike):
        raise SpecificationError(
            f"resume_from must be the path of a checkpoint, got {resume_from!r}"
        )
    return resume_from


def resumed_state(
    resume_from: Any, problem: Problem, recipe: Recipe, origin: dict[str, str]
) -> TrainingState:
    """Load the state that a training goes on from with the same bits.

    Parameters
    ----------
    resume_from : str or path-like
        The checkpoint.
    problem : Problem
        What is descended.
    recipe : Recipe
        How.
    origin : dict of str to str
        From `origin_of`.

    Returns
    -------
    TrainingState

    Raises
    ------
    CheckpointError
        If there is none, or it is of another network, training or data.
    """
    return load_state(checkpoint_path(resume_from), problem, recipe, origin=origin)


def resumed_parameters(
    resume_from: Any, architecture: Architecture, origin: dict[str, str]
) -> Parameters:
    """Load the weights from which L-BFGS begins again, and warn that it does.

    Parameters
    ----------
    resume_from : str or path-like
        The checkpoint.
    architecture : Architecture
        The network.
    origin : dict of str to str
        From `origin_of`.

    Returns
    -------
    params : Parameters
        The weights and biases.

    Raises
    ------
    CheckpointError
        If there is none, or it is of another network, training or data.
    """
    path = checkpoint_path(resume_from)
    saved = load_checkpoint(path, architecture)
    refuse_another_origin(path, saved, origin)
    warnings.warn(
        "L-BFGS begins again from the weights of the checkpoint: its approximation of the second "
        "derivatives is not saved, so the result may differ from that of an uninterrupted fit.",
        stacklevel=2,
    )
    return saved.params
