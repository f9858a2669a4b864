"""The samples and their split."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.model_selection import train_test_split

from chainrule.estimators.samples import Samples, rows_first

X = np.arange(40.0).reshape(20, 2)
Y = np.arange(20)[:, np.newaxis] % 4 == 0


@pytest.mark.parametrize("stratify", [True, False])
def test_the_split_is_that_of_scikit_learn(stratify: bool) -> None:
    learn, hold = Samples(X, Y).split(0.25, np.random.RandomState(3), stratify=stratify)
    expected = train_test_split(
        X,
        Y,
        random_state=np.random.RandomState(3),
        test_size=0.25,
        stratify=Y if stratify else None,
    )
    got = [learn.rows().X, hold.rows().X, learn.targets(), hold.targets()]
    for theirs, ours in zip(expected, got, strict=True):
        assert ours.tolist() == theirs.tolist()


def test_sample_weights_follow_their_samples() -> None:
    samples = Samples(X, Y, X[:, 0] * 10)
    for part in samples.split(0.25, np.random.RandomState(3), stratify=False):
        rows = part.rows()
        assert rows.sample_weight is not None
        assert rows.sample_weight.tolist() == (rows.X[:, 0] * 10).tolist()
        assert part.X is X, "nothing is copied"


def test_fewer_than_two_held_out_samples_are_refused() -> None:
    with pytest.raises(ValueError, match=r"validation_fraction=0\.05 of 20 samples is 1\.$"):
        Samples(X, Y).split(0.05, np.random.RandomState(0), stratify=False)


@pytest.mark.parametrize("fraction", [0.0, 0.999])
def test_a_fraction_that_leaves_nothing_is_named(fraction: float) -> None:
    with pytest.raises(ValueError, match=rf"\(validation_fraction={fraction} of 20 samples\)"):
        Samples(X, Y).split(fraction, np.random.RandomState(0), stratify=False)


def test_widening_leaves_float64_where_it_is() -> None:
    assert Samples(X, Y).in_float64().X is X
    assert Samples(X.astype("f4"), Y).in_float64().X.dtype == np.float64


@pytest.mark.parametrize("container", [sparse.csr_matrix, sparse.csc_matrix, sparse.csc_array])
def test_sparse_rows_become_csr(container: type) -> None:
    rows = rows_first(container(X))
    assert isinstance(rows, sparse.csr_array)
    assert rows.toarray().tolist() == X.tolist()
    assert rows_first(X) is X
