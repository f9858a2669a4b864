"""The first weights of every contender: those that the estimators draw from the seed."""

from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPClassifier

from contenders.contender import Specification
from contenders.estimator import arguments

__all__ = ["FirstWeights", "first_weights"]


@final
@dataclass(frozen=True, eq=False)
class FirstWeights:
    """Weights of shape (n_{l-1}, n_l) and biases of shape (n_l,), in float32."""

    coefs: list[npt.NDArray[np.float32]]
    intercepts: list[npt.NDArray[np.float32]]


def first_weights(told: Specification) -> FirstWeights:
    """Take a step of length zero to float32, and see where it began.

    Parameters
    ----------
    told : Specification
        Its network and its seed count.

    Returns
    -------
    FirstWeights
    """
    some = told.data.first(max(told.workload.batch_size, told.workload.layers[-1]))
    settings = arguments(told.workload) | {"solver": "sgd", "learning_rate_init": 1e-30}
    model = MLPClassifier(**settings, shuffle=False, random_state=told.seed)
    y, classes = some.labels, np.arange(told.workload.layers[-1])
    model.partial_fit(some.X, some.T if told.workload.is_multilabel else y, classes=classes)
    return FirstWeights(model.coefs_, model.intercepts_)
