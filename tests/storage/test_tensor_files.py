"""The form that every file of ours has; what it holds is tested beside who writes it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from safetensors.numpy import save as to_bytes

from chainrule.arrays import Array
from chainrule.errors import CheckpointError
from chainrule.storage import TensorFormat, entry_of
from chainrule.storage.tensor_files import digest

NOTES = TensorFormat("note", "chainrule note", "text", 3, CheckpointError)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notes")


@given(
    record=st.dictionaries(texts, st.one_of(st.integers(), texts, finite, st.none())),
    array=arrays(np.float64, array_shapes()),
)
def test_what_is_written_comes_back(folder: Path, record: dict[str, object], array: Array) -> None:
    NOTES.write(folder / "note", record, {"a": array, "b": array.T})
    found, tensors = NOTES.read(folder / "note")
    assert found == record
    assert tensors["a"].tobytes() == array.tobytes()
    np.testing.assert_array_equal(tensors["b"], array.T)


def test_the_digest_tells_names_types_shapes_and_numbers_apart() -> None:
    array = np.arange(4.0)
    cases: list[tuple[str, dict[str, Array]]] = [
        ("x", {"a": array}),
        ("y", {"a": array}),
        ("x", {"b": array}),
        ("x", {"a": array.astype(np.float32)}),
        ("x", {"a": array.reshape(2, 2)}),
        ("x", {"a": array + 1}),
    ]
    assert len({digest(*case) for case in cases}) == len(cases)


def test_a_number_that_is_not_finite_is_not_written(folder: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        NOTES.write(folder / "never", {"a": float("nan")}, {})
    assert not (folder / "never").exists()


def test_a_file_of_another_version_is_refused(folder: Path) -> None:
    later = TensorFormat("note", "chainrule note", "text", 4, CheckpointError)
    later.write(folder / "later", {}, {"a": np.zeros(1)})
    with pytest.raises(CheckpointError, match="a note of version 4, and this chainrule reads ver"):
        NOTES.read(folder / "later")


def test_a_file_says_what_kind_it_is_even_if_it_is_cut_short(folder: Path) -> None:
    path = folder / "kind"
    NOTES.write(
        path, {"of": '{"__metadata__":{"chainrule model"'}, {"chainrule model": np.zeros(1)}
    )
    assert entry_of(path) == "chainrule note"
    path.write_bytes(path.read_bytes()[:60])
    assert entry_of(path) == "chainrule note"


@pytest.mark.parametrize("content", [b"", b"chainrule note", b"\0" * 5000])
def test_another_file_is_of_no_kind(folder: Path, content: bytes) -> None:
    (folder / "other").write_bytes(content)
    assert entry_of(folder / "other") is None
    assert entry_of(folder) is None


def test_a_safetensors_file_of_someone_else_is_of_no_kind(folder: Path) -> None:
    for metadata in (None, {"format": "chainrule note"}):
        (folder / "foreign").write_bytes(to_bytes({"chainrule note": np.zeros(1)}, metadata))
        assert entry_of(folder / "foreign") is None


def test_a_folder_is_refused(folder: Path) -> None:
    with pytest.raises(CheckpointError, match="is a folder, not a note"):
        NOTES.read(folder)
