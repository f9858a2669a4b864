"""The bytes of a CSV file: unpacked, in UTF-8, and text at all."""

from __future__ import annotations

import codecs
import gzip
import zlib
from pathlib import Path

from chainrule.errors import DataError

__all__ = ["csv_bytes"]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def csv_bytes(path: Path) -> bytes:
    """Read a CSV file as UTF-8 without byte-order mark.

    Parameters
    ----------
    path : Path
        The file, packed with gzip where its name ends in ``.gz``.

    Returns
    -------
    bytes
        Valid UTF-8.  A file in UTF-16 with its mark, as spreadsheets write it, is converted.

    Raises
    ------
    DataError
        If the file is empty, packed badly, not UTF-8 (naming the line), or not text.
    """
    raw = _unpacked(path)
    if raw.startswith(_UTF16):
        raw = _decoded(raw, "utf-16", path.name).encode()
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if not raw.strip():
        raise DataError(f"{path.name} is empty")
    _check_text(raw, path.name)
    return raw


def _unpacked(path: Path) -> bytes:
    raw = path.read_bytes()
    if path.suffix.lower() != ".gz":
        return raw
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name} is not a whole gzip file ({error})") from error


def _check_text(raw: bytes, name: str) -> None:
    nul = raw.find(b"\0")
    if nul >= 0:
        raise DataError(f"{name} is no text file: line {_line(raw, nul)} holds a NUL byte")
    _decoded(raw, "utf-8", name)


def _decoded(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        place = f"byte {raw[error.start]:#04x} in line {_line(raw, error.start)}"
        raise DataError(
            f"{name} is not {encoding.upper()}: {place} does not fit; save the file as UTF-8"
        ) from error


def _line(raw: bytes, position: int) -> int:
    return raw.count(b"\n", 0, position) + 1
