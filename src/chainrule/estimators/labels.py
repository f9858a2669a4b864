"""The labels that a classifier is given: which it knows, and what each of them counts for."""

from collections.abc import Iterator
from numbers import Real
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import column_or_1d
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight
from sklearn.utils.multiclass import unique_labels

from chainrule.arrays import Array
from chainrule.errors import DataError, SpecificationError
from chainrule.target_rows import LabelRows, NumberRows, label_type

__all__ = [
    "as_labels",
    "class_weights",
    "fitted_binarizer",
    "known_labels",
    "refuse_other_classes",
    "refuse_unknown_classes",
    "target_rows",
]

_ROWS_AT_ONCE: Final = 2**16


def as_labels(y: Array) -> Array:
    """Take a single column for what it is, with scikit-learn's warning.

    Parameters
    ----------
    y : array of shape (m,), (m, 1) or (m, n_labels)

    Returns
    -------
    array of shape (m,) or (m, n_labels)

    Raises
    ------
    DataError
        If they are of types that have no order among them.
    """
    labels = column_or_1d(y, warn=True) if y.ndim == 2 and y.shape[1] == 1 else y
    if labels.dtype == object:
        kinds = sorted({type(label).__name__ for label in labels.ravel()})
        if "str" in kinds and len(kinds) > 1:
            raise DataError(
                f"y has labels of several types, {', '.join(kinds)}; write them all as text or all "
                "as numbers"
            )
    return labels


def class_weights(
    class_weight: dict[Any, float] | list[dict[Any, float]] | str | None,
    y: Array,
    classes: Array,
    *,
    incremental: bool,
) -> Array | None:
    """Say what each sample counts for by its class.

    Parameters
    ----------
    class_weight : dict, list of dict, "balanced" or None
        As the estimator was told.
    y : array of shape (m,) or (m, n_labels)
        The labels.
    classes : array
        Every class; not all of them have to be in `y`.
    incremental : bool
        Whether these are only some of the samples.

    Returns
    -------
    array of shape (m,) or None

    Raises
    ------
    SpecificationError
        If the weights cannot be known, or one of them is no weight.

    Examples
    --------
    >>> y, classes = np.array(["a", "a", "a", "b"]), np.array(["a", "b"])
    >>> class_weights("balanced", y, classes, incremental=False).round(2)
    array([0.67, 0.67, 0.67, 2.  ])
    """
    if class_weight is None:
        return None
    if incremental and class_weight == "balanced":
        raise SpecificationError(
            "partial_fit does not support class_weight='balanced', which needs all labels; "
            "give a dict, such as sklearn.utils.class_weight.compute_class_weight makes"
        )
    try:
        weights = _weights(class_weight, y, classes)
    except TypeError:
        raise _no_weights(class_weight) from None
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise _no_weights(class_weight)
    return weights


def _weights(class_weight: Any, y: Array, classes: Array) -> Array:
    if y.ndim == 2:
        given: Array = compute_sample_weight(class_weight, y)
        return given
    if isinstance(class_weight, dict) and not all(_is_number(w) for w in class_weight.values()):
        raise TypeError(class_weight)
    by_class = compute_class_weight(class_weight, classes=classes, y=y)
    weights = np.empty(len(y))
    for part, labels in _parts(weights, y):
        part[...] = by_class[np.searchsorted(classes, labels)]
    return weights


def _is_number(value: Any) -> bool:
    return isinstance(value, Real)


def _no_weights(class_weight: object) -> SpecificationError:
    return SpecificationError(
        f"class_weight={class_weight!r} must give weights that are finite and not negative"
    )


def known_labels(y: Array) -> Array:
    """Find the labels that there are, in ascending order, some rows at a time.

    Parameters
    ----------
    y : array of shape (m,) or (m, n_labels)
        Labels.

    Returns
    -------
    array of shape (n_classes,)

    Examples
    --------
    >>> known_labels(np.array(["b", "a", "b"])).tolist()
    ['a', 'b']
    """
    if y.ndim == 2:
        return np.asarray(unique_labels(y))
    found = y[:0]
    for start in range(0, len(y), _ROWS_AT_ONCE):
        found = np.unique(np.concatenate([found, np.unique(y[start : start + _ROWS_AT_ONCE])]))
    return found


def fitted_binarizer(y: Array) -> LabelBinarizer:
    """Learn the classes, as a `LabelBinarizer` does with more memory.

    Parameters
    ----------
    y : array of shape (m,) or (m, n_labels)
        Labels.

    Returns
    -------
    LabelBinarizer
    """
    if y.ndim == 2 or len(y) <= _ROWS_AT_ONCE:
        return LabelBinarizer().fit(y)
    labels = known_labels(y)
    # where half of the labels are classes of their own scikit-learn warns, so it is asked
    return LabelBinarizer().fit(y if 2 * len(labels) > len(y) else np.repeat(labels, 2))


def target_rows(
    binarizer: LabelBinarizer, y: Array, dtype: npt.DTypeLike
) -> Array | LabelRows | NumberRows:
    """Write labels as rows of ``T``, as a `LabelBinarizer` does, in a byte or two each.

    Parameters
    ----------
    binarizer : LabelBinarizer
        It knows the classes.
    y : array of shape (m,) or (m, n_labels)
        Labels, all of them known.
    dtype : dtype
        The type of the rows.

    Returns
    -------
    rows of targets, or array of shape (m, n_L)
        Ones and zeros.

    Examples
    --------
    >>> target_rows(LabelBinarizer().fit(["a", "b", "c"]), np.array(["b", "a"]), np.float32)[:]
    array([[0., 1., 0.],
           [1., 0., 0.]], dtype=float32)
    """
    classes, rows = binarizer.classes_, np.dtype(dtype)
    if binarizer.y_type_ == "multiclass":
        return LabelRows(_numbers(classes, y), len(classes), rows)
    if binarizer.y_type_ == "binary" and len(classes) == 2:
        return NumberRows(_numbers(classes, y)[:, np.newaxis], rows)
    if y.ndim == 2:
        return _indicators(binarizer, y, rows)
    return np.asarray(binarizer.transform(y)).astype(rows)


def _numbers(classes: Array, y: Array) -> Array:
    """Give the place of each label among the classes."""
    numbers = np.empty(len(y), label_type(len(classes)))
    for part, labels in _parts(numbers, y):
        part[...] = np.searchsorted(classes, labels)
    return numbers


def _indicators(binarizer: LabelBinarizer, y: Array, dtype: np.dtype[Any]) -> Array | NumberRows:
    indicators = np.empty((y.shape[0], len(binarizer.classes_)), np.uint8)
    for part, labels in _parts(indicators, y):
        found = binarizer.transform(labels)
        if found.min() < 0 or found.max() > 1:  # of some other two numbers
            return np.asarray(binarizer.transform(y)).astype(dtype)
        part[...] = found
    return NumberRows(indicators, dtype)


def _parts(to: Array, y: Array) -> Iterator[tuple[Array, Array]]:
    for start in range(0, len(to), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        yield to[rows], y[rows]


def refuse_other_classes(found: Array, known: Array) -> None:
    """Refuse labels of which `warm_start` would have to make other outputs.

    Parameters
    ----------
    found : array
        The labels that there are.
    known : array
        The classes of the fit before.

    Raises
    ------
    DataError
        If they are not the same.
    """
    if set(found) != set(known):
        raise DataError(
            "warm_start can only be used where `y` has the same classes as in the "
            f"previous call to fit. Previously got {known}, `y` has {found}"
        )


def refuse_unknown_classes(found: Array, known: Array, name: str = "`y`") -> None:
    """Refuse labels that no output stands for.

    Parameters
    ----------
    found : array
        The labels that there are.
    known : array
        The classes.
    name : str
        Where the labels were found.

    Raises
    ------
    DataError
        If there are others among them.
    """
    if not set(found) <= set(known):
        raise DataError(
            f"{name} has classes not in `self.classes_`. "
            f"`self.classes_` has {known}. 'y' has {found}."
        )
