from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chainrule.data.dataset import Images
from chainrule.data.image_folders import read_image_folder
from chainrule.errors import DataError


def fill(folder: Path, paths: Iterable[str]) -> Path:
    for grey, name in enumerate(paths):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 3), grey).save(path)
    return folder


def test_each_subfolder_is_a_class_in_the_order_in_which_people_count(tmp_path: Path) -> None:
    fill(tmp_path, ["10/a.png", "9/b10.JPG", "9/b9.jpeg", "9/c.PNG"])
    dataset = read_image_folder(tmp_path)
    assert dataset.target is not None
    assert dataset.target.tolist() == ["9", "9", "9", "10"]
    assert dataset.row_names == ("9/b9.jpeg", "9/b10.JPG", "9/c.PNG", "10/a.png")
    assert isinstance(dataset.features, Images)
    assert dataset.features.pixels[:, 0, 0].tolist() == [2, 1, 3, 0]


def test_a_folder_without_subfolders_has_no_labels(tmp_path: Path) -> None:
    dataset = read_image_folder(fill(tmp_path, ["b.png", "a.png"]))
    assert (dataset.target, dataset.row_names) == (None, ("a.png", "b.png"))


@pytest.mark.parametrize("names", [("train", "test", "valid"), ("Training", "Testing", "val")])
def test_training_and_test_folders_are_parts(tmp_path: Path, names: tuple[str, ...]) -> None:
    fill(tmp_path, [f"{part}/{k}/{i}.png" for part in names for k in "ab" for i in range(2)])
    fill(tmp_path, [f"{names[0]}/a/9.png"])
    dataset = read_image_folder(tmp_path)
    assert dataset.test is not None
    assert dataset.validation is not None
    assert [len(part) for part in (dataset.main, dataset.test, dataset.validation)] == [5, 4, 4]
    assert dataset.row_names is not None
    assert dataset.row_names[0] == f"{names[0]}/a/0.png"
    greys = [
        part.features.pixels[:, 0, 0].tolist()
        for part in (dataset.main, dataset.test, dataset.validation)
        if isinstance(part.features, Images)
    ]
    assert greys == [[0, 1, 0, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]


@pytest.mark.parametrize("other", ["car", "test"])
def test_a_class_may_be_called_train(tmp_path: Path, other: str) -> None:
    target = read_image_folder(fill(tmp_path, ["train/1.png", f"{other}/1.png"])).target
    assert target is not None
    assert target.tolist() == sorted([other, "train"])


def test_hidden_files_are_passed_over_in_silence_and_others_are_counted(tmp_path: Path) -> None:
    fill(tmp_path, ["a/1.png", "b/1.png", "loose.png"])
    (tmp_path / ".git").mkdir()
    (tmp_path / "a" / ".DS_Store").touch()
    assert read_image_folder(tmp_path).notes == (
        "'loose.png' is not an image of a class and was ignored.",
    )
    (tmp_path / "a" / "notes.txt").touch()
    (note,) = read_image_folder(tmp_path).notes
    assert note.startswith(
        "2 entries that are not images of a class were ignored, such as 'a/notes"
    )


def test_a_class_without_images_is_named(tmp_path: Path) -> None:
    fill(tmp_path, ["a/1.png"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="empty is a class without PNG or JPEG images"):
        read_image_folder(tmp_path)


def test_a_folder_without_images_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.txt").touch()
    with pytest.raises(DataError, match="holds no PNG or JPEG images"):
        read_image_folder(tmp_path)


def test_mnist_as_a_folder_is_mnist(tmp_path: Path, shared: Path) -> None:
    with np.load(shared / "data" / "mnist.npz") as archive:
        pixels, labels = archive["test_x"][:200], archive["test_y"][:200]
    for row, (image, label) in enumerate(zip(pixels, labels, strict=True)):
        (tmp_path / str(label)).mkdir(exist_ok=True)
        Image.fromarray(image).save(tmp_path / str(label) / f"{row}.png")
    dataset = read_image_folder(tmp_path)
    assert dataset.target is not None
    assert dataset.row_names is not None
    assert isinstance(dataset.features, Images)
    rows = [int(Path(name).stem) for name in dataset.row_names]
    assert (dataset.features.pixels == pixels[rows]).all()
    assert dataset.target.tolist() == [str(label) for label in labels[rows]]
