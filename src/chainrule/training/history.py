"""The record of training, one entry an epoch."""

from dataclasses import dataclass, field
from typing import final

__all__ = ["EpochRecord", "History"]


@final
@dataclass(frozen=True)
class EpochRecord:
    """What one epoch came to.

    Parameters
    ----------
    epoch : int
        1 for the first epoch.
    loss : float
        The mean of the losses of the epoch's batches, weighted by their numbers of rows, each
        taken before its update and with the L2 penalty.
    learning_rate : float
        The rate that the epoch began with.
    seconds : float
        How long the epoch took, validation included.
    validation_score : float, optional
        The score of the held-out data after the epoch; greater is better.
    validation_loss : float, optional
        The loss of the held-out data after the epoch, without the L2 penalty.

    Examples
    --------
    >>> EpochRecord(epoch=1, loss=0.5, learning_rate=0.001, seconds=0.1).loss
    0.5
    """

    epoch: int
    loss: float
    learning_rate: float
    seconds: float
    validation_score: float | None = None
    validation_loss: float | None = None


@final
@dataclass
class History:
    """The records of all epochs, oldest first.

    Parameters
    ----------
    records : list of EpochRecord, optional

    Examples
    --------
    >>> history = History([EpochRecord(epoch=1, loss=0.5, learning_rate=0.001, seconds=0.1)])
    >>> history.loss_curve
    [0.5]
    """

    records: list[EpochRecord] = field(default_factory=list)

    @property
    def loss_curve(self) -> list[float]:
        """The training loss of every epoch."""
        return [record.loss for record in self.records]

    @property
    def validation_scores(self) -> list[float]:
        """The validation score of every epoch that has one."""
        scores = (record.validation_score for record in self.records)
        return [score for score in scores if score is not None]

    @property
    def validation_losses(self) -> list[float]:
        """The validation loss of every epoch that has one."""
        losses = (record.validation_loss for record in self.records)
        return [loss for loss in losses if loss is not None]

    @property
    def last_loss(self) -> float:
        """The training loss of the last epoch; NaN before the first."""
        return self.records[-1].loss if self.records else float("nan")
