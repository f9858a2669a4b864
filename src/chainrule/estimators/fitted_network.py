"""The network inside an estimator: its weights, and what they compute."""

from abc import ABC, abstractmethod
from copy import copy
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import check_is_fitted, validate_data

from chainrule.arrays import Array
from chainrule.engine import Engine, engine_for
from chainrule.estimators.hyperparameters import Hyperparameters
from chainrule.estimators.samples import Samples, rows_first
from chainrule.estimators.weights import (
    architecture_of,
    coefs_of,
    first_parameters,
    intercepts_of,
    parameters_of,
)
from chainrule.losses import Loss
from chainrule.network import Architecture
from chainrule.parameters import Parameters
from chainrule.training import Problem

__all__ = ["FLOATS", "INPUT", "FittedNetwork"]

_ROWS_AT_ONCE = 16384
#: What an estimator takes as inputs.
INPUT: Final = {"accept_sparse": ["csr", "csc"]}
#: The float types that a network takes; anything else becomes the first.
FLOATS: Final = (np.float64, np.float32)


class FittedNetwork(Hyperparameters, ABC):
    """What an estimator has once it is fitted; `coefs_` and `intercepts_` are its only weights."""

    coefs_: list[Array]
    intercepts_: list[Array]
    n_layers_: int
    n_outputs_: int
    out_activation_: str

    @abstractmethod
    def _output_name(self) -> str:
        """Give scikit-learn's name of the output function."""

    def _loss(self) -> Loss | None:
        """Give the loss, or None for the canonical one of the output."""
        return None

    def _draw_weights(
        self, sizes: list[int], dtype: npt.DTypeLike, random_state: np.random.RandomState
    ) -> None:
        self.n_layers_, self.n_outputs_ = len(sizes), sizes[-1]
        self.out_activation_ = self._output_name()
        params = first_parameters(sizes, self.activation, self.out_activation_, random_state, dtype)
        self._set_weights(params)

    def _architecture(self) -> Architecture:
        sizes = [len(self.coefs_[0]), *(np.shape(coef)[1] for coef in self.coefs_)]
        return architecture_of(sizes, self.activation, self.out_activation_, self._loss())

    def _engine(self) -> Engine:
        n_threads = None if self.n_threads is None else int(self.n_threads)
        return engine_for(self._architecture(), self.engine, n_threads=n_threads)

    def _problem(self, samples: Samples) -> Problem:
        return samples.problem(self._architecture(), self.alpha, self._engine())

    def _parameters(self) -> Parameters:
        return parameters_of(self._architecture(), self.coefs_, self.intercepts_)

    def _set_weights(self, params: Parameters) -> None:
        own = params.copy()  # training goes on with its own
        self.coefs_, self.intercepts_ = coefs_of(own), intercepts_of(own)

    def _outputs(self, X: Any) -> Array:
        """Evaluate the trained network for new rows, of shape (m, n_L)."""
        check_is_fitted(self)
        rows = rows_first(validate_data(self, X, reset=False, **INPUT))
        engine, architecture, params = self._engine(), self._architecture(), self._parameters()
        return np.concatenate(
            [
                engine.outputs(architecture, params, rows[start : start + _ROWS_AT_ONCE])
                for start in range(0, rows.shape[0], _ROWS_AT_ONCE)
            ]
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def _snapshot(self, params: Parameters) -> Self:
        """Give an estimator that predicts with other weights, from inputs without names."""
        snapshot = copy(self)
        snapshot.__dict__.pop("feature_names_in_", None)
        snapshot._set_weights(params)
        return snapshot
