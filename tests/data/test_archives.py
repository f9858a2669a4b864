import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainrule.arrays import Array
from chainrule.data.archives import read_archive
from chainrule.data.dataset import Dataset, Images
from chainrule.errors import DataError

Write = Callable[..., Path]
TABLE = np.arange(12.0).reshape(4, 3)
PIXELS = np.arange(16, dtype=np.uint8).reshape(4, 2, 2)
LABELS = np.array([0, 1, 0, 1])


@pytest.fixture
def read_back(tmp_path: Path) -> Callable[..., Dataset]:
    """A function that saves arrays by name and reads the archive."""

    def save_and_read(**arrays: Array) -> Dataset:
        np.savez(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]
        return read_archive(tmp_path / "a.npz")

    return save_and_read


Read = Callable[..., Dataset]


def test_floats_with_two_axes_are_a_table(read_back: Read) -> None:
    dataset = read_back(x=TABLE, y=LABELS)
    assert not isinstance(dataset.features, Images)
    assert list(dataset.features) == ["x0", "x1", "x2"]
    assert (dataset.features.to_numpy() == TABLE).all()


@pytest.mark.parametrize("x", [PIXELS, PIXELS.reshape(4, 4), PIXELS.astype(float)])
def test_bytes_and_arrays_of_more_axes_are_images(read_back: Read, x: Array) -> None:
    features = read_back(x=x, y=LABELS).features
    assert isinstance(features, Images)
    assert features.pixels.dtype == x.dtype


@pytest.mark.parametrize(
    "names",
    [
        "train_x train_y valid_x valid_y test_x test_y",
        "x_train y_train x_val y_val x_test y_test",
        "X_train Y_train X_validation Y_validation X_test Y_test",
        "train_images train_labels val_images val_labels test_images test_labels",
    ],
)
def test_parts_are_found_under_the_names_in_use(read_back: Read, names: str) -> None:
    arrays = [TABLE, LABELS, TABLE[:2], LABELS[:2], TABLE[:3], LABELS[:3]]
    dataset = read_back(**dict(zip(names.split(), arrays, strict=True)))
    assert dataset.validation is not None
    assert dataset.test is not None
    assert [len(dataset.main), len(dataset.validation), len(dataset.test)] == [4, 2, 3]


def test_arrays_of_other_names_are_ignored(read_back: Read) -> None:
    assert len(read_back(x=TABLE, y=LABELS, train_t=np.eye(4), x_scale=TABLE[:2]).main) == 4


def test_labels_may_be_absent_and_may_be_a_column(read_back: Read) -> None:
    assert read_back(x=TABLE).target is None
    target = read_back(x=TABLE, y=LABELS[:, np.newaxis].astype(np.float32)).target
    assert target is not None
    assert target.tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"y": LABELS, "z": LABELS}, "needs arrays x and y, .* it has y, z"),
        ({"x": TABLE, "y": LABELS[:3]}, "x of a.npz has 4 rows and y has 3"),
        ({"x": TABLE[:0], "y": LABELS[:0]}, "x of a.npz holds no rows"),
        ({"x": np.float64(3), "y": LABELS}, "x of a.npz holds no rows"),
        ({"x": TABLE * 1j, "y": LABELS}, "x of a.npz holds complex128"),
        ({"x": TABLE, "y": np.eye(4)}, r"y of a.npz has shape \(4, 4\)"),
        ({"x": TABLE, "y": LABELS.astype("M8[D]")}, "y of a.npz holds datetime64"),
        ({"x": PIXELS / np.float64("nan"), "y": LABELS}, "image 1 has a pixel"),
        (
            {"train_x": TABLE, "train_y": LABELS, "test_x": TABLE[:, :2], "test_y": LABELS},
            r"the test part of a.npz has rows of shape \(2,\) and the training part has \(3,\)",
        ),
    ],
)
def test_arrays_that_do_not_serve_are_named(
    read_back: Read, arrays: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        read_back(**arrays)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    objects = np.array([[Explosive()], [None]], dtype=object)
    np.savez(tmp_path / "a.npz", allow_pickle=True, x=objects, y=LABELS[:2])
    with pytest.raises(DataError, match="Python objects"):
        read_archive(tmp_path / "a.npz")


class Explosive:
    """Fails the test when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("the archive was unpickled",)


def test_what_is_no_archive_is_refused(tmp_path: Path, write: Write) -> None:
    np.savez(tmp_path / "whole.npz", x=TABLE, y=LABELS)
    whole = (tmp_path / "whole.npz").read_bytes()
    for content in (b"", b"hello", whole[:-20], whole[:50], pickle.dumps({"x": 1})):
        with pytest.raises(DataError, match="no archive of NumPy arrays, or it is cut short"):
            read_archive(write(content, "a.npz"))


def test_a_flipped_byte_is_noticed(tmp_path: Path, write: Write) -> None:
    np.savez(tmp_path / "whole.npz", x=TABLE, y=LABELS)
    content = bytearray((tmp_path / "whole.npz").read_bytes())
    content[content.index(TABLE.tobytes()) + 5] ^= 255
    with pytest.raises(DataError, match=r"a\.npz cannot be read as NPZ"):
        read_archive(write(bytes(content), "a.npz"))


@pytest.mark.parametrize("shape", ["(1000000000000000, 9)", "(-4, 3)", "(4, 3)"])
def test_a_header_that_lies_is_refused(tmp_path: Path, shape: str) -> None:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}".encode().ljust(117)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\x01\x00\x76\x00" + header + b"\n")
    with pytest.raises(DataError, match=r"a\.npz cannot be read as NPZ"):
        read_archive(tmp_path / "a.npz")


def test_an_entry_that_is_no_array_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x", "hello")
    with pytest.raises(DataError, match="'x' is no array"):
        read_archive(tmp_path / "a.npz")


def test_mnist_stays_bytes(shared: Path) -> None:
    dataset = read_archive(shared / "data" / "mnist.npz")
    assert isinstance(dataset.features, Images)
    assert dataset.features.pixels.dtype == np.uint8
    assert dataset.features.shape == (28, 28)
    assert dataset.test is not None
    assert (len(dataset.main), len(dataset.test)) == (60_000, 10_000)
