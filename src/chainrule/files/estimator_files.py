"""Estimators in files: everything that they have, and no pickle.

Imports scikit-learn, so that nothing imports it before an estimator is saved or loaded.
"""

from pathlib import Path

from chainrule.errors import ModelFileError
from chainrule.estimators.saved import (
    Estimator,
    estimator_from_record,
    estimator_to_record,
)
from chainrule.files.formats import ESTIMATOR_FORMAT

__all__ = ["load_estimator", "save_estimator"]


def save_estimator(estimator: Estimator, path: Path) -> None:
    """Save an estimator.

    Parameters
    ----------
    estimator : MLPClassifier or MLPRegressor
        Fitted or not.
    path : Path
        Where to.

    Raises
    ------
    DataError
        If the file cannot be written.
    ModelFileError
        If the estimator has an attribute that cannot be written.
    """
    record, tensors = estimator_to_record(estimator)
    ESTIMATOR_FORMAT.write(path, record, tensors)


def load_estimator(path: Path) -> Estimator:
    """Load an estimator.

    Parameters
    ----------
    path : Path
        A file that `save_estimator` wrote.

    Returns
    -------
    MLPClassifier or MLPRegressor

    Raises
    ------
    ModelFileError
        If the file is damaged or of another version.
    """
    record, tensors = ESTIMATOR_FORMAT.read(path)
    try:
        return estimator_from_record(record, tensors)
    except ModelFileError as error:
        raise ModelFileError(f"{path}: {error}") from None
