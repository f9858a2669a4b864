"""Sessions of the compiled module that are kept between calls, each lent to one call at a time.

A call that finds none idle gets a new one. So threads work side by side, and a callback may ask the
engine that is training for a loss of the same network.
"""

from collections.abc import Callable
from threading import Lock
from types import TracebackType
from typing import Final, Generic, TypeVar, final

import numpy as np

from chainrule.engine.plan import Plan, plan_of
from chainrule.network import Architecture

__all__ = ["Loan", "Sessions"]

_Session = TypeVar("_Session")
_DType = np.dtype[np.floating]

_KEPT: Final = 4


@final
class Sessions(Generic[_Session]):
    """Idle sessions, the last used last.

    Parameters
    ----------
    make : callable
        Makes a session of a plan and a dtype.

    Examples
    --------
    >>> sessions = Sessions(lambda plan, dtype: [plan.sizes])
    >>> architecture = Architecture.of([2, 1], output="identity")
    >>> with sessions.lend(architecture, np.dtype(np.float64)) as session:
    ...     print(session)
    [(2, 1)]
    """

    def __init__(self, make: Callable[[Plan, _DType], _Session]) -> None:
        self._make = make
        self._lock = Lock()
        self._idle: list[tuple[Architecture, _DType, _Session]] = []

    def lend(self, architecture: Architecture, dtype: _DType) -> "Loan[_Session]":
        """Lend a session for the length of a ``with`` statement.

        Parameters
        ----------
        architecture : Architecture
        dtype : dtype

        Returns
        -------
        Loan
        """
        return Loan(self, architecture, dtype)

    def take(self, architecture: Architecture, dtype: _DType) -> _Session:
        """Take an idle session, or make one.

        Parameters
        ----------
        architecture : Architecture
        dtype : dtype

        Returns
        -------
        session
        """
        with self._lock:
            for place in range(len(self._idle) - 1, -1, -1):
                known, known_dtype, session = self._idle[place]
                if known_dtype == dtype and _is_same(known, architecture):
                    del self._idle[place]
                    return session
        return self._make(plan_of(architecture), dtype)

    def give_back(self, architecture: Architecture, dtype: _DType, session: _Session) -> None:
        """Keep a session that a call has done with, and let go of the oldest beyond a few.

        Parameters
        ----------
        architecture : Architecture
        dtype : dtype
        session : object
        """
        with self._lock:
            self._idle.append((architecture, dtype, session))
            del self._idle[:-_KEPT]


@final
class Loan(Generic[_Session]):
    """A session that goes back at the end of a ``with`` statement."""

    __slots__ = ("architecture", "dtype", "session", "sessions")

    def __init__(
        self, sessions: Sessions[_Session], architecture: Architecture, dtype: _DType
    ) -> None:
        self.sessions, self.architecture, self.dtype = sessions, architecture, dtype
        self.session = sessions.take(architecture, dtype)

    def __enter__(self) -> _Session:
        return self.session

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.give_back()

    def give_back(self) -> None:
        """End the loan."""
        self.sessions.give_back(self.architecture, self.dtype, self.session)


def _is_same(known: Architecture, asked: Architecture) -> bool:
    # most calls are for the network of the one before; to compare two takes microseconds
    return known is asked or plan_of(known) == plan_of(asked)
