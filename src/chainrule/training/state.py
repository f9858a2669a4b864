"""Everything that changes while a network is trained, in one place."""

from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.parameters import Parameters
from chainrule.training.history import History
from chainrule.training.recipe import Recipe
from chainrule.training.solvers import SolverState
from chainrule.training.stopping import StoppingState

__all__ = ["TrainingState", "begin"]


@final
@dataclass
class TrainingState:
    """Where training stands: plain arrays, numbers and the random generator.

    A state as it is at the end of an epoch (a callback sees it there) is all that is needed to
    go on: `resume` from its `copy` gives the same bits as training that never paused.

    Parameters
    ----------
    params : Parameters
        The parameters, changed in place.
    solver : SolverState
        The solver's memory.
    rate : float
        The learning rate of the next epoch, from which the schedule makes that of each step.
    order : array of int, shape (n_samples,), or None
        The rows of the data in the order of the last epoch, changed in place; None is the order
        of the data.
    random_state : numpy.random.RandomState
        Where the shuffles come from.
    stopping : StoppingState
        The best epoch so far and the count of those without improvement.
    history : History
        A record for every epoch.
    epoch : int, default=0
        Epochs completed, counted against the limit.
    t : int, default=0
        Samples seen in completed epochs.
    converged : bool, default=False
        Whether the stopping criterion has ended training.
    dropout_seed : int, default=0
        The seed of all dropout masks; with the number of the step it gives each of them.

    Examples
    --------
    >>> from chainrule.network import Architecture
    >>> from chainrule.parameters import initial_parameters
    >>> random_state = np.random.RandomState(0)
    >>> params = initial_parameters(Architecture.of([2, 1], output="identity"), random_state)
    >>> begin(params, Recipe(), n_samples=5, random_state=random_state).rate
    0.001
    """

    params: Parameters
    solver: SolverState
    rate: float
    order: Array | None
    random_state: np.random.RandomState
    stopping: StoppingState
    history: History
    epoch: int = 0
    t: int = 0
    converged: bool = False
    dropout_seed: int = 0
    #: The parameters after the last epoch that was finite throughout.
    last_finite: Array = field(init=False)

    def __post_init__(self) -> None:
        self.last_finite = self.params.vector.copy()

    def copy(self) -> "TrainingState":
        """Copy everything that training changes, for a callback that keeps it.

        Returns
        -------
        TrainingState
            Shares nothing with this one that changes; its weights are views as they should be.
        """
        slots = {name: slot.copy() for name, slot in self.solver.slots.items()}
        copied = replace(
            self,
            params=self.params.copy(),
            order=None if self.order is None else self.order.copy(),
            solver=SolverState(self.solver.t, slots),
            random_state=deepcopy(self.random_state),
            stopping=replace(self.stopping),
            history=History(list(self.history.records)),
        )
        copied.last_finite = self.last_finite.copy()
        return copied


def begin(
    params: Parameters,
    recipe: Recipe,
    *,
    n_samples: int,
    random_state: np.random.RandomState,
    index: Array | None = None,
) -> TrainingState:
    """Give the state before the first epoch.

    Parameters
    ----------
    params : Parameters
        Where training begins; copied.
    recipe : Recipe
        How to train.
    n_samples : int
        How many samples there are.
    random_state : numpy.random.RandomState
        Where the shuffles come from, and before them, only with dropout, the seed of the masks;
        training moves it on.
    index : array of int, optional
        The rows that there are, if not all; taken, and brought into a new order in every epoch.

    Returns
    -------
    TrainingState
    """
    own = params.copy()
    return TrainingState(
        params=own,
        solver=recipe.solver.start(own),
        rate=float(recipe.schedule.learning_rate_init),
        order=recipe.batches.initial_order(n_samples, index),
        random_state=random_state,
        stopping=recipe.stopping.start(),
        history=History(),
        dropout_seed=0
        if recipe.dropout is None
        else int(random_state.randint(2**32, dtype=np.uint64)),
    )
