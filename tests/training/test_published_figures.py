"""The training loop meets the figures that others have published for one small network.

Parameters ``θ_k = 0.1 cos k``, batches in the order of the data, plain momentum, no penalty.
"""

from pathlib import Path

import numpy as np
import pytest

from chainrule.engine import ReferenceEngine
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters
from chainrule.training import (
    Constant,
    CyclicBatches,
    GradientDescent,
    HeldOut,
    Problem,
    Recipe,
    fit,
)

ARCHITECTURE = Architecture.of([256, 10, 10], hidden="logistic", output="softmax", bias=False)


def first_parameters() -> Parameters:
    theta = 0.1 * np.cos(np.arange(ARCHITECTURE.n_parameters))
    first, second = theta[:2560].reshape(256, 10).T, theta[2560:].reshape(10, 10).T
    return Parameters.over(ARCHITECTURE, np.concatenate([first.ravel(), second.ravel()]))


def digits(file: Path, part: str) -> Problem:
    with np.load(file) as arrays:
        data = Batch(arrays[f"{part}_x"], arrays[f"{part}_t"])
    return Problem(ReferenceEngine(), Objective(ARCHITECTURE), data)


@pytest.mark.parametrize(
    ("rate", "momentum", "training", "validation"),
    [
        (0.002, 0.0, 2.302293108148208, 2.3022255410002384),
        (0.05, 0.9, 1.9940517127340163, 1.9965592899672242),
        (0.2, 0.9, 1.292495578954033, 1.3372647971195857),
        (1.0, 0.0, 1.674933214461265, 1.6900252783448697),
    ],
)
def test_seventy_steps_on_handwritten_digits(
    shared: Path, rate: float, momentum: float, training: float, validation: float
) -> None:
    file = shared / "data" / "usps_11000.npz"
    problem = digits(file, "train")
    solver = GradientDescent(momentum, nesterovs_momentum=False)
    # Two epochs of 35 steps: the second goes on at the case where the first left off.
    recipe = Recipe(solver, Constant(rate), CyclicBatches(4, steps=35), max_epochs=2)
    result = fit(problem, first_parameters(), recipe, random_state=np.random.RandomState(0))
    assert HeldOut(problem)(result.params).loss == pytest.approx(training, rel=1e-10)
    held_out = HeldOut(digits(file, "valid"))
    assert held_out(result.params).loss == pytest.approx(validation, rel=1e-10)
