"""A checkpoint after every epoch."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, final

import numpy as np

from chainrule.errors import SpecificationError
from chainrule.storage import check_writable
from chainrule.training.callbacks.callback import Progress
from chainrule.training.checkpoints import save_checkpoint

__all__ = ["Checkpoint"]


@final
@dataclass(frozen=True)
class Checkpoint:
    """A callback that saves where training stands after every epoch, in place of the last time.

    Whenever the process is killed, the file is that of one whole epoch: `load_state` gives the
    state from which `resume` goes on with the same bits. (L-BFGS has no state; of it the
    parameters are saved.)

    Parameters
    ----------
    path : str or path-like
        Where to.
    origin : mapping of str to str, optional
        What the training is told, to be saved with it.

    Raises
    ------
    DataError
        Where nothing can be written there; at once, and not after the first epoch.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     callback = Checkpoint(Path(folder, "run.checkpoint"))
    """

    follows_steps: ClassVar[bool] = False

    path: str | os.PathLike[str]
    origin: Mapping[str, str] | None = None

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
        """Save, unless the parameters are no longer finite: nobody could go on from those.

        Parameters
        ----------
        progress : Progress
            With the network in it.

        Returns
        -------
        bool
            False.
        """
        if progress.architecture is None:
            raise SpecificationError("a checkpoint needs a progress that tells the network")
        network, params = progress.architecture, progress.params
        if np.isfinite(params.vector).all():
            save_checkpoint(self.path, network, params, progress.state, origin=self.origin)
        return False
