"""What `chainrule train` reaches with its defaults: held-out scores and seconds.

    python benchmarks/shell_scores.py [--seeds 5] [--data ../shared/data]

Caveats first. The seconds are those of the whole command on this machine, reading the data and
starting Python included, measured once a seed; the median is shown. The scores are on rows that
training never saw, drawn anew for each seed unless the source has its own test part. Sets that are
not bundled are read from a folder and left out where it lacks them.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

BUNDLED = ("digits", "iris", "wine", "breast_cancer", "diabetes")
FILES = {
    "adult_train.parquet": ("--target", "income"),
    "bank_marketing.parquet": ("--target", "y"),
    "covertype_100k.parquet": ("--target", "Cover_Type"),
    "letter_recognition.parquet": ("--target", "lettr"),
    "california_housing.parquet": ("--target", "median_house_value"),
    "wine_quality.parquet": ("--target", "quality", "--task", "regression"),
    "mnist.npz": (),
    "fashion_mnist.npz": (),
}
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Run:
    """One training: its score and how long the command took."""

    metric: str
    score: float
    rows: int
    seconds: float


def run(data: str, options: tuple[str, ...], seed: int, folder: str) -> Run:
    """Train once in a process of its own."""
    command = [sys.executable, "-m", "chainrule", "train", data, *options]
    command += ["--seed", str(seed), "--json", "--out", str(Path(folder) / "model.safetensors")]
    began = perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    record = json.loads(done.stdout.splitlines()[-1])
    seconds = perf_counter() - began
    return Run(record["metric"], record["test_score"], record["rows"], seconds)


def sources(folder: Path) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give name, source and options of every set that is here."""
    yield from ((name, name, ()) for name in BUNDLED)
    for file, options in FILES.items():
        if (folder / file).exists():
            yield Path(file).stem, str(folder / file), options


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds, from 0")
    parser.add_argument("--data", type=Path, default=SHARED, help="folder of the other sets")
    arguments = parser.parse_args()
    versions = ", ".join(f"{name} {version(name)}" for name in ("chainrule", "numpy", "scipy"))
    print(f"{versions}, Python {platform.python_version()}, {platform.machine()}, 1 BLAS thread")
    print(f"median of {arguments.seeds} seeds; the lowest and the highest score in parentheses\n")
    print("| data | rows | held-out score | seconds |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for name, source, options in sources(arguments.data):
            runs = [run(source, options, seed, folder) for seed in range(arguments.seeds)]
            print(line(name, runs), flush=True)


def line(name: str, runs: list[Run]) -> str:
    """Write a row of the table."""
    scores = [one.score for one in runs]
    middle, low, high = statistics.median(scores), min(scores), max(scores)
    seconds = statistics.median(one.seconds for one in runs)
    score = f"{runs[0].metric} {middle:.3f} ({low:.3f} – {high:.3f})"
    return f"| {name} | {runs[0].rows:,} | {score} | {seconds:.1f} |"


if __name__ == "__main__":
    main()
