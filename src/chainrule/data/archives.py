"""NumPy archives: arrays ``x`` and ``y``, or the same for a training and a test part."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np

from chainrule.arrays import Array
from chainrule.data.dataset import Dataset, Features, Images, Part, as_features
from chainrule.data.target_values import plain_target
from chainrule.errors import DataError

__all__ = ["read_archive"]

#: Everything that NumPy and zipfile raise for a damaged archive; MemoryError stands for a
#: header that claims more numbers than the file can hold.
_DAMAGE: Final = (
    *(OSError, ValueError, EOFError, KeyError, SyntaxError, NotImplementedError, MemoryError),
    *(zipfile.BadZipFile, zlib.error),
)
_PARTS: Final = {
    "": "main",
    "train": "main",
    "valid": "validation",
    "val": "validation",
    "validation": "validation",
    "test": "test",
}
_ROLES: Final = {"x": "x", "y": "y", "images": "x", "labels": "y"}


def read_archive(path: Path) -> Dataset:
    """Read an ``.npz`` archive without ever unpickling.

    Arrays are ``x`` and ``y``, or ``train_x train_y test_x test_y`` with ``valid_x valid_y``
    where there is a validation part; ``x_train``, ``X`` and the like mean the same, and ``y``
    may be absent where only predictions are wanted.  Bytes and arrays of more than two axes are
    images, other arrays m × n are the columns ``x0, x1, …`` of a table.

    Parameters
    ----------
    path : Path
        The archive.

    Returns
    -------
    Dataset
        Images keep their type, one byte a pixel.

    Raises
    ------
    DataError
        If the archive is damaged, holds objects, lacks an array, or lengths disagree.
    """
    arrays = _arrays(path)
    names = {place: name for name in arrays if (place := _place(name))}
    if ("main", "x") not in names:
        held = ", ".join(arrays) or "nothing"
        raise DataError(f"{path.name} needs arrays x and y, or train_x and train_y; it has {held}")
    parts = {part: _part(path.name, part, names, arrays) for part, role in names if role == "x"}
    _check_alike(path.name, parts)
    return Dataset(path.name, parts["main"], parts.get("validation"), parts.get("test"))


def _arrays(path: Path) -> dict[str, Array]:
    """Load the arrays whose names mean something; name the others without loading them."""
    if not zipfile.is_zipfile(path):
        raise DataError(f"{path.name} is no archive of NumPy arrays, or it is cut short")
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: _array(archive, name) for name in archive.files}
    except _DAMAGE as error:
        raise DataError(f"{path.name} cannot be read as NPZ: {_reason(error)}") from error


def _array(archive: Any, name: str) -> Array:
    if _place(name) is None:
        return np.empty(0)
    array = archive[name]
    if not isinstance(array, np.ndarray):
        raise ValueError(f"its entry {name!r} is no array")
    return array


def _reason(error: BaseException) -> str:
    if "allow_pickle" in str(error):
        return "it holds Python objects, and only plain arrays are read"
    return str(error) or type(error).__name__


def _place(name: str) -> tuple[str, str] | None:
    """Give part and role of an array from its name: ``test_x`` is ``("test", "x")``."""
    words = re.split("_", name.lower())
    roles = [_ROLES[word] for word in words if word in _ROLES]
    parts = [_PARTS[word] for word in words if word in _PARTS]
    if len(roles) != 1 or len(roles) + len(parts) != len(words) or len(parts) > 1:
        return None
    return (parts or ["main"])[0], roles[0]


def _part(
    archive: str, part: str, names: dict[tuple[str, str], str], arrays: dict[str, Array]
) -> Part:
    name = names[part, "x"]
    features = _features(arrays[name], f"{name} of {archive}")
    label_name = names.get((part, "y"))
    if label_name is None:
        return Part(features)
    target = _labels(arrays[label_name], f"{label_name} of {archive}")
    if len(target) != len(features):
        raise DataError(
            f"{name} of {archive} has {len(features):,} rows and {label_name} has {len(target):,}"
        )
    return Part(features, target)


def _features(values: Array, what: str) -> Features:
    if values.ndim == 0 or len(values) == 0:
        raise DataError(f"{what} holds no rows")
    if values.dtype.kind not in "buifU":
        raise DataError(f"{what} holds {values.dtype}, and numbers are needed")
    if values.ndim == 1:
        values = values[:, np.newaxis]
    if values.ndim > 2 or values.dtype == np.uint8:
        images = Images(values)
        images.check_finite()
        return images
    return as_features(values)


def _labels(values: Array, what: str) -> Array:
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise DataError(f"{what} has shape {values.shape}, and one label a row is needed")
    if values.dtype.kind not in "buifU":
        raise DataError(f"{what} holds {values.dtype}, and numbers or text are needed")
    return plain_target(values)


def _check_alike(archive: str, parts: dict[str, Part]) -> None:
    widths = {part: np.shape(_first(rows.features)) for part, rows in parts.items()}
    for part, width in widths.items():
        if width != widths["main"]:
            raise DataError(
                f"the {part} part of {archive} has rows of shape {width} "
                f"and the training part has {widths['main']}"
            )


def _first(features: Features) -> Any:
    return features.pixels[0] if isinstance(features, Images) else features.iloc[0]
