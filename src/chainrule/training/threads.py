"""One thread for BLAS while a network is trained, so that a seed means one result."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from threadpoolctl import ThreadpoolController

__all__ = ["one_blas_thread"]


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold the BLAS libraries of this process to one thread.

    A BLAS splits a matrix product among its threads, and the split decides in which order the
    terms of each sum are added. With another number of threads the last bits of a gradient
    differ, training amplifies the difference, and the same seed gives another network on
    another machine. One thread always adds in the same order. It is also the faster choice for
    the small products of mini-batches.

    The limit holds for the whole process until the context ends, then the earlier one returns.

    Yields
    ------
    None

    Examples
    --------
    >>> with one_blas_thread():
    ...     pass
    """
    with _libraries().limit(limits=1, user_api="blas"):
        yield


@lru_cache(maxsize=1)
def _libraries() -> ThreadpoolController:
    # To look for the libraries takes milliseconds, which a short call of `partial_fit` would feel.
    # NumPy and SciPy have loaded theirs by now.
    return ThreadpoolController()
