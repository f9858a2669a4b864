"""Going on from a checkpoint: whether it is of these samples, and what it gives back."""

import hashlib
import os
import warnings
from typing import Any, Final

import numpy as np
from scipy.sparse import issparse

from chainrule.arrays import Array
from chainrule.errors import SpecificationError
from chainrule.estimators.samples import Samples
from chainrule.network import Architecture
from chainrule.parameters import Parameters
from chainrule.training import Problem, Recipe, TrainingState, load_checkpoint, load_state

__all__ = ["checkpoint_path", "digest_of", "resumed_parameters", "resumed_state"]

_ROWS: Final = 4096


def digest_of(samples: Samples) -> str:
    """Tell samples from others by their shapes, types and up to 4096 rows from first to last.

    Parameters
    ----------
    samples : Samples
        Those that are learned from.

    Returns
    -------
    str
        Hexadecimal digits, the same for the same samples in the same order.

    Examples
    --------
    >>> X, Y = np.eye(3), np.ones((3, 1))
    >>> digest_of(Samples(X, Y)) == digest_of(Samples(X[::-1], Y))
    False
    """
    m = samples.n_samples
    rows = samples.rows(np.linspace(0, m - 1, min(m, _ROWS)).astype(int))
    digest = hashlib.blake2b(repr((samples.X.shape, samples.Y.shape)).encode(), digest_size=16)
    for array in (*_arrays(rows.X), rows.Y, rows.sample_weight):
        if array is not None:
            digest.update(f"{array.dtype} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


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
    resume_from: Any, problem: Problem, recipe: Recipe, samples: Samples
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
    samples : Samples
        Those that are learned from.

    Returns
    -------
    TrainingState

    Raises
    ------
    CheckpointError
        If there is none, or it is of another network, training or data.
    """
    return load_state(checkpoint_path(resume_from), problem, recipe, data=digest_of(samples))


def resumed_parameters(resume_from: Any, architecture: Architecture) -> Parameters:
    """Load the weights from which L-BFGS begins again, and warn that it does.

    Parameters
    ----------
    resume_from : str or path-like
        The checkpoint.
    architecture : Architecture
        The network.

    Returns
    -------
    params : Parameters
        The weights and biases.

    Raises
    ------
    CheckpointError
        If there is none, or it is of another network.
    """
    params = load_checkpoint(checkpoint_path(resume_from), architecture).params
    warnings.warn(
        "L-BFGS begins again from the weights of the checkpoint: its approximation of the second "
        "derivatives is not saved, so the result may differ from that of an uninterrupted fit.",
        stacklevel=2,
    )
    return params
