from dataclasses import replace

import numpy as np
import pytest

from chainrule.errors import DataError
from chainrule.objective import Batch
from chainrule.parameters import Parameters
from chainrule.training import Problem


def weighted(problem: Problem, weight: float) -> Problem:
    data = problem.data
    return replace(problem, data=Batch(data.X, data.T, np.full(problem.n_samples, weight)))


def test_the_penalty_stands_as_it_is_unless_asked_otherwise(blobs: Problem) -> None:
    assert blobs.objective_of(blobs.rows(slice(0, 5))).l2 == 0.01


@pytest.mark.parametrize(("weight", "divisor"), [(1.0, 5), (0.5, 2.5)])
def test_the_penalty_can_be_divided_by_the_weight_of_the_batch(
    blobs: Problem, weight: float, divisor: float
) -> None:
    problem = replace(weighted(blobs, weight), l2_per_weight=True)
    assert problem.objective_of(problem.rows(slice(0, 5))).l2 == 0.01 / divisor


def test_without_sample_weights_the_weight_of_a_batch_is_its_size(blobs: Problem) -> None:
    problem = replace(blobs, l2_per_weight=True)
    assert problem.objective_of(problem.rows(np.array([3, 1, 2, 8]))).l2 == 0.01 / 4


def test_loss_and_gradient_share_the_penalty(blobs: Problem, params: Parameters) -> None:
    problem = replace(blobs, l2_per_weight=True)
    batch, h = problem.rows(slice(0, 7)), 1e-6
    _, gradient = problem.loss_and_gradient(params, batch)
    for k in (0, 19, 30, 37):
        step = h * (np.arange(params.vector.size) == k)
        above, _ = problem.loss_and_gradient(params.like(params.vector + step), batch)
        below, _ = problem.loss_and_gradient(params.like(params.vector - step), batch)
        assert (above - below) / (2 * h) == pytest.approx(gradient.vector[k], rel=1e-6, abs=1e-9)


def test_a_batch_of_no_weight_is_refused_where_the_penalty_is_divided_by_it(
    blobs: Problem,
) -> None:
    problem = replace(weighted(blobs, 0.0), l2_per_weight=True)
    with pytest.raises(DataError, match=r"batch of 5 samples has total sample weight 0\.0"):
        problem.objective_of(problem.rows(slice(0, 5)))


def test_no_samples_are_nothing_to_learn_from(blobs: Problem) -> None:
    with pytest.raises(DataError, match="no training samples"):
        replace(blobs, data=blobs.rows(slice(0, 0)))
