"""What the shell prints, and where."""

from __future__ import annotations

import contextlib
import math
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, final

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["Voice", "drop_output", "fail", "prepare_output", "say"]


def say(message: str) -> None:
    """Tell the user something about the work, on standard error if anyone reads it there."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(message, file=sys.stderr, flush=True)


def fail(message: str, status: int = 2) -> NoReturn:
    """Say in one sentence what is wrong, and end."""
    say(f"Error: {' '.join(message.split())}")
    raise SystemExit(status)


def prepare_output() -> None:
    """Let standard output escape the characters that its encoding lacks, as standard error does."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Keep Python from trying once more, as it ends, to write what standard output refused."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@final
@dataclass(frozen=True)
class Voice:
    """Where results go: to standard output, or as JSON there with all else on standard error.

    Parameters
    ----------
    as_json : bool
        Whether a program reads along.
    """

    as_json: bool

    def show(self, result: str | Table) -> None:
        """Print lines as they are, or a table, for people."""
        text = result if isinstance(result, str) else self._drawn(result)
        if self.as_json:
            say(text)
        else:
            print(text, flush=True)

    def end(self, record: dict[str, Any]) -> None:
        """Print the record for programs, as the last line."""
        if self.as_json:
            import json

            print(json.dumps(_without_infinities(record), allow_nan=False), flush=True)

    def _drawn(self, table: Table) -> str:
        from rich.console import Console

        # Without markup, so that a class called [b] is not taken for an instruction.
        console = Console(stderr=self.as_json, highlight=False, markup=False, emoji=False)
        with console.capture() as drawn:
            console.print(table)
        return drawn.get().removesuffix("\n")


def _without_infinities(value: Any) -> Any:
    """Write null for what is not a finite number, which JSON cannot say."""
    if isinstance(value, dict):
        return {key: _without_infinities(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_infinities(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
