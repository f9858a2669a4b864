"""Reproduce the published figures of a course that trains this very network on USPS digits.

What it claims: the reference engine follows the course's protocol to the last published digit.
What it does not: nothing here is fast, and no figure is a good score; 70 steps are few.

The network has 256 inputs, one logistic hidden layer, a softmax over ten classes and no biases. All
its numbers are fixed: parameter k starts at ``0.1 cos k``, batches come in the order of the data,
and each step is ``v ← μ v - ∂E/∂θ``, ``θ ← θ + α v``. The figures are those of a notebook of the
Aalto course of 2018 (all digits) and of an assignment report of 2013 at Toronto (six digits).

Run it in a checkout that has the folder ``shared`` beside it, or say where the data is::

    python benchmarks/usps_course.py --data usps_11000.npz
"""

import argparse
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

import chainrule
from chainrule.arrays import Array

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "usps_11000.npz"
#: The digits given, and how far from them a double-precision run may end.
FULL, SIX_DIGITS = 1e-10, 3e-7


@dataclass(frozen=True)
class Protocol:
    """What one published row fixes."""

    rate: float
    momentum: float
    batch_size: int = 4
    n_steps: int = 70
    n_hidden: int = 10

    def __str__(self) -> str:
        return (
            f"α = {self.rate:g}, μ = {self.momentum:g}, batches of {self.batch_size}, "
            f"{self.n_steps} steps"
        )


@dataclass(frozen=True)
class Figure:
    """A published number: which, after which protocol, and to how many digits."""

    protocol: Protocol
    name: str
    value: float
    tolerance: float = FULL


@dataclass(frozen=True)
class Part:
    """Training, validation or test cases: inputs, one-hot targets."""

    X: Array
    T: Array


def _row(protocol: Protocol, values: Sequence[float], error: float, digits: int) -> list[Figure]:
    names = ("training loss", "validation loss", "test loss")
    figures = [Figure(protocol, name, value) for name, value in zip(names, values, strict=True)]
    return [*figures, Figure(protocol, "test error", error, 0.51 * 10.0**-digits / error)]


FIGURES: tuple[Figure, ...] = (
    *_row(
        Protocol(0.002, 0.0),
        (2.302293108148208, 2.3022255410002384, 2.3022526843851967),
        *(0.895, 3),
    ),
    *_row(
        Protocol(0.05, 0.9),
        (1.9940517127340163, 1.9965592899672242, 1.9891214271086306),
        *(0.69989, 5),
    ),
    *_row(
        Protocol(0.2, 0.9),
        (1.292495578954033, 1.3372647971195857, 1.3015061753787025),
        *(0.407, 3),
    ),
    *_row(
        Protocol(1.0, 0.0),
        (1.674933214461265, 1.6900252783448697, 1.676162605073363),
        *(0.70322, 5),
    ),
    Figure(Protocol(0.01, 0.0, 10, 30), "training loss", 2.301907, SIX_DIGITS),
)


def read(file: Path) -> dict[str, Part]:
    """Read the three parts of the data."""
    with np.load(file) as arrays:
        return {
            name: Part(arrays[f"{name}_x"], arrays[f"{name}_t"])
            for name in ("train", "valid", "test")
        }


def network(n_hidden: int) -> chainrule.Network:
    """Make the course's network."""
    sizes = [256, n_hidden, 10]
    return chainrule.Network(sizes, hidden="logistic", output="softmax", bias=False)


def first_parameters(n_hidden: int) -> chainrule.Parameters:
    """Fill ``θ_k = 0.1 cos k`` into ``W(1)`` and ``W(2)``, each column by column."""
    theta = 0.1 * np.cos(np.arange(266 * n_hidden))
    first, second = np.split(theta, [256 * n_hidden])
    W1 = first.reshape((n_hidden, 256), order="F")
    W2 = second.reshape((10, n_hidden), order="F")
    return network(n_hidden).parameters([W1, W2])


def batches(data: Part, size: int) -> Iterator[Part]:
    """Take the cases in order, without end."""
    start = 0
    while True:
        rows = (start + np.arange(size)) % len(data.X)
        yield Part(data.X[rows], data.T[rows])
        start += size


def train(protocol: Protocol, data: Part) -> chainrule.Parameters:
    """Go the protocol's steps."""
    net, params = network(protocol.n_hidden), first_parameters(protocol.n_hidden)
    velocity = np.zeros_like(params.vector)
    for batch in islice(batches(data, protocol.batch_size), protocol.n_steps):
        gradient = net.gradient(params, batch.X, batch.T)
        velocity = protocol.momentum * velocity - gradient.vector
        params.vector[:] += protocol.rate * velocity
    return params


def results(protocol: Protocol, parts: dict[str, Part]) -> dict[str, float]:
    """Train, and measure what the course publishes."""
    net, params = network(protocol.n_hidden), train(protocol, parts["train"])
    losses = {name: net.loss(params, part.X, part.T) for name, part in parts.items()}
    test = parts["test"]
    wrong = net.predict(params, test.X).argmax(axis=1) != test.T.argmax(axis=1)
    return {
        "training loss": losses["train"],
        "validation loss": losses["valid"],
        "test loss": losses["test"],
        "test error": float(wrong.mean()),
    }


def compare(parts: dict[str, Part]) -> Iterator[tuple[Figure, float, float]]:
    """Yield each figure with ours and the relative difference."""
    protocols = dict.fromkeys(figure.protocol for figure in FIGURES)
    ours = {protocol: results(protocol, parts) for protocol in protocols}
    for figure in FIGURES:
        value = ours[figure.protocol][figure.name]
        yield figure, value, abs(value - figure.value) / figure.value


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; the exit status is 1 where a figure is not met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="the file usps_11000.npz")
    file = parser.parse_args(arguments).data
    if not file.is_file():
        parser.error(f"there is no file {file}; say with --data where usps_11000.npz is")
    print(
        f"chainrule {chainrule.__version__}, NumPy {np.__version__}, "
        f"Python {platform.python_version()}, {platform.machine()}"
    )
    protocol, met = None, True
    for figure, value, difference in compare(read(file)):
        if figure.protocol != protocol:
            protocol = figure.protocol
            print(f"\n{protocol}\n{'':<16} {'published':>19} {'ours':>19}  relative difference")
        verdict = "" if difference <= figure.tolerance else "   NOT MET"
        met = met and not verdict
        print(f"{figure.name:<16} {figure.value:>19} {value!r:>19}  {difference:.1e}{verdict}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
