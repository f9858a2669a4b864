"""The real data sets that ship inside scikit-learn."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from chainrule.data.dataset import Dataset, Images, Part

__all__ = ["BUNDLED", "read_bundled"]

#: Name of each set, and what its target is.
BUNDLED: Final[dict[str, str]] = {
    "digits": "digit",
    "iris": "species",
    "wine": "cultivar",
    "breast_cancer": "diagnosis",
    "diabetes": "progression",
}


def read_bundled(name: str) -> Dataset:
    """Read one of the sets that scikit-learn carries; nothing is downloaded.

    Parameters
    ----------
    name : str
        A key of `BUNDLED`.

    Returns
    -------
    Dataset
        Labels are the names of the classes where the set has them.

    References
    ----------
    scikit-learn, "Toy datasets", https://scikit-learn.org/stable/datasets/toy_dataset.html

    Examples
    --------
    >>> iris = read_bundled("iris")
    >>> len(iris.main), iris.target[0]
    (150, 'setosa')
    """
    from sklearn import datasets

    if name == "digits":
        digits = datasets.load_digits()
        return Dataset(name, Part(Images(digits.images), digits.target), target_name=BUNDLED[name])
    bunch = getattr(datasets, f"load_{name}")(as_frame=True)
    return Dataset(name, Part(bunch.data, _labels(bunch)), target_name=BUNDLED[name])


def _labels(bunch: Any) -> Any:
    target = bunch.target.to_numpy()
    if "target_names" not in bunch:
        return target
    return np.asarray(bunch.target_names, dtype=object)[target]
