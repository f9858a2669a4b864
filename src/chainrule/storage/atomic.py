"""Replacing a file whole or not at all."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from chainrule.errors import DataError

__all__ = ["check_writable", "refuse_to_replace", "write_atomically"]

#: How the names of unfinished files begin.
_PREFIX: Final = ".chainrule-"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that at every moment either the old content or all of the new is there.

    The content goes to a file beside it, reaches the disk, and then takes the name.

    Parameters
    ----------
    path : Path
        Where to.
    content : bytes
        What to write.

    Raises
    ------
    DataError
        If it cannot be written; what was there before is left as it was.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "note.txt"
    ...     write_atomically(path, b"all of it")
    ...     path.read_bytes()
    b'all of it'
    """
    try:
        path = path.resolve()  # a link keeps pointing to the file that is replaced
        _refuse_special(path)
        descriptor, name = tempfile.mkstemp(prefix=_PREFIX, dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(_mode(path))
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except (OSError, RuntimeError) as error:  # RuntimeError: a link to itself, in Python 3.11
        raise DataError(f"{path} cannot be written: {_reason(error)}") from None


def check_writable(path: Path) -> None:
    """Refuse a path that could not be written, before work is spent on what is to go there.

    Parameters
    ----------
    path : Path
        Where a file is to go.

    Raises
    ------
    DataError
        If it is a folder, its folder does not exist, or nothing may be written there.

    Examples
    --------
    >>> check_writable(Path("no", "such", "folder", "model.safetensors"))
    Traceback (most recent call last):
    ...
    chainrule.errors.DataError: the folder no/such/folder does not exist; make it or write elsewhere
    """
    try:
        target = path.resolve()
        _refuse_special(target)
        if not target.parent.is_dir():
            folder = target.parent if path.is_symlink() else path.parent
            raise DataError(f"the folder {folder} does not exist; make it or write elsewhere")
        if target.exists() and not os.access(target, os.W_OK):
            raise DataError(f"{path} is protected from being written; choose another name")
        descriptor, name = tempfile.mkstemp(prefix=_PREFIX, dir=target.parent)
        os.close(descriptor)
        Path(name).unlink()
    except (OSError, RuntimeError) as error:
        raise DataError(f"{path} cannot be written: {_reason(error)}") from None


def refuse_to_replace(path: Path, *inputs: str) -> None:
    """Refuse to write over what is read.

    Parameters
    ----------
    path : Path
        Where a file is to go.
    *inputs : str
        The files that are read; one that does not exist is no obstacle.

    Raises
    ------
    DataError
        If it is one of them, under whatever name.

    Examples
    --------
    >>> refuse_to_replace(Path("model.safetensors"), "data.csv")
    """
    for source in inputs:
        if path.exists() and os.path.exists(source) and path.samefile(source):  # noqa: PTH110
            raise DataError(f"{path} is what is read here and would be lost; write elsewhere")


def _refuse_special(path: Path) -> None:
    """Refuse what a file must not take the place of: a folder, a device, a pipe."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise DataError(f"{path} is a folder; name a file in it")
    if not stat.S_ISREG(mode):
        raise DataError(f"{path} is a device or a pipe, and no file can take its place")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _mode(path: Path) -> int:
    """Keep the permissions of the file that is replaced; give a new one the usual ones."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Let the new name reach the disk too, where the system can do that for a folder."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
