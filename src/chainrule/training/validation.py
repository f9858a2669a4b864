"""How well the network does on data that it does not learn from."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias, final

from chainrule.arrays import Array
from chainrule.parameters import Parameters
from chainrule.training.problem import Problem

__all__ = ["HeldOut", "Validated", "Validation"]


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
        objective = replace(self.problem.objective, l2=0.0, dropout=None)
        loss = self.problem.engine.loss(objective, params, self.problem.data)
        return Validated(self._score(params), loss)

    def _score(self, params: Parameters) -> float | None:
        if self.score is None:
            return None
        architecture = self.problem.objective.architecture
        outputs = self.problem.engine.outputs(architecture, params, self.problem.data.X)
        return float(self.score(outputs))
