"""How well the network does on data that it does not learn from."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, final

import numpy as np

from chainrule.arrays import Array
from chainrule.objective import Batch
from chainrule.parameters import Parameters
from chainrule.training.problem import Problem

__all__ = ["HeldOut", "ScoreByParts", "Validated", "Validation"]

_ROWS_AT_ONCE: Final = 16384


@final
@dataclass(frozen=True)
class Validated:
    """What validation found after an epoch.

    Parameters
    ----------
    score : float, optional
        Greater is better.
    loss : float, optional
        Smaller is better.

    Examples
    --------
    >>> Validated(score=0.9).loss is None
    True
    """

    score: float | None = None
    loss: float | None = None


#: Takes the outputs some rows after others, and gives a score; greater is better.
ScoreByParts: TypeAlias = Callable[[Iterable[Array]], float]

#: Called after every epoch with the parameters, which it must not change.
Validation: TypeAlias = Callable[[Parameters], Validated]


@final
@dataclass(frozen=True)
class HeldOut:
    """Validation on held-out samples: their loss without the penalty, and a score of the outputs.

    Parameters
    ----------
    problem : Problem
        The engine and the objective of training, with the held-out samples as its data.
    score : callable, optional
        Takes the outputs (``m × n_L``) and returns a number; greater is better.
    by_parts : callable, optional
        The score in place of `score`, for samples whose outputs together take much memory.

    Examples
    --------
    >>> import numpy as np
    >>> from chainrule.engine.reference import ReferenceEngine
    >>> from chainrule.network import Architecture
    >>> from chainrule.objective import Batch, Objective
    >>> from chainrule.parameters import initial_parameters
    >>> architecture = Architecture.of([2, 1], output="identity")
    >>> data = Batch(np.eye(2), np.ones((2, 1)), None)
    >>> held_out = HeldOut(Problem(ReferenceEngine(), Objective(architecture), data))
    >>> held_out(initial_parameters(architecture, np.random.RandomState(0)).zeros())
    Validated(score=None, loss=0.5)
    """

    problem: Problem
    score: Callable[[Array], float] | None = None
    by_parts: ScoreByParts | None = None

    def __call__(self, params: Parameters) -> Validated:
        """Validate.

        Parameters
        ----------
        params : Parameters
            The network to be validated.

        Returns
        -------
        Validated
        """
        return Validated(self._score(params), self._loss(params))

    def _parts(self) -> Iterator[Batch]:
        """Take the samples some at a time, since only those are copied."""
        for start in range(0, self.problem.n_samples, _ROWS_AT_ONCE):
            yield self.problem.rows(slice(start, start + _ROWS_AT_ONCE))

    def _loss(self, params: Parameters) -> float:
        objective, engine = (
            replace(self.problem.objective, l2=0.0, dropout=None),
            self.problem.engine,
        )
        if self.problem.n_samples <= _ROWS_AT_ONCE:
            return engine.loss(objective, params, next(self._parts()))
        # the mean over all is the mean over the parts, each by its weight
        weights, losses = [], []
        for part in self._parts():
            weights.append(part.total_weight)
            losses.append(engine.loss(objective, params, part) if weights[-1] else 0.0)
        return float(np.average(losses, weights=weights))

    def _score(self, params: Parameters) -> float | None:
        if self.score is None and self.by_parts is None:
            return None
        architecture, engine = self.problem.objective.architecture, self.problem.engine
        parts = (engine.outputs(architecture, params, part.X) for part in self._parts())
        if self.by_parts is not None:
            return float(self.by_parts(parts))
        return None if self.score is None else float(self.score(np.concatenate(list(parts))))
