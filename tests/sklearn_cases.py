"""Trainings that scikit-learn and chainrule are both asked for, and how far they end up apart.

The tests take some of them, and `benchmarks/sklearn_parity.py` all.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import sklearn.neural_network as theirs
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

import chainrule
from chainrule.arrays import Array

N_SAMPLES, N_FEATURES, EPOCHS = 107, 6, 20
TASKS = ["binary", "multiclass", "multilabel", "regression", "poisson"]
ACTIVATIONS = ["identity", "logistic", "tanh", "relu"]
SCHEDULES = ["constant", "invscaling", "adaptive"]
#: Neither divides the 107 samples, nor the 96 that early stopping learns from.
BATCH_SIZES = [7, 25]
RATES = {"regression": 0.01, "poisson": 0.002}


@dataclass(frozen=True)
class Case:
    """A task and how to train for it."""

    task: str = "multiclass"
    solver: str = "adam"
    activation: str = "relu"
    learning_rate: str = "constant"
    early_stopping: bool = False
    weighted: bool = False
    batch_size: int = 25

    @property
    def inputs(self) -> Array:
        return np.random.RandomState(0).normal(size=(N_SAMPLES, N_FEATURES))

    @property
    def target(self) -> Array:
        X = self.inputs
        signal: Array = X[:, 0] * 2 + np.sin(3 * X[:, 1])
        if self.task == "multilabel":
            return np.column_stack([signal > 0, X[:, 2] > X[:, 3], X[:, 4] > 0.5]).astype(int)
        if self.task == "poisson":
            return np.random.RandomState(2).poisson(np.exp(signal / 2)).astype(float)
        limits = {"binary": [0.0], "multiclass": [-1.5, 0.0, 1.5]}
        found: Array = np.digitize(signal, limits[self.task]) if self.task in limits else signal
        return found

    @property
    def sample_weight(self) -> Array | None:
        return np.random.RandomState(1).uniform(0.5, 2, N_SAMPLES) if self.weighted else None

    @property
    def is_classification(self) -> bool:
        return self.task not in RATES

    @property
    def parameters(self) -> dict[str, Any]:
        """What both estimators are told."""
        own = {"loss": self.task if self.task == "poisson" else "squared_error"}
        return ({} if self.is_classification else own) | {
            "hidden_layer_sizes": (9, 5),
            "activation": self.activation,
            "solver": self.solver,
            "alpha": 0.01,
            "batch_size": self.batch_size,
            "learning_rate": self.learning_rate,
            "learning_rate_init": RATES.get(self.task, 0.05),
            "max_iter": EPOCHS,
            "random_state": 3,
            "tol": 1e-3,
            "early_stopping": self.early_stopping,
            "n_iter_no_change": 2,
        }


def every_case() -> Iterator[Case]:
    """The whole grid; Adam has no schedule, and L-BFGS neither batches nor early stopping."""
    data = list(product(TASKS, ACTIVATIONS, [False, True]))
    for (task, activation, weighted), batch_size in product(data, BATCH_SIZES):
        for early_stopping in (False, True):
            rest = (early_stopping, weighted, batch_size)
            yield Case(task, "adam", activation, "constant", *rest)
            for schedule in SCHEDULES:
                yield Case(task, "sgd", activation, schedule, *rest)
    for task, activation, weighted in data:
        yield Case(task, "lbfgs", activation, weighted=weighted)


def fitted(kind: Any, case: Case) -> Any:
    """Train one of the four classes, with BLAS held to one thread."""
    with warnings.catch_warnings(), threadpool_limits(limits=1, user_api="blas"):
        warnings.simplefilter("ignore", ConvergenceWarning)
        return kind(**case.parameters).fit(case.inputs, case.target, case.sample_weight)


def both(case: Case) -> tuple[Any, Any]:
    """Train scikit-learn's estimator and ours."""
    name = "MLPClassifier" if case.is_classification else "MLPRegressor"
    return fitted(getattr(theirs, name), case), fitted(getattr(chainrule, name), case)


def numbers(case: Case, network: Any) -> dict[str, Array]:
    """Every array that has to agree, by name."""
    outputs = network.predict_proba if case.is_classification else network.predict
    found = {
        "loss_curve_": getattr(network, "loss_curve_", [network.loss_]),
        "predict_proba" if case.is_classification else "predict": outputs(case.inputs),
        "n_iter_, t_": [network.n_iter_, network.t_],
    }
    if case.early_stopping:
        found["validation_scores_"] = network.validation_scores_
    found |= {f"coefs_[{i}]": array for i, array in enumerate(network.coefs_)}
    found |= {f"intercepts_[{i}]": array for i, array in enumerate(network.intercepts_)}
    return {name: np.asarray(array) for name, array in found.items()}


def relative_difference(expected: Array, got: Array) -> float:
    """max|a-b| / max|a|; infinite where the shapes differ."""
    if expected.shape != got.shape:
        return np.inf
    return float(np.abs(expected - got).max() / (np.abs(expected).max() or 1))


def differences(case: Case) -> dict[str, float]:
    """How far ours is from scikit-learn's, array by array."""
    expected, got = (numbers(case, network) for network in both(case))
    return {name: relative_difference(expected[name], got[name]) for name in expected}
