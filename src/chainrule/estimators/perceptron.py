"""What the two estimators share: a fit from checked samples to fitted attributes."""

from abc import abstractmethod
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Self, final

import numpy as np
import numpy.typing as npt
from sklearn.base import _fit_context
from sklearn.callback import CallbackSupportMixin
from sklearn.utils import check_consistent_length, check_random_state
from sklearn.utils.validation import _check_sample_weight, validate_data

from chainrule.arrays import Array
from chainrule.errors import DataError, ShapeError, SpecificationError
from chainrule.estimators.callbacks import begun
from chainrule.estimators.fitted_network import FLOATS, INPUT, FittedNetwork
from chainrule.estimators.following import fitted_after, following
from chainrule.estimators.held_out import ByIteration, parts_of, scored
from chainrule.estimators.outcome import diverged, is_hopeless, tell_full_batch, tell_stochastic
from chainrule.estimators.printing import PrintedEpochs
from chainrule.estimators.recipes import Optimizer, recipe_of
from chainrule.estimators.refusal import unchanged_if_refused
from chainrule.estimators.resuming import origin_of, resumed_parameters, resumed_state
from chainrule.estimators.samples import Samples, dense, rows_first
from chainrule.target_rows import TargetRows
from chainrule.training import (
    LBFGS,
    Callback,
    EpochCallback,
    HeldOut,
    Problem,
    Recipe,
    Result,
    ScoreByParts,
    StoppingState,
    TrainingState,
    Validation,
    begin,
    fit_full_batch,
    resume,
)

__all__ = ["MultilayerPerceptron"]


_OF_EPOCHS = (
    *("loss_curve_", "best_loss_", "validation_scores_", "validation_loss_curve_"),
    "best_validation_score_",
)


@final
@dataclass(frozen=True)
class _Call:
    """What one call of `fit` or `partial_fit` asks for beyond its samples."""

    incremental: bool
    held_out: Samples | None = None
    resume_from: Any = None
    callbacks: Sequence[Callback] = ()


class MultilayerPerceptron(CallbackSupportMixin, FittedNetwork):
    """A network under scikit-learn's interface; `coefs_` and `intercepts_` are its only weights.

    Whatever else a training needs is made anew from the parameters at every fit, so that they
    may be changed between fits; only the optimizer lives on, for `partial_fit`.
    """

    n_iter_: int
    t_: int
    loss_: float
    loss_curve_: list[float]
    best_loss_: float | None
    validation_scores_: list[float] | None
    validation_loss_curve_: list[float] | None
    best_validation_score_: float | None
    _optimizer: Optimizer | None = None
    _no_improvement_count: int = 0

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        validation_data: Any = None,
        resume_from: Any = None,
    ) -> Self:
        """Train the network, from new weights unless `warm_start` is set.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
            The inputs; float32 stays float32, everything else becomes float64.
        y : array of shape (n_samples,) or (n_samples, n_outputs)
            Labels for a classifier, numbers for a regressor.
        sample_weight : array of shape (n_samples,), optional
            What each sample counts for; a batch averages by these weights.
        validation_data : tuple (X, y) or (X, y, sample_weight), optional
            Samples to be watched and not learned from: their score and loss after every epoch
            go to `validation_scores_` and `validation_loss_curve_`. Early stopping then watches
            them and holds out nothing. They are taken as they are: no step of a pipeline is
            applied to them, and no weights of classes.
        resume_from : str or path-like, optional
            The file of a `Checkpoint` of a training from new weights that was cut off. Given the
            same samples and parameters (`random_state` an int) the result is to the bit that of a
            training that was not; others are refused. `max_iter` may be larger, unless the
            learning rate spans all epochs. L-BFGS keeps no more than the weights, begins again
            from them, and says so.

        Returns
        -------
        self : object
            The trained estimator.

        Raises
        ------
        ValueError
            If a parameter, `X`, `y`, `sample_weight`, `validation_data` or the checkpoint cannot
            be used, or the weights diverge.
        """
        held_out = None if validation_data is None else parts_of(validation_data)
        with unchanged_if_refused(self):
            self._fit(X, y, sample_weight, held_out=held_out, resume_from=resume_from)
        return self

    @abstractmethod
    def _validate_input(self, X: Any, y: Any, *, incremental: bool, reset: bool) -> Samples:
        """Check inputs and targets; the samples have the weights of their classes, if any."""

    @abstractmethod
    def _validate_targets(self, y: Any) -> Array | TargetRows:
        """Check targets that are not learned from, and write them as a matrix."""

    @abstractmethod
    def _answers(self, matrix: Array) -> Array:
        """Give outputs, or targets, as `predict` gives them."""

    @abstractmethod
    def _score_of(self, held_out: Samples) -> ScoreByParts:
        """Give the score that early stopping watches."""

    @property
    def _stratifies(self) -> bool:
        return False

    def _to_learn(self, samples: Samples) -> Samples:
        """Give the samples as they are learned from."""
        return samples

    def _fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        *,
        incremental: bool = False,
        held_out: tuple[Any, Any, Any] | None = None,
        resume_from: Any = None,
    ) -> None:
        self._refuse_impossible()
        hidden_sizes = self._hidden_sizes()
        self._hidden_functions(len(hidden_sizes))
        self._dropout_rates(len(hidden_sizes))
        again = (self.warm_start or incremental) and resume_from is None
        first = not (hasattr(self, "coefs_") and again)
        samples = self._validate_input(X, y, incremental=incremental, reset=first)
        if sample_weight is not None:
            samples = samples.weighted(_check_sample_weight(sample_weight, samples.X))
        random_state = check_random_state(self.random_state)
        if first:
            sizes = [samples.X.shape[1], *hidden_sizes, samples.Y.shape[1]]
            self._begin(sizes, samples.X.dtype, random_state)
        self._require_outputs(samples)
        held = None if held_out is None else self._held_out_samples(*held_out)
        if incremental:
            self._train(samples, random_state, _Call(incremental=True))
            return
        metadata = None if sample_weight is None else {"sample_weight": sample_weight}
        told = {"X": X, "y": y, "metadata": metadata}
        with following(self, told, fitted_after) as callbacks:
            call = _Call(False, held, resume_from, callbacks)
            self._train(samples, random_state, call)

    def _train(self, samples: Samples, random_state: np.random.RandomState, call: _Call) -> None:
        if self.solver == "lbfgs":
            self._fit_full_batch(samples, call)
        else:
            self._fit_stochastic(samples, random_state, call)

    def _begin(
        self, sizes: list[int], dtype: npt.DTypeLike, random_state: np.random.RandomState
    ) -> None:
        self.n_iter_, self.t_ = 0, 0
        self._draw_weights(sizes, dtype, random_state)
        self._optimizer = None
        if self.solver != "lbfgs":
            self._begin_curves()
            return
        for name in _OF_EPOCHS:  # L-BFGS has none; these would be those of an earlier fit
            self.__dict__.pop(name, None)

    def _begin_curves(self) -> None:
        self.loss_curve_ = []
        self._no_improvement_count = 0
        self.best_loss_ = None if self.early_stopping else np.inf
        self.validation_scores_ = [] if self.early_stopping else None
        self.validation_loss_curve_ = [] if self.early_stopping else None
        self.best_validation_score_ = -np.inf if self.early_stopping else None

    def _require_outputs(self, samples: Samples) -> None:
        given = samples.Y.shape[1]
        if given != self.n_outputs_:
            raise ShapeError("y", f"{given} outputs", f"the {self.n_outputs_} of the first fit")

    def _held_out_samples(self, X: Any, y: Any, sample_weight: Any) -> Samples:
        """Check what the user held out against what was learned of the samples' form."""
        try:
            X = rows_first(validate_data(self, X, reset=False, dtype=FLOATS, **INPUT))
            Y = self._validate_targets(dense(y))
            check_consistent_length(X, Y)
            samples = Samples(X.astype(self.coefs_[0].dtype, copy=False), Y)
            self._require_outputs(samples)
            weight = sample_weight
            return samples.weighted(None if weight is None else _check_sample_weight(weight, X))
        except (TypeError, ValueError) as error:
            raise DataError(f"validation_data: {error}") from None

    def _fit_stochastic(
        self, samples: Samples, random_state: np.random.RandomState, call: _Call
    ) -> None:
        if call.incremental:
            self._refuse_incremental()
        if not hasattr(self, "loss_curve_"):  # the weights may be those of L-BFGS
            self._begin_curves()
        learn, held = samples, call.held_out
        if self.early_stopping and held is None:
            learn, held = samples.split(
                self.validation_fraction, random_state, stratify=self._stratifies
            )
        recipe = self._recipe(learn, call, is_watched=held is not None)
        problem = self._problem(self._to_learn(learn))
        state = self._state(problem, recipe, (learn, held), random_state, call)
        result = resume(
            problem,
            state,
            recipe,
            validation=None if held is None else self._validation(held),
            callbacks=self._callbacks(learn, held, recipe, call),
        )
        self._record(result, state, recipe)
        self._conclude(result, state, recipe, incremental=call.incremental)

    def _refuse_incremental(self) -> None:
        if self.early_stopping:
            raise SpecificationError("partial_fit does not support early_stopping=True")
        if self.learning_rate in ("cosine", "one_cycle"):
            raise SpecificationError(
                f"partial_fit does not support learning_rate={self.learning_rate!r}, which needs "
                "to know how many epochs there will be; use fit"
            )

    def _recipe(self, learn: Samples, call: _Call, *, is_watched: bool) -> Recipe:
        by_score = self.restore_best and is_watched and not self.early_stopping
        return recipe_of(
            self,
            learn.n_samples,
            self.n_layers_ - 2,
            optimizer=self._optimizer if call.incremental else None,
            max_epochs=1 if call.incremental else int(self.max_iter),
            best_of="validation_score" if by_score else None,
        )

    def _validation(self, held: Samples) -> Validation:
        held_out = HeldOut(self._problem(held), by_parts=self._score_of(held))
        return scored(held_out, self.scoring, self._snapshot, lambda: self._to_predict(held))

    def _to_predict(self, held: Samples) -> tuple[Any, Array, Array | None]:
        rows = held.rows()
        return rows.X, self._answers(held.targets()), rows.sample_weight

    def _state(
        self,
        problem: Problem,
        recipe: Recipe,
        samples: tuple[Samples, Samples | None],
        random_state: np.random.RandomState,
        call: _Call,
    ) -> TrainingState:
        """Begin, or go on where a checkpoint or earlier calls ended."""
        if call.resume_from is not None:
            origin = origin_of(self, *samples)
            return resumed_state(call.resume_from, problem, recipe, origin)
        n_samples = problem.n_samples
        state = begin(
            self._parameters(),
            recipe,
            n_samples=n_samples,
            random_state=random_state,
            index=problem.index,
        )
        optimizer = self._optimizer if call.incremental else None
        if optimizer is not None:
            # a copy, since a call that is refused in its middle leaves what was there
            state.solver, state.rate = deepcopy(optimizer.memory), optimizer.learning_rate
        known = self.best_validation_score_ if self.early_stopping else self.best_loss_
        best = np.inf if known is None else (-known if self.early_stopping else known)
        # The best weights do not count on: scikit-learn's are the arrays that it trains further.
        lowest = best if self.early_stopping else np.inf
        state.stopping = StoppingState(best, self._no_improvement_count, lowest)
        state.t = self.t_
        return state

    def _record(self, result: Result, state: TrainingState, recipe: Recipe) -> None:
        self._optimizer = Optimizer.after(recipe, state)
        self._no_improvement_count = state.stopping.count
        self.n_iter_, self.t_ = result.n_iter, state.t
        self.loss_curve_ = [*self.loss_curve_, *result.history.loss_curve]
        self.loss_ = self.loss_curve_[-1] if self.loss_curve_ else np.nan
        self._record_validation(result.history.validation_scores, result.history.validation_losses)
        if self.early_stopping:
            self.best_validation_score_ = result.best_value
        else:
            self.best_loss_ = result.best_value

    def _record_validation(self, scores: list[float], losses: list[float]) -> None:
        if scores:
            self.validation_scores_ = [*(self.validation_scores_ or []), *scores]
            self.validation_loss_curve_ = [*(self.validation_loss_curve_ or []), *losses]
            self.best_validation_score_ = float(np.fmax.reduce(self.validation_scores_))

    def _conclude(
        self, result: Result, state: TrainingState, recipe: Recipe, *, incremental: bool
    ) -> None:
        reached = result.best if recipe.stopping.keep_best else state.params
        is_finite = bool(np.isfinite(reached.vector).all())
        self._set_weights(reached if is_finite else result.params)
        if not is_finite:
            raise diverged(result.divergence, self._remedy)
        tell_stochastic(result, None if incremental else self.max_iter, self._remedy)

    def _fit_full_batch(self, samples: Samples, call: _Call) -> None:
        problem = self._problem(self._to_learn(samples.in_float64()))
        params = self._parameters()
        if call.resume_from is not None:
            origin = origin_of(self, samples, call.held_out)
            params = resumed_parameters(call.resume_from, self._architecture(), origin)
        solver = LBFGS(int(self.max_iter), int(self.max_fun), self.tol)
        watched = [self._by_iteration(call.held_out)] if call.held_out is not None else []
        callbacks = [*watched, *self._callbacks(samples, call.held_out, None, call)]
        result = fit_full_batch(problem, params, solver, callbacks=callbacks, on_divergence="stop")
        self._set_weights(result.params)
        self.n_iter_ = min(result.n_iter, self.max_iter)
        self.loss_ = result.history.last_loss if result.history.records else result.best_value
        for watch in watched:
            self._conclude_watch(watch)
        if result.divergence is not None and result.divergence.what == "parameters":
            raise diverged(result.divergence, "scaling the inputs and targets")
        tell_full_batch(result, self.max_iter)

    def _by_iteration(self, held: Samples) -> ByIteration:
        return ByIteration(self._validation(held.in_float64()), [], [])

    def _conclude_watch(self, watch: ByIteration) -> None:
        self.validation_scores_ = self.validation_loss_curve_ = None
        scores = [seen.score for seen in watch.seen if seen.score is not None]
        self._record_validation(scores, [seen.loss for seen in watch.seen if seen.loss is not None])
        if self.restore_best and watch.best:
            self._set_weights(watch.best[-1][1])

    def _callbacks(
        self, learn: Samples, held: Samples | None, recipe: Recipe | None, call: _Call
    ) -> list[Callback]:
        own = [] if call.incremental else begun(self, lambda: origin_of(self, learn, held))
        callbacks: list[Callback] = [*([PrintedEpochs(recipe)] if self.verbose else []), *own]
        # with early stopping the best weights are kept, and scikit-learn goes on to the end
        if recipe is not None and not self.early_stopping:
            callbacks.append(EpochCallback(is_hopeless))
        return [*callbacks, *call.callbacks]

    @property
    def _remedy(self) -> str:
        rate = self.learning_rate_init
        return f"a learning_rate_init below {rate:g}, or scaling the inputs and targets"
