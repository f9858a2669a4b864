from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chainrule.data.dataset import Images, Layout
from chainrule.data.reading import read, require_target
from chainrule.errors import DataError

Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    Image.new("L", (4, 3)).save(tmp_path / "images" / "a.png")
    return tmp_path / "images"


def test_a_bundled_name_wins_and_a_path_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.rename(folder.parent / "digits")
    monkeypatch.chdir(folder.parent)
    assert len(read("digits").main) == 1797
    assert len(read("./digits").main) == 1
    assert len(read(Path("digits")).main) == 1


def test_every_kind_of_source_is_read(write: Write, folder: Path) -> None:
    np.savez(folder / "a.npz", x=np.zeros((3, 2)))
    assert len(read(write("a,b\n1,2\n")).main) == 1
    assert len(read(write("a,b\n1,2\n", "T.CSV")).main) == 1
    assert len(read(write("a\tb\n1\t2\n", "t.tsv")).main) == 1
    assert len(read(str(folder / "a.npz")).main) == 3
    assert len(read(folder).main) == 1


@pytest.mark.parametrize(
    ("name", "hint"),
    [("tabel.csv", "table.csv"), ("irs", "iris"), ("brest_cancer", "breast_cancer")],
)
def test_what_does_not_exist_is_named_with_the_nearest(write: Write, name: str, hint: str) -> None:
    folder = write("a\n1\n").parent
    with pytest.raises(DataError, match=rf"no file or folder .*{name} \(did you mean '{hint}'"):
        read(folder / name, target="income")


def test_a_file_of_another_kind_is_refused(write: Write) -> None:
    with pytest.raises(DataError, match=r"\.xlsx is of no kind that can be read; those are .csv"):
        read(write("a", "t.xlsx"))


def test_a_folder_called_like_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(DataError, match=r"t\.csv cannot be read"):
        read(tmp_path / "t.csv")


def test_options_that_do_not_fit_are_refused(write: Write, folder: Path) -> None:
    np.savez(folder / "a.npz", x=np.zeros((3, 2)))
    for source in ("iris", folder / "a.npz", folder):
        with pytest.raises(DataError, match="no table, so it has no column for --target"):
            read(source, target="x")
    for source in ("iris", folder / "a.npz", write("a\n1\n")):
        with pytest.raises(DataError, match="no folder of images, so --image-size"):
            read(source, image_size=8)


@pytest.mark.parametrize(("size", "shape"), [(8, (8, 8)), ((8, 5), (5, 8)), (None, (3, 4))])
def test_an_image_size_is_a_side_or_width_and_height(
    folder: Path, size: int | tuple[int, int] | None, shape: tuple[int, int]
) -> None:
    features = read(folder, image_size=size).features
    assert isinstance(features, Images)
    assert features.shape == shape


def test_a_layout_gives_images_the_shape_of_the_model(folder: Path) -> None:
    features = read(folder, layout=Layout(image_shape=(5, 6, 3))).features
    assert isinstance(features, Images)
    assert features.shape == (5, 6, 3)


def test_a_missing_target_is_explained_for_each_kind_of_source(write: Write, folder: Path) -> None:
    np.savez(folder.parent / "t.npz", x=np.zeros((3, 2)))
    np.savez(folder.parent / "i.npz", x=np.zeros((3, 2, 2)))
    np.savez(folder.parent / "p.npz", x_train=np.eye(3), y_train=np.arange(3), x_test=np.eye(3))
    explained = {
        write("age,city\n1,2\n"): "name one with --target; its columns are age, city",
        folder.parent / "t.npz": "add an array y",
        folder.parent / "i.npz": "add an array y",
        folder.parent / "p.npz": "the test part of p.npz has no labels",
        folder: "one subfolder a class",
    }
    for source, sentence in explained.items():
        with pytest.raises(DataError, match=sentence):
            require_target(read(source))


def test_an_empty_name_is_not_the_folder_that_one_is_in() -> None:
    with pytest.raises(DataError, match="no data is named"):
        read("")
