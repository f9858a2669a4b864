"""What the system says of memory: of the machine, and of this process. Linux only."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

__all__ = ["Peak", "field", "free_bytes", "limit_to", "watched"]

STATUS: Final = Path("/proc/self/status")
MEMORY: Final = Path("/proc/meminfo")
CLEAR: Final = Path("/proc/self/clear_refs")


def field(name: str, file: Path = STATUS) -> int | None:
    """Read a field in bytes, or nothing where the system does not tell it."""
    if not file.exists():
        return None
    for line in file.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return None


def free_bytes() -> int | None:
    """Tell how much memory new work can have without swapping."""
    return field("MemAvailable", MEMORY)


def limit_to(more: int) -> None:
    """Refuse this process more memory of its own than it has and so many bytes."""
    import resource

    if (held := field("VmData")) is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (held + more, resource.RLIM_INFINITY))


class Peak:
    """What was held at most while something was watched, less what was held before.

    `resident` counts files that are mapped too, and is exact; `own` leaves them out, and is the
    largest of many looks. Both are None where the system does not tell.
    """

    resident: int | None = None
    own: int | None = None


@contextmanager
def watched(every: float = 0.005) -> Iterator[Peak]:
    """Watch the memory of this process.

    Parameters
    ----------
    every : float, default=0.005
        Seconds between two looks.

    Yields
    ------
    Peak
        Filled in at the end.
    """
    found, looks, over = Peak(), [field("RssAnon")], threading.Event()
    forget_peak()
    before = field("VmRSS")

    def look() -> None:
        while not over.wait(every):
            looks.append(field("RssAnon"))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()
    most = field("VmHWM")
    if before is not None and most is not None:
        found.resident = most - before
    own = [size for size in looks if size is not None]
    if own:
        found.own = max(own) - own[0]


def forget_peak() -> None:
    """Let the system's record of the peak begin anew."""
    with suppress(OSError):
        CLEAR.write_text("5", encoding="ascii")
