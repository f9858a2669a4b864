"""``chainrule evaluate``: the score of a saved model."""

from pathlib import Path

import numpy as np
import pytest
from shell_runs import run_shell, small_table

import chainrule


def test_the_target_is_remembered(model: Path, table: Path) -> None:
    ran = run_shell("evaluate", model, table, "--json")
    named = run_shell("evaluate", model, table, "--json", "--target", "answer")
    assert ran.record == named.record
    assert (ran.record["task"], ran.record["rows"]) == ("classification", 60)


def test_the_score_is_the_share_of_right_answers(model: Path, table: Path) -> None:
    frame = small_table()
    right = chainrule.load(model).predict(frame) == frame["answer"].to_numpy(dtype=object)
    assert run_shell("evaluate", model, table, "--json").record["score"] == right.mean()


def test_numbers_are_scored_by_r_squared_and_rmse(models: Path, table: Path) -> None:
    frame, path = small_table(), models / "price.safetensors"
    record = run_shell("evaluate", path, table, "--json").record
    residuals = chainrule.load(path).predict(frame) - frame["price"].to_numpy()
    assert record["rmse"] == pytest.approx(np.sqrt(np.mean(residuals**2)))
    unexplained = np.mean(residuals**2) / frame["price"].var(ddof=0)
    assert record["score"] == pytest.approx(1 - unexplained)


def test_the_table_goes_to_standard_output_and_with_json_to_standard_error(
    model: Path, table: Path
) -> None:
    assert "precision" in run_shell("evaluate", model, table).out
    ran = run_shell("evaluate", model, table, "--json")
    assert ran.out.count("\n") == 1
    assert "precision" in ran.err


def test_a_score_on_the_rows_of_training_says_so(model: Path, models: Path, table: Path) -> None:
    said = "include those that the model learned from"
    assert said in run_shell("evaluate", model, models / "trees.csv").err
    assert said not in run_shell("evaluate", model, table).err


def test_one_row_can_be_scored(models: Path, table: Path) -> None:
    small_table().iloc[:1].to_csv(table, index=False)
    record = run_shell("evaluate", models / "price.safetensors", table, "--json").record
    assert (record["rows"], record["score"]) == (1, 0)


def test_a_class_that_training_did_not_meet_is_told(model: Path, table: Path) -> None:
    frame = small_table()
    frame.loc[2, "answer"] = "maybe"
    frame.to_csv(table, index=False)
    ran = run_shell("evaluate", model, table)
    assert "'maybe' in row 3, which is none of the 2 classes of training" in ran.error


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--target", "anwser"], "(did you mean 'answer'?)"),
        (["--target", "size"], "'size' is an input of this model, which predicts 'answer'"),
    ],
)
def test_a_target_that_does_not_serve_is_told(
    options: list[str], sentence: str, model: Path, table: Path
) -> None:
    assert sentence in run_shell("evaluate", model, table, *options).error


def test_a_table_without_the_target_is_told(model: Path, table: Path) -> None:
    small_table().drop(columns="answer").to_csv(table, index=False)
    assert "has no column 'answer'" in run_shell("evaluate", model, table).error


def test_images_without_labels_are_told(images: Path, tmp_path: Path) -> None:
    out = tmp_path / "m"
    assert run_shell("train", images, "--epochs", 1, "--out", out).status == 0
    assert run_shell("evaluate", out, images, "--json").record["rows"] == 24
    assert "has no labels" in run_shell("evaluate", out, images / "dark").error
