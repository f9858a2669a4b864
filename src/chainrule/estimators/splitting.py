"""Held-out rows as scikit-learn draws them, from the same generator, in a tenth of the memory.

scikit-learn gathers the rows of a stratified split in lists of Python's, and orders of rows in
64 bits. For millions of rows that is many times what their labels take.
"""

from itertools import pairwise

import numpy as np
from sklearn.model_selection._split import _validate_shuffle_split
from sklearn.utils.extmath import _approximate_mode

from chainrule.arrays import Array
from chainrule.errors import DataError
from chainrule.training import numbered

__all__ = ["split_by_class", "split_rows"]

_ROWS_AT_ONCE = 2**18


def split_rows(
    n_samples: int, fraction: float, random_state: np.random.RandomState
) -> tuple[Array, Array]:
    """Draw which rows are held out.

    Parameters
    ----------
    n_samples : int
        How many there are.
    fraction : float
        The share that is held out.
    random_state : numpy.random.RandomState
        The generator; it is advanced.

    Returns
    -------
    learn, hold : array of int
        Parts of one array.

    Raises
    ------
    ValueError
        If one of the parts would be empty.

    References
    ----------
    scikit-learn 1.9, ``ShuffleSplit``.

    Examples
    --------
    >>> learn, hold = split_rows(5, 0.4, np.random.RandomState(0))
    >>> learn.tolist(), hold.tolist()
    ([1, 3, 4], [2, 0])
    """
    n_learn, n_hold = _sizes(n_samples, fraction)
    order = numbered(n_samples)
    random_state.shuffle(order)
    return order[n_hold : n_hold + n_learn], order[:n_hold]


def split_by_class(
    is_second: Array, fraction: float, random_state: np.random.RandomState
) -> tuple[Array, Array]:
    """Draw which rows are held out, the same share of two classes.

    Parameters
    ----------
    is_second : array of bool, shape (n_samples,)
        Which rows are of the second class.
    fraction : float
        The share that is held out.
    random_state : numpy.random.RandomState
        The generator; it is advanced.

    Returns
    -------
    learn, hold : array of int
        Parts of one array.

    Raises
    ------
    DataError, ValueError
        If there are too few samples of a class, or a part would be smaller than their number.

    References
    ----------
    scikit-learn 1.9, ``StratifiedShuffleSplit``.

    Examples
    --------
    >>> y = np.array([False, False, True, True, True, True])
    >>> learn, hold = split_by_class(y, 0.5, np.random.RandomState(0))
    >>> sorted(y[learn].tolist()), sorted(y[hold].tolist())
    ([False, True, True], [False, True, True])
    """
    n_learn, n_hold = _sizes(len(is_second), fraction)
    n_second = int(np.count_nonzero(is_second))
    counts = np.array([len(is_second) - n_second, n_second])
    _refuse_few(counts[counts > 0], n_learn, n_hold)
    if not counts.all():  # one class is no reason to refuse
        counts = counts[counts > 0]
    to_learn = _approximate_mode(counts, n_learn, random_state)
    to_hold = _approximate_mode(counts - to_learn, n_hold, random_state)
    order, starts = _by_class(is_second, counts), np.cumsum([0, *counts])
    for start, stop in pairwise(starts):
        random_state.shuffle(order[start:stop])
    learned = _gather(order, starts[:-1], to_learn, to_hold)
    learn, hold = order[:learned], order[learned:]
    random_state.shuffle(learn)
    random_state.shuffle(hold)
    return learn, hold


def _sizes(n_samples: int, fraction: float) -> tuple[int, int]:
    n_learn, n_hold = _validate_shuffle_split(n_samples, fraction, None)
    return int(n_learn), int(n_hold)


def _refuse_few(counts: Array, n_learn: int, n_hold: int) -> None:
    if counts.min() < 2:
        raise DataError(
            "a class has only 1 sample, and early stopping needs one to learn from and one to "
            "hold out"
        )
    for name, size in (("learned from", n_learn), ("held out", n_hold)):
        if size < len(counts):
            raise DataError(f"{size} samples would be {name}, fewer than the {len(counts)} classes")


def _by_class(is_second: Array, counts: Array) -> Array:
    """Give the rows of the first class and then those of the second, ascending in both."""
    order = np.empty(len(is_second), numbered(0, len(is_second)).dtype)
    places = [0, int(counts[0]) if len(counts) > 1 else 0]
    for start in range(0, len(is_second), _ROWS_AT_ONCE):
        part = is_second[start : start + _ROWS_AT_ONCE]
        for which, mask in enumerate((~part, part)):
            rows = np.flatnonzero(mask)
            order[places[which] : places[which] + len(rows)] = rows + start
            places[which] += len(rows)
    return order


def _gather(order: Array, starts: Array, to_learn: Array, to_hold: Array) -> int:
    """Move what is learned from to the front, class after class, and give its length."""
    ends = starts + to_learn
    held = [order[end : end + n].copy() for end, n in zip(ends, to_hold, strict=True)]
    place = 0
    for start, n in zip(starts, to_learn, strict=True):
        order[place : place + n] = order[start : start + n]
        place += n
    order[place:] = np.concatenate(held)
    return int(place)
