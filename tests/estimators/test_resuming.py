"""A fit that was cut off goes on from its checkpoint, to the bit as if it had not been."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from chainrule import Checkpoint, MLPClassifier, MLPRegressor
from chainrule.errors import CheckpointError, SpecificationError
from chainrule.estimators.resuming import digest_of
from chainrule.estimators.samples import Samples
from chainrule.training import load_checkpoint

random = np.random.default_rng(3)
X = random.normal(size=(70, 4))
labels = random.integers(3, size=70)
WEIGHT = random.uniform(0.5, 2.0, size=70)

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer", "ignore:lbfgs failed")

#: The learned attributes that have to agree.
CURVES = ("loss_curve_", "validation_scores_", "validation_loss_curve_", "best_loss_", "t_")


def fitted(max_iter: int, *callbacks: Any, resume_from: Any = None, **told: Any) -> MLPClassifier:
    defaults = {"hidden_layer_sizes": (6, 5), "random_state": 5, "batch_size": 16}
    network = MLPClassifier(**{**defaults, "n_iter_no_change": 50, **told}, max_iter=max_iter)
    network.set_callbacks(*callbacks)
    return network.fit(X, labels, WEIGHT, resume_from=resume_from)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"solver": "sgd", "learning_rate": "adaptive", "tol": 0.01, "n_iter_no_change": 2},
        {"solver": "sgd", "learning_rate": "invscaling", "nesterovs_momentum": False},
        {"early_stopping": True},
        {"dropout": (0.4, 0.2), "weight_decay": 0.1, "clip_norm": 0.5},
        {"restore_best": True, "learning_rate_init": 0.5},
        {"class_weight": "balanced", "label_smoothing": 0.1, "activation": ("gelu", "selu")},
        {"shuffle": False},
    ],
)
def test_the_result_is_that_of_a_fit_that_was_not_cut_off(
    tmp_path: Path, told: dict[str, Any]
) -> None:
    path = tmp_path / "checkpoint"
    fitted(4, Checkpoint(path), **told)
    whole, resumed = fitted(9, **told), fitted(9, resume_from=path, **told)
    for expected, got in zip(whole.coefs_, resumed.coefs_, strict=True):
        np.testing.assert_array_equal(expected, got)
    for name in CURVES:
        assert getattr(resumed, name) == getattr(whole, name), name
    assert resumed.n_iter_ == whole.n_iter_


def test_a_schedule_that_knows_its_end_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"

    class Stop:
        """Ends training after the fourth epoch, as somebody who cuts it off would."""

        def setup(self, estimator: Any, context: Any) -> None: ...
        def teardown(self, estimator: Any, context: Any) -> None: ...
        def on_fit_task_begin(self, estimator: Any, context: Any) -> None: ...
        def on_fit_task_end(self, estimator: Any, context: Any) -> bool:
            return context.task_id == 3

    told = {"learning_rate": "cosine", "warm_up": 2.0}
    assert fitted(9, Checkpoint(path), Stop(), **told).n_iter_ == 4
    whole, resumed = fitted(9, **told), fitted(9, resume_from=path, **told)
    np.testing.assert_array_equal(whole.coefs_[0], resumed.coefs_[0])
    assert whole.loss_curve_ == resumed.loss_curve_


def test_a_checkpoint_of_a_finished_fit_gives_that_fit(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    whole = fitted(5, Checkpoint(path))
    again = fitted(5, resume_from=path)
    np.testing.assert_array_equal(whole.coefs_[0], again.coefs_[0])
    assert again.loss_curve_ == whole.loss_curve_


def test_lbfgs_begins_again_from_the_weights_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    half = fitted(4, Checkpoint(path), solver="lbfgs")
    with pytest.warns(UserWarning, match="L-BFGS begins again from the weights of the checkpoint"):
        resumed = fitted(4, resume_from=path, solver="lbfgs")
    assert resumed.loss_ < half.loss_


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"hidden_layer_sizes": (6,)}, "another network: its layer_sizes is"),
        ({"activation": "tanh"}, "another network: its hidden is"),
        ({"solver": "sgd"}, "its solver is 'adam', and 'sgd' is given here"),
        ({"alpha": 0.5}, "its alpha is 0.0001, and 0.5 is given here"),
        ({"learning_rate_init": 0.5}, "its learning_rate_init is 0.001"),
        ({"dropout": 0.5}, "its dropout is 0.0, and 0.5"),
        ({"scoring": "loss"}, "its scoring is None, and 'loss'"),
        ({"early_stopping": True}, "its early_stopping is False, and True"),
        ({"class_weight": {0: 2.0}}, "its class_weight is None"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused(
    tmp_path: Path, told: dict[str, Any], message: str
) -> None:
    path = tmp_path / "checkpoint"
    fitted(2, Checkpoint(path))
    with pytest.raises(CheckpointError, match=message):
        fitted(4, resume_from=path, **told)


def test_held_out_samples_drawn_otherwise_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    fitted(2, Checkpoint(path), early_stopping=True, random_state=1)
    with pytest.raises(CheckpointError, match="its samples are others than those given here"):
        fitted(4, resume_from=path, early_stopping=True, random_state=2)


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_a_change_of_one_value_anywhere_is_noticed(tmp_path: Path, solver: str) -> None:
    path = tmp_path / "checkpoint"
    data = random.normal(size=(40_000, 1))
    told: dict[str, Any] = {"max_iter": 1, "solver": solver}
    half = data[:, 0] > 0
    MLPClassifier((2,), **told).set_callbacks(Checkpoint(path)).fit(data, half)
    half[31_234] ^= True
    with pytest.raises(CheckpointError, match="its samples are others"):
        MLPClassifier((2,), **told).fit(data, half, resume_from=path)


def test_samples_that_are_watched_have_to_be_the_same(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    told: dict[str, Any] = {"max_iter": 2, "random_state": 0}
    network = MLPClassifier(**told).set_callbacks(Checkpoint(path))
    network.fit(X, labels, validation_data=(X, labels))
    for held in (None, (X[:50], labels[:50])):
        with pytest.raises(CheckpointError, match="its validation samples are others"):
            MLPClassifier(**told).fit(X, labels, validation_data=held, resume_from=path)


def test_a_schedule_over_more_epochs_is_another_training(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    fitted(4, Checkpoint(path), learning_rate="one_cycle")
    with pytest.raises(CheckpointError, match="its max_iter is 4, and 8 is given here"):
        fitted(8, resume_from=path, learning_rate="one_cycle")


def test_a_training_that_diverges_leaves_its_last_finite_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    told: dict[str, Any] = {"solver": "sgd", "learning_rate_init": 0.3, "max_iter": 50}
    network = MLPRegressor(**told, random_state=0).set_callbacks(Checkpoint(path))
    with pytest.raises(ValueError, match="non-finite"):
        network.fit(X * 3, X[:, 0] * 10)
    saved = load_checkpoint(path, network._architecture())
    assert np.isfinite(saved.params.vector).all()


def test_a_refused_checkpoint_leaves_the_estimator_as_it_was(tmp_path: Path) -> None:
    network = MLPClassifier(max_iter=2, random_state=0).fit(X, labels)
    before = dict(vars(network))
    with pytest.raises(CheckpointError, match="no checkpoint"):
        network.fit(X[:, :2], labels, resume_from=tmp_path / "none")
    assert vars(network) == before


def test_what_is_no_path_is_refused() -> None:
    with pytest.raises(SpecificationError, match=r"resume_from must be the path .* got 3"):
        MLPRegressor().fit(X, X[:, 0], resume_from=3)


@pytest.mark.parametrize("make", [np.asarray, csr_array])
def test_samples_are_told_apart_by_values_order_and_weights(make: Any) -> None:
    Y, seen = labels[:, None], set()
    other = X.copy()
    other[3, 2] += 1e-9
    for samples in (
        Samples(make(X), Y),
        Samples(make(X[::-1].copy()), Y),
        Samples(make(other), Y),
        Samples(make(X), Y + 1),
        Samples(make(X), Y, WEIGHT),
        Samples(make(X.astype(np.float32)), Y),
    ):
        seen.add(digest_of(samples))
        assert digest_of(samples) in seen
    assert len(seen) == 6
