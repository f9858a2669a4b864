"""One way in for every kind of data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from chainrule.data.archives import read_archive
from chainrule.data.bundled import BUNDLED, read_bundled
from chainrule.data.dataset import Dataset, Images, Layout
from chainrule.data.image_folders import read_image_folder
from chainrule.data.tables import listed_columns, read_table
from chainrule.errors import DataError, nearest

__all__ = ["read", "require_target"]

_TABLES: Final = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".parquet")


def read(
    source: str | os.PathLike[str],
    *,
    target: str | None = None,
    image_size: int | tuple[int, int] | None = None,
    layout: Layout | None = None,
) -> Dataset:
    """Read a data set.

    Parameters
    ----------
    source : str or path-like
        ``digits``, ``iris``, ``wine``, ``breast_cancer`` or ``diabetes``, the sets that ship with
        scikit-learn; or a path to a ``.csv``, ``.csv.gz``, ``.parquet`` or ``.npz`` file, or to a
        folder of images.  A file called like a bundled set is reached as ``./iris``.
    target : str, optional
        The column of a table that is to be predicted.  Other sources know their target.
    image_size : int or tuple of int, optional
        Side, or width and height, to bring the images of a folder to.
    layout : Layout, optional
        The `layout` of a trained encoder, for data that is to be given to its model.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        If there is no such source, it cannot be read, or an option does not go with it.

    Examples
    --------
    >>> read("wine").features.shape
    (178, 13)
    """
    if source == "":
        raise DataError(f"no data is named; bundled sets are {', '.join(BUNDLED)}")
    if isinstance(source, str) and source in BUNDLED:
        _refuse_options(source, target, image_size)
        return read_bundled(source)
    try:
        return _read_path(Path(source), target, image_size, layout or Layout())
    except OSError as error:
        raise DataError(f"{source} cannot be read: {error.strerror or error}") from error


def require_target(dataset: Dataset) -> None:
    """Refuse a data set in which nothing is to be predicted.

    Parameters
    ----------
    dataset : Dataset
        What `read` gave.

    Raises
    ------
    DataError
        Says how to name a target: which columns there are, or what is missing.

    Examples
    --------
    >>> require_target(read("iris"))
    """
    if dataset.target is None:
        raise DataError(f"{dataset.name} {_how_to_name_a_target(dataset)}")
    for part, rows in (("validation", dataset.validation), ("test", dataset.test)):
        if rows is not None and rows.target is None:
            raise DataError(f"the {part} part of {dataset.name} has no labels")


def _read_path(
    path: Path, target: str | None, image_size: int | tuple[int, int] | None, layout: Layout
) -> Dataset:
    if not path.exists():
        raise DataError(_no_such_source(path))
    if path.name.lower().endswith(_TABLES):
        _refuse_options(path, None, image_size)
        return read_table(path, target=target, layout=layout)
    if path.is_dir():
        _refuse_options(path, target, None)
        size = (image_size, image_size) if isinstance(image_size, int) else image_size
        return read_image_folder(path, size=size, shape=layout.image_shape)
    if path.suffix.lower() == ".npz":
        _refuse_options(path, target, image_size)
        return read_archive(path)
    raise DataError(
        f"{path} is of no kind that can be read; those are .csv, .csv.gz, .parquet, .npz "
        "and folders of images"
    )


def _refuse_options(source: object, target: object, image_size: object) -> None:
    if target is not None:
        raise DataError(f"{source} is no table, so it has no column for --target to name")
    if image_size is not None:
        raise DataError(f"{source} is no folder of images, so --image-size does not fit it")


def _no_such_source(path: Path) -> str:
    beside = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    hint = nearest(path.name, [*beside, *BUNDLED])
    return f"there is no file or folder {path}{hint}; bundled sets are {', '.join(BUNDLED)}"


def _how_to_name_a_target(dataset: Dataset) -> str:
    features = dataset.features
    if isinstance(features, Images):
        if dataset.row_names is not None:
            return "has no labels; put the images into one subfolder a class"
        return "has no labels; add an array y (or train_y)"
    if dataset.name.lower().endswith(".npz"):
        return "has no labels; add an array y (or train_y)"
    columns = listed_columns(features.columns)
    return f"needs a column to predict: name one with --target; its columns are {columns}"
