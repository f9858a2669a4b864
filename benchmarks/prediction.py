"""How long a prediction takes: one row, and many, against scikit-learn and onnxruntime.

Caveats first.

- All have the same weights, those of a short training, and give probabilities in float32. They are
  called in one process, in turns, from Python: what a caller waits for is measured, and for one row
  that is mostly the call itself.
- `predict_proba` of an estimator checks its input; ``chainrule.compile`` (where it is there) and
  onnxruntime do not, so compare like with like.
- onnxruntime runs a graph of its own operators, written by hand for the network, with all its
  optimisations on and its input as it lies.
- Libraries that keep threads spinning between calls slow their neighbours in the same process; on
  a machine with few cores compare the numbers for one thread first.

Contenders whose probabilities differ by more than 1e-5 are not timed::

    python benchmarks/prediction.py [--quick] [WORKLOAD ...]
"""

import argparse
import math
import warnings
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

import chainrule
from alternate import alternate, ratios
from contenders.estimator import arguments, chainrule_extras
from machine import described, n_cores, versions
from onnx_network import session
from workloads import WORKLOADS, Data, Workload, generated

Predict = Callable[[npt.NDArray[np.float32]], Any]

OURS: Final = "chainrule"
BOUND: Final = 1e-5
PACKAGES: Final = ("chainrule", "numpy", "scikit-learn", "onnx", "onnxruntime")


def estimators(workload: Workload, data: Data, n_threads: int) -> tuple[Any, Any]:
    """Train ours for an epoch, and give scikit-learn's the same weights."""
    told = arguments(workload) | {"max_iter": 1, "random_state": 0}
    y = data.T if workload.is_multilabel else data.labels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        extras = chainrule_extras(n_threads)
        ours = chainrule.MLPClassifier(**told, **extras).fit(data.X, y)
        theirs = MLPClassifier(**told).fit(data.X, y)
    theirs.coefs_ = [np.array(coef) for coef in ours.coefs_]
    theirs.intercepts_ = [np.array(intercept) for intercept in ours.intercepts_]
    return ours, theirs


def contenders(workload: Workload, data: Data, n_threads: int) -> dict[str, Predict]:
    """Make a function from rows to probabilities for each that is installed."""
    ours, theirs = estimators(workload, data, n_threads)
    found: dict[str, Predict] = {OURS: ours.predict_proba}
    if hasattr(chainrule, "compile"):
        found["chainrule.compile"] = chainrule.compile(
            ours, **chainrule_extras(n_threads, chainrule.compile)
        )
    found["scikit-learn"] = theirs.predict_proba
    try:
        found["onnxruntime"] = session(workload, ours, n_threads)
    except ImportError as error:
        print(f"- without onnxruntime: {error.name} is not installed")
    return found


def agreeing(found: Mapping[str, Predict], X: npt.NDArray[np.float32]) -> dict[str, Predict]:
    """Keep those with scikit-learn's probabilities, of one row and of many."""
    kept: dict[str, Predict] = {}
    truth = found["scikit-learn"]
    for name, predict in found.items():
        some = X[:1], X[:1000]
        gaps = [np.abs(np.asarray(predict(rows)) - truth(rows)).max() for rows in some]
        far = float(np.max(gaps))  # NaN where one is NaN
        verdict = "" if far <= BOUND else f"  above {BOUND:g}: NOT TIMED"
        print(f"- {name}: probabilities within {far:.1e}{verdict}")
        if far <= BOUND:
            kept[name] = predict
    return kept


def call_time(predict: Predict, X: npt.NDArray[np.float32], seconds: float) -> Callable[[], float]:
    """Make the function that measures a call, the mean over as many as fill the time."""
    predict(X)
    began = perf_counter()
    predict(X)
    n_calls = math.ceil(min(seconds / max(perf_counter() - began, 1e-7), 1e5))

    def measured() -> float:
        began = perf_counter()
        for _ in range(n_calls):
            predict(X)
        return (perf_counter() - began) / n_calls

    return measured


def show(
    found: Mapping[str, Predict], X: npt.NDArray[np.float32], told: argparse.Namespace
) -> None:
    """Let them take turns on some rows, and print the table."""
    measures = {name: call_time(predict, X, told.seconds) for name, predict in found.items()}
    times = alternate(measures, told.rounds)
    rows = "one row" if len(X) == 1 else f"{len(X):,} rows"
    print(f"\n| {rows} | µs a call | rows a second | ratio to chainrule |\n|{' --- |' * 4}")
    for name, calls in times.items():
        call = median(calls)
        ratio = str(ratios(calls, times[OURS])) if OURS in times else "–"
        print(f"| {name} | {call * 1e6:,.1f} | {len(X) / call:,.0f} | {ratio} |", flush=True)


def report(workload: Workload, n_threads: int, told: argparse.Namespace) -> None:
    """Measure and print one workload with one number of threads."""
    threads = "1 thread" if n_threads == 1 else f"{n_threads} threads"
    print(f"\n## {workload}, {threads}\n")
    data = generated(workload.shortened(2_000))
    rng = np.random.default_rng(1)
    X = rng.random((told.rows, workload.layers[0]), dtype=np.float32)
    with threadpool_limits(n_threads):
        found = agreeing(contenders(workload, data, n_threads), X)
        for n_rows in (1, told.rows):
            show(found, X[:n_rows], told)


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(WORKLOADS))
    parser.add_argument("--threads", nargs="+", type=int, help="default: 1, and all cores")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the larger call")
    parser.add_argument("--seconds", type=float, default=0.3, help="of a measurement, at least")
    parser.add_argument("--quick", action="store_true", help="one workload, few rows, short")
    told = parser.parse_args()
    if unknown := set(told.workloads) - set(WORKLOADS):
        parser.error(f"unknown workload {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    if told.quick:
        told.rounds, told.rows, told.seconds = 3, 10_000, 0.05
    return told


def main() -> None:
    """Print the tables."""
    told = parsed()
    print(f"{described()}\n{versions(*PACKAGES)}, float32")
    for name in told.workloads or (["digits"] if told.quick else list(WORKLOADS)):
        for n_threads in told.threads or sorted({1, n_cores()}):
            report(WORKLOADS[name], n_threads, told)


if __name__ == "__main__":
    main()
