import numpy as np
import pandas as pd
import pytest

from chainrule.arrays import Array
from chainrule.data.dataset import Dataset, Images, Part, as_features
from chainrule.errors import DataError


def test_rows_are_taken_from_everything_a_part_has() -> None:
    table = Part(pd.DataFrame({"a": [1, 2, 3]}), np.array([4, 5, 6]), ("x", "y", "z"))
    taken = table.rows(np.array([2, 0]))
    assert not isinstance(taken.features, Images)
    assert taken.features["a"].tolist() == [3, 1]
    assert taken.target is not None
    assert (taken.target.tolist(), taken.row_names) == ([6, 4], ("z", "x"))


def test_rows_are_taken_from_images_without_labels() -> None:
    taken = Part(Images(np.arange(12).reshape(3, 2, 2))).rows(np.array([1]))
    assert isinstance(taken.features, Images)
    assert taken.features.pixels.tolist() == [[[4, 5], [6, 7]]]
    assert (taken.target, taken.row_names) == (None, None)


def test_a_data_set_shows_its_main_part() -> None:
    part = Part(Images(np.zeros((2, 3, 3))), np.array([0, 1]), ("a", "b"))
    dataset = Dataset("d", part)
    assert dataset.features is part.features
    assert dataset.target is part.target
    assert dataset.row_names is part.row_names


@pytest.mark.parametrize(
    "pixels", [np.zeros(3), np.zeros((3, 0, 4)), np.zeros((3, 2), dtype=complex), np.array([["a"]])]
)
def test_images_are_numbers_on_two_axes_or_more(pixels: Array) -> None:
    with pytest.raises(DataError, match="images need an array of numbers"):
        Images(pixels)


def test_an_array_is_a_table_or_images_by_its_axes() -> None:
    assert isinstance(as_features(np.zeros((2, 3, 3))), Images)
    table = as_features(np.zeros((2, 2)))
    assert not isinstance(table, Images)
    assert list(table) == ["x0", "x1"]
    with pytest.raises(DataError, match=r"not an array of shape \(2,\)"):
        as_features(np.zeros(2))
