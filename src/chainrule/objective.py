"""What is minimised: the mean loss over a batch, and the penalty on the weights.

This is the only place that knows how samples are averaged and weights are decayed::

    E = Σ_j w_j ℓ_j / Σ_j w_j  +  (λ/2) Σ_l ‖W(l)‖²

so that the loss, its gradient and the oracle cannot disagree about it. Arrays may be complex and
may carry axes before those named here, for the oracle's sake.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, final

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.calculus.evaluate import evaluate
from chainrule.calculus.nodes import Expression
from chainrule.dropout import DropoutMasks
from chainrule.losses.loss import t, y
from chainrule.network import Architecture

__all__ = ["Batch", "Objective"]


@final
@dataclass(frozen=True, eq=False)
class Batch:
    """Samples with their targets, as rows.

    Parameters
    ----------
    X : array of shape (m, n_0)
        The inputs.
    T : array of shape (m, n_L), or rows of targets
        The targets, of the type of `X`. Those of all samples may be kept otherwise
        (`chainrule.target_rows`); those of a step are an array.
    sample_weight : array of shape (m,), optional
        ``w_j ≥ 0``.
    """

    X: Array
    T: Any
    sample_weight: Array | None = None

    @property
    def n_samples(self) -> int:
        """``m``."""
        return int(self.X.shape[0])

    @property
    def total_weight(self) -> float:
        """``Σ_j w_j``, which is m without sample weights."""
        return float(self.n_samples if self.sample_weight is None else self.sample_weight.sum())

    @property
    def shares(self) -> Array:
        """``w_j / Σ w``, of shape (m,): what each sample counts for in the mean."""
        dtype: npt.DTypeLike = np.real(self.X).dtype
        if self.sample_weight is None:
            return np.full(self.n_samples, 1 / self.n_samples, dtype)
        return (self.sample_weight / self.total_weight).astype(dtype)

    def rows(self, index: slice | Array) -> "Batch":
        """Take some of the samples."""
        weight = None if self.sample_weight is None else self.sample_weight[index]
        return Batch(self.X[index], self.T[index], weight)


@final
@dataclass(frozen=True)
class Objective:
    """The loss of a network over a batch, with its penalty.

    Parameters
    ----------
    architecture : Architecture
        The network, with the loss of a sample.
    l2 : float
        ``λ`` of the penalty ``(λ/2) Σ ‖W(l)‖²``. Biases are not decayed.
    dropout : DropoutMasks, optional
        What the hidden outputs are multiplied by in a step of training. An engine takes every
        mask from here, or makes the same.

    Raises
    ------
    SpecificationError
        If the dropout rates do not fit the hidden layers.

    Examples
    --------
    >>> objective = Objective(Architecture.of([1, 1], output="identity"), l2=0.5)
    >>> objective.penalty([np.array([[2.0]])]).item()
    1.0
    """

    architecture: Architecture
    l2: float = 0.0
    dropout: DropoutMasks | None = None

    def __post_init__(self) -> None:
        if self.dropout is not None:
            self.dropout.dropout.check_layers(self.architecture.n_layers - 1)

    def evaluate(self, formula: Expression, Y: Array, T: Array, Z: Array | None = None) -> Array:
        """Evaluate an expression of the loss's entry for every sample.

        Parameters
        ----------
        formula : Expression
            An expression in the output ``y`` and the target ``t`` of one sample.
        Y, T : arrays of shape (…, m, n_L)
            Outputs and targets.
        Z : array of shape (…, m, n_L), optional
            The last pre-activations; with them, logarithms of ``y`` are taken where they are exact.

        Returns
        -------
        array of shape (…, m, rows, columns)
            One value a sample.
        """
        parts = _nodes(formula)
        known: dict[Expression, Array] = {y: Y[..., None], t: T[..., None]}
        for part, of_targets in self.architecture.loss.stable.items():
            if part in parts:
                known[part] = of_targets(T, Y)[..., None]
        for part, of_rows in self.architecture.output.logarithms.items():
            if part in parts and Z is not None:
                known[part] = of_rows(Z)[..., None]
        return evaluate(formula, known)

    def sample_losses(self, Y: Array, T: Array, Z: Array | None = None) -> Array:
        """Evaluate ``ℓ_j`` of every sample, of shape (…, m)."""
        return self.evaluate(self.architecture.loss.value, Y, T, Z)[..., 0, 0]

    def mean(self, sample_losses: Array, batch: Batch) -> Array:
        """Average over the samples: ``Σ_j w_j ℓ_j / Σ_j w_j``."""
        average: Array = np.sum(batch.shares * sample_losses, axis=-1)
        return average

    def penalty(self, weights: Iterable[Array]) -> Any:
        """Evaluate ``(λ/2) Σ_l ‖W(l)‖²``, where ``‖W‖²`` is ``Σ w²`` for complex weights too."""
        return self.l2 / 2 * sum(np.sum(W * W, axis=(-2, -1)) for W in weights)

    def decay(self, W: Array) -> Array:
        """Evaluate the penalty's gradient ``λ W``."""
        return self.l2 * W


@lru_cache(maxsize=64)
def _nodes(formula: Expression) -> frozenset[Expression]:
    return frozenset(formula.walk())
