from dataclasses import replace

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.objective import Batch, Objective
from chainrule.parameters import Parameters
from chainrule.training import HeldOut, Problem


def test_the_validation_loss_has_no_penalty(blobs: Problem, params: Parameters) -> None:
    bare = Objective(blobs.objective.architecture, l2=0.0)
    expected = blobs.engine.loss(bare, params, blobs.data)
    assert HeldOut(blobs)(params).loss == expected
    assert HeldOut(replace(blobs, l2_per_weight=True))(params).loss == expected


def test_the_validation_loss_weighs_its_samples(blobs: Problem, params: Parameters) -> None:
    weights = np.zeros(53)
    weights[7] = 3.0
    data = blobs.data
    weighted = HeldOut(replace(blobs, data=Batch(data.X, data.T, weights)))
    alone = HeldOut(replace(blobs, data=data.rows(slice(7, 8))))
    assert weighted(params).loss == pytest.approx(alone(params).loss, rel=1e-14)


def test_the_score_is_a_function_of_the_outputs(blobs: Problem, params: Parameters) -> None:
    def accuracy(outputs: Array) -> float:
        return float(np.mean(outputs.argmax(axis=1) == blobs.data.T.argmax(axis=1)))

    outputs = blobs.engine.outputs(blobs.objective.architecture, params, blobs.data.X)
    assert HeldOut(blobs, accuracy)(params).score == accuracy(outputs)


def test_without_a_score_there_is_only_the_loss(blobs: Problem, params: Parameters) -> None:
    assert HeldOut(blobs)(params).score is None
