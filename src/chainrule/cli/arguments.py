"""Options that take several values, as in ``--hidden 100 50``."""

from collections.abc import Sequence

__all__ = ["SEVERAL", "spread"]

#: The options that may be followed by more than one value.
SEVERAL = frozenset({"--hidden", "--layers"})


def spread(arguments: Sequence[str], known_words: frozenset[str]) -> list[str]:
    """Write an option of several values once for each of them.

    ``--hidden 100 50`` and ``--hidden 100,50`` both become ``--hidden 100 --hidden 50``. Values go
    on for as long as they are of the first one's kind: whole numbers, or words that are known. So
    in ``--hidden 100 50 digits`` the data set is not taken for a size.

    Parameters
    ----------
    arguments : sequence of str
        The command line.
    known_words : frozenset of str
        The words that may be such values: the names of activations.

    Returns
    -------
    list of str
        The command line with one value to an option.

    Examples
    --------
    >>> spread(["train", "--hidden", "100", "50", "digits"], frozenset())
    ['train', '--hidden', '100', '--hidden', '50', 'digits']
    >>> spread(["check", "4", "3", "2", "--hidden=relu,tanh"], frozenset({"relu", "tanh"}))
    ['check', '4', '3', '2', '--hidden', 'relu', '--hidden', 'tanh']
    """
    result: list[str] = []
    rest = list(arguments)
    while rest:
        if rest[0] == "--":  # no option follows
            return result + rest
        option, equals, joined = rest.pop(0).partition("=")
        if option not in SEVERAL:
            result.append(option + equals + joined)
            continue
        values = [joined] if equals else rest[:1]
        del rest[: 0 if equals else 1]
        while rest and values and not equals and _alike(values[0], rest[0], known_words):
            values.append(rest.pop(0))
        for value in ",".join(values).split(",") if values else [""]:
            result += [option, value.strip()] if values else [option]
    return result


def _alike(first: str, other: str, known_words: frozenset[str]) -> bool:
    if other.isdecimal():
        return first.replace(",", "").isdecimal()
    return other in known_words
