"""Whether contenders compute the same, since only then does a ratio of times mean anything.

Every contender does the trainings of `trials.py` in float32, and its probabilities afterwards are
compared with scikit-learn's. The largest difference, divided by the largest change that training
made, is 1e-5 at most between the libraries here; a step that is left out, a wrong decay or a
missing bias is orders of magnitude above the bound.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from alternate import Worker
from trials import trials_of
from workloads import Workload

__all__ = ["BOUND", "REFERENCE", "agreeing", "distance", "distances"]

BOUND: Final = 1e-4
REFERENCE: Final = "scikit-learn"

Outputs = npt.NDArray[np.floating[Any]]


def outputs_of(worker: Worker, trial: str) -> Outputs:
    """Ask a contender for its probabilities after a trial."""
    return np.array(worker.ask("outcome", trial=trial)["outputs"])


def distance(found: Outputs, truth: Outputs, start: Outputs) -> float:
    """Measure a difference in units of the change by training.

    Parameters
    ----------
    found, truth, start : array of shape (m, n_L)
        Probabilities of a contender, of the reference, and before training.

    Returns
    -------
    float
        Infinite for another shape and for numbers that are not finite.

    Examples
    --------
    >>> distance(np.array([[0.5]]), np.array([[0.6]]), np.array([[0.2]])).__round__(3)
    0.25
    """
    if found.shape != truth.shape or not np.isfinite(found).all():
        return float("inf")
    return float(np.abs(found - truth).max() / np.abs(truth - start).max())


def distances(workers: Mapping[str, Worker], workload: Workload) -> dict[str, float]:
    """Tell how far each contender is from the reference, in the worst of the trials.

    Parameters
    ----------
    workers : mapping of str to Worker
        The contenders; scikit-learn is the reference, or the first where it is absent.
    workload : Workload
        What is to be timed.

    Returns
    -------
    dict of str to float
    """
    reference = workers.get(REFERENCE, next(iter(workers.values())))
    start = outputs_of(reference, "start")
    worst = dict.fromkeys(workers, 0.0)
    for trial in trials_of(workload):
        truth = outputs_of(reference, trial)
        for name, worker in workers.items():
            worst[name] = max(worst[name], distance(outputs_of(worker, trial), truth, start))
    return worst


def agreeing(workers: Mapping[str, Worker], workload: Workload) -> dict[str, Worker]:
    """Keep the contenders that compute the same, and print who does and who does not.

    Parameters
    ----------
    workers : mapping of str to Worker
        The contenders.
    workload : Workload
        What is to be timed.

    Returns
    -------
    dict of str to Worker
    """
    found = distances(workers, workload)
    for name, far in found.items():
        verdict = "" if far <= BOUND else f"  above {BOUND:g}: NOT TIMED"
        print(f"- {name}: agrees to {far:.1e} of the change by training{verdict}", flush=True)
    return {name: worker for name, worker in workers.items() if found[name] <= BOUND}
