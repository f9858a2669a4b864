"""One seed means one network, to the last bit: however many threads, whichever vectors.

Each instruction set computes in a process of its own, since it is chosen once. Baseline x86-64 has
no fused multiply-add and need agree only with itself.
"""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.dropout import Dropout
from chainrule.engine import NativeEngine, engine_info
from chainrule.functions import FUNCTIONS
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import initial_parameters
from chainrule.training import (
    Adam,
    ClipNorm,
    Constant,
    GradientDescent,
    Problem,
    Recipe,
    ShuffledBatches,
    fit,
)

AVAILABLE = engine_info()["available_isas"]
#: Sizes on either side of every vector and panel; enough operations for two threads.
SIZES = [45, 101, 67, 33, 5]


def trained(n_threads: int, dtype: type, hidden: str = "gelu", output: str = "softmax") -> Array:
    """Train with everything that adds something up."""
    rng = np.random.default_rng(0)
    architecture = Architecture.of(SIZES, hidden, output)
    T: Array = np.eye(5)[rng.integers(0, 5, 301)].astype(dtype)
    weight: Array = rng.uniform(0.5, 2, 301).astype(dtype)
    data = Batch(rng.normal(size=(301, 45)).astype(dtype), T, weight)
    problem = Problem(NativeEngine(n_threads), Objective(architecture, 0.01), data, True)
    solver = Adam() if output == "softmax" else GradientDescent()
    recipe = Recipe(
        solver,
        Constant(0.01),
        ShuffledBatches(100),
        max_epochs=2,
        clipping=ClipNorm(1.0) if hidden == "elu" else None,
        dropout=Dropout(0.2) if hidden == "gelu" else None,
    )
    params = initial_parameters(architecture, np.random.RandomState(1), dtype)
    result = fit(problem, params, recipe, random_state=np.random.RandomState(2))
    losses = np.array(result.history.loss_curve)
    outputs = problem.engine.outputs(architecture, result.params, data.X)
    return np.concatenate([result.params.vector, losses, outputs.ravel()])


def digest() -> str:
    """Digest the bits of networks with every hidden function, in both types."""
    bits = hashlib.sha256()
    for dtype in (np.float32, np.float64):
        for number, hidden in enumerate(FUNCTIONS):
            output = ("softmax", "logistic")[number % 2]
            bits.update(trained(2, dtype, hidden, output).tobytes())
    return bits.hexdigest()


def digest_under(isa: str) -> str:
    environment = {**os.environ, "CHAINRULE_ISA": isa}
    command = [sys.executable, __file__]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    used, bits = run.stdout.split()
    assert used == isa
    return bits


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("hidden", ["relu", "gelu", "elu"])
def test_any_number_of_threads_gives_the_same_bits(hidden: str, dtype: type) -> None:
    alone = trained(1, dtype, hidden)
    assert np.isfinite(alone).all()
    for n_threads in (2, 3, 5):
        assert np.array_equal(trained(n_threads, dtype, hidden), alone)


@pytest.mark.skipif("avx512" not in AVAILABLE, reason="this machine has no AVX-512")
def test_avx2_and_avx512_give_the_same_bits() -> None:
    assert digest_under("avx2") == digest_under("avx512")


@pytest.mark.parametrize("isa", [isa for isa in AVAILABLE if isa in {"baseline", "neon"}])
def test_an_instruction_set_agrees_with_itself(isa: str) -> None:
    assert digest_under(isa) == digest_under(isa)


def test_an_instruction_set_that_is_missing_is_an_error_that_says_so() -> None:
    environment = {**os.environ, "CHAINRULE_ISA": "sse9"}
    program = "import chainrule; chainrule.engine_info()"
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "CHAINRULE_ISA is 'sse9', and this machine can run " in run.stderr


if __name__ == "__main__":
    print(engine_info()["isa"], digest())
