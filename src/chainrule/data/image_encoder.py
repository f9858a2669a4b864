"""From images to the matrix X that a network reads."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, final

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.data.dataset import Features, Images, Layout
from chainrule.data.state import State, StateReader, finite_vector
from chainrule.errors import DataError, ModelFileError

__all__ = ["ImageEncoder"]

#: The largest value of the types that images are stored in.
_FULL_SCALE: Final = {"uint8": 255.0, "uint16": 65535.0}
#: All types that have no such value.
_OTHER: Final = "other"


@final
@dataclass(frozen=True)
class ImageEncoder:
    """Images, flattened and scaled.

    Parameters
    ----------
    shape : tuple of int
        Shape of one image.
    pixel_type : str
        ``"uint8"``, ``"uint16"`` or ``"other"``.
    divisor : float
        255, 65535, or the largest absolute value of the training part.

    Examples
    --------
    >>> encoder = ImageEncoder.fit(Images(np.full((2, 1, 2), 51, dtype=np.uint8)))
    >>> encoder.transform(Images(np.array([[[0, 255]]], dtype=np.uint8)))
    array([[0., 1.]], dtype=float32)
    """

    kind: ClassVar[str] = "images"

    shape: tuple[int, ...]
    pixel_type: str
    divisor: float

    @classmethod
    def fit(cls, features: Features | Array) -> ImageEncoder:
        """Learn shape and scale from the training part.

        Parameters
        ----------
        features : Images or Array
            m images.

        Returns
        -------
        ImageEncoder

        Raises
        ------
        DataError
            If a pixel is not finite.
        """
        images = _images(features)
        kind = _pixel_type(images)
        images.check_finite()
        largest = max(abs(float(images.pixels.max())), abs(float(images.pixels.min())))
        return cls(images.shape, kind, _FULL_SCALE.get(kind, largest or 1.0))

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the n_0 columns of X: the pixels, row by row."""
        return tuple(f"pixel {i}" for i in range(self.n_outputs))

    @property
    def n_outputs(self) -> int:
        """Number n_0 of columns of X."""
        return math.prod(self.shape)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what is done, for the user."""
        size = f"{_size(self.shape)} flattened into {self.n_outputs:,} columns"
        return (f"Images of {size}, pixels divided by {self.divisor:g}.",)

    @property
    def layout(self) -> Layout:
        """What a reader of image files has to know."""
        return Layout(image_shape=self.shape)

    def transform(self, features: Features | Array, dtype: npt.DTypeLike = np.float32) -> Array:
        """Encode images.

        Parameters
        ----------
        features : Images or Array
            m images of the training part's shape and type, or their pixels as m rows.
        dtype : dtype, default=float32
            float32 or float64.

        Returns
        -------
        Array
            X, m × n_0, finite, C-contiguous.

        Raises
        ------
        DataError
            If shape or type differ from training, or a pixel is not finite.
        """
        images = self._shaped(_images(features))
        self._check(images)
        flat = images.pixels.reshape(len(images), -1)
        X = np.empty(flat.shape, dtype=dtype)
        with np.errstate(over="ignore"):
            np.divide(flat, self.divisor, out=X, dtype=np.float64, casting="same_kind")
        if self.pixel_type == _OTHER:
            Images(X).check_finite()
        return X

    def unseen(self, features: Features | Array) -> dict[str, int]:  # noqa: ARG002
        """Give an empty dict: images have no categories."""
        return {}

    def to_state(self) -> tuple[State, dict[str, Array]]:
        """Give everything that `from_state` needs.

        Returns
        -------
        state : dict
            Shape and type, ready for JSON.
        arrays : dict of str to Array
            The divisor.
        """
        state = {"kind": self.kind, "shape": list(self.shape), "pixel_type": self.pixel_type}
        return state, {"divisor": np.array([self.divisor])}

    @classmethod
    def from_state(cls, state: Any, arrays: Mapping[str, Array]) -> ImageEncoder:
        """Build the encoder that `to_state` described.

        Parameters
        ----------
        state : object
            What a model file holds.
        arrays : mapping of str to Array
            Its arrays.

        Returns
        -------
        ImageEncoder
            Encodes bit for bit as the original.

        Raises
        ------
        ModelFileError
            If anything is absent, of another type, or contradictory.
        """
        reader = StateReader(state, "the image encoder")
        divisor = float(finite_vector(arrays, "divisor", 1)[0])
        pixel_type = reader.text("pixel_type")
        known = pixel_type in {*_FULL_SCALE, _OTHER}
        if not known or divisor <= 0 or _FULL_SCALE.get(pixel_type, divisor) != divisor:
            raise ModelFileError("the model file is damaged: the scale of its images is wrong")
        return cls(reader.sizes("shape"), pixel_type, divisor)

    def _shaped(self, images: Images) -> Images:
        """Give rows of pixels the shape of the images that they are."""
        if images.shape != (self.n_outputs,):
            return images
        return Images(images.pixels.reshape(-1, *self.shape))

    def _check(self, images: Images) -> None:
        if images.shape != self.shape:
            raise DataError(
                f"the images are {_size(images.shape)}, "
                f"and the model was trained on {_size(self.shape)}"
            )
        if _pixel_type(images) != self.pixel_type:
            raise DataError(
                f"the pixels are {images.pixels.dtype}, and the model was trained on "
                f"{self.pixel_type} pixels"
            )
        images.check_finite()


def _images(features: Features | Array) -> Images:
    if isinstance(features, np.ndarray):
        return Images(features)
    if not isinstance(features, Images):
        raise DataError("images are needed, and this is a table")
    return features


def _pixel_type(images: Images) -> str:
    name = images.pixels.dtype.name
    return name if name in _FULL_SCALE else _OTHER


def _size(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))
