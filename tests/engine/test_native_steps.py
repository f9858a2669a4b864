"""A step uses the gradient that the engine gives on its own, whichever way it is computed.

While training, the gradient of a tile of weights is used as soon as it is there, and that of a
layer with few outputs is computed as its transpose; inputs are read where they lie or gathered
first. All of these are the same sums in the same order, so nothing may differ, not even in the last
bit.
"""

from itertools import product

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.engine import Descent, NativeEngine, SolverRule, Steps, StepsDone
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import initial_parameters

ENGINE = NativeEngine(n_threads=2)
FLOATS = (np.float64, np.float32)
#: A power of two, so that its product with a gradient is exact.
RATE = 0.25
#: Inputs on either side of whole panels.
INPUTS = (1, 15, 16, 17, 31, 32, 33, 64, 70)


def one_step(objective: Objective, vector: Array, batch: Batch, rows: Array) -> Array:
    params = initial_parameters(objective.architecture, np.random.RandomState(0), batch.X.dtype)
    params.vector[...] = vector
    memory = np.zeros_like(vector)
    descent = Descent(objective, batch, params, (memory,), SolverRule("gradient_descent"))
    stepping, done = ENGINE.stepping(descent), StepsDone()
    stepping.do(Steps(0, rows, np.array([0, len(rows)]), np.array([RATE])), done)
    stepping.close()
    assert done.n_updates == 1
    return params.vector


def assert_step_uses_the_gradient(sizes: list[int], m: int, dtype: type) -> None:
    rng = np.random.default_rng(sum(sizes))
    architecture = Architecture.of(sizes, "tanh", "identity")
    X: Array = rng.normal(size=(2 * m, sizes[0])).astype(dtype)
    T: Array = rng.normal(size=(2 * m, sizes[-1])).astype(dtype)
    rows = rng.permutation(2 * m)[:m]
    objective = Objective(architecture)
    params = initial_parameters(architecture, np.random.RandomState(0), dtype)
    _, gradient = ENGINE.loss_and_gradient(objective, params, Batch(X[rows], T[rows]))
    moved = one_step(objective, params.vector, Batch(X, T), rows)
    expected = params.vector - gradient.vector * dtype(RATE)
    assert np.array_equal(moved, expected), (sizes, m)
    assert np.abs(gradient.vector).max() > 0


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("n_outputs", [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 33])
def test_of_a_network_without_hidden_layers(n_outputs: int, dtype: type) -> None:
    for n_inputs, m in product(INPUTS, (1, 37)):
        assert_step_uses_the_gradient([n_inputs, n_outputs], m, dtype)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("n_hidden", [1, 7, 16, 33, 64, 65, 127, 128, 129, 300])
def test_of_a_network_with_a_hidden_layer(n_hidden: int, dtype: type) -> None:
    for n_inputs, n_outputs in product((1, 33, 70), (1, 10, 17)):
        assert_step_uses_the_gradient([n_inputs, n_hidden, n_outputs], 53, dtype)
