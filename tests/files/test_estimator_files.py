"""An estimator's file gives back the estimator bit for bit, or says why not."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load as tensors_of
from safetensors.numpy import save as to_bytes
from saved_estimators import CASES, X

import chainrule
from chainrule.arrays import Array
from chainrule.errors import DataError, ModelFileError
from chainrule.storage.tensor_files import digest

ENTRY = "chainrule estimator"
HERE = [str(Path(__file__).parents[1]), str(Path(chainrule.__file__).parents[1])]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("estimators") / "words.safetensors"
    chainrule.save(CASES["words"]().estimator, path)
    return path


def description_in(path: Path) -> Any:
    with safe_open(path, framework="numpy") as file:
        return json.loads(json.loads(file.metadata()[ENTRY])["estimator"])


def bytes_of(description: Any, tensors: dict[str, Array], version: object = 1) -> bytes:
    """A file whose digest is right, whatever it says."""
    text = json.dumps(description)
    entry = {"version": version, "sha256": digest(text, tensors), "estimator": text}
    return to_bytes(tensors, {ENTRY: json.dumps(entry)})


def outputs_of(estimator: Any, rows: Any) -> list[Any]:
    found = estimator.predict(rows)
    found = found.toarray() if hasattr(found, "toarray") else found
    probabilities = getattr(estimator, "predict_proba", estimator.predict)(rows)
    return [found.tolist(), probabilities.tolist(), str(found.dtype)]


@pytest.mark.parametrize("name", CASES)
def test_a_loaded_estimator_answers_and_trains_on_as_the_saved_one(
    name: str, tmp_path: Path
) -> None:
    case, path = CASES[name](), tmp_path / "estimator.safetensors"
    chainrule.save(case.estimator, path)
    again = chainrule.load(path)
    assert type(again) is type(case.estimator)
    assert outputs_of(again, case.X) == outputs_of(case.estimator, case.X)
    assert (again.loss_, again.n_iter_, again.t_) == (
        case.estimator.loss_,
        case.estimator.n_iter_,
        case.estimator.t_,
    )
    for one in (again, case.estimator):
        one.set_params(early_stopping=False, solver=one.solver.replace("lbfgs", "adam"))
        one.partial_fit(case.X, case.y)
    for mine, theirs in zip(again.coefs_, case.estimator.coefs_, strict=True):
        assert mine.tobytes() == theirs.tobytes()


def test_an_estimator_that_is_not_fitted_can_be_saved(tmp_path: Path) -> None:
    original = chainrule.MLPRegressor("poisson", (7, 3), solver="sgd", n_iter_no_change=np.inf)
    chainrule.save(original, tmp_path / "blank")
    assert chainrule.load(tmp_path / "blank").get_params() == original.get_params()


def test_the_weights_of_a_loaded_estimator_can_be_changed_in_place(written: Path) -> None:
    estimator = chainrule.load(written)
    estimator.coefs_[0][...] = 0
    estimator.classes_[0] = "l"
    assert np.ptp(estimator.predict_proba(X), axis=0).max() < 1


def test_the_same_estimator_is_the_same_bytes(written: Path) -> None:
    program = (
        "import sys; sys.path[:0] = sys.argv[2:]; import saved_estimators, chainrule; "
        "chainrule.save(saved_estimators.CASES['words']().estimator, sys.argv[1])"
    )
    path = written.with_name("again")
    subprocess.run([sys.executable, "-c", program, str(path), *HERE], check=True)
    assert path.read_bytes() == written.read_bytes()


def test_an_estimator_loads_in_another_process_without_unpickling(written: Path) -> None:
    program = (
        "import sys; sys.path[:0] = sys.argv[2:]; import chainrule, sklearn.preprocessing\n"
        "import pickle, builtins\n"
        "def refuse(*_, **__): raise SystemExit('executed')\n"
        "pickle.load = pickle.loads = pickle.Unpickler = builtins.eval = refuse\n"
        "print(chainrule.load(sys.argv[1]).predict([[0.0, 0.0, 0.0]]).tolist())"
    )
    command = [sys.executable, "-c", program, str(written), *HERE]
    said = subprocess.run(command, capture_output=True, check=True).stdout
    expected = chainrule.load(written).predict([[0.0, 0.0, 0.0]]).tolist()
    assert said.decode().strip() == str(expected)


def test_the_arrays_have_the_names_that_scikit_learn_gives_them(written: Path) -> None:
    tensors, estimator = tensors_of(written.read_bytes()), chainrule.load(written)
    for layer, coef in enumerate(estimator.coefs_):
        assert tensors[f"coefs_.{layer}"].tolist() == coef.tolist()


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "estimator"
    chainrule.save(CASES["ints"]().estimator, path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DataError, match="No space left on device"):
        chainrule.save(CASES["bools"]().estimator, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_estimator_that_cannot_be_saved_leaves_the_old_file(tmp_path: Path) -> None:
    path, estimator = tmp_path / "estimator", CASES["ints"]().estimator
    chainrule.save(estimator, path)
    estimator.mine_ = object()
    with pytest.raises(ModelFileError, match="attribute 'mine_' cannot be saved"):
        chainrule.save(estimator, path)
    assert not hasattr(chainrule.load(path), "mine_")


def test_the_warning_of_what_is_left_out_points_to_the_call_of_save(tmp_path: Path) -> None:
    estimator = chainrule.MLPClassifier().set_params(tol=len)
    with pytest.warns(UserWarning, match=r"'tol' is not saved: the function or class len") as told:
        chainrule.save(estimator, tmp_path / "estimator")
    assert told[0].filename == __file__


# Damage: by chance, and on purpose.


def loads_as_saved_or_is_refused(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    try:
        estimator = chainrule.load(path)
    except ModelFileError as error:
        assert str(error).startswith(str(path))  # noqa: PT017 - every message names the file
        return
    assert outputs_of(estimator, X) == outputs_of(CASES["words"]().estimator, X)


@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_that_is_cut_short_is_refused(written: Path, share: float) -> None:
    content, path = written.read_bytes(), written.with_name("cut")
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ModelFileError):
        chainrule.load(path)


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
    loads_as_saved_or_is_refused(bytes(content), written.with_name("changed"))


def each_bit(content: bytes, step: int) -> Iterator[bytes]:
    for place in range(0, len(content), step):
        changed = bytearray(content)
        changed[place] ^= 1 << (place % 8)
        yield bytes(changed)


def test_a_flipped_bit_is_noticed_wherever_it_is(written: Path) -> None:
    for content in each_bit(written.read_bytes(), 7):
        loads_as_saved_or_is_refused(content, written.with_name("flipped"))


def test_a_damaged_file_is_told_from_one_of_another_kind(written: Path) -> None:
    path = written.with_name("half")
    path.write_bytes(written.read_bytes()[:3000])
    with pytest.raises(ModelFileError, match="half is a damaged estimator file: it is cut short"):
        chainrule.load(path)


def test_an_array_that_was_changed_is_noticed(written: Path) -> None:
    content, path = bytearray(written.read_bytes()), written.with_name("array")
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="it was changed after it was saved"):
        chainrule.load(path)


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_version_is_told(version: object, written: Path) -> None:
    path = written.with_name("version")
    path.write_bytes(bytes_of({}, {}, version))
    with pytest.raises(ModelFileError, match=r"estimator file of version .*install the release"):
        chainrule.load(path)


@pytest.mark.parametrize("part", ["class", "parameters", "state", "labels", "requests"])
def test_a_file_that_lacks_a_part_is_refused_with_its_name(part: str, written: Path) -> None:
    description = description_in(written)
    del description[part]
    path = written.with_name("lacking")
    path.write_bytes(bytes_of(description, tensors_of(written.read_bytes())))
    with pytest.raises(ModelFileError, match=r"lacking: "):
        chainrule.load(path)


@pytest.mark.parametrize("name", ["coefs_.0", "classes_", "_optimizer.memory.slots.0.1"])
@pytest.mark.parametrize("change", [lambda a: a[:-1], lambda a: a.astype(np.int16), None])
def test_arrays_that_do_not_fit_are_refused(name: str, change: Any, written: Path) -> None:
    tensors = tensors_of(written.read_bytes())
    if change is None:
        del tensors[name]
    else:
        tensors[name] = np.ascontiguousarray(change(tensors[name]))
    path = written.with_name("unfit")
    path.write_bytes(bytes_of(description_in(written), tensors))
    with pytest.raises(ModelFileError, match="unfit: its estimator is not described as it must be"):
        chainrule.load(path)
