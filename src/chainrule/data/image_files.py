"""PNG and JPEG files as one array of bytes."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import DataError

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["load_images", "parse_image_size"]

#: Images of one size up to this many pixels a side are taken as they are.
_LARGEST_KEPT: Final = 64
_DEFAULT_SIZE: Final = (32, 32)
_LARGEST_SIZE: Final = 4096
#: What Pillow raises for a damaged file.
_DAMAGE: Final = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)
#: Pillow's modes without colour.
_GREY: Final = {"1", "L", "LA", "I", "I;16", "I;16B", "I;16L"}


def parse_image_size(text: str) -> tuple[int, int]:
    """Read a size such as ``28`` or ``32x24``.

    Parameters
    ----------
    text : str
        One number for a square, or width and height with an ``x`` between them.

    Returns
    -------
    tuple of int
        Width and height.

    Raises
    ------
    DataError
        If the text is no such size, or a side is not from 1 to 4096.

    Examples
    --------
    >>> parse_image_size("28"), parse_image_size("32x24")
    ((28, 28), (32, 24))
    """
    sides = text.lower().replace("×", "x").split("x")
    if len(sides) > 2 or not all(side.strip().isdecimal() for side in sides):
        raise DataError(f"an image size is one number or width x height, not {text!r}")
    width, height = int(sides[0]), int(sides[-1])
    if not all(1 <= side <= _LARGEST_SIZE for side in (width, height)):
        raise DataError(f"the sides of an image may be 1 to {_LARGEST_SIZE}, not {text!r}")
    return width, height


def load_images(
    folder: Path,
    paths: Sequence[Path],
    *,
    size: tuple[int, int] | None = None,
    shape: tuple[int, ...] | None = None,
) -> tuple[Array, tuple[str, ...]]:
    """Load image files, all brought to one size and to grey or colour.

    Parameters
    ----------
    folder : Path
        Where the paths start, for messages.
    paths : sequence of Path
        The files.
    size : tuple of int, optional
        Width and height; by default chosen as `read_image_folder` says.
    shape : tuple of int, optional
        Height, width and perhaps 3, which override `size`.

    Returns
    -------
    pixels : Array
        m × height × width, or m × height × width × 3, uint8.
    notes : tuple of str
        How the size was chosen.

    Raises
    ------
    DataError
        If a file is not a readable image.
    """
    notes: tuple[str, ...] = ()
    with warnings.catch_warnings():
        # Photographs with damaged remarks, or of very many pixels, are images all the same.
        warnings.filterwarnings("ignore", module="PIL")
        if shape is None:
            shape, notes = _common_shape(folder, paths, size)
        return _decoded_all(folder, paths, _checked_shape(shape)), notes


def _common_shape(
    folder: Path, paths: Sequence[Path], size: tuple[int, int] | None
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    sizes: Counter[tuple[int, int]] = Counter()
    modes: Counter[str] = Counter()
    for path in paths:
        with _opened(folder, path) as image:
            sizes[image.size] += 1
            modes[image.mode] += 1
    (width, height), notes = _chosen_size(size, sizes)
    return ((height, width) if modes.keys() <= _GREY else (height, width, 3)), notes


def _chosen_size(
    size: tuple[int, int] | None, sizes: Counter[tuple[int, int]]
) -> tuple[tuple[int, int], tuple[str, ...]]:
    common = next(iter(sizes)) if len(sizes) == 1 else None
    if size is None and common is not None and max(common) <= _LARGEST_KEPT:
        return common, ()
    size = size or _DEFAULT_SIZE
    if size == common:
        return size, ()
    had = f"{common[0]} × {common[1]}" if common else f"{len(sizes):,} different sizes"
    return size, (f"Images of {had} brought to {size[0]} × {size[1]} (width × height).",)


def _checked_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    if len(shape) == 2 or (len(shape) == 3 and shape[2] == 3):
        return shape
    raise DataError(
        f"the model reads pixels of shape {' × '.join(map(str, shape))}, which image files lack"
    )


def _decoded_all(folder: Path, paths: Sequence[Path], shape: tuple[int, ...]) -> Array:
    pixels = np.empty((len(paths), *shape), dtype=np.uint8)
    mode, size = ("L" if len(shape) == 2 else "RGB"), (shape[1], shape[0])
    for row, path in enumerate(paths):
        with _opened(folder, path) as image:
            pixels[row] = _pixels(image, mode, size)
    return pixels


def _pixels(image: Image.Image, mode: str, size: tuple[int, int]) -> Array:
    from PIL import Image, ImageOps

    if image.format == "JPEG":
        image.draft(mode, size)
        ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode != mode:
        # By way of RGBA, because a palette may hold transparency in a form that RGB lacks.
        image = (image.convert("RGBA") if image.mode == "P" else image).convert(mode)
    if image.size != size:
        image = image.resize(size, Image.Resampling.BILINEAR)
    return np.asarray(image)


@contextmanager
def _opened(folder: Path, path: Path) -> Iterator[Image.Image]:
    """Open an image; whatever goes wrong with it becomes an error that names it."""
    from PIL import Image

    try:
        with Image.open(path, formats=("PNG", "JPEG")) as image:
            yield image
    except (*_DAMAGE, Image.DecompressionBombError) as error:
        name = path.relative_to(folder).as_posix()
        raise DataError(f"the image {name} cannot be read: {_reason(error)}") from error


def _reason(error: BaseException) -> str:
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return "it is no PNG or JPEG image, whatever its name says"
    return str(error) or type(error).__name__
