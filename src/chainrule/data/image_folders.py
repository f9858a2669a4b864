"""Folders of images: one subfolder a class, or images side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, final

import numpy as np

from chainrule.data.dataset import Dataset, Images, Part
from chainrule.data.image_files import load_images
from chainrule.data.ordering import natural_order
from chainrule.errors import DataError

__all__ = ["read_image_folder"]

_SUFFIXES: Final = (".png", ".jpg", ".jpeg")
#: Names of files that no person made begin so.
_HIDDEN: Final = (".", "__MACOSX")
#: Subfolders that are parts of the data and not classes, if one of them is the training part.
_PARTS: Final = {
    "train": "main",
    "training": "main",
    "valid": "validation",
    "val": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}


@final
@dataclass
class _Listing:
    """Paths and labels of one part, and what was passed over on the way."""

    paths: list[Path] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    ignored: list[Path] = field(default_factory=list)


def read_image_folder(
    folder: Path,
    *,
    size: tuple[int, int] | None = None,
    shape: tuple[int, ...] | None = None,
) -> Dataset:
    """Read PNG and JPEG files, classes in subfolders.

    The subfolders may also be ``train`` and ``test`` (and ``valid``), each with one subfolder a
    class.  A folder without subfolders of images gives images without labels.  Hidden files are
    passed over; other files that are no PNG or JPEG images are counted in the notes.

    Parameters
    ----------
    folder : Path
        The folder.
    size : tuple of int, optional
        Width and height to bring every image to; by default the size that all have, if it is at
        most 64 × 64, else 32 × 32.
    shape : tuple of int, optional
        Height, width and, for colour, 3: what a trained model needs, instead of `size`.

    Returns
    -------
    Dataset
        uint8 images, grey if all files are, else with red, green and blue; row names are paths
        inside the folder.

    Raises
    ------
    DataError
        If there is no image, a class has none, or a file cannot be read.
    """
    listings = {part: _listing(place) for part, place in _part_folders(folder).items()}
    paths = [path for listing in listings.values() for path in listing.paths]
    pixels, notes = load_images(folder, paths, size=size, shape=shape)
    parts = {}
    for part, listing in listings.items():
        n = len(listing.paths)
        parts[part], pixels = _part(folder, listing, Images(pixels[:n])), pixels[n:]
    ignored = [path for listing in listings.values() for path in listing.ignored]
    notes += _ignored_note(folder, ignored)
    name = folder.resolve().name
    return Dataset(name, parts["main"], parts.get("validation"), parts.get("test"), notes=notes)


def _part_folders(folder: Path) -> dict[str, Path]:
    """Find train, valid and test folders; else the whole folder is the main part."""
    places = [place for place in _visible(folder) if place.is_dir()]
    parts = {_PARTS[place.name.lower()]: place for place in places if _is_part(place)}
    if "main" in parts and len(parts) == len(places):
        return parts
    return {"main": folder}


def _is_part(place: Path) -> bool:
    return place.name.lower() in _PARTS and any(inner.is_dir() for inner in _visible(place))


def _listing(folder: Path) -> _Listing:
    """List the images of the classes in order, or those of the folder itself if it has none."""
    listing = _Listing()
    entries = list(_visible(folder))
    classes = [entry for entry in entries if entry.is_dir()]
    loose = [entry for entry in entries if not entry.is_dir()]
    for place in classes:
        _add_class(listing, place)
    if classes:
        listing.ignored += loose
    else:
        listing.paths = [path for path in loose if _is_image(path)]
        listing.ignored += [path for path in loose if not _is_image(path)]
    if not listing.paths:
        raise DataError(f"the folder {folder} holds no PNG or JPEG images")
    return listing


def _add_class(listing: _Listing, place: Path) -> None:
    files = list(_visible(place))
    images = [path for path in files if _is_image(path)]
    if not images:
        raise DataError(
            f"the folder {place} is a class without PNG or JPEG images; remove it or fill it"
        )
    listing.paths += images
    listing.labels += [place.name] * len(images)
    listing.ignored += [path for path in files if not _is_image(path)]


def _visible(folder: Path) -> Iterator[Path]:
    entries = (entry for entry in folder.iterdir() if not entry.name.startswith(_HIDDEN))
    return iter(sorted(entries, key=lambda entry: natural_order(entry.name)))


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES


def _part(folder: Path, listing: _Listing, images: Images) -> Part:
    names = tuple(path.relative_to(folder).as_posix() for path in listing.paths)
    target = np.array(listing.labels, dtype=object) if listing.labels else None
    return Part(images, target, names)


def _ignored_note(folder: Path, ignored: list[Path]) -> tuple[str, ...]:
    if not ignored:
        return ()
    example = ignored[0].relative_to(folder).as_posix()
    if len(ignored) == 1:
        return (f"{example!r} is not an image of a class and was ignored.",)
    count = f"{len(ignored):,} entries"
    return (f"{count} that are not images of a class were ignored, such as {example!r}.",)
