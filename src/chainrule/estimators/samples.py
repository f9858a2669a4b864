"""The samples that an estimator learns from, and those that early stopping holds out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np
from scipy.sparse import csr_array, issparse

from chainrule.arrays import Array
from chainrule.engine import Engine
from chainrule.errors import DataError
from chainrule.estimators.splitting import split_by_class, split_rows
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.target_rows import TargetRows, target_rows_of
from chainrule.training import Problem

__all__ = ["Samples", "dense", "rows_first"]

#: Takes outputs (m × n_L); greater is better.
Score = Callable[[Array], float]


@final
@dataclass(frozen=True, eq=False)
class Samples:
    """Checked input: rows, targets as a matrix and sample weights.

    Parameters
    ----------
    X : array or sparse matrix of shape (m, n_0)
        The inputs, of the float type that the network takes.
    Y : array of shape (m, n_L), or rows of targets
        The targets: numbers, or whether each label is there.
    sample_weight : array of shape (m,), optional
        ``w_j``.
    index : array of int, optional
        Which of the rows are meant, where not all of them are: a split copies none. Training
        brings them into another order.
    """

    X: Any
    Y: Array | TargetRows
    sample_weight: Array | None = None
    index: Array | None = None

    @property
    def n_samples(self) -> int:
        """How many samples are meant."""
        return int(self.X.shape[0]) if self.index is None else len(self.index)

    def rows(self, which: slice = slice(None)) -> "Samples":
        """Copy some of the samples that are meant, by default all of them."""
        rows = which if self.index is None else self.index[which]
        weight = None if self.sample_weight is None else self.sample_weight[rows]
        return Samples(self.X[rows], self.Y[rows], weight)

    def targets(self, which: slice = slice(None)) -> Array:
        """Copy targets of samples that are meant."""
        return np.asarray(self.Y[which if self.index is None else self.index[which]])

    def weights(self) -> Array | None:
        """Copy the weights of the samples that are meant."""
        weight = self.sample_weight
        return weight if weight is None or self.index is None else weight[self.index]

    def in_float64(self) -> "Samples":
        """Widen the inputs, for L-BFGS, whose weights are float64 whatever the inputs are."""
        return replace(self, X=self.X.astype(np.float64, copy=False))

    def weighted(self, weight: Array | None) -> "Samples":
        """Count each sample by a weight more."""
        if weight is None:
            return self
        known = self.sample_weight
        return replace(self, sample_weight=weight if known is None else known * weight)

    def problem(self, architecture: Architecture, alpha: float, engine: Engine) -> Problem:
        """Say what is descended: the loss of these samples and scikit-learn's penalty.

        Parameters
        ----------
        architecture : Architecture
            The network with its loss.
        alpha : float
            The penalty, which every step divides by the total sample weight of its batch.
        engine : Engine
            What computes.

        Returns
        -------
        Problem
        """
        batch = Batch(self.X, target_rows_of(self.Y, self.X.dtype), self.sample_weight)
        objective = Objective(architecture, alpha)
        return Problem(engine, objective, batch, l2_per_weight=True, index=self.index)

    def split(
        self, fraction: float, random_state: np.random.RandomState, *, stratify: bool
    ) -> tuple["Samples", "Samples"]:
        """Hold out a part of all rows, drawn as scikit-learn draws it.

        Parameters
        ----------
        fraction : float
            The share that is held out.
        random_state : numpy.random.RandomState
            The generator; it is advanced.
        stratify : bool
            Whether both parts have the same shares of the targets.

        Returns
        -------
        learn, hold : Samples

        Raises
        ------
        DataError
            If fewer than two samples would be held out, or not one of each class.
        """
        of_how_many = f"validation_fraction={fraction} of {self.n_samples} samples"
        try:
            if stratify:
                learn, hold = split_by_class(self._is_second(), fraction, random_state)
            else:
                learn, hold = split_rows(self.n_samples, fraction, random_state)
        except ValueError as error:
            raise DataError(f"{error} ({of_how_many})") from None
        if len(hold) < 2:
            raise DataError(
                "The validation set is too small. Increase 'validation_fraction' or the size of "
                f"your dataset: {of_how_many} is {len(hold)}."
            )
        return replace(self, index=learn), replace(self, index=hold)

    def _is_second(self) -> Array:
        kept = (self.Y if isinstance(self.Y, np.ndarray) else self.Y.kept)[:, 0]
        # labels are kept as zeros and ones, which need no copy to be read as truth values
        return kept.view(np.bool_) if kept.dtype == np.uint8 else np.asarray(kept == 1)


def dense(y: Any) -> Any:
    """Write out sparse targets, of which there are as many as outputs."""
    is_sparse: bool = issparse(y)
    return y.toarray() if is_sparse else y


def rows_first(X: Any) -> Any:
    """Write a sparse matrix row by row, since that is how steps take it apart."""
    is_sparse: bool = issparse(X)  # a plain bool, so that X stays of any type
    return csr_array(X) if is_sparse else X
