import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chainrule.errors import DataError
from chainrule.parameters import Parameters
from chainrule.training import (
    LBFGS,
    CSVLog,
    EpochRecord,
    HeldOut,
    Problem,
    Progress,
    Recipe,
    Result,
    fit,
    fit_full_batch,
    resume,
)

RECIPE = Recipe(max_epochs=3)


def train(problem: Problem, params: Parameters, path: Path, recipe: Recipe = RECIPE) -> Result:
    return fit(
        problem,
        params,
        recipe,
        random_state=np.random.RandomState(0),
        validation=HeldOut(problem),
        callbacks=[CSVLog(path)],
    )


def rows(path: Path) -> list[EpochRecord]:
    with path.open(newline="") as file:
        return [
            EpochRecord(
                int(row["epoch"]),
                *(float(row[name]) for name in ("loss", "learning_rate", "seconds")),
                *(
                    float(row[name]) if row[name] else None
                    for name in ("validation_score", "validation_loss")
                ),
            )
            for row in csv.DictReader(file)
        ]


def test_the_rows_are_the_records_to_the_last_digit(
    blobs: Problem, params: Parameters, tmp_path: Path
) -> None:
    result = train(blobs, params, tmp_path / "log.csv")
    assert rows(tmp_path / "log.csv") == result.history.records
    assert len(result.history.records) == 3


def test_the_file_is_whole_after_every_epoch(params: Parameters, tmp_path: Path) -> None:
    log, path = CSVLog(tmp_path / "log.csv"), tmp_path / "log.csv"
    for epoch in (1, 2):
        log.on_epoch_end(Progress(EpochRecord(epoch, 0.5, 0.1, 1.0), 3, params, None))
        assert len(path.read_text().splitlines()) == 1 + epoch
        assert path.read_text().endswith("\n")


def test_a_new_training_begins_the_file_anew(
    blobs: Problem, params: Parameters, tmp_path: Path
) -> None:
    for _ in range(2):
        train(blobs, params, tmp_path / "log.csv")
    assert [record.epoch for record in rows(tmp_path / "log.csv")] == [1, 2, 3]


def test_one_callback_serves_two_trainings(
    blobs: Problem, params: Parameters, tmp_path: Path
) -> None:
    log = CSVLog(tmp_path / "log.csv")
    for _ in range(2):
        random_state = np.random.RandomState(0)
        fit(blobs, params, RECIPE, random_state=random_state, callbacks=[log])
    assert [record.epoch for record in rows(tmp_path / "log.csv")] == [1, 2, 3]


def test_a_log_that_was_cut_off_or_ran_ahead_becomes_whole_when_training_goes_on(
    blobs: Problem, params: Parameters, tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    paused = train(blobs, params, path, replace(RECIPE, max_epochs=2))
    path.write_text(path.read_text() + "3,0.25,0.1,1.0,,\n4,0.2")
    assert paused.state is not None
    result = resume(
        blobs, paused.state, RECIPE, validation=HeldOut(blobs), callbacks=[CSVLog(path)]
    )
    assert rows(path) == result.history.records


def test_numbers_of_numpy_are_written_as_numbers(params: Parameters, tmp_path: Path) -> None:
    record = EpochRecord(1, np.float64(0.5), 0.1, 1.0, validation_score=np.float64(0.25))
    CSVLog(tmp_path / "log.csv").on_epoch_end(Progress(record, 3, params, None))
    assert (tmp_path / "log.csv").read_text().splitlines()[1] == "1,0.5,0.1,1.0,0.25,"


def test_the_iterations_of_l_bfgs_are_logged(
    blobs: Problem, params: Parameters, tmp_path: Path
) -> None:
    result = fit_full_batch(blobs, params, LBFGS(), callbacks=[CSVLog(tmp_path / "log.csv")])
    logged = rows(tmp_path / "log.csv")
    assert [record.loss for record in logged] == result.history.loss_curve
    assert math.isnan(logged[0].learning_rate)


def test_a_path_that_cannot_be_written_is_refused_before_training(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        CSVLog(tmp_path / "no" / "log.csv")


def test_a_folder_that_goes_away_is_a_clear_error(params: Parameters, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    log = CSVLog(folder / "log.csv")
    log.on_epoch_end(Progress(EpochRecord(1, 0.5, 0.1, 1.0), 3, params, None))
    (folder / "log.csv").unlink()
    folder.rmdir()
    with pytest.raises(DataError, match=r"log\.csv cannot be written: No such file"):
        log.on_epoch_end(Progress(EpochRecord(2, 0.5, 0.1, 1.0), 3, params, None))
