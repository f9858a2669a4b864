"""Targets, weights and orders that are kept in other types give the bits of those written out."""

from contextlib import closing
from typing import Any

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.engine import Descent, NativeEngine, SolverRule, Steps, StepsDone
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import initial_parameters
from chainrule.target_rows import LabelRows, NumberRows, target_rows_of

M = 37
rng = np.random.default_rng(1)
X = rng.normal(size=(M, 3))
ORDER = rng.permutation(M)

types = pytest.mark.parametrize("real", [np.float32, np.float64])


def trained(
    output: str, T: Any, real: Any, weight: Array | None = None, rows: Array = ORDER
) -> Array:
    """The parameters after two steps."""
    architecture = Architecture.of([3, 4, T.shape[1]], output=output)
    params = initial_parameters(architecture, np.random.RandomState(0), real)
    descent = Descent(
        objective=Objective(architecture),
        data=Batch(X.astype(real), T, weight),
        params=params,
        slots=(np.zeros_like(params.vector),),
        solver=SolverRule("gradient_descent", momentum=0.9),
    )
    with closing(NativeEngine(n_threads=1).stepping(descent)) as stepping:
        steps = Steps(before=0, rows=rows, starts=np.array([0, 20, M]), rates=np.full(2, 0.1))
        stepping.do(steps, StepsDone())
    return params.vector


@types
@pytest.mark.parametrize("kept", [np.uint8, np.uint16, np.int32])
@pytest.mark.parametrize("n_classes", [2, 3, 17, 40])
def test_labels_by_number(n_classes: int, kept: Any, real: Any) -> None:
    labels = rng.integers(0, n_classes, M)
    rows = LabelRows(labels.astype(kept), n_classes, np.dtype(real))
    one_hot = np.eye(n_classes, dtype=real)[labels]
    np.testing.assert_array_equal(rows[:], one_hot)
    np.testing.assert_array_equal(trained("softmax", rows, real), trained("softmax", one_hot, real))


@types
@pytest.mark.parametrize("kept", ["f4", "f8", "i4", "i8", "u1", "?", ">f8", ">i4"])
@pytest.mark.parametrize("n_outputs", [1, 5, 18])
def test_numbers_of_another_type(n_outputs: int, kept: str, real: Any) -> None:
    T = (3 * rng.random((M, n_outputs))).astype(kept)
    rows = NumberRows(T, np.dtype(real))
    written = T.astype(real)
    np.testing.assert_array_equal(
        trained("identity", rows, real), trained("identity", written, real)
    )


@types
def test_numbers_whose_rows_lie_apart(real: Any) -> None:
    T = np.asfortranarray(rng.random((M, 4)))[::-1]
    rows = target_rows_of(T, real)
    np.testing.assert_array_equal(
        trained("identity", rows, real), trained("identity", T.astype(real), real)
    )


@types
@pytest.mark.parametrize("kept", [np.float32, np.float64])
def test_weights_of_either_type(kept: Any, real: Any) -> None:
    T, weight = rng.random((M, 1)).astype(real), rng.random(M).astype(kept)
    np.testing.assert_array_equal(
        trained("identity", T, real, weight),
        trained("identity", T, real, weight.astype(real)),
    )


@pytest.mark.parametrize("kept", [np.int32, np.int64, np.int16, ">i4"])
def test_orders_of_any_whole_numbers(kept: Any) -> None:
    T = rng.random((M, 1))
    np.testing.assert_array_equal(
        trained("identity", T, np.float64, rows=ORDER.astype(kept)),
        trained("identity", T, np.float64),
    )


def test_targets_are_kept_where_the_engine_reads_them() -> None:
    numbers = np.arange(3)[:, np.newaxis]
    kept = target_rows_of(numbers, np.float32)
    assert isinstance(kept, NumberRows)
    assert kept.kept is numbers
    assert target_rows_of(numbers.astype(np.float16), np.float32).dtype == np.float32
    labels = LabelRows(np.zeros(3, np.uint8), 2, np.dtype(np.float64))
    assert target_rows_of(labels, np.float32)[:].dtype == np.float32
