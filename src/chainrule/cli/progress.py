"""The progress of training: a live line in a terminal, now and then a line elsewhere."""

from types import TracebackType
from typing import Self, final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from chainrule.cli.console import say
from chainrule.training import EpochRecord
from chainrule.training import Progress as TrainingProgress

__all__ = ["ProgressLine"]

_LINES_EVERY = 10


@final
class ProgressLine:
    """A callback for training that draws on standard error.

    Parameters
    ----------
    max_epochs : int
        Epochs at most.
    metric : str
        What the validation score is called.
    """

    def __init__(self, max_epochs: int, metric: str) -> None:
        self._metric = metric
        self._max_epochs = max_epochs
        self._epoch = 0
        self._best = float("-inf")
        self._console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("epoch {task.fields[epoch]}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[said]}"),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task(
            "", total=float(max_epochs), epoch=f"0/{max_epochs}", said=""
        )

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def on_step_end(self, step: int, n_steps: int, /) -> bool:
        """Move the bar within an epoch, as often as is worth seeing."""
        if step % max(1, n_steps // 20) == 0:
            self._bar.update(self._task, completed=self._epoch + step / n_steps)
        return False

    def on_epoch_end(self, progress: TrainingProgress, /) -> bool:
        """Show the epoch's loss and validation score."""
        record = progress.record
        self._epoch = record.epoch
        if record.validation_score is not None:
            self._best = max(self._best, record.validation_score)
        counted = f"{record.epoch}/{self._max_epochs}"
        said = self._describe(record)
        self._bar.update(self._task, completed=float(record.epoch), epoch=counted, said=said)
        if not self._console.is_terminal and (record.epoch - 1) % _LINES_EVERY == 0:
            say(f"epoch {counted}  {said}")
        return False

    def _describe(self, record: EpochRecord) -> str:
        said = f"loss {record.loss:.4f}"
        if record.validation_score is None:
            return said
        score, best = record.validation_score, self._best
        return f"{said}  validation {self._metric} {score:.4f} (best {best:.4f})"
