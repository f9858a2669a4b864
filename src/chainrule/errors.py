"""Every exception type of the library.

Each error says what was wrong, where, and what to do. All of them are also `ValueError`, so
that code written against scikit-learn's conventions catches them.
"""

import difflib
from collections.abc import Iterable

__all__ = [
    "ChainruleError",
    "CheckpointError",
    "DataError",
    "DivergenceError",
    "MissingLibraryError",
    "ModelFileError",
    "ReadError",
    "ShapeError",
    "SpecificationError",
    "UnknownNameError",
    "UnsupportedError",
    "VerificationError",
    "nearest",
]


class ChainruleError(Exception):
    """Base of every error that chainrule raises on purpose."""


class ShapeError(ChainruleError, ValueError):
    """The shapes of two operands, or of an array and its place, do not fit together.

    Parameters
    ----------
    operation : str
        What was attempted, such as ``"matrix product"``.
    left, right : object
        The two shapes that disagree.
    hint : str, optional
        What to do about it.

    Examples
    --------
    >>> str(ShapeError("sum", "2 × 3", "3 × 2"))
    'sum: 2 × 3 does not fit 3 × 2'
    """

    def __init__(self, operation: str, left: object, right: object, hint: str = "") -> None:
        self.operation = operation
        self.left = left
        self.right = right
        super().__init__(
            f"{operation}: {left} does not fit {right}" + (f"; {hint}" if hint else "")
        )
        self.hint = hint

    def __reduce__(self) -> tuple[type["ShapeError"], tuple[object, ...]]:
        # a worker process sends its errors back pickled, and the default would give one argument
        return type(self), (self.operation, self.left, self.right, self.hint)


class UnknownNameError(ChainruleError, ValueError):
    """A name that stands for nothing: an activation, a loss, a column, an option.

    Parameters
    ----------
    kind : str
        What the name should have been, such as ``"output"``.
    name : object
        The name that was given.
    known : iterable of str
        The names that exist.

    Examples
    --------
    >>> str(UnknownNameError("output", "sofmax", ["softmax", "identity"]))
    "there is no output 'sofmax' (did you mean 'softmax'?); choose from softmax, identity"
    """

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(known)
        choices = f"; choose from {', '.join(self.known)}" if self.known else ""
        super().__init__(f"there is no {kind} {name!r}{nearest(str(name), self.known)}{choices}")

    def __reduce__(self) -> tuple[type["UnknownNameError"], tuple[object, ...]]:
        return type(self), (self.kind, self.name, self.known)


class SpecificationError(ChainruleError, ValueError):
    """A network, or a way to train one, that cannot be."""


class UnsupportedError(SpecificationError):
    """Something that the chosen engine cannot do, and another can."""


class DataError(ChainruleError, ValueError):
    """Data that cannot be used: a file, a column, a row or a value."""


class ModelFileError(ChainruleError, ValueError):
    """A model file that is damaged, of another version, or not one of ours."""


class CheckpointError(ChainruleError, ValueError):
    """A checkpoint that is damaged, of another version or of another training."""


class MissingLibraryError(ChainruleError, ValueError):
    """A library that only some installations have, and that is needed here.

    Parameters
    ----------
    library : str
        Its name.
    purpose : str
        What needs it.
    extra : str
        The extra of chainrule that installs it.

    Examples
    --------
    >>> str(MissingLibraryError("matplotlib", "drawing a .png", "plot"))
    "drawing a .png needs matplotlib, which is not installed: pip install 'chainrule[plot]'"
    """

    def __init__(self, library: str, purpose: str, extra: str) -> None:
        self.library = library
        self.purpose = purpose
        self.extra = extra
        super().__init__(
            f"{purpose} needs {library}, which is not installed: pip install 'chainrule[{extra}]'"
        )

    def __reduce__(self) -> tuple[type["MissingLibraryError"], tuple[object, ...]]:
        return type(self), (self.library, self.purpose, self.extra)


class ReadError(ChainruleError, ValueError):
    """A formula that cannot be read.

    Parameters
    ----------
    reason : str
        What was found and not understood.
    offset : int
        Where, counted in characters from the start of the document.

    Examples
    --------
    >>> ReadError("a brace is not closed", 7).offset
    7
    """

    def __init__(self, reason: str, offset: int = -1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset

    def __reduce__(self) -> tuple[type["ReadError"], tuple[object, ...]]:
        return type(self), (self.reason, self.offset)


class DivergenceError(ChainruleError, ValueError):
    """Training left the finite numbers."""


class VerificationError(ChainruleError):
    """A line of a derivation that the oracle contradicts: a defect of chainrule."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Suggest the closest known name, as a parenthesis to append to a message.

    Parameters
    ----------
    name : str
        The name that was not found.
    known : iterable of str
        The names that exist.

    Returns
    -------
    str
        ``" (did you mean 'x'?)"``, or an empty string where nothing is close.

    Examples
    --------
    >>> nearest("incone", ["income", "age"])
    " (did you mean 'income'?)"
    """
    folded = {candidate.casefold(): candidate for candidate in known}
    matches = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    return f" (did you mean {folded[matches[0]]!r}?)" if matches else ""
