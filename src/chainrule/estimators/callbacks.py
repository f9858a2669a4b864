"""Callbacks of our own for ``set_callbacks``: a checkpoint, a limit on time, a log.

They follow scikit-learn's protocol, so that ``set_callbacks`` takes them beside scikit-learn's own.
What they do, they do inside the training itself, where they are told of every step and epoch.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, final

from chainrule.errors import SpecificationError
from chainrule.training import callbacks as of_training

__all__ = ["CSVLog", "Checkpoint", "FollowsTraining", "StopAfter", "begun"]


class FollowsTraining(ABC):
    """What our callbacks have in common: scikit-learn's four hooks, and one of our own."""

    def setup(self, estimator: Any, context: Any) -> None:  # noqa: ARG002 - the names are fixed
        """Make sure that somebody will tell of steps and epochs.

        Parameters
        ----------
        estimator : estimator
            The one that is fitted.
        context : sklearn.callback.CallbackContext
            Its outermost task.

        Raises
        ------
        SpecificationError
            If it is not one of chainrule's.
        """
        if not hasattr(estimator, "_refuse_impossible"):
            raise SpecificationError(
                f"{type(self).__name__} follows chainrule's estimators and was set on "
                f"{type(estimator).__name__}; set it on the network itself"
            )

    def teardown(self, estimator: Any, context: Any) -> None:  # noqa: B027 - not abstract
        """Do nothing: what was written stays.

        Parameters
        ----------
        estimator : estimator
        context : sklearn.callback.CallbackContext
        """

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:  # noqa: B027
        """Do nothing.

        Parameters
        ----------
        estimator : estimator
        context : sklearn.callback.CallbackContext
        """

    def on_fit_task_end(self, estimator: Any, context: Any) -> None:  # noqa: B027
        """Do nothing: training has told already.

        Parameters
        ----------
        estimator : estimator
        context : sklearn.callback.CallbackContext
        """

    @abstractmethod
    def begin(self, origin: Callable[[], Mapping[str, str]]) -> of_training.Callback:
        """Make what follows one fit.

        Parameters
        ----------
        origin : callable
            Gives what the fit is told, as checkpoints keep it.

        Returns
        -------
        Callback
        """


@final
@dataclass(frozen=True)
class Checkpoint(FollowsTraining):
    """Save where training stands after every epoch, for ``fit(X, y, resume_from=path)``.

    Whenever the process is killed, the file is that of one whole epoch. Fits that share a path,
    such as those of a search, overwrite one another's.

    Parameters
    ----------
    path : str or path-like
        Where to; a file that exists is replaced whole or left as it was.

    Raises
    ------
    DataError
        If nothing can be written there; at once, and not after the first epoch.

    See Also
    --------
    MLPClassifier.fit : Goes on from a checkpoint.

    Examples
    --------
    >>> import tempfile, warnings
    >>> from pathlib import Path
    >>> from sklearn.datasets import load_iris
    >>> import chainrule
    >>> X, y = load_iris(return_X_y=True)
    >>> network = chainrule.MLPClassifier(max_iter=20, random_state=0)
    >>> with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")  # 20 epochs are few
    ...     path = Path(folder, "iris.checkpoint")
    ...     half = chainrule.MLPClassifier(max_iter=10, random_state=0)
    ...     half = half.set_callbacks(chainrule.Checkpoint(path)).fit(X, y)
    ...     resumed = chainrule.MLPClassifier(max_iter=20, random_state=0)
    ...     resumed = resumed.fit(X, y, resume_from=path)
    ...     whole = chainrule.MLPClassifier(max_iter=20, random_state=0).fit(X, y)
    >>> resumed.loss_curve_ == whole.loss_curve_
    True
    """

    path: str | os.PathLike[str]

    def __post_init__(self) -> None:
        of_training.Checkpoint(self.path)  # refuses what cannot be written

    def begin(self, origin: Callable[[], Mapping[str, str]]) -> of_training.Callback:
        """Make what saves the epochs of one fit.

        Parameters
        ----------
        origin : callable

        Returns
        -------
        Callback
        """
        return of_training.Checkpoint(self.path, origin())


@final
@dataclass(frozen=True)
class StopAfter(FollowsTraining):
    """End each fit once it has trained for some time, within a step of the limit.

    Parameters
    ----------
    seconds : float
        The time that a fit may train.

    Raises
    ------
    SpecificationError
        If `seconds` is not positive.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> import chainrule
    >>> network = chainrule.MLPClassifier(max_iter=10**6, n_iter_no_change=float("inf"))
    >>> network = network.set_callbacks(chainrule.StopAfter(seconds=0.05))
    >>> network.fit(*load_iris(return_X_y=True)).n_iter_ < 10**6
    True
    """

    seconds: float

    def __post_init__(self) -> None:
        of_training.StopAfter(self.seconds)  # refuses what is no time

    def begin(self, origin: Callable[[], Mapping[str, str]]) -> of_training.Callback:  # noqa: ARG002
        """Make the clock of one fit.

        Parameters
        ----------
        origin : callable

        Returns
        -------
        Callback
        """
        return of_training.StopAfter(self.seconds)


@final
@dataclass(frozen=True)
class CSVLog(FollowsTraining):
    """Write a row of a CSV file after every epoch: loss, rate, seconds, validation.

    A fit begins the file anew; one that goes on from a checkpoint goes on with the file.

    Parameters
    ----------
    path : str or path-like
        Where to.

    Raises
    ------
    DataError
        If nothing can be written there; at once, and not after the first epoch.

    Examples
    --------
    >>> import tempfile, warnings
    >>> from pathlib import Path
    >>> from sklearn.datasets import load_iris
    >>> import chainrule
    >>> with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")  # two epochs are few
    ...     path = Path(folder, "log.csv")
    ...     network = chainrule.MLPClassifier(max_iter=2).set_callbacks(chainrule.CSVLog(path))
    ...     _ = network.fit(*load_iris(return_X_y=True))
    ...     print(path.read_text().splitlines()[0])
    epoch,loss,learning_rate,seconds,validation_score,validation_loss
    """

    path: str | os.PathLike[str]

    def __post_init__(self) -> None:
        of_training.CSVLog(self.path)  # refuses what cannot be written

    def begin(self, origin: Callable[[], Mapping[str, str]]) -> of_training.Callback:  # noqa: ARG002
        """Make what writes the rows of one fit.

        Parameters
        ----------
        origin : callable

        Returns
        -------
        Callback
        """
        return of_training.CSVLog(self.path)


def begun(estimator: Any, origin: Callable[[], Mapping[str, str]]) -> list[of_training.Callback]:
    """Begin those of our callbacks that were set on an estimator.

    Parameters
    ----------
    estimator : estimator
        The one that is fitted.
    origin : callable
        Gives what the fit is told.

    Returns
    -------
    list of Callback
    """
    given = getattr(estimator, "_skl_callbacks", ())
    return [one.begin(origin) for one in given if isinstance(one, FollowsTraining)]
