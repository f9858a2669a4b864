"""The native engine: the network and whole epochs of training in compiled code.

What it computes is what the reference engine computes; `docs/performance.md` says how. The trace
is the reference engine's own.
"""

from collections.abc import Callable
from typing import Any, Final, final

import numpy as np
from threadpoolctl import register

from chainrule import _native
from chainrule.arrays import Array
from chainrule.dropout import Dropout
from chainrule.engine.memory import inputs_of, order_of, targets_of, vector_of, weights_of
from chainrule.engine.plan import Plan, plan_of
from chainrule.engine.reference import ReferenceEngine
from chainrule.engine.sessions import Sessions
from chainrule.engine.steps import Steps, StepsDone
from chainrule.engine.thread_limit import NativePool
from chainrule.engine.threads import thread_count
from chainrule.errors import DataError, ShapeError, UnsupportedError
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters

__all__ = ["NativeEngine", "elementary", "engine_info"]

_SOLVERS: Final = {"gradient_descent": 0, "nesterov": 1, "adam": 2}
_CLIPPINGS: Final = {"norm": 1, "value": 2}
_SESSIONS: Final = {
    np.dtype(np.float32): _native.SessionFloat32,
    np.dtype(np.float64): _native.SessionFloat64,
}

register(NativePool)

_Session = _native.SessionFloat32 | _native.SessionFloat64


@final
class NativeEngine:
    """Compiled kernels for the functions, outputs and losses of this library.

    The result does not depend on the number of threads, to the last bit.

    Parameters
    ----------
    n_threads : int, optional
        Threads at most. Without it ``CHAINRULE_THREADS`` counts, then ``OMP_NUM_THREADS``, then
        the cores. Small networks take one thread, where more would only wait for each other.

    Examples
    --------
    >>> architecture = Architecture.of([1, 1], output="identity")
    >>> params = Parameters.over(architecture, np.array([2.0, 1.0]))
    >>> NativeEngine(n_threads=1).outputs(architecture, params, np.array([[3.0]]))
    array([[7.]])
    """

    name = "native"

    def __init__(self, n_threads: int | None = None) -> None:
        self.n_threads = None if n_threads is None else thread_count(n_threads)
        self._sessions: Sessions[_Session] = Sessions(_new_session)

    def __reduce__(self) -> tuple[Any, ...]:
        return NativeEngine, (self.n_threads,)

    def outputs(self, architecture: Architecture, params: Parameters, X: Array) -> Array:
        """Evaluate ``Y(L)``, of shape (m, n_L)."""
        dtype = params.vector.dtype
        result = np.empty((X.shape[0], architecture.layer_sizes[-1]), dtype)
        dense, csr = inputs_of(X, dtype)
        with self._sessions.lend(architecture, dtype) as session:
            session.outputs(_theta(params), dense, csr, result, self._threads())
        return result

    def loss(self, objective: Objective, params: Parameters, batch: Batch) -> float:
        """Evaluate ``E``."""
        if objective.dropout is not None:
            return self.loss_and_gradient(objective, params, batch)[0]
        samples = _samples(batch, params)
        with self._sessions.lend(objective.architecture, params.vector.dtype) as session:
            loss = session.loss(_theta(params), *samples, objective.l2, self._threads())
        return float(loss)

    def loss_and_gradient(
        self,
        objective: Objective,
        params: Parameters,
        batch: Batch,
        *,
        total_weight: float = 0.0,
    ) -> tuple[float, Parameters]:
        """Evaluate ``E``, and ``∂E/∂W(l)`` and ``∂E/∂b(l)`` in the layout of `params`.

        Parameters
        ----------
        objective : Objective
            What is evaluated.
        params : Parameters
            Where.
        batch : Batch
            The samples.
        total_weight : float, optional
            What the weighted sum over the samples is divided by, where they are a part of the
            data: the sums over all parts are then those of the whole, if one part alone has the
            penalty. By default the total weight of these samples.

        Returns
        -------
        loss : float
        gradient : Parameters
        """
        samples = _samples(batch, params)
        masks, gradient = objective.dropout, params.zeros()
        rates = None if masks is None else _rates(masks.dropout, objective.architecture)
        seed, step = (0, 0) if masks is None else (masks.seed, masks.step)
        with self._sessions.lend(objective.architecture, params.vector.dtype) as session:
            loss = session.gradient(
                _theta(params),
                gradient.vector,
                *samples,
                objective.l2,
                rates,
                seed,
                step,
                total_weight,
                self._threads(),
            )
        return float(loss), gradient

    def frozen(self, architecture: Architecture, params: Parameters) -> Callable[[Array], Array]:
        """Give ``Y(L)`` as a function of ``X``, for many calls with few rows.

        Parameters
        ----------
        architecture : Architecture
            The network.
        params : Parameters
            Its parameters; they are copied.

        Returns
        -------
        callable
            Takes an array of shape (m, n_0) of the type of the parameters, whose rows are
            contiguous, and gives one of shape (m, n_L). Anything else is a TypeError or a
            ValueError.
        """
        session = _new_session(plan_of(architecture), params.vector.dtype)
        session.freeze(_theta(params))
        n_outputs, dtype = architecture.layer_sizes[-1], params.vector.dtype
        outputs, empty, threads = session.outputs, np.empty, self._threads()

        def evaluate(X: Array) -> Array:
            result = empty((len(X), n_outputs), dtype)
            outputs(None, X, None, result, threads)
            return result

        return evaluate

    def trace(self, objective: Objective, params: Parameters, batch: Batch) -> dict[str, Array]:
        """Evaluate every intermediate quantity, on the reference engine."""
        return ReferenceEngine().trace(objective, params, batch)

    def can_step(self, objective: Objective) -> bool:
        """Tell whether there is a kernel for every part of the network."""
        try:
            plan_of(objective.architecture)
        except UnsupportedError:
            return False
        return True

    def do_steps(self, steps: Steps, done: StepsDone) -> None:
        """Do steps of training in one call; Ctrl-C ends it after a whole step.

        Parameters
        ----------
        steps : Steps
            What to do.
        done : StepsDone
            Filled in with how far it got, also where an exception ends the call.
        """
        params, objective = steps.params, steps.objective
        samples = _samples(steps.data, params)
        report: list[tuple[Any, ...]] = []
        try:
            with self._sessions.lend(objective.architecture, params.vector.dtype) as session:
                session.train(
                    params.vector,
                    steps.slots[0],
                    steps.slots[1] if len(steps.slots) > 1 else None,
                    *samples,
                    None if steps.rows is None else order_of(steps.rows),
                    vector_of(steps.starts, np.int64),
                    vector_of(steps.rates, np.float64),
                    _rule(steps),
                    _rates(steps.dropout, objective.architecture) if steps.dropout else None,
                    steps.steps_before,
                    self._threads(),
                    steps.after_step,
                    report,
                )
        finally:
            if report:
                _fill(done, report[0], steps)

    def _threads(self) -> int:
        return thread_count(self.n_threads)


def _new_session(plan: Plan, dtype: Any) -> _Session:
    return _SESSIONS[dtype](
        list(plan.sizes),
        list(plan.hidden),
        plan.output,
        plan.loss,
        plan.loss_parameter,
        plan.bias,
        plan.clips,
    )


def engine_info() -> dict[str, Any]:
    """Say what computes: the instruction set and the number of threads.

    Returns
    -------
    dict
        ``isa``, the instruction set in use (``CHAINRULE_ISA`` forces one); ``available_isas``,
        those that this machine can run; ``threads``, how many are used where nothing else is
        asked for; and how the module was built.

    Raises
    ------
    UnsupportedError
        If ``CHAINRULE_ISA`` names an instruction set that this machine lacks.

    Examples
    --------
    >>> info = engine_info()
    >>> info["isa"] in info["available_isas"]
    True
    """
    try:
        isa = _native.isa()
    except RuntimeError as error:
        raise UnsupportedError(str(error)) from None
    return {
        "isa": isa,
        "available_isas": _native.available_isas(),
        "threads": thread_count(),
        **_native.build_info(),
    }


def elementary(name: str, x: Array) -> Array:
    """Evaluate one of the kernels' elementary functions, so that its error can be measured.

    Parameters
    ----------
    name : str
        ``exp``, ``expm1``, ``log``, ``log1p``, ``tanh``, ``logistic``, ``softplus`` or
        ``normal_cdf``.
    x : array of shape (n,)
        Arguments in float32 or float64.

    Returns
    -------
    array of shape (n,)
        The values, of the same type.

    Examples
    --------
    >>> elementary("exp", np.array([0.0]))
    array([1.])
    """
    values = np.empty_like(x)
    is_single = x.dtype == np.float32
    (_native.elementary_float32 if is_single else _native.elementary_float64)(name, x, values)
    return values


def _theta(params: Parameters) -> Array:
    return vector_of(params.vector, params.vector.dtype)


def _samples(
    batch: Batch, params: Parameters
) -> tuple[Array | None, tuple[Array, Array, Array] | None, Array, Array | None]:
    if batch.n_samples == 0:
        raise DataError("there are no samples, and the mean over none is undefined")
    dtype = params.vector.dtype
    if batch.T.shape[:1] != batch.X.shape[:1]:
        raise ShapeError("T", batch.T.shape, f"({batch.n_samples}, n_L)")
    X, csr = inputs_of(batch.X, dtype)
    weight = None if batch.sample_weight is None else weights_of(batch.sample_weight, dtype)
    return X, csr, targets_of(batch.T, dtype), weight


def _rates(dropout: Dropout, architecture: Architecture) -> Array:
    return np.array([dropout.rate(layer) for layer in range(1, architecture.n_layers)], np.float64)


def _rule(steps: Steps) -> dict[str, Any]:
    solver, clipping = steps.solver, steps.clipping
    return {
        "solver": _SOLVERS[solver.kind],
        "momentum": solver.momentum,
        "beta_1": solver.beta_1,
        "beta_2": solver.beta_2,
        "epsilon": solver.epsilon,
        "weight_decay": solver.weight_decay,
        "l2": steps.objective.l2,
        "l2_per_weight": steps.l2_per_weight,
        "clipping": 0 if clipping is None else _CLIPPINGS[clipping.kind],
        "bound": 0.0 if clipping is None else clipping.bound,
        "stop_on_divergence": steps.stop_on_divergence,
        "dropout_seed": steps.dropout_seed,
    }


def _fill(done: StepsDone, told: tuple[Any, ...], steps: Steps) -> None:
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
    left_out = done.diverged_at is not None and steps.stop_on_divergence
    done.n_updates = done.n_steps - left_out
