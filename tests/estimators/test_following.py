"""scikit-learn's own callbacks follow our estimators."""

import io
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest
from sklearn.callback import ProgressBar, ScoringMonitor
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chainrule import MLPClassifier, MLPRegressor, StopAfter

random = np.random.default_rng(1)
X = random.normal(size=(60, 3))
labels = (X @ [1.0, -2.0, 0.5] > 0).astype(int)

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer", "ignore:lbfgs failed")


class Recorder:
    """Writes down what it is told, and stops where it is asked to."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.events: list[str] = []
        self.accuracies: list[float] = []
        self.told: list[dict[str, Any]] = []
        self.stop_at = stop_at

    def setup(self, estimator: Any, context: Any) -> None:
        self.events.append("setup")

    def teardown(self, estimator: Any, context: Any) -> None:
        self.events.append("teardown")

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        self.events.append(f"begin {context.task_name} {context.task_id}")

    def on_fit_task_end(
        self,
        estimator: Any,
        context: Any,
        *,
        X: Any = None,
        y: Any = None,
        metadata: Any = None,
        fitted_estimator: Any = None,
    ) -> bool:
        self.events.append(f"end {context.task_name} {context.task_id}")
        self.told.append({"X": X, "y": y, "metadata": metadata})
        if context.task_name == "epoch" and fitted_estimator is not None:
            self.accuracies.append(accuracy_score(y, fitted_estimator.predict(X)))
        return context.task_id == self.stop_at


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_a_fit_is_a_task_with_a_task_an_epoch(solver: str) -> None:
    recorder = Recorder()
    MLPClassifier(solver=solver, max_iter=2).set_callbacks(recorder).fit(X, labels)
    assert recorder.events == [
        "setup",
        "begin fit 0",
        *("begin epoch 0", "end epoch 0", "begin epoch 1", "end epoch 1"),
        "end fit 0",
        "teardown",
    ]


def test_a_callback_sees_the_estimator_of_each_epoch_and_what_the_user_gave() -> None:
    recorder, weight = Recorder(), np.ones(60)
    network = MLPClassifier(max_iter=5, learning_rate_init=0.05, random_state=0)
    network.set_callbacks(recorder).fit(X, labels, sample_weight=weight)
    assert len(recorder.accuracies) == 5
    assert recorder.accuracies[0] < recorder.accuracies[-1] == network.score(X, labels)
    assert all(told["X"] is X and told["y"] is labels for told in recorder.told)
    assert recorder.told[0]["metadata"]["sample_weight"] is weight


@pytest.mark.parametrize("solver", ["sgd", "lbfgs"])
def test_a_callback_that_asks_to_stop_ends_training(solver: str) -> None:
    recorder = Recorder(stop_at=1)
    network = MLPClassifier(solver=solver, max_iter=50).set_callbacks(recorder).fit(X, labels)
    assert network.n_iter_ == 2
    assert recorder.events[-3:] == ["end epoch 1", "end fit 0", "teardown"]


def test_an_epoch_that_is_broken_off_is_a_task_that_ends() -> None:
    recorder = Recorder()
    network = MLPClassifier(max_iter=10**7, n_iter_no_change=np.inf, batch_size=1)
    network.set_callbacks(recorder, StopAfter(0.05)).fit(X, labels)
    begun = [event for event in recorder.events if event.startswith("begin epoch")]
    ended = [event for event in recorder.events if event.startswith("end epoch")]
    assert len(begun) == len(ended)


def test_an_error_in_training_tears_the_callbacks_down() -> None:
    recorder = Recorder()
    network = MLPRegressor(early_stopping=True, validation_fraction=0.01)
    with pytest.raises(ValueError, match="validation set is too small"):
        network.set_callbacks(recorder).fit(X, X[:, 0])
    assert recorder.events[-1] == "teardown"
    assert not hasattr(network, "_callback_fit_ctx")


def test_the_scoring_monitor_has_a_score_for_every_epoch() -> None:
    monitor = ScoringMonitor(scoring="accuracy")
    network = MLPClassifier(max_iter=4, random_state=0).set_callbacks(monitor).fit(X, labels)
    epochs = [row for row in monitor.get_logs().data if row["task_name"] == "epoch"]
    assert len(epochs) == 4
    assert epochs[-1]["accuracy"] == network.score(X, labels)


def test_the_progress_bar_reaches_its_end() -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        MLPRegressor(max_iter=4).set_callbacks(ProgressBar()).fit(X, X[:, 0])
    assert "MLPRegressor - fit" in out.getvalue()
    assert "100%" in out.getvalue()


def test_the_progress_bar_of_a_search_shows_the_networks_in_it() -> None:
    out = io.StringIO()
    model = make_pipeline(StandardScaler(), MLPClassifier(max_iter=2))
    search = GridSearchCV(model, {"mlpclassifier__alpha": [0.1, 1.0]}, cv=2)
    search.set_callbacks(ProgressBar(max_propagation_depth=None))
    with redirect_stdout(out):
        search.fit(X, labels)
    assert "MLPClassifier - fit" in out.getvalue()


def test_following_does_not_change_the_result() -> None:
    plain, followed = (MLPClassifier(max_iter=3, random_state=0) for _ in range(2))
    followed.set_callbacks(Recorder())
    for network in (plain, followed):
        network.fit(X, labels)
    np.testing.assert_array_equal(plain.coefs_[0], followed.coefs_[0])
