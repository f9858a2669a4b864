"""Our callbacks under scikit-learn's `set_callbacks`."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chainrule import Checkpoint, CSVLog, MLPClassifier, MLPRegressor, StopAfter
from chainrule.errors import DataError, SpecificationError
from chainrule.storage import TensorFormat
from chainrule.training import EpochCallback, load_checkpoint

random = np.random.default_rng(0)
X = random.normal(size=(60, 3))
y = X @ [1.0, -2.0, 0.5]
ENDLESS: dict[str, Any] = {"max_iter": 10**7, "n_iter_no_change": np.inf, "random_state": 0}

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer", "ignore:lbfgs failed")


def test_a_time_budget_ends_an_endless_training() -> None:
    network = MLPRegressor(**ENDLESS).set_callbacks(StopAfter(0.05)).fit(X, y)
    assert network.n_iter_ < 10**7
    assert np.isfinite(network.predict(X)).all()


def test_every_fit_has_the_whole_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    network = MLPRegressor(max_iter=1).set_callbacks(StopAfter(0.05))
    clocks: list[float] = []

    def begun(seconds: float) -> EpochCallback:
        clocks.append(seconds)
        return EpochCallback(lambda _: False)

    monkeypatch.setattr("chainrule.training.callbacks.StopAfter", begun)
    network.fit(X, y).fit(X, y)
    assert clocks == [0.05, 0.05]


def test_the_log_has_a_row_an_epoch_with_every_digit(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    network = MLPRegressor(max_iter=4, early_stopping=True, random_state=0)
    network.set_callbacks(CSVLog(path)).fit(X, y)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert [float(row["loss"]) for row in rows] == network.loss_curve_
    assert [float(row["validation_score"]) for row in rows] == network.validation_scores_
    assert [float(row["validation_loss"]) for row in rows] == network.validation_loss_curve_


def test_a_second_fit_begins_the_log_anew(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    network = MLPRegressor(max_iter=3, random_state=0).set_callbacks(CSVLog(path))
    network.fit(X, y).fit(X, y)
    assert len(path.read_text().splitlines()) == 1 + 3


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_a_checkpoint_holds_the_weights_of_the_last_epoch(tmp_path: Path, solver: str) -> None:
    path = tmp_path / "checkpoint"
    network = MLPRegressor(solver=solver, max_iter=3, random_state=0)
    network.set_callbacks(Checkpoint(path)).fit(X, y)
    saved = load_checkpoint(path, network._architecture())
    np.testing.assert_array_equal(saved.params.weights[0], network.coefs_[0].T)


@pytest.mark.parametrize("kind", [Checkpoint, CSVLog])
def test_a_path_that_cannot_be_written_is_refused_at_once(kind: type, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no"):
        kind(tmp_path / "no" / "file")


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(SpecificationError, match=r"seconds must be .*-1"):
        StopAfter(-1)


def test_a_callback_of_ours_says_where_it_can_be_set(tmp_path: Path) -> None:
    labels = y > 0
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(max_iter=1))
    for other in (LogisticRegression(), pipeline):
        with pytest.raises(SpecificationError, match="CSVLog follows chainrule's estimators"):
            other.set_callbacks(CSVLog(tmp_path / "log.csv")).fit(X, labels)


def test_what_is_no_callback_is_refused_by_scikit_learn() -> None:
    with pytest.raises(TypeError, match="FitCallback"):
        MLPRegressor().set_callbacks(print)


def test_a_checkpoint_tells_what_it_is_of(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    MLPRegressor(max_iter=1).set_callbacks(Checkpoint(path)).fit(X, y)
    described, _ = TensorFormat(
        "checkpoint", "chainrule checkpoint", "training", 2, DataError
    ).read(path)
    assert described["origin"]["alpha"] == "0.0001"
    assert described["origin"]["samples"].startswith("digest: ")


def test_partial_fit_tells_callbacks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    MLPRegressor().set_callbacks(CSVLog(path)).partial_fit(X, y)
    assert not path.exists()
