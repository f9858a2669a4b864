"""How long a training step takes in chainrule, scikit-learn, PyTorch and JAX.

Caveats first.

- A step is timed as the slope over epochs: the time of a training of many epochs less that of one
  epoch, divided by the steps between. What a library does once (checks of its input, the first
  weights, compilation) cancels; what it does every epoch (the shuffle, the record of the loss)
  counts. The time of a single `partial_fit` stands beside it, checks and all.
- chainrule and scikit-learn go through `fit` and add up the loss of every batch. PyTorch computes
  the loss but is not asked to add it up, and gets its data as tensors beforehand; JAX has an epoch
  in one compiled scan, its state donated, and NumPy's permutation, which is faster than its own.
- The data is generated, in the sizes of real sets; no penalty; the same learning rate for all.
- Two outputs are two labels with logistic outputs; with a softmax the times would be much alike.
- "pytorch-intel" is PyTorch whose BLAS is told that the processor is Intel's (`intel_path.py`);
  it differs only on processors of other makers.
- A machine with anything else to do measures that too: look at the load, and at how far the ratios
  of the rounds are apart. The last column is processor time over time: the threads really at work.

Contenders that do not agree on the probabilities after ten steps (`trials.py`) are not timed.

    python benchmarks/step_time.py --quick
    python benchmarks/step_time.py course mnist --rounds 9
    python benchmarks/step_time.py --external NAME=PROGRAM    # see contenders/external.py
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final, final

import intel_path
from agreement import agreeing
from alternate import ContenderError, Worker, alternate, ratios
from contenders import NAMES
from lineup import Lineup, installed, started
from machine import described, n_cores, versions
from slope import Slope
from workloads import WORKLOADS, Workload

OURS: Final = "chainrule"
PACKAGES: Final = ("numpy", "scipy", "scikit-learn", "torch", "jax", "jaxlib")
#: Left out of the quick mode: what takes long to start.
SLOW: Final = ("pytorch-compiled",)


@final
@dataclass(frozen=True)
class Pace:
    """How often everybody takes a turn, and how long the epochs beyond the first should take."""

    n_rounds: int
    seconds: float


@final
@dataclass(frozen=True)
class Row:
    """What was measured of a contender: seconds a step in each round, and what goes with it."""

    name: str
    steps: Sequence[float]
    threads_at_work: float
    partial_fit: float | None


def partial_fit_time(name: str, worker: Worker) -> float | None:
    """Measure a single call on one batch, where there is such a call."""
    if name not in {OURS, "scikit-learn"}:
        return None
    return median(worker.ask("step")["seconds"] for _ in range(21))


def measured(contenders: Mapping[str, Worker], workload: Workload, pace: Pace) -> list[Row]:
    """Let the contenders take turns."""
    slopes = {name: Slope(w, workload, pace.seconds) for name, w in contenders.items()}
    times = alternate(slopes, pace.n_rounds)
    return [
        Row(name, steps, slopes[name].threads_at_work, partial_fit_time(name, contenders[name]))
        for name, steps in times.items()
    ]


def line(row: Row, ours: Row | None, workload: Workload) -> str:
    """Write a row of the table."""
    step = median(row.steps)
    ratio = str(ratios(row.steps, ours.steps)) if ours else "–"
    target = workload.targets.get(row.name)
    partial = f"{row.partial_fit * 1e6:,.0f}" if row.partial_fit else "–"
    cells = [
        row.name,
        f"{step * 1e6:,.1f}",
        ratio,
        f"≥ {target:g}" if target else ("> 1" if row.name != OURS else "–"),
        f"{workload.flops / step / 1e9:,.1f}",
        partial,
        f"{row.threads_at_work:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def show(rows: Sequence[Row], workload: Workload) -> None:
    """Print the table of a workload."""
    head = ("", "µs a step", "ratio to chainrule", "target", "GFLOP/s", "µs partial_fit", "busy")
    print(f"\n| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    ours = next((row for row in rows if row.name == OURS), None)
    for row in rows:
        print(line(row, ours, workload))


def report(names: Sequence[str], lineup: Lineup, pace: Pace) -> None:
    """Measure and print one workload with one number of threads."""
    workload = WORKLOADS[lineup.workload].shortened(lineup.n_rows)
    threads = "1 thread" if lineup.n_threads == 1 else f"{lineup.n_threads} threads"
    print(f"\n## {workload}, {workload.n_steps} steps an epoch, {threads}\n", flush=True)
    with started(names, lineup) as contenders:
        for name, worker in contenders.items():
            about = ", ".join(f"{key} {value}" for key, value in worker.ask("about").items())
            print(f"- {name}: {about}")
        print()
        show(measured(agreeing(contenders, workload), workload, pace), workload)


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(WORKLOADS))
    parser.add_argument("--contenders", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--threads", nargs="+", type=int, help="default: 1, and all cores")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.5, help="of a timed training, at least")
    parser.add_argument("--rows", type=int, default=10**9, help="rows of an epoch at most")
    parser.add_argument("--external", nargs="+", default=[], metavar="NAME=PROGRAM")
    parser.add_argument("--quick", action="store_true", help="one workload, few and short rounds")
    told = parser.parse_args()
    if unknown := set(told.workloads) - set(WORKLOADS):
        parser.error(f"unknown workload {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    return told


def chosen(told: argparse.Namespace, library: Path | None) -> list[str]:
    """List the contenders: those that are installed, and the programs."""
    names = [name for name in installed(told, library) if not (told.quick and name in SLOW)]
    return [*names, *programs(told)]


def programs(told: argparse.Namespace) -> dict[str, Path]:
    """Read the contenders that are programs."""
    return {name: Path(path) for name, _, path in (e.partition("=") for e in told.external)}


def lineups(told: argparse.Namespace, library: Path | None) -> Iterator[Lineup]:
    """Go through the workloads, and through the numbers of threads for each."""
    names = told.workloads or (["course"] if told.quick else list(WORKLOADS))
    threads = told.threads or ([n_cores()] if told.quick else sorted({1, n_cores()}))
    for name in names:
        for n_threads in threads:
            yield Lineup(name, n_threads, told.rows, programs=programs(told), intel_path=library)


def main() -> None:
    """Print a table for each workload and number of threads."""
    told = parsed()
    print(f"{described()}\n{versions(*PACKAGES)}, float32, shuffled every epoch")
    pace = Pace(3, 0.1) if told.quick else Pace(told.rounds, told.seconds)
    with tempfile.TemporaryDirectory() as folder:
        library = intel_path.build(Path(folder))
        names = chosen(told, library)
        for lineup in lineups(told, library):
            try:
                report(names, lineup, pace)
            except ContenderError as error:
                print(f"\n{error}")


if __name__ == "__main__":
    main()
