"""What is descended: an objective over the rows of a data set, evaluated by an engine."""

from dataclasses import dataclass, replace
from typing import final

from chainrule.arrays import Array
from chainrule.dropout import DropoutMasks
from chainrule.engine import Engine
from chainrule.errors import DataError
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters

__all__ = ["Problem"]


@final
@dataclass(frozen=True)
class Problem:
    """A loss to be made small: the engine, the objective and the training data.

    Parameters
    ----------
    engine : Engine
        What computes the loss and its gradient.
    objective : Objective
        The network's architecture and its L2 penalty `l2`.
    data : Batch
        Every training sample.
    l2_per_weight : bool, default=False
        How a step penalises. False: every step uses `l2` as it stands (``λ``), so the penalty
        does not depend on the batch size. True: `l2` is scikit-learn's ``alpha``, which each
        step divides by the total sample weight of its batch, ``λ = α / Σ w_j``.
    index : array of int, optional
        The rows of `data` that there are; the others are as if they were not, and none is copied.

    Raises
    ------
    DataError
        Where there is no sample to learn from.

    References
    ----------
    scikit-learn 1.9, ``BaseMultilayerPerceptron._backprop``: the penalty is
    ``α/2 · Σ‖W‖² / Σ w``.

    Examples
    --------
    >>> import numpy as np
    >>> from chainrule.engine.reference import ReferenceEngine
    >>> from chainrule.network import Architecture
    >>> architecture = Architecture.of([2, 1], output="identity")
    >>> data = Batch(np.eye(2), np.ones((2, 1)), None)
    >>> problem = Problem(ReferenceEngine(), Objective(architecture, l2=0.5), data,
    ...                   l2_per_weight=True)
    >>> problem.objective_of(problem.rows(slice(0, 2))).l2
    0.25
    """

    engine: Engine
    objective: Objective
    data: Batch
    l2_per_weight: bool = False
    index: Array | None = None

    def __post_init__(self) -> None:
        if self.n_samples == 0:
            raise DataError("there are no training samples; give at least one row")

    @property
    def n_samples(self) -> int:
        """How many samples there are to learn from."""
        return self.data.n_samples if self.index is None else len(self.index)

    def rows(self, index: slice | Array) -> Batch:
        """Take the samples of one step.

        Parameters
        ----------
        index : slice or array of int
            The rows; a slice costs no copy.

        Returns
        -------
        Batch
        """
        return self.data.rows(index if self.index is None else self.index[index])

    def objective_of(self, batch: Batch, dropout: DropoutMasks | None = None) -> Objective:
        """Give the objective of one step, with the penalty that belongs to its batch.

        Parameters
        ----------
        batch : Batch
            The samples of the step.
        dropout : DropoutMasks, optional
            What the hidden outputs of the step are multiplied by.

        Returns
        -------
        Objective
        """
        objective = self.objective
        if dropout is not None:
            objective = replace(objective, dropout=dropout)
        if not self.l2_per_weight:
            return objective
        total = batch.total_weight
        if total <= 0:
            raise DataError(
                f"a batch of {batch.n_samples} samples has total sample weight {total}, which "
                "must be above 0; leave out samples whose weight is not, or take larger batches"
            )
        return replace(objective, l2=objective.l2 / total)

    def loss_and_gradient(
        self, params: Parameters, batch: Batch, dropout: DropoutMasks | None = None
    ) -> tuple[float, Parameters]:
        """Evaluate the objective of one step and its gradient.

        Parameters
        ----------
        params : Parameters
            Where to evaluate.
        batch : Batch
            The samples of the step, from `rows`.
        dropout : DropoutMasks, optional
            What the hidden outputs of the step are multiplied by.

        Returns
        -------
        loss : float
        gradient : Parameters
            Shaped like `params`.
        """
        return self.engine.loss_and_gradient(self.objective_of(batch, dropout), params, batch)
