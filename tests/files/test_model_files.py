"""A model file gives back the model bit for bit, or says why not."""

import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load as tensors_of
from safetensors.numpy import save as to_bytes
from trained_models import CASES, Case, two_classes

import chainrule
from chainrule.arrays import Array
from chainrule.errors import DataError, ModelFileError
from chainrule.files import load, save
from chainrule.functions import FUNCTIONS
from chainrule.losses.huber import huber
from chainrule.network import Architecture
from chainrule.storage.tensor_files import digest
from chainrule.trained import TrainedModel

ENTRY = "chainrule model"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "model.safetensors"
    save(two_classes().model, path)
    return path


def record_in(path: Path) -> Any:
    with safe_open(path, framework="numpy") as file:
        return json.loads(file.metadata()[ENTRY])


def bytes_of(description: Any, tensors: dict[str, Array], version: object = 1) -> bytes:
    """A model file whose digest is right, whatever it says."""
    text = json.dumps(description)
    entry = {"version": version, "sha256": digest(text, tensors), "model": text}
    return to_bytes(tensors, {ENTRY: json.dumps(entry)})


@pytest.mark.parametrize("name", CASES)
def test_a_loaded_model_answers_bit_for_bit_as_the_saved_one(name: str, tmp_path: Path) -> None:
    case, path = CASES[name](), tmp_path / "model.safetensors"
    save(case.model, path)
    again = load(path)
    np.testing.assert_array_equal(again.outputs(case.rows), case.model.outputs(case.rows))
    assert again.predict(case.rows).tolist() == case.model.predict(case.rows).tolist()
    assert again.predict(case.rows).dtype == case.model.predict(case.rows).dtype
    assert again.params.vector.dtype == case.model.params.vector.dtype
    assert again.architecture == case.model.architecture
    assert again.encoder == case.model.encoder
    assert again.target == case.model.target
    assert again.about == case.model.about


@pytest.mark.parametrize("hidden", FUNCTIONS)
def test_every_hidden_function_can_be_saved(hidden: str, tmp_path: Path) -> None:
    old = two_classes().model
    net = Architecture.of(old.architecture.layer_sizes, hidden, "logistic")
    save(TrainedModel(net, old.params, old.encoder, old.target), tmp_path / "m")
    assert load(tmp_path / "m").architecture == net


def test_the_same_model_is_the_same_bytes(written: Path) -> None:
    # In new processes, because safetensors orders metadata by chance, once for each process.
    program = (
        "import sys; sys.path[:0] = sys.argv[2:]; import trained_models, chainrule; "
        "chainrule.save(trained_models.two_classes().model, sys.argv[1])"
    )
    folders = [str(Path(__file__).parents[1]), str(Path(chainrule.__file__).parents[1])]
    for i in range(2):
        path = written.with_name(f"again {i}")
        subprocess.run([sys.executable, "-c", program, str(path), *folders], check=True)
        assert path.read_bytes() == written.read_bytes()


def test_a_model_loads_in_another_process(written: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[2]); import chainrule; "
        "print(chainrule.load(sys.argv[1]).architecture.layer_sizes)"
    )
    command = [
        sys.executable,
        "-c",
        program,
        str(written),
        str(Path(chainrule.__file__).parents[1]),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.strip() == str(two_classes().model.architecture.layer_sizes)


def test_loading_needs_no_module_that_executes_what_it_reads(written: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[2]); import chainrule, pickle\n"
        "def refuse(*_, **__): raise SystemExit('executed')\n"
        "pickle.load = pickle.loads = refuse\n"
        "import builtins; builtins.eval = refuse\n"
        "chainrule.load(sys.argv[1])"
    )
    command = [
        sys.executable,
        "-c",
        program,
        str(written),
        str(Path(chainrule.__file__).parents[1]),
    ]
    subprocess.run(command, check=True)


def test_the_file_holds_no_time_of_the_clock(written: Path) -> None:
    record = record_in(written)
    assert set(record) == {"version", "sha256", "model"}
    assert set(json.loads(record["model"])) == {"network", "encoder", "target", "about"}


def test_a_model_that_exists_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_bytes(b"old")
    save(two_classes().model, path)
    assert load(path).task == "classification"


def test_a_failed_save_leaves_the_old_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model"
    save(two_classes().model, path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DataError, match="No space left on device"):
        save(CASES["images"]().model, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_loss_without_a_name_cannot_be_saved(tmp_path: Path) -> None:
    old = CASES["a_number"]().model
    net = Architecture.of(old.architecture.layer_sizes, "tanh", "identity", huber(delta=3.0))
    with pytest.raises(ModelFileError, match="only networks of named functions"):
        save(TrainedModel(net, old.params, old.encoder, old.target), tmp_path / "m")
    assert list(tmp_path.iterdir()) == []


# What is not a model file.


def test_a_file_that_is_absent_is_told_with_the_nearest_name(written: Path) -> None:
    with pytest.raises(ModelFileError, match=r"no model file .*\(did you mean 'model.safetensors'"):
        load(written.with_name("modle.safetensors"))


def test_a_folder_is_no_model_file(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="is a folder, not a model file"):
        load(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ModelFileError, match="is a device or a pipe"):
        load(tmp_path / "pipe")


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", bytes(range(256)) * 20, b"\x00" * 100])
def test_a_file_of_another_kind_is_not_ours(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="is not a chainrule model file"):
        load(path)


def test_a_model_file_of_someone_else_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "m"
    for metadata in (None, {"format": "pt"}):
        path.write_bytes(to_bytes({"a": np.zeros(3)}, metadata))
        with pytest.raises(ModelFileError, match="a safetensors file, but not a chainrule model"):
            load(path)


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_version_is_told(version: object, written: Path, tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(bytes_of({}, {}, version))
    with pytest.raises(ModelFileError, match=r"version .* train again"):
        load(path)


def test_numbers_of_a_type_that_numpy_lacks_are_refused(tmp_path: Path) -> None:
    header = json.dumps(
        {
            "__metadata__": {ENTRY: "{}"},
            "W.1": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]},
        }
    ).encode()
    path = tmp_path / "m"
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"\0" * 4)
    with pytest.raises(ModelFileError):
        load(path)


# Damage: by chance, and on purpose.


def loads_as_saved_or_is_refused(content: bytes, path: Path, case: Case) -> None:
    path.write_bytes(content)
    try:
        model = load(path)
    except ModelFileError:
        return
    np.testing.assert_array_equal(model.outputs(case.rows), case.model.outputs(case.rows))


@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_that_is_cut_short_is_refused(written: Path, share: float) -> None:
    content, path = written.read_bytes(), written.with_name("cut")
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ModelFileError):
        load(path)


@given(
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1),
    head_only=st.booleans(),
)
def test_a_changed_byte_is_noticed(
    written: Path, changes: list[tuple[float, int]], head_only: bool
) -> None:
    content = bytearray(written.read_bytes())
    for place, value in changes:
        content[int(place * (600 if head_only else len(content)))] = value
    loads_as_saved_or_is_refused(bytes(content), written.with_name("changed"), two_classes())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Ways into a JSON value, to all of its parts."""
    keys = value if isinstance(value, dict) else range(len(value)) if type(value) is list else ()
    return [way for key in keys for way in ((*above, key), *places(value[key], (*above, key)))]


@given(data=st.data())
def test_a_description_that_lies_is_refused_or_works(written: Path, data: st.DataObject) -> None:
    description = json.loads(record_in(written)["model"])
    way = data.draw(st.sampled_from(places(description)))
    part = description
    for key in way[:-1]:
        part = part[key]
    part[way[-1]] = data.draw(JSON | st.just("softmax") | st.just("number") | st.just(10**30))
    path, case = written.with_name("lying"), two_classes()
    path.write_bytes(bytes_of(description, tensors_of(written.read_bytes())))
    try:
        model = load(path)
    except ModelFileError as error:
        assert str(error).startswith(str(path))  # noqa: PT017 - every message names the file
        return
    with warnings.catch_warnings(action="ignore"):
        try:
            model.predict(case.rows)
        except DataError:
            return


@pytest.mark.parametrize(
    "change",
    [
        lambda array: array.astype(np.int32),
        lambda array: array.astype(np.float16),
        lambda array: array.astype(np.float64),
        lambda array: array[..., np.newaxis],
        lambda array: array[:0],
        lambda array: np.full_like(array, np.nan),
    ],
)
def test_weights_that_do_not_fit_are_refused(change: Any, written: Path) -> None:
    tensors = tensors_of(written.read_bytes())
    tensors["W.1"] = np.ascontiguousarray(change(tensors["W.1"]))
    path = written.with_name("unfit")
    path.write_bytes(bytes_of(json.loads(record_in(written)["model"]), tensors))
    with pytest.raises(ModelFileError, match=r"unfit: the model file is damaged"):
        load(path)


@pytest.mark.parametrize("kind", [np.int32, np.float16])
def test_weights_are_float32_or_float64(kind: Any, written: Path) -> None:
    tensors = tensors_of(written.read_bytes())
    tensors |= {name: a.astype(kind) for name, a in tensors.items() if name[:2] in ("W.", "b.")}
    path = written.with_name("of another type")
    path.write_bytes(bytes_of(json.loads(record_in(written)["model"]), tensors))
    with pytest.raises(ModelFileError, match=r"array 'W.1' is not as it must be"):
        load(path)


def test_a_network_that_does_not_fit_its_columns_is_refused(written: Path) -> None:
    description = json.loads(record_in(written)["model"])
    description["network"] |= {"output": "identity", "loss": "squared_error"}
    path = written.with_name("misfit")
    path.write_bytes(bytes_of(description, tensors_of(written.read_bytes())))
    with pytest.raises(ModelFileError, match="its network does not fit its columns"):
        load(path)


def test_text_that_is_no_unicode_is_no_accident(written: Path) -> None:
    text = json.dumps({"version": 1, "sha256": "", "model": "\ud800"})
    path = written.with_name("surrogate")
    path.write_bytes(to_bytes({}, {ENTRY: text}))
    with pytest.raises(ModelFileError, match="is damaged"):
        load(path)


def test_an_unknown_function_is_told_with_the_nearest_one(written: Path) -> None:
    description = json.loads(record_in(written)["model"])
    description["network"]["hidden"] = ["tahn"]
    path = written.with_name("unknown")
    path.write_bytes(bytes_of(description, tensors_of(written.read_bytes())))
    with pytest.raises(ModelFileError, match=r"not known to this chainrule: .*did you mean 'tanh'"):
        load(path)


@pytest.mark.parametrize("text", ["[" * 100_000, "nonsense", "[]", '{"version": NaN}', ""])
def test_metadata_that_is_no_record_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(to_bytes({}, {ENTRY: text}))
    with pytest.raises(ModelFileError, match="is damaged"):
        load(path)
