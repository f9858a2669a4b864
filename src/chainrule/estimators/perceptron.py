"""What the two estimators share: a fit from checked samples to fitted attributes."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import _fit_context
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from chainrule.arrays import Array
from chainrule.engine import ReferenceEngine
from chainrule.errors import ShapeError, SpecificationError
from chainrule.estimators.hyperparameters import Hyperparameters
from chainrule.estimators.outcome import diverged, tell_full_batch, tell_stochastic
from chainrule.estimators.printing import PrintedEpochs
from chainrule.estimators.recipes import Optimizer, recipe_of
from chainrule.estimators.samples import Samples, rows_first
from chainrule.estimators.weights import (
    architecture_of,
    coefs_of,
    first_parameters,
    intercepts_of,
    parameters_of,
)
from chainrule.network import Architecture
from chainrule.parameters import Parameters
from chainrule.training import (
    LBFGS,
    Callback,
    EpochCallback,
    HeldOut,
    Problem,
    Progress,
    Recipe,
    Result,
    StoppingState,
    TrainingState,
    begin,
    fit_full_batch,
    resume,
)

__all__ = ["FLOATS", "INPUT", "MultilayerPerceptron"]

_ROWS_AT_ONCE = 16384
#: What an estimator takes as inputs.
INPUT: Final = {"accept_sparse": ["csr", "csc"]}
#: The float types that a network takes; anything else becomes the first.
FLOATS: Final = (np.float64, np.float32)


class MultilayerPerceptron(Hyperparameters, ABC):
    """A network under scikit-learn's interface; `coefs_` and `intercepts_` are its only weights.

    Whatever else a training needs is made anew from the parameters at every fit, so that they
    may be changed between fits; only the optimizer lives on, for `partial_fit`.
    """

    coefs_: list[Array]
    intercepts_: list[Array]
    n_iter_: int
    n_layers_: int
    n_outputs_: int
    out_activation_: str
    t_: int
    loss_: float
    loss_curve_: list[float]
    best_loss_: float | None
    validation_scores_: list[float] | None
    best_validation_score_: float | None
    _optimizer: Optimizer | None = None
    _no_improvement_count: int = 0

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train the network, from new weights unless `warm_start` is set.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
            The inputs; float32 stays float32, everything else becomes float64.
        y : array of shape (n_samples,) or (n_samples, n_outputs)
            Labels for a classifier, numbers for a regressor.
        sample_weight : array of shape (n_samples,), optional
            What each sample counts for; a batch averages by these weights.

        Returns
        -------
        self : object
            The trained estimator.

        Raises
        ------
        ValueError
            If a parameter, `X`, `y` or `sample_weight` cannot be used, or the weights diverge.
        """
        return self._fit(X, y, sample_weight, incremental=False)

    @abstractmethod
    def _validate_input(self, X: Any, y: Any, *, incremental: bool, reset: bool) -> Samples:
        """Check inputs and targets; the samples have no weights yet."""

    @abstractmethod
    def _output_name(self) -> str:
        """Give scikit-learn's name of the output function."""

    @abstractmethod
    def _score_of(self, held_out: Samples) -> Callable[[Array], float]:
        """Give the score that early stopping watches, as a function of the outputs."""

    @property
    def _stratifies(self) -> bool:
        return False

    def _fit(self, X: Any, y: Any, sample_weight: Any, *, incremental: bool) -> Self:
        hidden_sizes = self._hidden_sizes()
        first = not hasattr(self, "coefs_") or not (self.warm_start or incremental)
        samples = self._validate_input(X, y, incremental=incremental, reset=first)
        if sample_weight is not None:
            weight = _check_sample_weight(sample_weight, samples.X)
            samples = Samples(samples.X, samples.Y, weight)
        random_state = check_random_state(self.random_state)
        if first:
            sizes = [samples.X.shape[1], *hidden_sizes, samples.Y.shape[1]]
            self._begin(sizes, samples.X.dtype, random_state)
        self._require_outputs(samples)
        if self.solver == "lbfgs":
            self._fit_full_batch(samples)
        else:
            self._fit_stochastic(samples, random_state, incremental=incremental)
        return self

    def _begin(
        self, sizes: list[int], dtype: npt.DTypeLike, random_state: np.random.RandomState
    ) -> None:
        self.n_iter_, self.t_ = 0, 0
        self.n_layers_, self.n_outputs_ = len(sizes), sizes[-1]
        self.out_activation_ = self._output_name()
        params = first_parameters(sizes, self.activation, self.out_activation_, random_state, dtype)
        self._set_weights(params)
        self._optimizer = None
        if self.solver != "lbfgs":
            self._begin_curves()

    def _begin_curves(self) -> None:
        self.loss_curve_ = []
        self._no_improvement_count = 0
        self.best_loss_ = None if self.early_stopping else np.inf
        self.validation_scores_ = [] if self.early_stopping else None
        self.best_validation_score_ = -np.inf if self.early_stopping else None

    def _require_outputs(self, samples: Samples) -> None:
        given = samples.Y.shape[1]
        if given != self.n_outputs_:
            raise ShapeError("y", f"{given} outputs", f"the {self.n_outputs_} of the first fit")

    def _fit_stochastic(
        self, samples: Samples, random_state: np.random.RandomState, *, incremental: bool
    ) -> None:
        if self.early_stopping and incremental:
            raise SpecificationError("partial_fit does not support early_stopping=True")
        if not hasattr(self, "loss_curve_"):  # the weights may be those of L-BFGS
            self._begin_curves()
        samples, validation = self._hold_out(samples, random_state)
        optimizer = self._optimizer if incremental else None
        max_epochs = 1 if incremental else int(self.max_iter)
        recipe = recipe_of(self, samples.n_samples, optimizer=optimizer, max_epochs=max_epochs)
        state = begin(
            self._parameters(), recipe, n_samples=samples.n_samples, random_state=random_state
        )
        self._restore(state, optimizer)
        problem, callbacks = self._problem(samples), self._callbacks(recipe)
        result = resume(problem, state, recipe, validation=validation, callbacks=callbacks)
        self._record(result, state, recipe)
        self._conclude(result, state, incremental=incremental)

    def _hold_out(
        self, samples: Samples, random_state: np.random.RandomState
    ) -> tuple[Samples, HeldOut | None]:
        """Divide the samples into those to learn from and, with early stopping, the others."""
        if not self.early_stopping:
            return samples, None
        learn, hold = samples.split(
            self.validation_fraction, random_state, stratify=self._stratifies
        )
        return learn, HeldOut(self._problem(hold), self._score_of(hold))

    def _restore(self, state: TrainingState, optimizer: Optimizer | None) -> None:
        """Let a state begin where earlier calls ended: all that they left counts on."""
        if optimizer is not None:
            state.solver, state.rate = optimizer.memory, optimizer.learning_rate
        known = self.best_validation_score_ if self.early_stopping else self.best_loss_
        best = np.inf if known is None else (-known if self.early_stopping else known)
        # The best weights do not count on: scikit-learn's are the arrays that it trains further.
        state.stopping = StoppingState(best, self._no_improvement_count)
        state.t = self.t_

    def _record(self, result: Result, state: TrainingState, recipe: Recipe) -> None:
        self._optimizer = Optimizer.after(recipe, state)
        self._no_improvement_count = state.stopping.count
        self.n_iter_, self.t_ = result.n_iter, state.t
        self.loss_curve_ += result.history.loss_curve
        self.loss_ = self.loss_curve_[-1] if self.loss_curve_ else np.nan
        if self.early_stopping:
            scores = result.history.validation_scores
            self.validation_scores_ = [*(self.validation_scores_ or []), *scores]
            self.best_validation_score_ = result.best_value
        else:
            self.best_loss_ = result.best_value

    def _conclude(self, result: Result, state: TrainingState, *, incremental: bool) -> None:
        reached = result.best if self.early_stopping else state.params
        is_finite = bool(np.isfinite(reached.vector).all())
        self._set_weights(reached if is_finite else result.params)
        if not is_finite:
            raise diverged(result.divergence, self._remedy)
        tell_stochastic(result, None if incremental else self.max_iter, self._remedy)

    def _fit_full_batch(self, samples: Samples) -> None:
        problem = self._problem(samples.in_float64())
        solver = LBFGS(int(self.max_iter), int(self.max_fun), self.tol)
        callbacks = [PrintedEpochs()] if self.verbose else []
        result = fit_full_batch(
            problem, self._parameters(), solver, callbacks=callbacks, on_divergence="stop"
        )
        self._set_weights(result.params)
        self.n_iter_ = min(result.n_iter, self.max_iter)
        self.loss_ = result.history.last_loss if result.history.records else result.best_value
        if result.divergence is not None and result.divergence.what == "parameters":
            raise diverged(result.divergence, "scaling the inputs and targets")
        tell_full_batch(result, self.max_iter)

    def _callbacks(self, recipe: Recipe) -> list[Callback]:
        printed: list[Callback] = [PrintedEpochs(recipe)] if self.verbose else []
        # with early stopping the best weights are kept, and scikit-learn goes on to the end
        return printed if self.early_stopping else [*printed, EpochCallback(_is_hopeless)]

    @property
    def _remedy(self) -> str:
        rate = self.learning_rate_init
        return f"a learning_rate_init below {rate:g}, or scaling the inputs and targets"

    def _architecture(self) -> Architecture:
        sizes = [len(self.coefs_[0]), *(np.shape(coef)[1] for coef in self.coefs_)]
        return architecture_of(sizes, self.activation, self.out_activation_)

    def _problem(self, samples: Samples) -> Problem:
        return samples.problem(self._architecture(), self.alpha)

    def _parameters(self) -> Parameters:
        return parameters_of(self._architecture(), self.coefs_, self.intercepts_)

    def _set_weights(self, params: Parameters) -> None:
        self.coefs_, self.intercepts_ = coefs_of(params), intercepts_of(params)

    def _outputs(self, X: Any) -> Array:
        """Evaluate the trained network for new rows, of shape (m, n_L)."""
        check_is_fitted(self)
        rows = rows_first(validate_data(self, X, reset=False, **INPUT))
        engine, architecture, params = ReferenceEngine(), self._architecture(), self._parameters()
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


def _is_hopeless(progress: Progress) -> bool:
    """Tell whether a weight is infinite or NaN, which no step can mend."""
    return not np.isfinite(progress.params.vector).all()
