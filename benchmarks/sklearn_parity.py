"""The same numbers as scikit-learn: the worst relative difference of every kind of training.

    python benchmarks/sklearn_parity.py

Caveats first. The sets are small (107 samples, 6 features) and made by a formula, and there are 20
epochs, or iterations of L-BFGS; rounding grows with more of them, fastest where a unit switches.
Every training is done twice, by scikit-learn and by chainrule, in float64, with the same parameters
and BLAS on one thread. A cell is the worst of max|a-b| / max|a| over the arrays `loss_curve_`
(`loss_` for L-BFGS), `coefs_`, `intercepts_`, `validation_scores_`, `n_iter_` with `t_`, and
`predict_proba` or `predict`, over all activations, both batch sizes (7 and 25, which divide no
number of samples here), and with and without sample weights. The bound is 1e-6; the exit status is
1 if a cell is above it.
"""

import platform
import sys
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from sklearn_cases import TASKS, Case, differences, every_case

BOUND = 1e-6


def row_of(case: Case) -> str:
    """Name the row of the table that a training belongs to."""
    schedule = f", {case.learning_rate}" if case.solver == "sgd" else ""
    return f"{case.solver}{schedule}{', early stopping' if case.early_stopping else ''}"


def main() -> None:
    """Print the table."""
    names = ("chainrule", "scikit-learn", "numpy", "scipy")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    print(f"{versions}, Python {platform.python_version()}, {platform.machine()}, float64")
    worst: dict[tuple[str, str], float] = defaultdict(float)
    began, n_trainings, over = perf_counter(), 0, []
    for case in every_case():
        found = differences(case)
        key = row_of(case), case.task
        worst[key] = max(worst[key], *found.values())
        over += [f"{name} {found[name]:.1e}: {case}" for name in found if found[name] > BOUND]
        n_trainings += 1
    print(f"{n_trainings} trainings by each in {perf_counter() - began:.0f} s in all\n")
    print(f"| | {' | '.join(TASKS)} |\n| --- |{' --- |' * len(TASKS)}")
    for row in dict.fromkeys(row for row, _ in worst):
        print(f"| {row} | {' | '.join(f'{worst[row, task]:.1e}' for task in TASKS)} |")
    print(f"\nworst: {max(worst.values()):.1e}, bound {BOUND:g}", *over, sep="\n")
    raise SystemExit(bool(over))


if __name__ == "__main__":
    main()
