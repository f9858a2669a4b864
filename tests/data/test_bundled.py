import numpy as np
import pytest

from chainrule.data.bundled import BUNDLED, read_bundled
from chainrule.data.dataset import Images


@pytest.mark.parametrize(
    ("name", "rows", "labels"),
    [
        ("iris", 150, {"setosa", "versicolor", "virginica"}),
        ("wine", 178, {"class_0", "class_1", "class_2"}),
        ("breast_cancer", 569, {"malignant", "benign"}),
        ("digits", 1797, set(range(10))),
    ],
)
def test_labels_are_the_names_of_the_classes(name: str, rows: int, labels: set[object]) -> None:
    dataset = read_bundled(name)
    assert dataset.target is not None
    assert (len(dataset.main), len(dataset.target)) == (rows, rows)
    assert set(dataset.target.tolist()) == labels
    assert dataset.target_name == BUNDLED[name]


def test_digits_are_images_and_diabetes_has_a_number_to_predict() -> None:
    digits = read_bundled("digits").features
    assert isinstance(digits, Images)
    assert digits.shape == (8, 8)
    target = read_bundled("diabetes").target
    assert target is not None
    assert np.issubdtype(target.dtype, np.floating)
