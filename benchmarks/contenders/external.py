"""Any program that trains the same network, such as one linked with a library in another language.

The program is called once a training, as ``PROGRAM FILE EPOCHS SHUFFLE THREADS``. ``SHUFFLE`` is 1
for a new order each epoch and 0 for the order of the file. It prints one line: the probabilities of
the first 50 rows (all of them where there are fewer) after training, row by row, with blanks
between. The time of its start and of reading the file cancels in the slope over the epochs.

``FILE`` begins with a line of ASCII ::

    layers=9,5,3 batch=4 activation=relu output=softmax solver=adam rate=0.1 epsilon=1e-08 rows=8

followed by, in the byte order of the machine: the rows as float32, the labels as int32, and for
each layer the weights (n_{l-1} × n_l, row by row) and the biases as float32. ``solver=sgd`` has a
classical momentum of 0.9; ``adam`` decays its
moments by 0.9 and 0.999. With ``output=logistic`` row j's target
is 1 for output ``labels[j]`` and 0 for the others.
"""

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, final

import numpy as np
import numpy.typing as npt

from contenders.contender import Probabilities, Specification
from contenders.first_weights import first_weights

__all__ = ["External"]

N_ANSWERED: Final = 50


def header(told: Specification) -> str:
    """Describe the network and its training in a line."""
    workload = told.workload
    fields = {
        "layers": ",".join(map(str, workload.layers)),
        "batch": workload.batch_size,
        "activation": workload.activation,
        "output": "logistic" if workload.is_multilabel else "softmax",
        "solver": workload.solver,
        "rate": workload.rate,
        "epsilon": workload.epsilon,
        "rows": len(told.data.X),
    }
    return " ".join(f"{name}={value}" for name, value in fields.items())


def write(told: Specification, file: Path) -> None:
    """Write all that the program reads."""
    weights = first_weights(told)
    with file.open("wb") as out:
        out.write(f"{header(told)}\n".encode("ascii"))
        out.write(np.ascontiguousarray(told.data.X).data)
        out.write(told.data.labels.astype(np.int32).data)
        for W, b in zip(weights.coefs, weights.intercepts, strict=True):
            out.write(np.ascontiguousarray(W).data)
            out.write(np.ascontiguousarray(b).data)


@final
class External:
    """A program that is run for every training.

    Parameters
    ----------
    program : Path
        What is run.
    told : Specification
        What is trained.
    """

    def __init__(self, program: Path, told: Specification) -> None:
        self._program, self._told = program, told
        folder = Path(tempfile.mkdtemp())
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        self._file = folder / "training.bin"
        self._line = ""
        write(told, self._file)

    def fit(self, n_epochs: int, *, shuffle: bool) -> None:
        """Run the program."""
        told = [str(n_epochs), str(int(shuffle)), str(self._told.n_threads)]
        command = [str(self._program), str(self._file), *told]
        self._line = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout

    def one_epoch(self) -> None:
        """Refuse: a program begins anew each time."""
        raise NotImplementedError("an external program cannot go on from where it ended")

    def step(self) -> None:
        """Refuse, likewise."""
        self.one_epoch()

    def outputs(self, X: npt.NDArray[np.float32]) -> Probabilities:
        """Give what the program printed; `X` must be the first rows of the data."""
        found = np.array(self._line.split(), dtype=np.float32)
        return found.reshape(-1, self._told.workload.layers[-1])[: len(X)]

    def about(self) -> Mapping[str, str]:
        """Name the program."""
        return {"program": self._program.name}
