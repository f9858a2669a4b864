"""``chainrule train``: from data to a saved model, and what it says on the way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shell_runs import Ran, finish, run_shell, small_table, start_shell

import chainrule


@pytest.fixture
def train(tmp_path: Path) -> Callable[..., Ran]:
    """A function that trains for three epochs into model.safetensors."""

    def run(data: object, *options: object) -> Ran:
        out = tmp_path / "model.safetensors"
        return run_shell("train", data, "--epochs", 3, "--out", out, "--json", *options)

    return run


def saved(tmp_path: Path) -> chainrule.TrainedModel:
    return chainrule.load(tmp_path / "model.safetensors")


def test_digits_are_learned(tmp_path: Path) -> None:
    out = tmp_path / "digits.safetensors"
    ran = run_shell("train", "digits", "--out", out)
    assert ran.status == 0
    *_, accuracy, place = ran.out.splitlines()
    assert float(accuracy.split()[1]) >= 0.97
    assert place == f"Model saved to {out}"
    assert chainrule.load(out).about["test_score"] >= 0.97


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "diabetes"])
def test_every_bundled_set_can_be_learned(name: str, train: Callable[..., Ran]) -> None:
    record = train(name).record
    assert record["task"] == ("regression" if name == "diabetes" else "classification")


def test_the_model_is_named_after_the_data_where_no_name_is_given(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(table.parent)
    assert run_shell("train", table, "--target", "answer", "--epochs", 1).status == 0
    assert chainrule.load("trees.safetensors").task == "classification"


def test_json_is_the_only_line_on_standard_output(table: Path, train: Callable[..., Ran]) -> None:
    ran = train(table, "--target", "answer")
    assert ran.out.count("\n") == 1
    assert ran.record["interrupted"] is False
    assert {"task", "rows", "test_score", "epochs", "seconds", "model"} <= ran.record.keys()
    assert (ran.record["rows"], ran.record["test_rows"]) == (60, 12)
    assert (ran.record["epochs"], ran.record["network"]) == (3, [6, 100, 1])
    assert "precision" in ran.err
    assert "Model saved to" in ran.err


def test_nothing_in_a_pipe_has_escape_codes(table: Path) -> None:
    out = table.with_name("m")
    process = start_shell("train", table, "--target", "answer", "--epochs", 2, "--out", out)
    ran = finish(process)
    assert ran.status == 0
    assert "\x1b" not in ran.out + ran.err


def test_classification_ends_with_precision_and_recall(table: Path, tmp_path: Path) -> None:
    ran = run_shell("train", table, "--target", "answer", "--epochs", 1, "--out", tmp_path / "m")
    assert ran.out.split()[:5] == ["class", "precision", "recall", "f1", "rows"]
    assert [line.split()[0] for line in ran.out.splitlines()[1:4]] == ["no", "yes", "accuracy"]


def test_regression_ends_with_r_squared_and_rmse(table: Path, tmp_path: Path) -> None:
    ran = run_shell("train", table, "--target", "price", "--out", tmp_path / "m")
    assert [line.split()[0] for line in ran.out.splitlines()[:3]] == ["R²", "RMSE", "rows"]
    assert float(ran.out.split()[1]) > 0.8


def test_the_task_can_be_overridden(table: Path, train: Callable[..., Ran]) -> None:
    frame = small_table().assign(level=np.arange(60) % 4)
    frame.to_csv(table, index=False)
    assert train(table, "--target", "level").record["metric"] == "accuracy"
    ran = train(table, "--target", "level", "--task", "regression")
    assert (ran.record["task"], ran.record["metric"]) == ("regression", "R²")
    assert "Regression, as asked for." in ran.err


@pytest.mark.parametrize("sizes", [["9", "4"], ["9,4"]])
def test_there_may_be_several_hidden_layers(
    sizes: list[str], table: Path, train: Callable[..., Ran]
) -> None:
    record = train(table, "--target", "answer", "--hidden", *sizes).record
    assert record["network"] == [6, 9, 4, 1]


def test_activation_and_solver_can_be_chosen(
    table: Path, train: Callable[..., Ran], tmp_path: Path
) -> None:
    ran = train(table, "--target", "answer", "--activation", "gelu", "--solver", "sgd")
    assert ran.status == 0
    assert saved(tmp_path).architecture.hidden[0].name == "gelu"


def test_other_settings_make_other_models(
    table: Path, train: Callable[..., Ran], tmp_path: Path
) -> None:
    changes: list[tuple[object, ...]] = [
        (),
        ("--solver", "sgd"),
        ("--solver", "sgd", "--momentum", 0),
        ("--learning-rate", 0.01),
        ("--l2", 1),
        ("--batch-size", 5),
        ("--seed", 1),
        ("--test-size", 0.3),
        ("--validation-size", 0.3),
    ]
    vectors = []
    for change in changes:
        assert train(table, "--target", "answer", *change).status == 0
        vectors.append(tuple(saved(tmp_path).params.vector.tolist()))
    assert len(set(vectors)) == len(changes)


def test_a_parquet_file_is_learned_as_a_csv_file_is(
    table: Path, train: Callable[..., Ran], tmp_path: Path
) -> None:
    train(table, "--target", "answer")
    vector = saved(tmp_path).params.vector
    small_table().to_parquet(tmp_path / "trees.parquet")
    assert train(tmp_path / "trees.parquet", "--target", "answer").status == 0
    np.testing.assert_array_equal(saved(tmp_path).params.vector, vector)


def test_an_archive_brings_its_own_test_part(train: Callable[..., Ran], tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 256, (50, 4, 4)).astype(np.uint8)
    y = np.arange(50) % 2
    path = tmp_path / "images.npz"
    np.savez(path, train_x=x[:40], train_y=y[:40], test_x=x[40:], test_y=y[40:])
    ran = train(path)
    assert (ran.record["rows"], ran.record["test_rows"]) == (50, 10)
    assert "10 held out to test, as the source divides them." in ran.err


def test_a_folder_of_images_is_learned(images: Path, tmp_path: Path) -> None:
    out = tmp_path / "m"
    ran = run_shell("train", images, "--image-size", "5x4", "--out", out, "--json")
    assert ran.record["network"][0] == 20
    assert [row["class"] for row in ran.record["classes"]] == ["dark", "light"]
    assert ran.record["test_score"] == 1


# Files as strangers make them.


def with_newline(content: bytes) -> bytes:
    return content.replace(b",oak,", b',"oak\n""wood"", English",')


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content + b"\n",
        lambda content: content.replace(b"\n", b"\r\n"),
        with_newline,
    ],
    ids=["byte order mark", "empty last line", "carriage returns", "quoted newlines"],
)
def test_an_odd_csv_file_is_read_whole(
    change: Callable[[bytes], bytes], table: Path, train: Callable[..., Ran]
) -> None:
    table.write_bytes(change(table.read_bytes()))
    record = train(table, "--target", "answer").record
    assert (record["rows"], record["network"][0]) == (60, 6)


def test_a_quoted_newline_belongs_to_its_value(
    table: Path, train: Callable[..., Ran], tmp_path: Path
) -> None:
    table.write_bytes(with_newline(table.read_bytes()))
    train(table, "--target", "answer")
    encoder = saved(tmp_path).encoder
    assert 'kind = oak\n"wood", English' in encoder.output_names


def test_a_column_that_is_all_missing_is_dropped_and_that_is_said(
    table: Path, train: Callable[..., Ran]
) -> None:
    small_table().assign(gone=np.nan).to_csv(table, index=False)
    ran = train(table, "--target", "answer")
    assert ran.record["network"][0] == 6
    assert "'gone' is all missing and was dropped" in ran.err


# What cannot be learned from.


def changed(**columns: Any) -> pd.DataFrame:
    return small_table().assign(**columns)


PRICES = small_table()["price"].to_numpy()


@pytest.mark.parametrize(
    ("frame", "options", "sentence"),
    [
        (changed(), ["--target", "anwser"], "no column 'anwser' (did you mean 'answer'?)"),
        (changed(), [], "name one with --target; its columns are size, age, kind, answer, price"),
        (changed(answer="no"), ["--target", "answer"], "holds only the value no"),
        (changed(price=np.where(PRICES > 1, np.nan, PRICES)), ["--target", "price"], "missing in"),
        (changed(price=np.where(PRICES > 1, np.inf, PRICES)), ["--target", "price"], "infinite in"),
        (changed(), ["--target", "answer", "--task", "regression"], "regression needs numbers"),
        (changed(), ["--target", "price", "--task", "classification"], "too many for classes"),
        (changed(), ["--target", "answer", "--image-size", "8"], "no folder of images"),
        (changed(), ["--target", "answer", "--image-size", "a"], "an image size is one number"),
        (changed(), ["--target", "answer", "--test-size", "0.95"], "leave none for training"),
        (changed().iloc[:0], ["--target", "answer"], "column names and no rows"),
        (changed().iloc[:4], ["--target", "answer"], "at least 5 rows"),
    ],
)
def test_data_that_cannot_be_learned_from_is_refused_and_nothing_is_written(
    frame: pd.DataFrame, options: list[str], sentence: str, table: Path, train: Callable[..., Ran]
) -> None:
    frame.to_csv(table, index=False)
    assert sentence in train(table, *options).error
    assert [path.name for path in table.parent.iterdir()] == [table.name]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "empty.csv is empty"),
        ("odd.txt", b"hello", "is of no kind that can be read"),
        ("not.parquet", b"PAR1 hello", "cannot be read as Parquet"),
        ("not.npz", b"hello", "not.npz"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    name: str, content: bytes, sentence: str, tmp_path: Path, train: Callable[..., Ran]
) -> None:
    (tmp_path / name).write_bytes(content)
    assert sentence in train(tmp_path / name, "--target", "y").error


def test_a_file_that_is_absent_is_told_with_the_nearest_name(
    table: Path, train: Callable[..., Ran]
) -> None:
    ran = train(table.with_name("tree.csv"), "--target", "answer")
    assert "did you mean 'trees.csv'" in ran.error


def test_an_absurd_learning_rate_ends_in_one_sentence(
    table: Path, train: Callable[..., Ran]
) -> None:
    ran = train(table, "--target", "answer", "--solver", "sgd", "--learning-rate", 1e300)
    assert "not finite at step 2 of epoch 1" in ran.error
    assert "try a smaller --learning-rate" in ran.error


# The model file.


def test_a_failure_leaves_the_old_model_untouched(
    table: Path, train: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(table, "--target", "answer")
    before = (tmp_path / "model.safetensors").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = train(table, "--target", "price")
    assert "model.safetensors cannot be written: No space left on device" in ran.error
    assert (tmp_path / "model.safetensors").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.safetensors", "trees.csv"]


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        (".", "is a folder"),
        ("gone/model", "gone does not exist"),
        ("trees.csv", "would be lost"),
    ],
)
def test_a_place_where_no_model_can_go_is_refused_before_the_data_is_read(
    out: str, sentence: str, table: Path
) -> None:
    before = table.read_bytes()
    ran = run_shell("train", table, "--target", "answer", "--out", table.parent / out)
    assert sentence in ran.error
    assert ran.err.count("\n") == 1
    assert table.read_bytes() == before


def test_the_same_command_writes_the_same_bytes_with_any_number_of_threads(tmp_path: Path) -> None:
    contents = []
    for threads in (1, 2, 1):
        out = tmp_path / "model"
        options = ("--epochs", 2, "--hidden", 300, "--out", out)
        ran = finish(start_shell("train", "digits", *options, threads=threads))
        assert ran.status == 0
        contents.append(out.read_bytes())
    assert contents[0] == contents[1] == contents[2]


def test_a_model_takes_the_raw_table(
    table: Path, train: Callable[..., Ran], tmp_path: Path
) -> None:
    train(table, "--target", "answer")
    answers = saved(tmp_path).predict(small_table())
    assert set(answers.tolist()) <= {"no", "yes"}


def test_names_that_look_like_markup_are_shown_as_they_are(tmp_path: Path) -> None:
    table, out = tmp_path / "t.csv", tmp_path / "m[1].safetensors"
    labels = np.array(["[bold]a", "[/b]", ":smile:"])[np.arange(60) % 3]
    small_table().assign(answer=labels).to_csv(table, index=False)
    ran = run_shell("train", table, "--target", "answer", "--epochs", 1, "--out", out)
    assert ran.status == 0
    assert all(label in ran.out for label in labels)
    assert f"Model saved to {out}\n" in ran.out


# Real data.


def excerpt(shared: Path, name: str, n_rows: int, folder: Path) -> Path:
    path = folder / f"{name}.parquet"
    frame = pd.read_parquet(shared / "data" / f"{name}.parquet")
    frame.sample(n_rows, random_state=0).to_parquet(path)
    return path


@pytest.mark.parametrize(
    ("name", "target", "task"),
    [
        ("adult_train", "income", "classification"),
        ("wine_quality", "quality", "classification"),
        ("california_housing", "median_house_value", "regression"),
    ],
)
def test_real_tables_are_learned(
    name: str, target: str, task: str, shared: Path, tmp_path: Path, train: Callable[..., Ran]
) -> None:
    record = train(excerpt(shared, name, 1000, tmp_path), "--target", target).record
    assert (record["task"], record["rows"]) == (task, 1000)


def test_handwritten_digits_are_learned_as_an_archive(
    shared: Path, tmp_path: Path, train: Callable[..., Ran]
) -> None:
    with np.load(shared / "data" / "mnist.npz") as whole:
        parts = {key: whole[key][:500] for key in whole.files}
    np.savez(tmp_path / "mnist.npz", **parts)
    record = train(tmp_path / "mnist.npz").record
    assert (record["rows"], record["network"]) == (1000, [784, 100, 10])
    assert record["test_score"] > 0.5
