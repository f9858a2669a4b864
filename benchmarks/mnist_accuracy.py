"""Seconds of training until 98 % of MNIST's test images are told, in each library.

Caveats first.

- The same network, solver, learning rate and batch for all, from the same first weights, on the
  60,000 training images divided by 255: 784-256-10, otherwise the workload "mnist" of
  `workloads.py`, whose 128 hidden units reach 98 % with some seeds only. No library is tuned; a
  better network or schedule would be quicker in all of them.
- Shuffles differ, so how many epochs it takes differs by chance. Hence several seeds, and the
  epochs beside the seconds: of two libraries that compute the same, the seconds an epoch tell more.
- What is added up is the time of the epochs: calls of `partial_fit` with all images for chainrule
  and scikit-learn, checks of the input included; a loop over batches for PyTorch. The test images
  are looked at after every epoch, off the clock. Choosing the end by test images is no way to
  report an accuracy; here it only says where the clock stops.
- The libraries take turns, an epoch each, until all have arrived or given up.

It needs ``mnist.npz`` (arrays ``train_x``, ``train_y``, ``test_x``, ``test_y``)::

    python benchmarks/mnist_accuracy.py [--quick] [--data mnist.npz]
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final, final

import intel_path
from agreement import agreeing
from alternate import ContenderError, Spread, Worker
from contenders import NAMES
from lineup import Lineup, installed, started
from machine import described, n_cores, versions
from mnist import DEFAULT_FILE
from workloads import WORKLOADS

OURS: Final = "chainrule"
#: JAX's scan wants whole batches, and 60,000 images have a short last one.
ABLE: Final = tuple(name for name in NAMES if name != "jax")
DEFAULT: Final = tuple(name for name in ABLE if name != "pytorch-compiled")


@final
@dataclass
class Run:
    """How far a contender has come with one seed."""

    seconds: float = 0.0
    accuracies: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, {self.n_epochs} epochs, {self.accuracies[-1]:.2%}"

    @property
    def n_epochs(self) -> int:
        """Epochs trained."""
        return len(self.accuracies)

    def is_over(self, goal: float, most_epochs: int) -> bool:
        """Tell whether the goal is reached or the epochs are used up."""
        return self.n_epochs == most_epochs or self.reached(goal)

    def reached(self, goal: float) -> bool:
        """Tell whether the last epoch reached the goal."""
        return bool(self.accuracies) and self.accuracies[-1] >= goal

    def go_on(self, worker: Worker) -> None:
        """Train for an epoch, then look at the test images."""
        self.seconds += worker.ask("epoch")["seconds"]
        self.accuracies.append(worker.ask("accuracy")["accuracy"])


def race(workers: Mapping[str, Worker], goal: float, most_epochs: int) -> dict[str, Run]:
    """Let the contenders take turns, an epoch each, in an order that rotates."""
    runs = {name: Run() for name in workers}
    names = list(workers)
    while going := [name for name in names if not runs[name].is_over(goal, most_epochs)]:
        for name in going:
            runs[name].go_on(workers[name])
        names = names[1:] + names[:1]
    return runs


def show(found: Mapping[str, Sequence[Run]], goal: float) -> None:
    """Print the table; a ratio compares runs of the same seed."""
    head = ("", "seconds", "ratio to chainrule", "epochs", "seconds an epoch", "arrived")
    print(f"\n| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    for name, runs in found.items():
        arrived = [run.reached(goal) for run in runs]
        cells = [
            name,
            str(Spread.of([run.seconds for run in runs])),
            ratio(runs, found.get(OURS, [])),
            ", ".join(str(run.n_epochs) for run in runs),
            f"{median(run.seconds / run.n_epochs for run in runs):.2f}",
            f"{sum(arrived)} of {len(arrived)}",
        ]
        print(f"| {' | '.join(cells)} |")


def ratio(runs: Sequence[Run], ours: Sequence[Run]) -> str:
    """Compare seconds seed by seed."""
    pairs = list(zip(runs, ours, strict=False))
    return str(Spread.of([run.seconds / own.seconds for run, own in pairs])) if pairs else "–"


def measured(told: argparse.Namespace, names: Sequence[str], library: Path | None) -> None:
    """Race once for each seed, and print the table."""
    found: dict[str, list[Run]] = {}
    for seed in range(told.seeds):
        lineup = Lineup(
            "mnist",
            told.threads,
            told.rows,
            seed,
            data=told.data,
            hidden=tuple(told.hidden),
            intel_path=library,
        )
        print(f"\nseed {seed}")
        with started(names, lineup) as workers:
            agreed = agreeing(workers, WORKLOADS["mnist"])
            for name, run in race(agreed, told.goal, told.most_epochs).items():
                found.setdefault(name, []).append(run)
                print(f"  {name}: {run}")
    show(found, told.goal)


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_FILE, help="where mnist.npz is")
    parser.add_argument("--hidden", nargs="+", type=int, default=[256], help="hidden layers")
    parser.add_argument("--contenders", nargs="+", choices=ABLE, default=list(DEFAULT))
    parser.add_argument("--goal", type=float, default=0.98, help="the accuracy to reach")
    parser.add_argument("--most-epochs", type=int, default=40)
    parser.add_argument("--seeds", type=int, default=5, help="how many")
    parser.add_argument("--rows", type=int, default=60_000, help="training images at most")
    parser.add_argument("--threads", type=int, default=n_cores())
    parser.add_argument("--quick", action="store_true", help="one seed, 12,000 images, to 90 %%")
    told = parser.parse_args()
    if told.quick:
        told.goal, told.most_epochs, told.seeds, told.rows = 0.90, 3, 1, 12_000
        told.contenders = [name for name in told.contenders if name != "pytorch-intel"]
    if not told.data.is_file():
        parser.error(f"there is no file {told.data}; say where mnist.npz is with --data")
    return told


def main() -> None:
    """Print the seconds of every contender."""
    told = parsed()
    print(f"{described()}\n{versions('numpy', 'scikit-learn', 'torch')}")
    layers = "-".join(str(n) for n in (784, *told.hidden, 10))
    solver = "batch 128, relu, Adam"
    print(f"{layers}, {solver}, float32, {told.threads} threads, to {told.goal:.1%}")
    with tempfile.TemporaryDirectory() as folder:
        library = intel_path.build(Path(folder))
        try:
            measured(told, installed(told, library), library)
        except ContenderError as error:
            raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
