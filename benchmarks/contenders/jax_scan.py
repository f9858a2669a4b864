"""JAX: an epoch is one compiled call, a scan over its batches."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, final

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from contenders.contender import Probabilities, Specification
from contenders.first_weights import first_weights
from workloads import BETA_1, BETA_2, MOMENTUM, Workload

__all__ = ["JaxScan"]

_ACTIVATIONS: Final[Mapping[str, Any]] = {
    "logistic": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "relu": jax.nn.relu,
}


def scores(workload: Workload, params: Any, x: Any) -> Any:
    """Give the last pre-activations, of shape (m, n_L)."""
    activation = _ACTIVATIONS[workload.activation]
    for W, b in params[:-1]:
        x = activation(x @ W + b)
    W, b = params[-1]
    return x @ W + b


def loss(workload: Workload, params: Any, x: Any, t: Any) -> Any:
    """Average the cross-entropy over the samples."""
    z = scores(workload, params, x)
    if workload.is_multilabel:
        return (jax.nn.softplus(z) - t * z).sum() / len(x)
    return -(t * jax.nn.log_softmax(z)).sum() / len(x)


def momentum_step(workload: Workload, state: Any, gradient: Any) -> Any:
    """Take a step of gradient descent with classical momentum."""
    params, (v,), t = state
    v = jax.tree.map(lambda v, g: MOMENTUM * v - workload.rate * g, v, gradient)
    return jax.tree.map(jnp.add, params, v), (v,), t + 1


def adam_step(workload: Workload, state: Any, gradient: Any) -> Any:
    """Take a step of Adam, the correction of the moments drawn into the rate."""
    params, (m, v), t = state
    t = t + 1
    rate = workload.rate * jnp.sqrt(1 - BETA_2**t) / (1 - BETA_1**t)
    m = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, m, gradient)
    v = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, v, gradient)
    added = workload.epsilon
    new = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + added), params, m, v)
    return new, (m, v), t


def epoch(workload: Workload, state: Any, X: Any, T: Any, order: Any) -> Any:
    """Take a step for every batch; the state goes in and out as one tree."""
    update = momentum_step if workload.solver == "sgd" else adam_step

    def one(state: Any, rows: Any) -> Any:
        value, gradient = jax.value_and_grad(lambda p: loss(workload, p, X[rows], T[rows]))(
            state[0]
        )
        return update(workload, state, gradient), value

    state, losses = jax.lax.scan(one, state, order.reshape(-1, workload.batch_size))
    return state, losses.mean()


@final
class JaxScan:
    """A network in JAX.

    Parameters
    ----------
    told : Specification
        What is trained.
    """

    def __init__(self, told: Specification) -> None:
        self._told, self._rng = told, np.random.default_rng(told.seed)
        self._weights = first_weights(told)
        self._X, self._T = jnp.asarray(told.data.X), jnp.asarray(told.data.T, dtype=jnp.float32)
        self._compiled = jax.jit(partial(epoch, told.workload), donate_argnums=0)
        self._state = self._begin()

    def _begin(self) -> Any:
        pairs = zip(self._weights.coefs, self._weights.intercepts, strict=True)
        params = [(jnp.array(W), jnp.array(b)) for W, b in pairs]
        n_moments = 1 if self._told.workload.solver == "sgd" else 2
        nothing = (jax.tree.map(jnp.zeros_like, params) for _ in range(n_moments))
        return params, tuple(nothing), jnp.zeros((), dtype=jnp.float32)

    def fit(self, n_epochs: int, *, shuffle: bool) -> None:
        """Train from the first weights."""
        self._state = self._begin()
        for _ in range(n_epochs):
            self._epoch(shuffle=shuffle)
        jax.block_until_ready(self._state)

    def one_epoch(self) -> None:
        """Go on for an epoch."""
        self._epoch(shuffle=True)
        jax.block_until_ready(self._state)

    def _epoch(self, *, shuffle: bool) -> None:
        # NumPy's permutation is several times faster on a processor than JAX's, which sorts.
        n_rows = len(self._told.data.X)
        order = self._rng.permutation(n_rows) if shuffle else np.arange(n_rows)
        rows = order.astype(np.int32)
        self._state, _ = self._compiled(self._state, self._X, self._T, rows)

    def step(self) -> None:
        """Take a step on the first batch: an epoch of one batch."""
        rows = np.arange(self._told.workload.batch_size, dtype=np.int32)
        self._state, _ = self._compiled(self._state, self._X, self._T, rows)
        jax.block_until_ready(self._state)

    def outputs(self, X: npt.NDArray[np.float32]) -> Probabilities:
        """Evaluate the network."""
        z = scores(self._told.workload, self._state[0], X)
        multilabel = self._told.workload.is_multilabel
        y = jax.nn.sigmoid(z) if multilabel else jax.nn.softmax(z)
        return np.asarray(y, dtype=np.float32)

    def about(self) -> Mapping[str, str]:
        """Name the version."""
        return {"version": jax.__version__, "device": str(jax.devices()[0])}
