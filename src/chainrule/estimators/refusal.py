"""A call that is refused takes nothing away from an estimator."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chainrule.errors import DivergenceError

__all__ = ["unchanged_if_refused"]

#: What belongs to scikit-learn's callbacks, which tidy it up themselves.
_OF_CALLBACKS = ("_skl_callbacks", "_skl_callbacks_to_teardown", "_callback_fit_ctx")


@contextmanager
def unchanged_if_refused(estimator: Any) -> Iterator[None]:
    """Leave an estimator as it was where an error, or Ctrl-C, ends what is done to it.

    Parameters
    ----------
    estimator : object
        What is fitted. A divergence keeps the last finite weights; any other error keeps
        everything from before.

    Yields
    ------
    None

    Examples
    --------
    >>> class Estimator:
    ...     coefs_ = [1.0]
    >>> estimator = Estimator()
    >>> try:
    ...     with unchanged_if_refused(estimator):
    ...         estimator.coefs_ = []
    ...         raise ValueError
    ... except ValueError:
    ...     print(estimator.coefs_)
    [1.0]
    """
    before = dict(vars(estimator))
    try:
        yield
    except DivergenceError:
        raise
    except BaseException:
        now = vars(estimator)
        kept = {name: now[name] for name in _OF_CALLBACKS if name in now}
        now.clear()
        now.update(before | kept)
        raise
