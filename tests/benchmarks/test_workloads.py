"""The workloads that speed is measured on."""

import numpy as np
import pytest

from workloads import WORKLOADS, Workload, generated

each = pytest.mark.parametrize("workload", WORKLOADS.values(), ids=str)


@each
def test_an_epoch_has_whole_batches(workload: Workload) -> None:
    assert workload.n_rows % workload.batch_size == 0
    assert workload.n_steps * workload.batch_size == workload.n_rows


@each
def test_a_shortened_epoch_has_whole_batches_and_at_least_two(workload: Workload) -> None:
    short = workload.shortened(1)
    assert short.n_rows == 2 * workload.batch_size
    assert workload.shortened(10**9) == workload


def test_the_operations_of_a_step_are_those_counted_by_hand() -> None:
    forward = 784 * 128 + 128 * 10
    weights, deltas = forward, 128 * 10
    assert WORKLOADS["mnist"].flops == 2 * 128 * (forward + weights + deltas)


def test_the_same_seed_gives_the_same_rows() -> None:
    short = WORKLOADS["digits"].shortened(400)
    assert np.array_equal(generated(short, 3).X, generated(short, 3).X)
    assert not np.array_equal(generated(short, 3).X, generated(short, 4).X)


@each
def test_every_class_is_among_the_first_rows(workload: Workload) -> None:
    data = generated(workload.shortened(1)).first(workload.layers[-1])
    assert data.X.dtype == np.float32
    assert np.array_equal(data.T, np.eye(workload.layers[-1]))
