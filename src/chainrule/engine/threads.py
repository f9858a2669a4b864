"""How many threads the native engine may use."""

import os

from chainrule.errors import SpecificationError

__all__ = ["thread_count"]


def thread_count(n_threads: int | None = None) -> int:
    """Give the number of threads: as asked for, or that of the environment, or the cores.

    Parameters
    ----------
    n_threads : int, optional
        What the caller asks for. Without it ``CHAINRULE_THREADS`` counts, then
        ``OMP_NUM_THREADS`` (which joblib sets in its workers), then the cores that this process
        may use.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    SpecificationError
        If a number is none, or below 1.

    Examples
    --------
    >>> thread_count(3)
    3
    """
    if n_threads is not None:
        return _checked("n_threads", n_threads)
    for name in ("CHAINRULE_THREADS", "OMP_NUM_THREADS"):
        # OpenMP admits a list, one number a level of nesting
        value = os.environ.get(name, "").split(",")[0].strip()
        if value:
            return _checked(name, int(value) if value.isdecimal() else value)
    return _cores()


def _checked(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise SpecificationError(f"{name} must be a whole number of at least 1, got {value!r}")
    return value


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
