"""From file to matrix: every real table, and what is known about it."""

import json
from pathlib import Path

import numpy as np
import pytest

from chainrule.data import (
    choose_task,
    encoder_from_state,
    fit_encoder,
    fit_target,
    read,
    require_target,
    split_rows,
)

# File, target, task, rows, columns of X when all rows are fitted.
TABLES = [
    ("abalone", "Rings", "regression", 4_177, 10),
    ("adult_train", "income", "classification", 32_561, 108),
    ("bank_marketing", "y", "classification", 45_211, 51),
    ("bike_sharing_hour", "cnt", "regression", 17_379, 116),
    ("california_housing", "median_house_value", "regression", 20_640, 14),
    ("covertype_100k", "Cover_Type", "classification", 100_000, 54),
    ("credit_default", "Default", "classification", 30_000, 24),
    ("diamonds", "price", "regression", 53_940, 26),
    ("higgs_11k", "label", "classification", 10_984, 28),
    ("isolet_1560", "class", "regression", 1_560, 617),
    ("letter_recognition", "lettr", "classification", 20_000, 16),
    ("protein_casp", "RMSD", "regression", 45_730, 9),
    ("satimage_train", "class", "classification", 4_435, 36),
    ("wine_quality", "quality", "classification", 6_497, 13),
]


@pytest.mark.parametrize(("name", "target", "task", "rows", "width"), TABLES)
def test_a_table_is_read_understood_and_encoded(
    shared: Path, name: str, target: str, task: str, rows: int, width: int
) -> None:
    dataset = read(shared / "data" / f"{name}.parquet", target=target)
    require_target(dataset)
    assert dataset.target is not None
    assert choose_task(dataset.target, name=target).task == task
    encoder = fit_encoder(dataset.features)
    X = encoder.transform(dataset.features)
    assert X.shape == (rows, width)
    assert np.isfinite(X).all()


def test_adult_goes_the_whole_way(shared: Path) -> None:
    dataset = read(shared / "data" / "adult_train.parquet", target="income")
    assert dataset.target is not None
    choice = choose_task(dataset.target, name="income")
    target = fit_target(dataset.target, choice.task, "income")
    codes = target.encode(dataset.target)
    split = split_rows(len(dataset.main), classes=codes)
    training = dataset.main.rows(split.training)
    encoder = fit_encoder(training.features)
    state, arrays = encoder.to_state()
    again = encoder_from_state(json.loads(json.dumps(state)), arrays)
    test = read(shared / "data" / "adult_test.parquet", target="income")
    assert test.target is not None
    assert (again.transform(test.features) == encoder.transform(test.features)).all()
    assert np.bincount(target.encode(test.target)).tolist() == [12_435, 3_846]
    assert split.notes == ()


def test_a_table_is_the_same_through_csv(shared: Path, tmp_path: Path) -> None:
    import pandas as pd

    parquet = shared / "data" / "adult_test.parquet"
    pd.read_parquet(parquet).to_csv(tmp_path / "adult.csv.gz", index=False)
    a, b = (read(path, target="income") for path in (parquet, tmp_path / "adult.csv.gz"))
    assert a.target is not None
    assert b.target is not None
    assert a.target.tolist() == b.target.tolist()
    encoder = fit_encoder(a.features)
    assert (encoder.transform(a.features) == encoder.transform(b.features)).all()
    assert fit_encoder(b.features).output_names == encoder.output_names
