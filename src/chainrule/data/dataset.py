"""What reading gives: rows of a table or images, with their target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, final

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dataset", "Features", "Images", "Layout", "Part", "as_features"]


@final
@dataclass(frozen=True, eq=False)
class Images:
    """Images of one size, not yet scaled.

    Parameters
    ----------
    pixels : Array
        m × h × w grey values, m × h × w × c channels, or m × n where the images came flattened.

    Raises
    ------
    DataError
        If the array does not hold numbers or has fewer than two axes.

    Examples
    --------
    >>> images = Images(np.zeros((5, 28, 28), dtype=np.uint8))
    >>> len(images), images.shape
    (5, (28, 28))
    """

    pixels: Array

    def __post_init__(self) -> None:
        if self.pixels.ndim < 2 or self.pixels.dtype.kind not in "buif" or 0 in self.shape:
            raise DataError(
                f"images need an array of numbers, m × height × width, and this one is "
                f"{self.pixels.dtype} of shape {self.pixels.shape}"
            )

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one image: height × width, and channels where there are several."""
        return self.pixels.shape[1:]

    def check_finite(self) -> None:
        """Refuse pixels that are no finite numbers.

        Raises
        ------
        DataError
            Names the first such image.
        """
        if self.pixels.dtype.kind != "f" or np.isfinite(self.pixels).all():
            return
        finite = np.isfinite(self.pixels).reshape(len(self), -1).all(axis=1)
        number = int((~finite).argmax()) + 1
        raise DataError(f"image {number} has a pixel that is not a finite number")


#: What a network is fed with before encoding: the columns of a table, or images.
Features: TypeAlias = "pd.DataFrame | Images"


@final
@dataclass(frozen=True, eq=False)
class Part:
    """Some rows with their target: the training, validation or test part of a data set.

    Parameters
    ----------
    features : pandas.DataFrame or Images
        m rows.
    target : Array or None
        m labels or numbers: bool, int64, float64, or an object array of str in which a missing
        label is None.  None where the source holds no target.
    row_names : tuple of str or None
        One name a row, where the source has such names (the files of an image folder).
    """

    features: Features
    target: Array | None = None
    row_names: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.features)

    def rows(self, index: Array) -> Part:
        """Take the rows at the given positions, in that order.

        Parameters
        ----------
        index : Array
            Positions, int64.

        Returns
        -------
        Part

        Examples
        --------
        >>> part = Part(Images(np.zeros((3, 2, 2))), np.array([7, 8, 9]))
        >>> part.rows(np.array([2, 0])).target
        array([9, 7])
        """
        names = self.row_names
        return Part(
            features=_take(self.features, index),
            target=None if self.target is None else self.target[index],
            row_names=None if names is None else tuple(names[i] for i in index),
        )


@final
@dataclass(frozen=True, eq=False)
class Dataset:
    """A named data set as its source delivers it.

    Parameters
    ----------
    name : str
        The source, for messages.
    main : Part
        All rows, or the training part where the source comes divided.
    validation, test : Part or None
        The parts that the source itself sets apart.
    target_name : str or None
        The column that is the target, where it has a name.
    notes : tuple of str
        Sentences about what was done while reading, for the user.
    """

    name: str
    main: Part
    validation: Part | None = None
    test: Part | None = None
    target_name: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def features(self) -> Features:
        """Features of the main part."""
        return self.main.features

    @property
    def target(self) -> Array | None:
        """Target of the main part."""
        return self.main.target

    @property
    def row_names(self) -> tuple[str, ...] | None:
        """Row names of the main part."""
        return self.main.row_names


@final
@dataclass(frozen=True)
class Layout:
    """What a trained model expects of new data, so that a reader need not guess.

    Parameters
    ----------
    text_columns : frozenset of str
        Columns that a CSV reader must leave as text, even where they look like numbers.
    image_shape : tuple of int or None
        Height, width and, for colour, 3.
    """

    text_columns: frozenset[str] = frozenset()
    image_shape: tuple[int, ...] | None = None


def as_features(data: Features | Array) -> Features:
    """Wrap a bare array: two axes are the columns ``x0, x1, …`` of a table, more are images.

    Parameters
    ----------
    data : pandas.DataFrame, Images or Array
        What a caller has at hand.

    Returns
    -------
    pandas.DataFrame or Images

    Raises
    ------
    DataError
        If an array has fewer than two axes.

    Examples
    --------
    >>> list(as_features(np.zeros((3, 2))).columns)
    ['x0', 'x1']
    """
    if not isinstance(data, np.ndarray):
        return data
    if data.ndim < 2:
        raise DataError(f"a table or images are needed, not an array of shape {data.shape}")
    if data.ndim > 2:
        return Images(data)
    import pandas as pd

    return pd.DataFrame(data, columns=[f"x{i}" for i in range(data.shape[1])])


def _take(features: Features, index: Array) -> Features:
    if isinstance(features, Images):
        return Images(features.pixels[index])
    return features.iloc[index]
