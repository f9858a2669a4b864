"""Steps of training in the compiled module: what a training needs is handed over once.

An epoch of a small network takes some tens of microseconds, so what does not change from one to the
next is not worked out again.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias, final

import numpy as np

from chainrule.arrays import Array
from chainrule.dropout import Dropout
from chainrule.engine.memory import inputs_of, order_of, targets_of, vector_of, weights_of
from chainrule.engine.steps import Descent, Steps, StepsDone
from chainrule.errors import DataError, ShapeError
from chainrule.network import Architecture
from chainrule.objective import Batch
from chainrule.parameters import Parameters

__all__ = ["NativeSamples", "NativeStepping", "dropout_rates", "samples_of"]

#: Inputs as an array or as the three of a CSR matrix, targets, and weights.
NativeSamples: TypeAlias = tuple[
    Array | None, tuple[Array, Array, Array] | None, Array, Array | None
]

_SOLVERS: Final = {"gradient_descent": 0, "nesterov": 1, "adam": 2}
_CLIPPINGS: Final = {"norm": 1, "value": 2}


@final
class NativeStepping:
    """A training that a session of the compiled module is ready to go on with.

    Parameters
    ----------
    train : callable
        The session's own.
    give_back : callable
        Called when this is closed.
    descent : Descent
        What the steps have in common.
    samples : NativeSamples
        The data of the descent, from `samples_of`.
    n_threads : int
        Threads at most.
    """

    def __init__(
        self,
        train: Callable[..., None],
        give_back: Callable[[], None],
        descent: Descent,
        samples: NativeSamples,
        n_threads: int,
    ) -> None:
        slots, dropout = descent.slots, descent.dropout
        self._train, self._give_back = train, give_back
        self._descent, self._n_threads = descent, n_threads
        self._fixed: tuple[Any, ...] = (
            descent.params.vector,
            slots[0],
            slots[1] if len(slots) > 1 else None,
            *samples,
        )
        architecture = descent.objective.architecture
        self._rule = _rule(descent)
        self._dropout = dropout_rates(dropout, architecture) if dropout else None

    def do(self, steps: Steps, done: StepsDone, /) -> None:
        """Do steps of training in one call; Ctrl-C ends it after a whole step.

        Parameters
        ----------
        steps : Steps
            What to do.
        done : StepsDone
            Filled in with how far it got, also where an exception ends the call.
        """
        report: list[tuple[Any, ...]] = []
        try:
            self._train(
                *self._fixed,
                None if steps.rows is None else order_of(steps.rows),
                vector_of(steps.starts, np.int64),
                vector_of(steps.rates, np.float64),
                self._rule,
                self._dropout,
                steps.before,
                self._n_threads,
                self._descent.after_step,
                report,
            )
        finally:
            if report:
                _fill(done, report[0], self._descent)

    def close(self) -> None:
        """Give the session back."""
        self._give_back()


def samples_of(batch: Batch, params: Parameters) -> NativeSamples:
    """Take samples as the compiled module does, in place where the memory allows it.

    Parameters
    ----------
    batch : Batch
        The samples.
    params : Parameters
        Of the network that they are for; their type counts.

    Returns
    -------
    NativeSamples

    Raises
    ------
    DataError
        If there are no samples.
    ShapeError
        If there are not as many targets as inputs.
    """
    if batch.n_samples == 0:
        raise DataError("there are no samples, and the mean over none is undefined")
    dtype = params.vector.dtype
    if batch.T.shape[:1] != batch.X.shape[:1]:
        raise ShapeError("T", batch.T.shape, f"({batch.n_samples}, n_L)")
    X, csr = inputs_of(batch.X, dtype)
    weight = None if batch.sample_weight is None else weights_of(batch.sample_weight, dtype)
    return X, csr, targets_of(batch.T, dtype), weight


def dropout_rates(dropout: Dropout, architecture: Architecture) -> Array:
    """Give the rate of every hidden layer.

    Parameters
    ----------
    dropout : Dropout
    architecture : Architecture

    Returns
    -------
    array of shape (L - 1,)
    """
    return np.array([dropout.rate(layer) for layer in range(1, architecture.n_layers)], np.float64)


def _rule(descent: Descent) -> dict[str, Any]:
    solver, clipping = descent.solver, descent.clipping
    return {
        "solver": _SOLVERS[solver.kind],
        "momentum": solver.momentum,
        "beta_1": solver.beta_1,
        "beta_2": solver.beta_2,
        "epsilon": solver.epsilon,
        "weight_decay": solver.weight_decay,
        "l2": descent.objective.l2,
        "l2_per_weight": descent.l2_per_weight,
        "clipping": 0 if clipping is None else _CLIPPINGS[clipping.kind],
        "bound": 0.0 if clipping is None else clipping.bound,
        "stop_on_divergence": descent.stop_on_divergence,
        "dropout_seed": descent.dropout_seed,
    }


def _fill(done: StepsDone, told: tuple[Any, ...], descent: Descent) -> None:
    (
        done.n_steps,
        done.n_rows,
        done.total,
        done.last_finite_loss,
        diverged_at,
        done.finite_before,
        done.stopped,
        done.weightless,
    ) = told
    done.diverged_at = diverged_at if diverged_at > 0 else None
    left_out = done.diverged_at is not None and descent.stop_on_divergence
    done.n_updates = done.n_steps - left_out
