"""The step time of a contender: how much longer a training takes for each step more."""

import math
from typing import Final, final

from alternate import ContenderError, Worker
from workloads import Workload

__all__ = ["Slope"]

#: How often a measurement is tried in which more epochs seemed to take no longer.
TRIES: Final = 5


@final
class Slope:
    """The step time of one contender, measured over a number of epochs chosen at the start.

    Parameters
    ----------
    worker : Worker
        The contender.
    workload : Workload
        Says how many steps an epoch has.
    seconds : float
        How long the epochs beyond the first should take.

    Raises
    ------
    ContenderError
        If the machine is so busy that longer trainings seem to take no longer.
    """

    def __init__(self, worker: Worker, workload: Workload, seconds: float) -> None:
        self._worker, self._workload = worker, workload
        self._cpu, self._elapsed = 0.0, 0.0
        self._n_more = 2
        more = self._difference()  # the first training compiles, and warms the caches
        while more < 2 * seconds and (more := self._quickest(2)) < seconds / 2:
            self._n_more *= math.ceil(min(seconds / max(more, 1e-9), 10))
        self._cpu, self._elapsed = 0.0, 0.0

    def __call__(self) -> float:
        """Train for one epoch and for more, and divide the difference by the steps more."""
        for _ in range(TRIES):
            if (more := self._difference()) > 0:
                return more / (self._n_more * self._workload.n_steps)
        raise ContenderError(
            "the machine is too busy to measure on: longer trainings took no longer"
        )

    def _difference(self) -> float:
        short = self._worker.ask("fit", epochs=1)
        long = self._worker.ask("fit", epochs=1 + self._n_more)
        more = float(long["seconds"] - short["seconds"])
        if more > 0:
            self._cpu += long["cpu"] - short["cpu"]
            self._elapsed += more
        return more

    def _quickest(self, n_times: int) -> float:
        # What disturbs a training makes it longer, and would end the search too early.
        return min(self._difference() for _ in range(n_times))

    @property
    def threads_at_work(self) -> float:
        """Processor time over time, of the steps alone."""
        return self._cpu / self._elapsed if self._elapsed > 0 else math.nan
