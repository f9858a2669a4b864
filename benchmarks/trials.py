"""The short trainings by which contenders are found to compute the same.

Each takes the first rows in their order from the same weights. Which trainings can tell an error
from rounding was found by trying:

- ``momentum`` has the workload's batches, and a rate at which no network diverges: the direction of
  its steps is the gradient, so rounding stays rounding.
- ``adam`` has batches of at most 32 rows. Adam's first steps have the size of the rate whatever the
  gradient's, so a gradient that is rounding alone is a step that is chance alone; averaging over
  1,024 rows leaves many such gradients in a wide network. Its ε is 1e-16, because the definitions
  in use add it in two places, before or after the moments are corrected.
- ``start`` takes steps of length zero to float32: where everybody begins.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from workloads import Workload

__all__ = ["N_EPOCHS", "TRIALS", "trials_of"]

N_BATCHES: Final = 5
N_EPOCHS: Final = 2


def _momentum(workload: Workload) -> Workload:
    return replace(workload, solver="sgd", rate=0.01)


def _adam(workload: Workload) -> Workload:
    size = min(workload.batch_size, 32)
    return replace(workload, solver="adam", rate=1e-3, epsilon=1e-16, batch_size=size)


def _start(workload: Workload) -> Workload:
    return replace(workload, solver="sgd", rate=1e-30)


def _shortened(changed: Callable[[Workload], Workload]) -> Callable[[Workload], Workload]:
    def trial(workload: Workload) -> Workload:
        told = changed(workload)
        return told.shortened(N_BATCHES * told.batch_size)

    return trial


TRIALS: Final[Mapping[str, Callable[[Workload], Workload]]] = {
    "start": _shortened(_start),
    "momentum": _shortened(_momentum),
    "adam": _shortened(_adam),
}


def trials_of(workload: Workload) -> list[str]:
    """Name the trainings that must agree before a workload is timed.

    Parameters
    ----------
    workload : Workload
        Its solver counts.

    Returns
    -------
    list of str
    """
    return ["momentum", "adam"] if workload.solver == "adam" else ["momentum"]
