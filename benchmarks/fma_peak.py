"""How fast this machine multiplies and adds, and which share of that a training step reaches.

Caveats first.

- The peak is what a loop of fused multiply-adds on registers alone reaches: no product of matrices
  can, since it must also load. It is measured by a C program, compiled at run time with the
  system's compiler for the machine at hand (``-march=native``), every core at once.
- A processor lowers its clock under wide vectors and as it warms; the peak and the steps are
  measured in turns, and a share is a ratio within a round. What else runs lowers both.
- Only the products of matrices count as work of a step: ``Y W(l)ᵀ``, ``Δ(l)ᵀ Y`` and, from the
  second layer on, ``Δ(l) W(l)``. Activations, the loss, the optimiser and the shuffle are time
  without work, so a share of 1 cannot be had.
- Adam needs about 13 operations and 28 bytes a parameter and step, which for a small batch weighs
  as much as the products. The step times are those of `step_time.py`, in float32.

Run it with nothing else going on::

    python benchmarks/fma_peak.py [--quick] [--only-peak] [WORKLOAD ...]
"""

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from agreement import BOUND, REFERENCE, distances
from alternate import ContenderError, Spread, alternate, ratios
from lineup import Lineup, started
from machine import described, n_cores, versions
from slope import Slope
from workloads import WORKLOADS

OURS: Final = "chainrule"
SOURCE: Final = Path(__file__).resolve().with_name("fma_peak.c")
FLAGS: Final = ("-O3", "-march=native", "-ffp-contract=fast", "-pthread")


class NoCompilerError(Exception):
    """There is no C compiler."""


def build(folder: Path, real: str) -> Path:
    """Compile the program for one type of number.

    Parameters
    ----------
    folder : Path
        Where to.
    real : str
        ``float`` or ``double``.

    Returns
    -------
    Path
    """
    compiler = shutil.which("cc")
    if compiler is None:
        raise NoCompilerError("the peak needs a C compiler called cc, and there is none")
    program = folder / f"fma_peak_{real}"
    command = [compiler, *FLAGS, f"-DREAL={real}", str(SOURCE), "-o", str(program)]
    subprocess.run(command, check=True)
    return program


def peak(program: Path, n_threads: int, seconds: float) -> float:
    """Run the program, and read its operations a second."""
    command = [str(program), str(n_threads), str(seconds)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return float(said)


def show_peaks(folder: Path, n_rounds: int, seconds: float) -> None:
    """Print the peaks in both types, of one core and of all."""
    print("\n| | cores | GFLOP/s (least–most) |\n| --- | --- | --- |")
    for name, real in (("float32", "float"), ("float64", "double")):
        program = build(folder, real)
        for n_threads in sorted({1, n_cores()}):
            found = [peak(program, n_threads, seconds) / 1e9 for _ in range(n_rounds)]
            print(f"| {name} | {n_threads} | {Spread.of(found)} |")


def share(name: str, program: Path, n_rounds: int, seconds: float, n_rows: int) -> str:
    """Measure the share of the peak that a workload reaches, and write a row of the table."""
    cores = n_cores()
    workload = WORKLOADS[name].shortened(n_rows)
    with started([OURS, REFERENCE], Lineup(name, cores, n_rows)) as workers:
        if not distances(workers, workload)[OURS] <= BOUND:
            return f"| {name} | not timed: it does not agree with {REFERENCE} |"
        measures: dict[str, Callable[[], float]] = {
            "step": Slope(workers[OURS], workload, seconds),
            "peak": lambda: workload.flops / peak(program, cores, min(seconds, 0.2)),
        }
        found = alternate(measures, n_rounds)
    wanted = f"≥ {workload.peak_fraction:.0%}" if workload.peak_fraction else "–"
    fraction = ratios(found["peak"], found["step"])
    times = (f"{median(found[what]) * 1e6:,.1f}" for what in ("step", "peak"))
    return f"| {' | '.join([name, *times, percent(fraction), wanted])} |"


def percent(fraction: Spread) -> str:
    """Write a share and how far it goes."""
    return f"{fraction.median:.1%} ({fraction.least:.1%}–{fraction.most:.1%})"


def show_shares(names: Sequence[str], folder: Path, told: argparse.Namespace) -> None:
    """Print the shares of the workloads."""
    program = build(folder, "float")
    rounds, seconds = (3, 0.1) if told.quick else (told.rounds, told.seconds)
    head = ("", "µs a step", "µs at the peak", "share of the peak", "target")
    print(f"\n{OURS}, float32, {n_cores()} threads\n")
    print(f"| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    for name in names:
        try:
            print(share(name, program, rounds, seconds, told.rows), flush=True)
        except ContenderError as error:
            print(f"{name}: {error}")


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(WORKLOADS))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.5, help="of a timed training, at least")
    parser.add_argument("--rows", type=int, default=10**9, help="rows of an epoch at most")
    parser.add_argument("--only-peak", action="store_true", help="no workloads")
    parser.add_argument("--quick", action="store_true", help="two workloads, short rounds")
    told = parser.parse_args()
    if unknown := set(told.workloads) - set(WORKLOADS):
        parser.error(f"unknown workload {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    return told


def main() -> None:
    """Print the peaks, and the share of each workload."""
    told = parsed()
    print(f"{described()}\n{versions('chainrule', 'numpy')}")
    names = told.workloads or (["course", "digits"] if told.quick else list(WORKLOADS))
    with tempfile.TemporaryDirectory() as folder:
        try:
            show_peaks(Path(folder), 3 if told.quick else 9, 0.1 if told.quick else 0.5)
        except NoCompilerError as error:
            raise SystemExit(str(error)) from None
        if not told.only_peak:
            show_shares(names, Path(folder), told)


if __name__ == "__main__":
    main()
