"""Held-out rows are those that scikit-learn holds out."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from chainrule.errors import DataError
from chainrule.estimators.splitting import split_by_class, split_rows

fractions = st.floats(0.05, 0.95)
seeds = st.integers(0, 2**31)


@given(n_samples=st.integers(2, 300), fraction=fractions, seed=seeds)
def test_the_rows_are_those_of_scikit_learn(n_samples: int, fraction: float, seed: int) -> None:
    assume(np.ceil(fraction * n_samples) < n_samples)
    ours, theirs = np.random.RandomState(seed), np.random.RandomState(seed)
    expected = train_test_split(np.arange(n_samples), test_size=fraction, random_state=theirs)
    for rows, as_expected in zip(split_rows(n_samples, fraction, ours), expected, strict=True):
        np.testing.assert_array_equal(rows, as_expected)
        assert rows.dtype == np.int32
    assert ours.randint(2**31) == theirs.randint(2**31)


@given(n=st.lists(st.integers(2, 150), min_size=1, max_size=2), fraction=fractions, seed=seeds)
def test_the_rows_of_two_classes_are_those_of_scikit_learn(
    n: list[int], fraction: float, seed: int
) -> None:
    n_hold = np.ceil(fraction * sum(n))
    assume(len(n) <= n_hold <= sum(n) - len(n))
    labels = np.random.RandomState(seed).permutation(np.repeat([True, False][: len(n)], n))
    ours, theirs = np.random.RandomState(seed), np.random.RandomState(seed)
    rows = np.arange(len(labels))
    expected = train_test_split(rows, test_size=fraction, random_state=theirs, stratify=labels)
    for part, as_expected in zip(split_by_class(labels, fraction, ours), expected, strict=True):
        np.testing.assert_array_equal(part, as_expected)
    assert ours.randint(2**31) == theirs.randint(2**31)


@pytest.mark.parametrize(
    ("labels", "fraction", "message"),
    [
        ([0, 0, 0, 1], 0.5, "a class has only 1 sample"),
        ([0, 0, 1, 1], 0.25, "1 samples would be held out, fewer than the 2 classes"),
        ([0, 0, 1, 1], 0.75, "1 samples would be learned from, fewer than the 2 classes"),
    ],
)
def test_too_few_samples_of_a_class(labels: list[int], fraction: float, message: str) -> None:
    with pytest.raises(DataError, match=message):
        split_by_class(np.array(labels, bool), fraction, np.random.RandomState(0))
