"""What `fit` holds beyond the samples that it is given, in bytes a row."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainrule import MLPClassifier, MLPRegressor
from chainrule.arrays import Array

M = 10**6
#: Ten million rows may take 64 MB.
MOST_A_ROW = 6.4
#: What does not grow with the rows: parts of arrays that are worked on.
FIXED = 5e6

rng = np.random.default_rng(0)
X = rng.random((M, 2), dtype=np.float32)
LABELS = (X[:, 0] * 10).astype(np.int64)
NUMBERS = X[:, 0].astype(np.float64)

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer")


@contextmanager
def at_most(n_bytes: float) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < n_bytes
    finally:
        tracemalloc.stop()


def told(**more: Any) -> dict[str, Any]:
    return {"hidden_layer_sizes": (2,), "batch_size": 10_000, "max_iter": 2, "n_threads": 1} | more


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("n_classes", [2, 10])
def test_a_classifier_keeps_an_order_and_a_byte_for_each_label(
    n_classes: int, shuffle: bool, early_stopping: bool
) -> None:
    y = LABELS % n_classes
    network = MLPClassifier(**told(early_stopping=early_stopping, shuffle=shuffle))
    with at_most(MOST_A_ROW * M + FIXED):
        network.fit(X, y)


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("y", [NUMBERS, NUMBERS.astype(np.float32), LABELS])
def test_a_regressor_reads_the_targets_where_they_lie(y: Array, early_stopping: bool) -> None:
    network = MLPRegressor(**told(early_stopping=early_stopping))
    with at_most(MOST_A_ROW * M + FIXED):
        network.fit(X, y)


def test_weights_of_the_other_float_type_are_not_copied() -> None:
    weight = NUMBERS + 1
    with at_most(MOST_A_ROW * M + FIXED):
        MLPRegressor(**told()).fit(X, NUMBERS, sample_weight=weight)


def test_several_labels_take_a_byte_each() -> None:
    Y = np.column_stack([X > 0.5, X > 0.25])
    with at_most((MOST_A_ROW + 3) * M + FIXED):
        MLPClassifier(**told()).fit(X, Y)


@pytest.mark.parametrize("early_stopping", [False, True])
def test_a_mapped_file_is_read_where_it_lies(tmp_path: Path, early_stopping: bool) -> None:
    X.tofile(tmp_path / "rows")
    mapped = np.memmap(tmp_path / "rows", np.float32, "r", shape=X.shape)
    network = MLPRegressor(**told(early_stopping=early_stopping, random_state=0))
    with at_most(MOST_A_ROW * M + FIXED):
        network.fit(mapped, NUMBERS)
    same = MLPRegressor(**told(early_stopping=early_stopping, random_state=0)).fit(X, NUMBERS)
    np.testing.assert_array_equal(network.coefs_[0], same.coefs_[0])
