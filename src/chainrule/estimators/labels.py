"""The labels that a classifier is given: which it knows, and what each of them counts for."""

from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import column_or_1d
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight

from chainrule.arrays import Array
from chainrule.errors import DataError, SpecificationError

__all__ = [
    "as_labels",
    "class_weights",
    "refuse_other_classes",
    "refuse_unknown_classes",
    "target_rows",
]


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
    weights: Array = by_class[np.searchsorted(classes, y)]
    return weights


def _is_number(value: Any) -> bool:
    return isinstance(value, Real)


def _no_weights(class_weight: object) -> SpecificationError:
    return SpecificationError(
        f"class_weight={class_weight!r} must give weights that are finite and not negative"
    )


def target_rows(binarizer: LabelBinarizer, y: Array, dtype: npt.DTypeLike) -> Array:
    """Write labels as the rows of ``T``, which is what a `LabelBinarizer` does with less memory.

    Parameters
    ----------
    binarizer : LabelBinarizer
        It knows the classes.
    y : array of shape (m,) or (m, n_labels)
        Labels, all of them known.
    dtype : dtype
        The type of the result.

    Returns
    -------
    array of shape (m, n_L)
        Ones and zeros.

    Examples
    --------
    >>> target_rows(LabelBinarizer().fit(["a", "b", "c"]), np.array(["b", "a"]), np.float32)
    array([[0., 1., 0.],
           [1., 0., 0.]], dtype=float32)
    """
    classes = binarizer.classes_
    if binarizer.y_type_ == "multiclass":
        T = np.zeros((len(y), len(classes)), dtype)
        T[np.arange(len(y)), np.searchsorted(classes, y)] = 1
        return T
    if binarizer.y_type_ == "binary" and len(classes) == 2:
        return (y == classes[1]).astype(dtype)[:, np.newaxis]
    return np.asarray(binarizer.transform(y)).astype(dtype)


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
