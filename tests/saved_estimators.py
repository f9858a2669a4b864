"""Estimators of every kind, with what they were fitted to; they learn for an instant."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning

from chainrule import MLPClassifier, MLPRegressor

X = np.random.RandomState(0).normal(size=(40, 3))
CODES = np.arange(40) % 3
WORDS = np.array(["low", "middle", "übergroß"])
SEVERAL = np.column_stack([X[:, 0] > 0, X[:, 1] > 0, X[:, 2] > 1]).astype(int)


@dataclass(frozen=True)
class Case:
    """An estimator and its rows and targets."""

    estimator: Any
    X: Any
    y: Any


def fitted(kind: Any, rows: Any, targets: Any, **told: Any) -> Case:
    estimator = kind(**{"hidden_layer_sizes": (4,), "max_iter": 3, "random_state": 1} | told)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return Case(estimator.fit(rows, targets), rows, targets)


def classifier(targets: Any, rows: Any = X, **told: Any) -> Callable[[], Case]:
    return lambda: fitted(MLPClassifier, rows, targets, **told)


def regressor(targets: Any, rows: Any = X, **told: Any) -> Callable[[], Case]:
    return lambda: fitted(MLPRegressor, rows, targets, **told)


CASES: dict[str, Callable[[], Case]] = {
    "ints": classifier(CODES),
    "small ints": classifier(CODES.astype(np.int8)),
    "ints of another byte order": classifier(CODES.astype(">i4")),
    "two ints": classifier(CODES % 2 * 7),
    "one class": classifier(np.full(40, 5)),
    "bools": classifier(CODES == 2),
    "floats": classifier(CODES * 0.5 + 0.5 * (CODES % 2)),
    "words": classifier(WORDS[CODES]),
    "objects": classifier(WORDS.astype(object)[CODES]),
    "a series": classifier(pd.Series(WORDS[CODES], dtype="category")),
    "dates": classifier(np.array(["2020-01", "2021-01", "2022-05"], "datetime64[M]")[CODES]),
    "several labels": classifier(SEVERAL),
    "several labels, sparse": classifier(sparse.csr_array(SEVERAL)),
    "several labels, bools": classifier(SEVERAL.astype(bool)),
    "one output": regressor(X[:, 0]),
    "two outputs": regressor(X[:, :2]),
    "Poisson": regressor(CODES, loss="poisson"),
    "named columns": classifier(CODES, pd.DataFrame(X, columns=["a", "b", "Größe"])),
    "sparse rows": regressor(X[:, 0], sparse.csr_array(X * (X > 0))),
    "float32": classifier(CODES, X.astype(np.float32)),
    "float32 numbers": regressor(X[:, 0], X.astype(np.float32), solver="sgd"),
    "momentum": classifier(CODES, solver="sgd", learning_rate="invscaling"),
    "adaptive": regressor(X[:, 0], solver="sgd", learning_rate="adaptive", n_iter_no_change=1),
    "lbfgs": regressor(X[:, 0], solver="lbfgs"),
    "early stopping": classifier(CODES, early_stopping=True),
    "no hidden layer": classifier(CODES, hidden_layer_sizes=()),
    "three hidden layers": regressor(X[:, 0], hidden_layer_sizes=[3, 2, 2], activation="tanh"),
    "a generator": classifier(CODES, random_state=np.random.RandomState(4)),
    "numbers of NumPy": classifier(
        CODES,
        alpha=np.float64(0.1),
        max_iter=np.int64(2),
        tol=np.float32(0.5),
        beta_1=np.float64(0.5),
        hidden_layer_sizes=np.array([3, 2]),
        n_iter_no_change=np.inf,
    ),
}
