"""scikit-learn's callbacks, told of a training: a task an epoch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, final

from chainrule.estimators.weights import coefs_of, intercepts_of
from chainrule.training import Callback, Progress

__all__ = ["EpochTasks", "fitted_after", "following"]


@final
class EpochTasks:
    """A callback of the training that tells scikit-learn's callbacks of every epoch.

    Parameters
    ----------
    estimator : estimator
        The one that is fitted.
    context : sklearn.callback.CallbackContext
        The task of the whole fit.
    told : dict
        What every task is told: `X` and `y` as the user gave them, and `metadata`.
    reconstruct : callable
        Gives the fitted attributes that an estimator has after an epoch, by its `Progress`.

    References
    ----------
    scikit-learn 1.9, ``sklearn.callback``, and its enhancement proposal SLEP023.
    """

    def __init__(
        self,
        estimator: Any,
        context: Any,
        told: dict[str, Any],
        reconstruct: Callable[[Progress], dict[str, Any]],
    ) -> None:
        self._estimator = estimator
        self._context = context
        self._told = told
        self._reconstruct = reconstruct
        self._task = self._begin_task()

    def on_step_end(self, _step: int, _n_steps: int, /) -> bool:
        """Go on.

        Parameters
        ----------
        _step, _n_steps : int

        Returns
        -------
        bool
            False.
        """
        return False

    def on_epoch_end(self, progress: Progress, /) -> bool:
        """End the task of this epoch, and begin that of the next where there is to be one.

        Parameters
        ----------
        progress : Progress

        Returns
        -------
        bool
            Whether a callback asks to stop.
        """
        asked = self._task.call_on_fit_task_end(
            estimator=self._estimator,
            reconstruction_attributes=lambda: self._reconstruct(progress),
            **self._told,
        )
        has_converged = progress.state is not None and progress.state.converged
        is_last = progress.record.epoch >= progress.max_epochs
        self._task = None if asked or has_converged or is_last else self._begin_task()
        return bool(asked)

    def close(self) -> None:
        """End the task of an epoch that was not brought to its end."""
        if self._task is not None:
            self._task.call_on_fit_task_end(estimator=self._estimator)
            self._task = None

    def _begin_task(self) -> Any:
        task = self._context.subcontext(task_name="epoch")
        return task.call_on_fit_task_begin(estimator=self._estimator, **self._told)


@contextmanager
def following(
    estimator: Any, told: dict[str, Any], reconstruct: Callable[[Progress], dict[str, Any]]
) -> Iterator[list[Callback]]:
    """Tell scikit-learn's callbacks of a fit.

    Parameters
    ----------
    estimator : estimator
        The one that is fitted; one that nobody follows costs nothing.
    told : dict
        As `EpochTasks` takes it.
    reconstruct : callable
        Likewise.

    Yields
    ------
    list of Callback
        What the training is to tell of its epochs.
    """
    context = estimator._init_callback_context(max_subtasks=int(estimator.max_iter))
    context.call_on_fit_task_begin(estimator=estimator, **told)
    if not getattr(estimator, "_skl_callbacks", ()):
        yield []
        return
    tasks = EpochTasks(estimator, context, told, reconstruct)
    yield [tasks]
    tasks.close()
    context.call_on_fit_task_end(estimator=estimator, reconstruction_attributes={}, **told)


def fitted_after(progress: Progress) -> dict[str, Any]:
    """Give the fitted attributes that an estimator has after an epoch."""
    params = progress.params.copy()
    return {
        "coefs_": coefs_of(params),
        "intercepts_": intercepts_of(params),
        "n_iter_": progress.record.epoch,
        "loss_": progress.record.loss,
    }
