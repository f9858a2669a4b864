"""A table of the epochs, in a file."""

import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import ClassVar, Final, final

from chainrule.errors import DataError
from chainrule.storage import check_writable, write_atomically
from chainrule.training.callbacks.callback import Progress
from chainrule.training.history import EpochRecord

__all__ = ["CSVLog"]

_HEADER: Final = ",".join(column.name for column in fields(EpochRecord))


@final
@dataclass
class CSVLog:
    """A callback that adds a row to a CSV file after every epoch.

    The columns are the fields of `EpochRecord`; what an epoch does not have is empty, and numbers
    are written with all their digits. Training from the beginning begins the file anew. Training
    that goes on after a pause writes the rows of the epochs before from its history, so that a
    log that ran ahead of the last checkpoint, or whose last row was cut off, becomes whole again.

    Parameters
    ----------
    path : str or path-like
        Where to.

    Raises
    ------
    DataError
        Where nothing can be written there; at once, and not after the first epoch.

    Examples
    --------
    >>> import tempfile
    >>> from chainrule.network import Architecture
    >>> from chainrule.parameters import initial_parameters
    >>> import numpy as np
    >>> params = initial_parameters(Architecture.of([1, 1]), np.random.RandomState(0))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = CSVLog(Path(folder, "log.csv"))
    ...     going_on = log.on_epoch_end(Progress(EpochRecord(1, 0.5, 0.1, 2.0), 10, params, None))
    ...     print(Path(folder, "log.csv").read_text())
    epoch,loss,learning_rate,seconds,validation_score,validation_loss
    1,0.5,0.1,2.0,,
    <BLANKLINE>
    """

    follows_steps: ClassVar[bool] = False

    path: str | os.PathLike[str]
    _begun: bool = field(default=False, init=False, repr=False)

    def __post_init__(self) -> None:
        check_writable(Path(self.path))

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
        """Add a row.

        Parameters
        ----------
        progress : Progress

        Returns
        -------
        bool
            False.
        """
        record, path = progress.record, Path(self.path)
        if record.epoch == 1 or not self._begun:
            rows = [_HEADER, *map(_row, _earlier(progress)), ""]
            write_atomically(path, "\n".join(rows).encode())
            self._begun = True
        try:
            with path.open("a", encoding="utf-8", newline="") as file:
                file.write(_row(record) + "\n")
        except OSError as error:
            raise DataError(f"{path} cannot be written: {error.strerror}") from None
        return False


def _row(record: EpochRecord) -> str:
    values = asdict(record).values()
    return ",".join("" if value is None else repr(_plain(value)) for value in values)


def _plain(value: float) -> float:
    """Take the number out of a NumPy scalar, whose repr is not a number in a table."""
    return value if type(value) is int else float(value)


def _earlier(progress: Progress) -> list[EpochRecord]:
    return [] if progress.state is None else progress.state.history.records[:-1]
