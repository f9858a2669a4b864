"""Files of arrays with a description: safetensors, and JSON in its header.

Nothing in such a file is executed. A digest tells a file that was damaged on its way; it does not
tell who wrote it, so that whoever reads one still checks what the description says.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import ChainruleError, nearest
from chainrule.storage.atomic import write_atomically

__all__ = ["TensorFormat", "digest", "entry_of"]

#: How much of a file's beginning says what kind it is.
_BEGINNING: Final = 4096


@final
@dataclass(frozen=True)
class TensorFormat:
    """One kind of file.

    Parameters
    ----------
    noun : str
        What messages call such a file.
    entry : str
        The only entry of the header's metadata: safetensors would write several in any order,
        and the same content is to be the same bytes.
    body : str
        The key of the description within the entry.
    version : int
        Raised with every change that older releases cannot read.
    error : type
        What is raised where a file cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> from chainrule.errors import ModelFileError
    >>> notes = TensorFormat("note", "chainrule note", "text", 1, ModelFileError)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "note.safetensors"
    ...     notes.write(path, {"of": "today"}, {"a": np.arange(2.0)})
    ...     notes.read(path)
    ({'of': 'today'}, {'a': array([0., 1.])})
    """

    noun: str
    entry: str
    body: str
    version: int
    error: type[ChainruleError]

    def write(self, path: Path, record: Mapping[str, Any], tensors: Mapping[str, Array]) -> None:
        """Write a file whole; one that exists is replaced or, if that fails, left as it was.

        Parameters
        ----------
        path : Path
            Where to.
        record : mapping
            The description; numbers in it are finite.
        tensors : mapping of str to array
            The arrays.

        Raises
        ------
        DataError
            If the file cannot be written.
        """
        from safetensors.numpy import save as to_bytes

        arrays = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
        description = json.dumps(record, allow_nan=False)
        entry = {
            "version": self.version,
            "sha256": digest(description, arrays),
            self.body: description,
        }
        write_atomically(path, to_bytes(arrays, {self.entry: json.dumps(entry)}))

    def read(self, path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
        """Read a file.

        Parameters
        ----------
        path : Path
            A file that `write` wrote.

        Returns
        -------
        record : dict
            The description.
        tensors : dict of str to array
            The arrays.

        Raises
        ------
        ChainruleError
            The `error` of this kind of file, if there is no such file, or it is damaged, of
            another version or of another kind.
        """
        metadata, tensors = self._open(path)
        if self.entry not in metadata:
            raise self.error(f"{path} is a safetensors file, but not a chainrule {self.noun}")
        try:
            return self._record(metadata[self.entry], tensors), tensors
        except self.error as error:
            raise self.error(f"{path}: {error}") from None

    def damaged(self, what: str) -> ChainruleError:
        """Make the error of a file whose content is not as it must be.

        Parameters
        ----------
        what : str
            What is wrong with it.

        Returns
        -------
        ChainruleError
            To be raised.
        """
        return self.error(f"the {self.noun} is damaged: {what}")

    def _open(self, path: Path) -> tuple[Mapping[str, str], dict[str, Array]]:
        from safetensors import SafetensorError, safe_open

        if not path.exists():
            beside = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
            raise self.error(f"there is no {self.noun} {path}{nearest(path.name, beside)}")
        if not path.is_file():
            kind = "folder" if path.is_dir() else "device or a pipe"
            raise self.error(f"{path} is a {kind}, not a {self.noun}")
        try:
            with safe_open(path, framework="numpy") as file:
                names = file.keys()
                return file.metadata() or {}, {name: file.get_tensor(name) for name in names}
        except SafetensorError:
            raise self.error(self._unreadable(path)) from None
        except (OSError, ValueError, TypeError) as error:
            raise self.error(f"{path} cannot be read: {error}") from None

    def _unreadable(self, path: Path) -> str:
        """Tell a file that was damaged from a file of another kind."""
        with path.open("rb") as file:
            start = file.read(_BEGINNING)
        if self.entry.encode() in start:
            return f"{path} is a damaged {self.noun}: it is cut short or was changed"
        return (
            f"{path} is not a chainrule {self.noun}, or so little of one that nothing can be read"
        )

    def _record(self, text: str, tensors: Mapping[str, Array]) -> dict[str, Any]:
        """Check version and digest, and give the description."""
        entry = self._parse(text)
        version, description = entry.get("version"), entry.get(self.body)
        if version != self.version:
            raise self.error(
                f"this is a {self.noun} of version {version!r}, and this chainrule reads version "
                f"{self.version}; install the release that wrote it, or train again"
            )
        if not isinstance(description, str) or entry.get("sha256") != digest(description, tensors):
            raise self.damaged("it was changed after it was saved")
        return self._parse(description)

    def _parse(self, text: str) -> dict[str, Any]:
        def refuse(number: str) -> float:
            raise ValueError(f"{number} is no JSON")

        try:
            record = json.loads(text, parse_constant=refuse)
        except (ValueError, RecursionError):
            raise self.damaged("its description is no JSON") from None
        if not isinstance(record, dict):
            raise self.damaged("its description is no record")
        return record


def entry_of(path: Path) -> str | None:
    """Tell kinds of files apart, damaged ones too as long as their first bytes are whole.

    Parameters
    ----------
    path : Path
        Any file, or none.

    Returns
    -------
    str or None
        The `entry` of the `TensorFormat` that wrote it; None where it does not begin as a file of
        ours, or cannot be opened.

    Examples
    --------
    >>> entry_of(Path("no such file")) is None
    True
    """
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            start = file.read(_BEGINNING)
    except OSError:
        return None
    found = re.match(rb'.{8}\{"__metadata__":\{"(chainrule [a-z]+)"', start, re.DOTALL)
    return found[1].decode() if found else None


def digest(description: str, tensors: Mapping[str, Array]) -> str:
    """Compute the SHA-256 of all that a file says, in an order of our own.

    Parameters
    ----------
    description : str
        The description, as it is written.
    tensors : mapping of str to array
        The arrays.

    Returns
    -------
    str
    """
    found = hashlib.sha256(description.encode(errors="surrogatepass"))
    for name, array in sorted(tensors.items()):
        found.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode(errors="surrogatepass"))
        found.update(array.tobytes())
    return found.hexdigest()
