"""Running the shell in tests, and small data to run it on."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import chainrule
from chainrule.cli import main

SOURCE = Path(chainrule.__file__).parents[1]


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def record(self) -> Any:
        """The JSON object at the end of standard output, for which strict JSON is asked."""

        def refuse(constant: str) -> float:
            raise ValueError(f"{constant} is no JSON")

        return json.loads(self.out.splitlines()[-1], parse_constant=refuse)

    @property
    def error(self) -> str:
        """The one sentence of a command that failed."""
        *notes, last = self.err.splitlines()
        assert self.status == 2, self.err
        assert self.out == ""
        assert last.startswith("Error: ")
        assert not any(note.startswith(("Error", "Traceback")) for note in notes)
        return last.removeprefix("Error: ")


def run_shell(*arguments: object) -> Ran:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    status: Any = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code
    return Ran(status, out.getvalue(), err.getvalue())


def start_shell(*arguments: object, threads: int = 1) -> subprocess.Popen[str]:
    """Start a command as a process of its own, which Ctrl-C reaches."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")]),
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
        "PYTHONIOENCODING": "utf-8",
    }
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from chainrule.cli import main; main()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
    )


def finish(process: subprocess.Popen[str]) -> Ran:
    """Wait for a process that `start_shell` started."""
    out, err = process.communicate(timeout=60)
    return Ran(process.returncode, out, err)


def interrupt_after(process: subprocess.Popen[str], start_of_line: str) -> Ran:
    """Press Ctrl-C once the process has said a line on standard error."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if line.startswith(start_of_line):
            break
    process.send_signal(signal.SIGINT)
    ran = finish(process)
    return Ran(ran.status, ran.out, said + ran.err)


def small_table(n_rows: int = 60) -> pd.DataFrame:
    """A table with numbers, text, two classes (answer) and a number to predict (price)."""
    rng = np.random.default_rng(0)
    size = rng.normal(size=n_rows)
    kind = rng.choice(["oak", "elm", "fir"], n_rows)
    return pd.DataFrame(
        {
            "size": size,
            "age": rng.integers(1, 90, n_rows),
            "kind": kind,
            "answer": np.where(size + (kind == "oak") > 0.3, "yes", "no"),
            "price": 3 * size + (kind == "elm"),
        }
    )
