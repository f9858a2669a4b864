import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.arrays import Array
from chainrule.data.split import split_rows
from chainrule.errors import DataError

CLASSES = st.lists(st.integers(0, 4), min_size=5, max_size=60).map(np.array)


@given(n_rows=st.integers(5, 300), seed=st.integers(0, 99))
def test_every_row_is_in_one_part(n_rows: int, seed: int) -> None:
    split = split_rows(n_rows, seed=seed)
    parts = [split.training, split.validation, split.test]
    assert sorted(np.concatenate(parts)) == list(range(n_rows))
    assert all((np.diff(part) > 0).all() for part in parts)
    assert len(split.test) == max(1, round(n_rows * 0.2))
    assert len(split.validation) == max(1, round(n_rows * 0.1))


@given(classes=CLASSES, seed=st.integers(0, 99))
def test_training_has_every_class_if_there_are_rows_enough(classes: Array, seed: int) -> None:
    classes = np.unique(classes, return_inverse=True)[1]
    split = split_rows(len(classes), classes=classes, seed=seed)
    parts = [split.training, split.validation, split.test]
    assert sorted(np.concatenate(parts)) == list(range(len(classes)))
    if classes.max() + 1 <= len(split.training):
        assert set(classes[split.training]) == set(classes)


def test_classes_are_in_proportion_in_every_part() -> None:
    classes = np.repeat([0, 1, 2], [700, 200, 100])
    split = split_rows(1000, classes=classes)
    for part in (split.training, split.validation, split.test):
        assert np.bincount(classes[part]).tolist() == [
            round(len(part) * share) for share in (0.7, 0.2, 0.1)
        ]
    assert split.notes == ()


def test_a_class_of_one_row_is_for_training_and_the_others_stay_in_proportion() -> None:
    classes = np.repeat([0, 1, 2], [50, 49, 1])
    split = split_rows(100, classes=classes)
    assert 99 in split.training
    assert split.notes == ()


def test_many_classes_of_one_row_do_not_spoil_the_proportions() -> None:
    classes = np.concatenate([np.repeat([0, 1], 40), np.arange(2, 22)])
    split = split_rows(100, classes=classes, test_fraction=0.1)
    assert np.bincount(classes[split.test]).tolist() == [5, 5]
    assert split.notes == ()


def test_a_part_too_small_for_proportions_is_a_plain_draw_and_said() -> None:
    split = split_rows(20, classes=np.repeat(np.arange(5), 4))
    assert set(np.repeat(np.arange(5), 4)[split.training]) == set(range(5))
    assert split.notes == (
        "The test part is too small to have all classes in proportion, so it is a plain draw.",
        "The validation part is too small to have all classes in proportion, "
        "so it is a plain draw.",
    )


def test_the_seed_decides() -> None:
    classes = np.arange(100) % 2
    first, again, other = (split_rows(100, classes=classes, seed=seed) for seed in (1, 1, 2))
    assert first.test.tolist() == again.test.tolist() != other.test.tolist()
    assert first.validation.tolist() == again.validation.tolist()


def test_a_part_that_is_not_wanted_is_empty() -> None:
    split = split_rows(10, test_fraction=0, validation_fraction=0)
    assert (split.test.size, split.validation.size, split.training.tolist()) == (0, 0, [*range(10)])


@pytest.mark.parametrize("fraction", [-0.1, 1.0, float("nan")])
def test_a_share_that_is_none_is_refused(fraction: float) -> None:
    with pytest.raises(DataError, match="share of the test part is at least 0 and below 1"):
        split_rows(10, test_fraction=fraction)


def test_training_needs_a_row() -> None:
    with pytest.raises(DataError, match="leave none for training"):
        split_rows(2)
