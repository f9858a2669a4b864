"""Start contenders side by side, each in its own process and with its own environment."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import final

from alternate import Worker
from contenders import environment, missing

__all__ = ["Lineup", "installed", "started"]


@final
@dataclass(frozen=True)
class Lineup:
    """What the contenders are started with.

    Parameters
    ----------
    workload : str
        The network and how it is trained.
    n_threads : int
        What every contender may use.
    n_rows : int
        Rows of an epoch at most.
    seed : int, default=0
        Of first weights and shuffles.
    data : Path, optional
        The file of MNIST, in place of generated rows.
    hidden : tuple of int, optional
        Hidden layers in place of the workload's.
    programs : mapping of str to Path
        Contenders that are programs.
    intel_path : Path, optional
        The library that `intel_path.build` made.
    """

    workload: str
    n_threads: int
    n_rows: int = 10**9
    seed: int = 0
    data: Path | None = None
    hidden: tuple[int, ...] | None = None
    programs: Mapping[str, Path] = field(default_factory=dict)
    intel_path: Path | None = None

    def told(self, name: str) -> dict[str, object]:
        """Say what the process of a contender is told."""
        return {
            "contender": name,
            "workload": self.workload,
            "n_threads": self.n_threads,
            "n_rows": self.n_rows,
            "seed": self.seed,
            "data": str(self.data) if self.data else None,
            "hidden": self.hidden,
            "program": str(self.programs[name]) if name in self.programs else None,
        }


@contextmanager
def started(names: Sequence[str], lineup: Lineup) -> Iterator[dict[str, Worker]]:
    """Start the contenders, and end them afterwards.

    Parameters
    ----------
    names : sequence of str
        The contenders, in the order of the table.
    lineup : Lineup
        What they are started with.

    Yields
    ------
    dict of str to Worker
    """
    with ExitStack() as stack:
        found: dict[str, Worker] = {}
        for name in names:
            variables = environment(name, lineup.n_threads, lineup.intel_path)
            found[name] = stack.enter_context(Worker(lineup.told(name), variables))
        yield found


def installed(told: argparse.Namespace, library: Path | None) -> list[str]:
    """List the contenders asked for that can run here, and print why others cannot.

    Parameters
    ----------
    told : Namespace
        The command line, with `contenders`.
    library : Path or None
        What `intel_path.build` made.

    Returns
    -------
    list of str
    """
    names = []
    for name in told.contenders:
        if package := missing(name):
            print(f"- without {name}: {package} is not installed")
        elif name == "pytorch-intel" and library is None:
            print(f"- without {name}: no C compiler to build what it loads")
        else:
            names.append(name)
    return names
