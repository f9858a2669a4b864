"""A training in a process of its own, for `scaling.py`: one JSON object in, one out.

The library is loaded and has trained once before anything is measured, so that neither its code nor
what it allocates once is counted.
"""

import hashlib
import json
import sys
import warnings
from collections.abc import Mapping
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning

import chainrule
from contenders.estimator import chainrule_extras
from machine import n_cores
from memory import Peak, limit_to, watched


def rows_of(told: Mapping[str, Any]) -> npt.NDArray[Any]:
    """Make the input, or map the file that holds it."""
    shape = told["rows"], told["features"]
    if told.get("file"):
        mapped = np.memmap(told["file"], dtype=np.float32, mode="r", shape=shape)
        return mapped if told["mapped"] else np.array(mapped)
    X = np.empty(shape, dtype=told.get("real", "float32"))
    rng = np.random.default_rng(0)
    for part in np.array_split(X, max(len(X) // 2**16, 1)):  # views: nothing is held twice
        rng.random(out=part, dtype=part.dtype.type)
    return X


def targets_of(X: npt.NDArray[Any], told: Mapping[str, Any]) -> npt.NDArray[Any]:
    """Make what is learned: labels of so many classes, a tenth of them at random, or numbers."""
    n_classes, numbers = told.get("classes", 2), told.get("numbers")
    y = np.empty(len(X), dtype=numbers or np.int64)
    rng, at_once = np.random.default_rng(1), 2**18
    for start in range(0, len(X), at_once):
        part = X[start : start + at_once]
        chance = rng.random(len(part)) < 0.1
        if numbers:
            y[start : start + at_once] = 10 * (part[:, 0] - part[:, 1]) + chance
        else:
            y[start : start + at_once] = ((part[:, 0] * n_classes).astype(int) + chance) % n_classes
    return y


def estimator(n_epochs: int, told: Mapping[str, Any]) -> Any:
    """Make the estimator: every rule that could end training early is off."""
    kind = chainrule.MLPRegressor if told.get("numbers") else chainrule.MLPClassifier
    return kind(
        hidden_layer_sizes=(32,),
        batch_size=200,
        alpha=0.0,
        max_iter=n_epochs,
        tol=0.0,
        n_iter_no_change=np.inf,
        random_state=0,
        early_stopping=told.get("early_stopping", False),
        **chainrule_extras(n_cores()),
    )


def timed(n_epochs: int, X: Any, y: Any, told: Mapping[str, Any]) -> tuple[float, Any]:
    """Train, and give the seconds and the estimator."""
    model = estimator(n_epochs, told)
    began = perf_counter()
    model.fit(X, y)
    return perf_counter() - began, model


def digest(model: Any) -> str:
    """Name the weights by their bits."""
    arrays = [*model.coefs_, *model.intercepts_]
    return hashlib.sha256(b"".join(np.ascontiguousarray(a).tobytes() for a in arrays)).hexdigest()


def measured(told: Mapping[str, Any]) -> dict[str, Any]:
    """Do the trainings that are asked for."""
    X = rows_of(told)
    y = targets_of(X, told)
    few = {name: told[name] for name in ("early_stopping", "numbers") if name in told}
    timed(1, np.array(X[:1000]), y[:1000], few)
    if told.get("most_bytes"):
        limit_to(told["most_bytes"])
    peak = Peak()
    if told.get("more"):
        seconds, model = timed(1, X, y, told)
        longer, model = timed(1 + told["more"], X, y, told)
        slope = (longer - seconds) / (told["more"] * len(X))
    else:
        with watched() as peak:
            seconds, model = timed(1, X, y, told)
        slope = None
    return {
        "seconds": seconds,
        "seconds_a_row": slope,
        "extra": peak.resident,
        "own": peak.own,
        "digest": digest(model),
    }


def main() -> None:
    """Read what is to be done, and print what was measured."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    print(json.dumps(measured(json.loads(sys.argv[1]))))


if __name__ == "__main__":
    main()
