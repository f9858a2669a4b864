import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chainrule.data.dataset import Images, Layout
from chainrule.data.image_encoder import ImageEncoder
from chainrule.errors import DataError, ModelFileError


def images(dtype: Any, largest: float) -> Images:
    return Images(np.linspace(0, largest, 24).reshape(2, 3, 4).astype(dtype))


@pytest.mark.parametrize(
    ("dtype", "largest", "divisor"),
    [
        (np.uint8, 100, 255),
        (np.uint16, 300, 65535),
        (np.float64, 16, 16),
        (np.float32, -5, 5),
        (np.int64, 200, 200),
        (np.float64, 0, 1),
        (np.bool_, 1, 1),
    ],
)
def test_pixels_are_scaled_by_their_type_or_by_the_largest_of_training(
    dtype: Any, largest: float, divisor: float
) -> None:
    some = images(dtype, largest)
    encoder = ImageEncoder.fit(some)
    assert encoder.divisor == float(divisor)
    X = encoder.transform(some, np.float64)
    assert np.array_equal(X, some.pixels.reshape(2, 12) / np.float64(divisor))
    assert encoder.n_outputs == len(encoder.output_names) == 12


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_matrix_is_contiguous_and_of_the_type_asked_for(dtype: type) -> None:
    some = Images(np.asfortranarray(images(np.uint8, 255).pixels))
    X = ImageEncoder.fit(some).transform(some, dtype)
    assert X.dtype == dtype
    assert X.flags.c_contiguous
    assert X[0, :2].tolist() == [0, pytest.approx(11 / 255)]


def test_images_of_another_shape_are_refused_with_both_shapes() -> None:
    encoder = ImageEncoder.fit(images(np.uint8, 255))
    with pytest.raises(DataError, match="images are 8 × 8, and the model was trained on 3 × 4"):
        encoder.transform(np.zeros((1, 8, 8), dtype=np.uint8))


def test_images_of_another_type_are_refused() -> None:
    encoder = ImageEncoder.fit(images(np.uint8, 255))
    with pytest.raises(DataError, match="pixels are float64, and the model was trained on uint8"):
        encoder.transform(images(np.float64, 1))
    with pytest.raises(DataError, match="pixels are uint8, and the model was trained on other"):
        ImageEncoder.fit(images(np.float64, 1)).transform(images(np.uint8, 1))


def test_floats_of_any_width_are_of_one_type() -> None:
    encoder = ImageEncoder.fit(images(np.float64, 16))
    assert encoder.transform(images(np.float32, 8)).max() == 0.5


def test_pixels_that_are_not_finite_are_refused() -> None:
    pixels = np.ones((3, 2, 2))
    encoder = ImageEncoder.fit(pixels)
    for bad in (np.nan, np.inf, 1e300):
        pixels[1, 0, 0] = bad
        with pytest.raises(DataError, match="image 2 has a pixel that is not a finite number"):
            encoder.transform(pixels)


def test_a_table_is_no_images() -> None:
    with pytest.raises(DataError, match="images are needed, and this is a table"):
        ImageEncoder.fit(images(np.uint8, 1)).transform(pd.DataFrame({"a": [1]}))


def test_the_layout_is_the_shape_of_one_image_and_nothing_is_unseen() -> None:
    encoder = ImageEncoder.fit(images(np.uint8, 255))
    assert encoder.layout == Layout(image_shape=(3, 4))
    assert encoder.unseen(images(np.uint8, 255)) == {}
    assert encoder.notes == ("Images of 3 × 4 flattened into 12 columns, pixels divided by 255.",)


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_what_is_saved_comes_back(dtype: Any) -> None:
    encoder = ImageEncoder.fit(images(dtype, 0.1 if dtype == np.float64 else 255))
    state, arrays = encoder.to_state()
    assert ImageEncoder.from_state(json.loads(json.dumps(state)), arrays) == encoder


@pytest.mark.parametrize(
    ("state", "divisor"),
    [
        ({"shape": [3, 4], "pixel_type": "uint8"}, 1.0),
        ({"shape": [3, 4], "pixel_type": "other"}, 0.0),
        ({"shape": [3, 4], "pixel_type": "other"}, np.nan),
        ({"shape": [3, -4], "pixel_type": "other"}, 1.0),
        ({"shape": [], "pixel_type": "other"}, 1.0),
        ({"shape": [3, 4], "pixel_type": "float"}, 1.0),
        ({"shape": [3, 4]}, 1.0),
        (None, 1.0),
    ],
)
def test_a_damaged_state_is_refused(state: object, divisor: float) -> None:
    with pytest.raises(ModelFileError, match="the model file is damaged"):
        ImageEncoder.from_state(state, {"divisor": np.array([divisor])})


def test_images_may_come_as_rows_of_their_pixels() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    encoder = ImageEncoder.fit(pixels)
    rows = encoder.transform(pixels.reshape(2, 12))
    np.testing.assert_array_equal(rows, encoder.transform(pixels))
