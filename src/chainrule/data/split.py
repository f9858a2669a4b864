"""Holding out rows: a test part that training never sees, a validation part to stop by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import DataError

__all__ = ["Split", "split_rows"]


@final
@dataclass(frozen=True, eq=False)
class Split:
    """Rows in three parts.

    Parameters
    ----------
    training, validation, test : Array
        Positions of the rows, ascending, int64; a part that was not asked for is empty.
    notes : tuple of str
        Sentences for the user.
    """

    training: Array
    validation: Array
    test: Array
    notes: tuple[str, ...] = ()


def split_rows(
    n_rows: int,
    *,
    classes: Array | None = None,
    test_fraction: float = 0.2,
    validation_fraction: float = 0.1,
    seed: int = 0,
) -> Split:
    """Divide rows into a training, a validation and a test part.

    Parameters
    ----------
    n_rows : int
        Number m of rows.
    classes : Array, optional
        m class numbers, for classification: each part then has the classes in proportion if it
        is large enough, and the training part has every class if there are rows enough.
    test_fraction, validation_fraction : float, default=0.2 and 0.1
        Shares of all m rows, at least one row each; 0 for none.
    seed : int, default=0
        Seed of the draw.

    Returns
    -------
    Split

    Raises
    ------
    DataError
        If a share is none, or no row is left for training.

    Examples
    --------
    >>> split = split_rows(10, seed=1)
    >>> len(split.training), len(split.validation), len(split.test)
    (7, 1, 2)
    """
    n_test = _n_held(n_rows, test_fraction, "test")
    n_validation = _n_held(n_rows, validation_fraction, "validation")
    if n_test + n_validation >= n_rows:
        raise DataError(
            f"of {n_rows} rows, {n_test} for testing and {n_validation} for validation "
            "leave none for training"
        )
    labels = np.zeros(n_rows, dtype=np.int64) if classes is None else classes
    rest, test, in_proportion = _hold_out(np.arange(n_rows), labels, n_test, seed)
    notes = [] if in_proportion else [_note("test")]
    training, validation, in_proportion = _hold_out(rest, labels[rest], n_validation, seed)
    notes += [] if in_proportion else [_note("validation")]
    return Split(training, validation, test, tuple(notes))


def _n_held(n_rows: int, fraction: float, part: str) -> int:
    if not 0 <= fraction < 1:
        raise DataError(f"the share of the {part} part is at least 0 and below 1, not {fraction}")
    return max(1, round(n_rows * fraction)) if fraction > 0 else 0


def _note(part: str) -> str:
    return f"The {part} part is too small to have all classes in proportion, so it is a plain draw."


def _hold_out(rows: Array, classes: Array, n_held: int, seed: int) -> tuple[Array, Array, bool]:
    """Divide rows into those kept and those held out; say whether classes are in proportion."""
    if n_held == 0:
        return rows, rows[:0], True
    counts = np.bincount(classes)
    # A class of one row cannot be in two parts; training needs it more.
    divisible = counts[classes] > 1
    n_classes = int((counts > 1).sum())
    in_proportion = n_classes <= min(n_held, int(divisible.sum()) - n_held)
    if in_proportion:
        held = _stratified(np.flatnonzero(divisible), classes, n_held, seed)
    else:
        held = _plain(classes, n_held, seed)
    is_held = np.zeros(len(rows), dtype=bool)
    is_held[held] = True
    return rows[~is_held], rows[is_held], in_proportion


def _stratified(places: Array, classes: Array, n_held: int, seed: int) -> Array:
    from sklearn.model_selection import train_test_split

    _, held = train_test_split(
        places, test_size=n_held, stratify=classes[places], random_state=seed
    )
    return np.asarray(held)


def _plain(classes: Array, n_held: int, seed: int) -> Array:
    """Draw at random, taking the first row met of each class only when all others are used up."""
    order = np.random.default_rng(seed).permutation(len(classes))
    _, first = np.unique(classes[order], return_index=True)
    return np.concatenate([np.delete(order, first), order[first]])[:n_held]
