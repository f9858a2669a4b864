"""Time contenders in turns, each in a process of its own, and compare them round by round.

A machine's speed drifts: clocks fall as it warms, neighbours come and go. So contenders take turns,
in an order that rotates, and two of them are compared by the ratio within a round. What is
reported is the median of these ratios, with the smallest and the largest beside it.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, final

__all__ = ["ContenderError", "Spread", "Worker", "alternate", "ratios"]

WORKER: Final = Path(__file__).resolve().with_name("worker.py")


class ContenderError(Exception):
    """A contender's process ended without an answer."""


@final
@dataclass(frozen=True)
class Spread:
    """The middle of some numbers, and how far they go."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> "Spread":
        """Summarise numbers."""
        return cls(statistics.median(numbers), min(numbers), max(numbers))

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f}–{self.most:.2f})"


@final
class Worker:
    """A contender in its own process, which answers requests; to be closed after use.

    Parameters
    ----------
    told : mapping
        What `worker.py` reads: contender, workload, n_rows, n_threads and the like.
    variables : mapping of str to str
        What is added to the environment.
    """

    def __init__(self, told: Mapping[str, Any], variables: Mapping[str, str]) -> None:
        self._name = told["contender"]
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed on exit)
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER), json.dumps(dict(told))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={**os.environ, **variables},
        )

    def ask(self, what: str, **arguments: Any) -> dict[str, Any]:
        """Send a request and wait for the answer.

        Raises
        ------
        ContenderError
            If the process ended instead; the message has the end of what it said.
        """
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise ContenderError(f"{self._name} has no pipes")
        try:
            process.stdin.write(json.dumps({"do": what, "with": arguments}) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            raise ContenderError(self._complaint()) from None
        line = process.stdout.readline()
        if not line:
            raise ContenderError(self._complaint())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _complaint(self) -> str:
        self._log.seek(0)
        said = self._log.read().strip().splitlines()[-1:]
        return f"{self._name} ended: {' '.join(said) or 'it said nothing'}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        process = self._process
        if process.stdin is not None:
            process.stdin.close()
        if kind is not None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
        self._log.close()


def alternate(measures: Mapping[str, Callable[[], float]], n_rounds: int) -> dict[str, list[float]]:
    """Measure everything once a round, in an order that rotates.

    Parameters
    ----------
    measures : mapping of str to callable
        What gives a number for each contender.
    n_rounds : int
        How often.

    Returns
    -------
    dict of str to list of float
        For each contender its number of every round.

    Examples
    --------
    >>> alternate({"a": lambda: 1.0, "b": lambda: 2.0}, 2)
    {'a': [1.0, 1.0], 'b': [2.0, 2.0]}
    """
    names = list(measures)
    found: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(n_rounds):
        first = turn % len(names) if names else 0
        for name in names[first:] + names[:first]:
            found[name].append(measures[name]())
    return found


def ratios(numerators: Sequence[float], denominators: Sequence[float]) -> Spread:
    """Compare two contenders within each round.

    Examples
    --------
    >>> str(ratios([2.0, 6.0, 4.0], [1.0, 2.0, 2.0]))
    '2.00 (2.00–3.00)'
    """
    return Spread.of([a / b for a, b in zip(numerators, denominators, strict=True)])
