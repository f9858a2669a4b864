import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils import shuffle

from chainrule.errors import SpecificationError
from chainrule.training import Batches, CyclicBatches, InOrderBatches, ShuffledBatches

sizes = st.integers(1, 70)


def epochs(batches: Batches, n_samples: int, n_epochs: int, seed: int = 0) -> list[list[list[int]]]:
    """The rows of every step of every epoch."""
    random_state, order = np.random.RandomState(seed), batches.initial_order(n_samples)
    visited = []
    for _ in range(n_epochs):
        order = batches.next_order(order, random_state)
        steps = range(batches.n_steps(n_samples))
        rows = [batches.rows(order, n_samples, step) for step in steps]
        visited.append([np.arange(n_samples)[row].tolist() for row in rows])
    return visited


@given(n_samples=sizes, size=sizes, seed=st.integers(0, 1000))
def test_shuffles_are_those_of_scikit_learn_epoch_after_epoch(
    n_samples: int, size: int, seed: int
) -> None:
    random_state, order, expected = np.random.RandomState(seed), np.arange(n_samples), []
    for _ in range(3):
        order = shuffle(order, random_state=random_state)
        expected.append([order[i : i + size].tolist() for i in range(0, n_samples, size)])
    assert epochs(ShuffledBatches(size), n_samples, 3, seed) == expected


def test_a_shuffle_moves_the_generator_as_scikit_learn_does() -> None:
    ours, theirs = np.random.RandomState(0), np.random.RandomState(0)
    ShuffledBatches(5).next_order(np.arange(23), ours)
    shuffle(np.arange(23), random_state=theirs)
    assert ours.uniform() == theirs.uniform()


def test_a_shuffle_makes_no_copy_of_the_order() -> None:
    batches = ShuffledBatches(5)
    order = batches.initial_order(23)
    assert order.dtype == np.int32
    assert batches.next_order(order, np.random.RandomState(0)) is order


@pytest.mark.parametrize("batches", [ShuffledBatches(4), InOrderBatches(4), CyclicBatches(4, 3)])
def test_of_some_rows_every_step_takes_some(batches: Batches) -> None:
    index = np.array([7, 3, 9, 4, 5, 1, 8, 2, 0, 6])[:9]
    order = batches.next_order(batches.initial_order(9, index.copy()), np.random.RandomState(0))
    steps = [batches.rows(order, 9, step) for step in range(batches.n_steps(9))]
    assert set(np.concatenate([np.asarray(rows) for rows in steps]).tolist()) == set(index.tolist())


@pytest.mark.parametrize("batches", [ShuffledBatches(4), InOrderBatches(4)])
def test_a_short_last_batch_is_kept(batches: Batches) -> None:
    (steps,) = epochs(batches, 10, 1)
    assert [len(rows) for rows in steps] == [4, 4, 2]


@pytest.mark.parametrize("batches", [ShuffledBatches(1000), InOrderBatches(1000)])
def test_a_batch_larger_than_the_data_is_all_of_it(batches: Batches) -> None:
    ((rows,),) = epochs(batches, 10, 1)
    assert sorted(rows) == list(range(10))


@given(n_samples=sizes, size=sizes)
def test_batches_in_order_follow_the_data_in_every_epoch(n_samples: int, size: int) -> None:
    for steps in epochs(InOrderBatches(size), n_samples, 2):
        assert [row for rows in steps for row in rows] == list(range(n_samples))


def test_batches_in_order_cost_no_copy() -> None:
    assert isinstance(InOrderBatches(4).rows(None, 10, 1), slice)


@given(n_samples=sizes, size=sizes, steps=st.integers(1, 9))
def test_step_i_of_cyclic_batches_takes_the_rows_from_i_times_the_size(
    n_samples: int, size: int, steps: int
) -> None:
    visited = [rows for epoch in epochs(CyclicBatches(size, steps), n_samples, 3) for rows in epoch]
    for i, rows in enumerate(visited):
        assert rows == [(i * size + j) % n_samples for j in range(size)]
    assert len(visited) == 3 * steps


@pytest.mark.parametrize(
    "make",
    [
        lambda: ShuffledBatches(0),
        lambda: InOrderBatches(-1),
        lambda: CyclicBatches(0, 1),
        lambda: CyclicBatches(1, 0),
    ],
)
def test_sizes_below_one_are_refused(make: type[Batches]) -> None:
    with pytest.raises(SpecificationError, match="must be at least 1, got"):
        make()
