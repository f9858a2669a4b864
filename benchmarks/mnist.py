"""The handwritten digits, read once a process."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, final

import numpy as np
import numpy.typing as npt

from workloads import Data

__all__ = ["DEFAULT_FILE", "Mnist", "mnist"]

DEFAULT_FILE: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "mnist.npz"


@final
@dataclass(frozen=True, eq=False)
class Mnist:
    """60,000 images to learn from and 10,000 others."""

    train: Data
    test: Data


@cache
def mnist(file: Path) -> Mnist:
    """Read the images as rows of 784 numbers in [0, 1].

    Parameters
    ----------
    file : Path
        An ``.npz`` with ``train_x``, ``train_y``, ``test_x`` and ``test_y``.

    Returns
    -------
    Mnist
    """
    with np.load(file) as arrays:
        train, test = (
            _data(arrays[f"{part}_x"], arrays[f"{part}_y"]) for part in ("train", "test")
        )
    return Mnist(train, test)


def _data(images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8]) -> Data:
    X = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
    return Data(X, labels.astype(np.int64), 10)
