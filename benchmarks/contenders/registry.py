"""The contenders by name, and the environment that each one's process needs."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, cast

from contenders.contender import Contender, Specification

__all__ = ["NAMES", "environment", "made", "missing"]

#: Contender -> the module that makes it, what it is made with, and the package it needs.
_MAKERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "chainrule": ("estimator", "chainrule_estimator", "chainrule"),
    "scikit-learn": ("estimator", "scikit_learn_estimator", "sklearn"),
    "pytorch": ("pytorch", "eager", "torch"),
    "pytorch-intel": ("pytorch", "eager", "torch"),
    "pytorch-compiled": ("pytorch", "compiled", "torch"),
    "jax": ("jax_scan", "JaxScan", "jax"),
}
NAMES: Final = tuple(_MAKERS)
_THREAD_VARIABLES: Final = (
    "CHAINRULE_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NPROC",  # XLA's thread pool
)


def made(name: str, specification: Specification) -> Contender:
    """Make a contender; only then is its library imported."""
    module, maker, _ = _MAKERS[name]
    found = getattr(importlib.import_module(f"contenders.{module}"), maker)
    return cast(Callable[[Specification], Contender], found)(specification)


def missing(name: str) -> str | None:
    """Say which package a contender lacks here, if any."""
    package = _MAKERS[name][2]
    return None if importlib.util.find_spec(package) else package


def environment(name: str, n_threads: int, intel_path: Path | None) -> dict[str, str]:
    """Give the variables that must be set before the process of a contender starts.

    Parameters
    ----------
    name : str
        The contender.
    n_threads : int
        How many threads it may use.
    intel_path : Path, optional
        What `intel_path.build` has built.

    Returns
    -------
    dict of str to str
    """
    variables = dict.fromkeys(_THREAD_VARIABLES, str(n_threads))
    if name == "jax" and n_threads == 1:
        variables["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    if name == "pytorch-intel" and intel_path is not None:
        variables["LD_PRELOAD"] = str(intel_path)
    return variables
