"""Ctrl-C while training: end after the step under way, and keep what was learned."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from chainrule.training import StopFlag

__all__ = ["INTERRUPTED_STATUS", "ignore_interrupts", "stop_on_interrupt"]

#: What shells expect of a program that Ctrl-C ended.
INTERRUPTED_STATUS = 128 + signal.SIGINT

_STOPPING = b"\nInterrupted; keeping the best model so far. Ctrl-C again gives it up.\n"
_STANDARD_ERROR = 2


@contextmanager
def stop_on_interrupt() -> Iterator[StopFlag]:
    """Set a flag on the first Ctrl-C, and let a second one end the program.

    Yields
    ------
    StopFlag
        A callback for training, which ends within a step once the flag is set.

    Examples
    --------
    >>> with stop_on_interrupt() as flag:
    ...     signal.raise_signal(signal.SIGINT)
    ...     flag.is_set
    True
    """
    flag = StopFlag()
    before = signal.getsignal(signal.SIGINT)
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or before == signal.SIG_IGN:
        yield flag  # only the main thread may set handlers, and nohup has set one to be kept
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        if flag.is_set:
            raise KeyboardInterrupt
        flag.set()
        with suppress(OSError):  # past Python's buffer, which may be in use at this moment
            os.write(_STANDARD_ERROR, _STOPPING)

    signal.signal(signal.SIGINT, stop)
    try:
        yield flag
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def ignore_interrupts() -> Iterator[None]:
    """Let a short piece of work become whole.

    Yields
    ------
    None

    Examples
    --------
    >>> with ignore_interrupts():
    ...     signal.raise_signal(signal.SIGINT)
    ...     print("whole")
    whole
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # interrupts arrive in the main thread only
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
