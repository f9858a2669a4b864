"""What a figure was measured on and with."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["described", "n_cores", "versions"]


def n_cores() -> int:
    """Count the cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor() -> str:
    """Name the processor as the system does."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def instruction_sets() -> str:
    """Name the widest vector instructions, where the system lists them."""
    listing = Path("/proc/cpuinfo")
    text = listing.read_text(encoding="utf-8") if listing.exists() else ""
    flags = set(text.split())
    wanted = {"avx512f": "AVX-512", "avx2": "AVX2", "asimd": "NEON"}
    return next((name for flag, name in wanted.items() if flag in flags), platform.machine())


def load() -> str:
    """Tell how busy the machine was when measuring began."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def versions(*names: str) -> str:
    """List the versions of those packages that are installed."""
    found = []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def described() -> str:
    """Describe the machine in a line."""
    return (
        f"{processor()} ({instruction_sets()}), {n_cores()} cores, load {load()}, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )
