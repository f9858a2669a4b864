"""Whether training takes the same time a row however many rows there are, and how much memory.

Caveats first.

- The data is generated: rows of 16 numbers in float32, two classes; the network is 16-32-1, relu,
  Adam, batches of 200. A network this small makes the cost of the rows visible beside the
  arithmetic; a larger one hides it.
- Time a row is the slope over epochs, as in `step_time.py`; beside it stands the time of a `fit` of
  one epoch, checks of the input included. Sizes take turns, each `fit` in a new process. Rows that
  fit into a cache are cheaper to gather than rows that do not, and 1,000 rows are five steps.
- Memory is what the process held at most during `fit` less what it held before, when it had `X`
  and `y`: the system's own figures (``VmHWM``), so only on Linux. Each size is measured with and
  without early stopping, which holds rows out.
- The memory-mapped input has rows of 784 numbers. It is read in random order, so a file larger than
  memory is as slow as its disk. ``--memmap-gib`` says how large; with ``--larger-than-memory`` it
  is 1.2 times the memory that is free. Either way the process may allocate no more than 256 MiB
  beyond what it had before `fit` (``RLIMIT_DATA``), so a copy of the input cannot go unseen.

Before anything is timed, a training on the memory-mapped rows must give the weights of one on the
same rows in memory, to the last bit, and chainrule must agree with scikit-learn.

    python benchmarks/scaling.py [--quick]
    python benchmarks/scaling.py --larger-than-memory --folder DISK
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

from agreement import BOUND, REFERENCE, distances
from alternate import alternate, ratios
from lineup import Lineup, started
from machine import described, n_cores, versions
from memory import free_bytes
from workloads import WORKLOADS

MIB: Final = 2**20
#: What `fit` may take above its input.
MOST_MIB: Final = 64
N_FEATURES: Final = 16
#: Of the memory-mapped rows: wide, so that a large file is not mostly labels and order.
N_MAPPED: Final = 784
FIT: Final = Path(__file__).resolve().with_name("scaling_fit.py")
OURS: Final = "chainrule"
#: Whose memory is measured.
FITS: Final[dict[str, dict[str, Any]]] = {
    "2 classes, X in float32": {"real": "float32"},
    "2 classes, X in float64": {"real": "float64"},
    "10 classes, X in float32": {"real": "float32", "classes": 10},
    "regression, X in float32, y in float64": {"real": "float32", "numbers": "float64"},
    "regression, X in float64, y in float64": {"real": "float64", "numbers": "float64"},
}


class FitError(Exception):
    """A training in a process of its own failed."""


def fit(**told: Any) -> dict[str, Any]:
    """Train in a new process, and read what it measured."""
    command = [sys.executable, str(FIT), json.dumps({"features": N_FEATURES} | told)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        raise FitError(" ".join(last) or f"exit status {done.returncode}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def agrees() -> bool:
    """Compare chainrule with scikit-learn, on the workload most like this one."""
    lineup = Lineup("table", n_cores(), n_rows=1_000)
    with started([OURS, REFERENCE], lineup) as workers:
        far = distances(workers, WORKLOADS["table"])[OURS]
    print(f"chainrule and {REFERENCE} agree to {far:.1e} of the change by training")
    return far <= BOUND


def same_weights(folder: Path) -> bool:
    """Compare a training on memory-mapped rows with one in memory."""
    file = folder / "few.dat"
    write_rows(file, 5_000, N_FEATURES)
    digests = {fit(rows=5_000, file=str(file), mapped=mapped)["digest"] for mapped in (True, False)}
    print(f"memory-mapped and in memory: {'the same' if len(digests) == 1 else 'other'} weights")
    return len(digests) == 1


def write_rows(file: Path, n_rows: int, n_features: int) -> None:
    """Write generated rows, a part at a time."""
    rng, at_once = np.random.default_rng(0), 2**22 // n_features
    with file.open("wb") as out:
        for start in range(0, n_rows, at_once):
            size = min(at_once, n_rows - start), n_features
            out.write(rng.random(size, dtype=np.float32).data)


def time_a_row(n_rows: int, wanted_rows: int) -> Callable[[], float]:
    """Make the function that measures the slope over epochs, in seconds a row."""
    n_more = max(math.ceil(wanted_rows / n_rows), 1)

    def measured() -> float:
        return float(fit(rows=n_rows, more=n_more)["seconds_a_row"])

    return measured


def show_times(sizes: Sequence[int], n_rounds: int, wanted_rows: int) -> None:
    """Print the time a row for each size."""
    measures = {f"{n:,}": time_a_row(n, wanted_rows) for n in sizes}
    times = alternate(measures, n_rounds)
    middle = times[f"{sizes[len(sizes) // 2]:,}"]
    print("\n| rows | ns a row | ratio to the middle size |\n| --- | --- | --- |")
    for name, found in times.items():
        print(f"| {name} | {median(found) * 1e9:,.0f} | {ratios(found, middle)} |")


def show_memory(sizes: Sequence[int]) -> None:
    """Print what a fit of one epoch takes above its input, and how long it takes."""
    head = ("rows", "X, MiB", "fit", "early stopping", "fit takes, MiB", "target", "ns a row")
    print(f"\n| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    for n_rows in sizes:
        for (name, told), stopping in product(FITS.items(), (False, True)):
            found = fit(rows=n_rows, early_stopping=stopping, **told)
            size = n_rows * N_FEATURES * np.dtype(told["real"]).itemsize / MIB
            cells = [
                f"{n_rows:,}",
                f"{size:,.1f}",
                name,
                "yes" if stopping else "no",
                f"{found['extra'] / MIB:,.1f}" if found["extra"] is not None else "–",
                f"< {MOST_MIB}",
                f"{found['seconds'] / n_rows * 1e9:,.0f}",
            ]
            print(f"| {' | '.join(cells)} |", flush=True)


def show_mapped(folder: Path, n_bytes: int) -> None:
    """Train on a memory-mapped file, and print what it took."""
    n_rows = n_bytes // (4 * N_MAPPED)
    file = folder / "many.dat"
    free = free_bytes()
    write_rows(file, n_rows, N_MAPPED)
    told = {"rows": n_rows, "features": N_MAPPED, "file": str(file), "mapped": True}
    found = fit(**told, most_bytes=256 * MIB)
    known = f", with {free / 2**30:.1f} GiB of memory free" if free else ""
    took = f"{found['own'] / MIB:,.1f} MiB of its own" if found["own"] is not None else "–"
    print(f"\nnumpy.memmap of {n_bytes / 2**30:.2f} GiB ({n_rows:,} rows of {N_MAPPED}){known}:")
    print(f"an epoch in {found['seconds']:.1f} s; fit took {took}")
    file.unlink()


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--most-rows", type=int, default=10**7)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epoch-rows", type=int, default=3 * 10**6, help="rows timed, at least")
    parser.add_argument("--memmap-gib", type=float, default=1.0)
    parser.add_argument("--larger-than-memory", action="store_true")
    parser.add_argument("--folder", type=Path, help="where the file goes; default: temporary")
    parser.add_argument("--quick", action="store_true", help="10⁵ rows at most, a small file")
    told = parser.parse_args()
    if told.quick:
        told.most_rows, told.rounds, told.epoch_rows, told.memmap_gib = 10**5, 2, 10**5, 0.02
    if told.larger_than_memory:
        if (free := free_bytes()) is None:
            parser.error("how much memory is free is not known here; use --memmap-gib")
        told.memmap_gib = 1.2 * free / 2**30
    return told


def report(told: argparse.Namespace, folder: Path) -> None:
    """Check, then measure and print everything."""
    if not (agrees() and same_weights(folder)):
        raise SystemExit("not timed, since the results are not those they should be")
    sizes = [10**k for k in range(3, 1 + round(math.log10(told.most_rows)))]
    show_times(sizes, told.rounds, told.epoch_rows)
    show_memory(sizes[-1:] if told.quick else sizes)
    show_mapped(folder, int(told.memmap_gib * 2**30))


def main() -> None:
    """Print the tables."""
    told = parsed()
    print(f"{described()}\n{versions('chainrule', 'numpy', 'scikit-learn')}, {n_cores()} threads")
    with tempfile.TemporaryDirectory(dir=told.folder) as folder:
        try:
            report(told, Path(folder))
        except FitError as error:
            raise SystemExit(f"a training failed: {error}") from None


if __name__ == "__main__":
    main()
