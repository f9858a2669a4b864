"""``chainrule predict``: a line for each row."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shell_runs import Ran, run_shell, small_table

import chainrule


def table_of(ran: Ran) -> pd.DataFrame:
    assert ran.status == 0, ran.err
    return pd.read_csv(io.StringIO(ran.out))


def test_there_is_one_prediction_a_row(model: Path, table: Path) -> None:
    predicted = table_of(run_shell("predict", model, table))
    assert list(predicted.columns) == ["prediction"]
    assert predicted["prediction"].tolist() == chainrule.load(model).predict(small_table()).tolist()


def test_numbers_are_written_in_full(models: Path, table: Path) -> None:
    path = models / "price.safetensors"
    predicted = table_of(run_shell("predict", path, table))["prediction"]
    np.testing.assert_array_equal(predicted, chainrule.load(path).predict(small_table()))


def test_probabilities_sum_to_one(model: Path, table: Path) -> None:
    predicted = table_of(run_shell("predict", model, table, "--proba"))
    assert list(predicted.columns) == ["prediction", "p(no)", "p(yes)"]
    np.testing.assert_allclose(predicted["p(no)"] + predicted["p(yes)"], 1, rtol=1e-6)
    assert ((predicted["p(yes)"] > 0.5) == (predicted["prediction"] == "yes")).all()


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_predictions_can_go_to_a_file(
    suffix: str, model: Path, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"answers{suffix}"
    ran = run_shell("predict", model, table, "--out", out, "--proba")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == f"60 predictions written to {out}\n"
    written = pd.read_csv(out) if suffix == ".csv" else pd.read_parquet(out)
    expected = table_of(run_shell("predict", model, table, "--proba"))
    pd.testing.assert_frame_equal(written, expected, check_dtype=False)


def test_images_are_told_by_their_files(images: Path, tmp_path: Path) -> None:
    out = tmp_path / "m"
    assert run_shell("train", images, "--epochs", 2, "--out", out).status == 0
    predicted = table_of(run_shell("predict", out, images))
    assert list(predicted.columns) == ["file", "prediction"]
    assert sum(name.startswith("light") for name in predicted["file"]) == 12
    loose = table_of(run_shell("predict", out, images / "dark"))
    assert sorted(loose["file"]) == sorted(f"{i}.png" for i in range(12))


def test_the_test_part_of_a_divided_source_is_predicted(tmp_path: Path) -> None:
    x, y = np.arange(960).reshape(60, 4, 4).astype(np.uint8), np.arange(60) % 2
    path, out = tmp_path / "x.npz", tmp_path / "m"
    np.savez(path, train_x=x[:50], train_y=y[:50], test_x=x[50:], test_y=y[50:])
    assert run_shell("train", path, "--epochs", 1, "--out", out).status == 0
    ran = run_shell("predict", out, path)
    assert len(table_of(ran)) == 10
    assert "its test part is used" in ran.err


def test_a_value_that_training_did_not_meet_is_predicted_and_told(model: Path, table: Path) -> None:
    frame = small_table()
    frame.loc[[3, 5], "kind"] = "palm"
    frame.to_csv(table, index=False)
    ran = run_shell("predict", model, table)
    assert len(table_of(ran)) == 60
    assert "Column 'kind': 2 rows have values that training did not meet" in ran.err


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (small_table().drop(columns="age"), "there is no column 'age'"),
        (small_table().rename(columns={"age": "agee"}), "(did you mean 'agee'?)"),
        (small_table().astype({"age": object}).replace({"age": 83}, "old"), "holds 'old' in row 2"),
        (small_table().assign(size=np.inf), "'size' holds an infinite value in row 1"),
        (small_table().iloc[:0], "holds column names and no rows"),
    ],
)
def test_rows_that_do_not_fit_the_model_are_refused(
    frame: pd.DataFrame, sentence: str, model: Path, table: Path
) -> None:
    frame.to_csv(table, index=False)
    assert sentence in run_shell("predict", model, table).error


def test_a_model_of_tables_takes_no_images_and_the_reverse(
    model: Path, images: Path, table: Path, tmp_path: Path
) -> None:
    assert "a table is needed" in run_shell("predict", model, "digits").error
    out = tmp_path / "m"
    assert run_shell("train", images, "--epochs", 1, "--out", out).status == 0
    assert "images are needed" in run_shell("predict", out, table).error
    assert "the model was trained on 6 × 6" in run_shell("predict", out, "digits").error


def test_numbers_have_no_probabilities(models: Path, table: Path) -> None:
    ran = run_shell("predict", models / "price.safetensors", table, "--proba")
    assert "predicts numbers" in ran.error


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("answers.txt", "written as .csv or .parquet, not as answers.txt"),
        ("gone/answers.csv", "gone does not exist"),
        ("trees.csv", "would be lost"),
    ],
)
def test_a_place_where_no_predictions_can_go_is_refused(
    out: str, sentence: str, model: Path, table: Path
) -> None:
    before = table.read_bytes()
    assert sentence in run_shell("predict", model, table, "--out", table.parent / out).error
    assert table.read_bytes() == before


def test_a_file_that_is_no_model_is_told(table: Path) -> None:
    assert "is not a chainrule model file" in run_shell("predict", table, table).error
    gone = table.with_name("gone")
    assert "there is no model file" in run_shell("predict", gone, table).error


def test_a_model_file_cut_short_is_told(model: Path, table: Path) -> None:
    cut = table.with_name("cut.safetensors")
    cut.write_bytes(model.read_bytes()[:-100])
    assert "is a damaged model file" in run_shell("predict", cut, table).error


@pytest.mark.parametrize("command", ["predict", "evaluate"])
def test_an_estimator_that_python_saved_is_no_model_of_the_shell(
    command: str, table: Path, tmp_path: Path
) -> None:
    path = tmp_path / "estimator.safetensors"
    chainrule.save(chainrule.MLPClassifier(), path)
    ran = run_shell(command, path, table)
    assert (ran.status, ran.out) == (2, "")
    assert f"{path} holds an estimator, which knows no columns of a table" in ran.err.replace(
        "\n", ""
    )
