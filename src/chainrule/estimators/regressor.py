"""The regressor under scikit-learn's interface."""

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any, ClassVar, Literal, Self, final

import numpy as np
from sklearn.base import RegressorMixin, _fit_context
from sklearn.utils import check_array, column_or_1d
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import validate_data

from chainrule.arrays import Array
from chainrule.errors import DataError, SpecificationError
from chainrule.estimators.fitted_network import FLOATS, INPUT
from chainrule.estimators.hyperparameters import Hyperparameters
from chainrule.estimators.perceptron import MultilayerPerceptron
from chainrule.estimators.refusal import unchanged_if_refused
from chainrule.estimators.samples import Samples, dense, rows_first
from chainrule.estimators.scores import determination
from chainrule.losses import LOSSES, Loss, huber, pinball
from chainrule.training import ScoreByParts

__all__ = ["MLPRegressor"]

#: The output function of each loss, as scikit-learn names it.
_OUTPUTS = {
    "squared_error": "identity",
    "poisson": "exp",
    "absolute_error": "identity",
    "huber": "identity",
    "quantile": "identity",
}
#: The losses that are not the canonical one of their output.
_LOSSES: dict[str, Callable[["MLPRegressor"], Loss]] = {
    "absolute_error": lambda _told: LOSSES["absolute_error"],
    "huber": lambda told: huber(told.delta),
    "quantile": lambda told: pinball(told.quantile),
}


@final
class MLPRegressor(RegressorMixin, MultilayerPerceptron):
    """A multilayer perceptron that predicts numbers, interchangeable with scikit-learn's.

    The parameters, attributes and results are those of ``sklearn.neural_network.MLPRegressor``:
    from the same `random_state` both draw the same weights, splits and shuffles and take the
    same steps. What is minimised is the mean loss of a batch plus the penalty of `alpha`.

    With several outputs the loss of a sample is the *sum* over its outputs. scikit-learn reports
    their mean and descends the gradient of the sum; here the loss that is reported is the one
    that is descended. See Notes.

    Parameters
    ----------
    loss : str, default="squared_error"
        ``"squared_error"``, half the squared error, or ``"poisson"``, half the Poisson deviance
        with the exponential as output function, for targets that are not negative. Beyond
        scikit-learn's, with the identity as output: ``"absolute_error"``, for the median;
        ``"huber"``, half the squared error up to a residual of `delta` and linear beyond;
        ``"quantile"``, the pinball loss of `quantile`.
    hidden_layer_sizes : int or sequence of int, default=(100,)
        The widths of the hidden layers, in order; ``()`` for none.
    activation : str or sequence of str, default="relu"
        The function of the hidden layers, or one for each: ``"identity"``, ``"logistic"``,
        ``"tanh"``, ``"relu"``, and beyond scikit-learn's ``"leaky_relu"``, ``"elu"``, ``"selu"``,
        ``"gelu"``, ``"silu"``, ``"mish"``, ``"softplus"``.
    solver : {"lbfgs", "sgd", "adam"}, default="adam"
        Gradient descent with momentum or Adam, both over mini-batches, or L-BFGS over all
        samples at once, which computes in float64.
    alpha : float, default=0.0001
        The L2 penalty. A step adds ``alpha/2 · Σ‖W‖² / Σw`` to its loss, ``Σw`` being the total
        sample weight of its batch, or its number of samples; so smaller batches are penalised
        more. Biases are not penalised.
    batch_size : int or "auto", default="auto"
        Samples a step; ``"auto"`` is 200, or all of them where there are fewer. The last batch
        of an epoch takes what is left. Without effect on L-BFGS.
    learning_rate : str, default="constant"
        With ``solver="sgd"``: ``"constant"``; ``"invscaling"``, which is divided by
        ``(t_ + 1)^power_t`` after every epoch; or ``"adaptive"``, which is divided by 5 on every
        plateau, until it is at most 1e-6. With both stochastic solvers: ``"cosine"``, which falls
        to 0 along a half cosine over `max_iter` epochs, or ``"one_cycle"``, which rises and falls
        once over them; both move step by step, and `learning_rate_init` is their highest rate.
    learning_rate_init : float, default=0.001
        The learning rate that training begins with. Without effect on L-BFGS.
    power_t : float, default=0.5
        The exponent of ``"invscaling"``.
    max_iter : int, default=200
        Epochs (L-BFGS: iterations) at most.
    shuffle : bool, default=True
        Whether every epoch visits the samples in a new random order.
    random_state : int, RandomState or None, default=None
        The source of the first weights, the held-out part and the shuffles, in this order. An
        int repeats them in every fit.
    tol : float, default=1e-4
        How much an epoch has to improve on the best one. L-BFGS: the largest element of the
        gradient at which it has converged.
    verbose : bool or int, default=False
        Whether to print a line an epoch.
    warm_start : bool, default=False
        Whether `fit` goes on from the weights of the fit before, with a new optimizer.
    momentum : float, default=0.9
        The momentum of ``solver="sgd"``, in [0, 1].
    nesterovs_momentum : bool, default=True
        Whether that momentum looks ahead as Nesterov's does.
    early_stopping : bool, default=False
        Whether to hold out a part of the samples, watch its R² in place of the training loss,
        and end with the best weights. Without effect on L-BFGS.
    validation_fraction : float, default=0.1
        The share of the samples that early stopping holds out.
    beta_1, beta_2 : float, default=0.9 and 0.999
        The decay of Adam's first and second moment, in [0, 1).
    epsilon : float, default=1e-8
        What Adam adds to its denominator.
    n_iter_no_change : int or inf, default=10
        How many epochs in a row may fail to improve by `tol` before training ends.
    max_fun : int, default=15000
        How often L-BFGS may evaluate the loss.

    delta : float, default=1.0
        With ``loss="huber"``, the residual beyond which the loss grows linearly, in units of `y`.
    quantile : float, default=0.5
        With ``loss="quantile"``, the quantile to be predicted, between 0 and 1.
    dropout : float or sequence of float, default=0.0
        The probability, in [0, 1), with which a step does without a hidden output; one for all
        hidden layers, or one for each. What is left is scaled up in training, so that predictions
        take the whole network. Only the data term of the loss is thinned; the penalty of `alpha`
        is that of all weights. Not with L-BFGS.
    weight_decay : float, default=0.0
        With ``solver="adam"``, decoupled weight decay as in AdamW: a step of rate ``η`` also
        takes ``η · weight_decay · W`` from the weights, past the moments and whatever the batch
        size. `alpha`, in contrast, is part of the loss and of its gradient; set ``alpha=0`` for
        AdamW alone. Biases do not decay.
    clip_norm : float, optional
        Scale the gradient of a step, penalty included, down to this Euclidean norm where it is
        longer. Not with L-BFGS.
    clip_value : float, optional
        Clip every element of that gradient to ``[-clip_value, clip_value]``. Not together with
        `clip_norm`.
    warm_up : float, default=0.0
        With ``learning_rate="cosine"``, the epochs in which the rate climbs from a tenth.
    scoring : str, callable or None, default=None
        What scores the held-out samples, of early stopping or of `fit`'s `validation_data`: a
        scorer or the name of one, ``"loss"`` for minus their loss (without the penalty), or None
        for R².
    restore_best : bool, default=False
        Whether `fit` ends with the weights of its best epoch also without early stopping: the
        one with the best score of `validation_data`, or without them with the smallest training
        loss, which is taken over the epoch, while the weights are those at its end.
    engine : {"auto", "native", "reference"}, default="auto"
        What computes: the readable one in NumPy (``"reference"``), the fused one in C++
        (``"native"``), or the fastest that has every part of this network.
    n_threads : int, optional
        Threads of the native engine. The number has no influence on the result.

    Attributes
    ----------
    coefs_ : list of arrays of shape (n_l, n_{l+1})
        The weights of each layer; ``coefs_[l]`` is the transpose of ``W(l+1)``.
    intercepts_ : list of arrays of shape (n_{l+1},)
        The biases of each layer.
    loss_ : float
        The loss of the last epoch: the mean over its batches, each before its step, penalty
        included.
    loss_curve_ : list of float
        `loss_` of every epoch; not with L-BFGS.
    best_loss_ : float or None
        The smallest of them; None with early stopping; not with L-BFGS.
    validation_scores_ : list of float or None
        What `scoring` gives, by default R², for the held-out samples after every epoch of
        the fits that had some; None where none had; with L-BFGS only where there are some.
    best_validation_score_ : float or None
        The largest of them, likewise.
    validation_loss_curve_ : list of float or None
        The loss of the same samples, without the penalty, likewise.
    n_iter_ : int
        Epochs, or iterations, of the last fit.
    t_ : int
        Samples seen over all epochs; 0 with L-BFGS.
    n_layers_ : int
        Layers, counting the inputs.
    n_outputs_ : int
        Outputs of the network.
    out_activation_ : {"identity", "exp"}
        The output function.
    n_features_in_ : int
        Columns of `X`.
    feature_names_in_ : array of shape (n_features_in_,)
        Their names, where `X` had names that are strings.

    See Also
    --------
    MLPClassifier : The same for classes.
    Network : The network alone, with every gradient by name.

    Notes
    -----
    With k outputs scikit-learn's `loss_` has a data term of one k-th of this one, but its steps
    follow the gradient of this one, and so do ours: the weights agree step by step as long as
    both go on. `tol` is compared with the loss that is reported, so without early stopping the
    two may end at different epochs; and the line search of L-BFGS, which looks at both, may take
    another path. With one output, and with the Poisson loss, there is no difference.

    Where scikit-learn raises because the weights are no longer finite, so does this, and says
    where it began. Interrupting `fit` from the keyboard keeps the weights reached so far.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, Learning representations by back-propagating
    errors, Nature 323 (1986), 533-536.

    scikit-learn 1.9, ``sklearn.neural_network``, for parameters, draws and the order of steps;
    its issue 8349 for the loss of several outputs.

    Examples
    --------
    >>> from sklearn.compose import TransformedTargetRegressor
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> import chainrule
    >>> X, y = load_diabetes(return_X_y=True, scaled=False)
    >>> network = chainrule.MLPRegressor(
    ...     hidden_layer_sizes=10, early_stopping=True, learning_rate_init=0.01, random_state=0)
    >>> model = TransformedTargetRegressor(
    ...     make_pipeline(StandardScaler(), network), transformer=StandardScaler())
    >>> round(model.fit(X[:350], y[:350]).score(X[350:], y[350:]), 1)
    0.5
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **Hyperparameters._parameter_constraints,
        "loss": [StrOptions(set(_OUTPUTS))],
        "delta": [Interval(Real, 0, None, closed="neither")],
        "quantile": [Interval(Real, 0, 1, closed="neither")],
    }

    delta: float
    quantile: float

    def __init__(
        self,
        loss: str = "squared_error",
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: str | Sequence[str] = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: int | Literal["auto"] = "auto",
        learning_rate: str = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: int | np.random.RandomState | None = None,
        tol: float = 1e-4,
        verbose: bool | int = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
        delta: float = 1.0,
        quantile: float = 0.5,
        dropout: float | Sequence[float] = 0.0,
        weight_decay: float = 0.0,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        warm_up: float = 0.0,
        scoring: str | Callable[..., Any] | None = None,
        restore_best: bool = False,
        engine: str = "auto",
        n_threads: int | None = None,
    ) -> None:
        self._keep(locals())

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train for one epoch, going on from where the call before ended.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
            The inputs.
        y : array of shape (n_samples,) or (n_samples, n_outputs)
            The targets.
        sample_weight : array of shape (n_samples,), optional
            What each sample counts for.

        Returns
        -------
        self : object
            The trained estimator.

        Raises
        ------
        ValueError
            As `fit`, and where early stopping is on.
        """
        with unchanged_if_refused(self):
            self._fit(X, y, sample_weight, incremental=True)
        return self

    def predict(self, X: Any) -> Array:
        """Predict the numbers of each row.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        array of shape (n_samples,) or (n_samples, n_outputs)
            The outputs of the network.
        """
        return self._answers(self._outputs(X))

    def _validate_input(
        self,
        X: Any,
        y: Any,
        *,
        incremental: bool,  # noqa: ARG002 - numbers need no classes from the first call
        reset: bool,
    ) -> Samples:
        X, y = validate_data(
            self, X, y, multi_output=True, y_numeric=True, dtype=FLOATS, reset=reset, **INPUT
        )
        self._refuse_unused()
        return Samples(rows_first(X), self._as_matrix(dense(y)))

    def _refuse_unused(self) -> None:
        """Refuse what is set for another loss than the one that is descended."""
        for name, loss, default in (("delta", "huber", 1.0), ("quantile", "quantile", 0.5)):
            if self.loss != loss and getattr(self, name) != default:
                raise SpecificationError(
                    f"{name}={getattr(self, name)!r} needs loss={loss!r}, got {self.loss!r}"
                )

    def _validate_targets(self, y: Any) -> Array:
        given = check_array(y, ensure_2d=False, dtype="numeric", input_name="y")
        return self._as_matrix(given)

    def _as_matrix(self, y: Array) -> Array:
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if self.loss == "poisson" and np.min(y) < 0:
            raise DataError(f"loss='poisson' needs y >= 0, and the smallest value is {np.min(y)}")
        return y.reshape(len(y), -1)

    def _answers(self, matrix: Array) -> Array:
        return matrix.ravel() if matrix.shape[1] == 1 else matrix

    def _output_name(self) -> str:
        return _OUTPUTS[self.loss]

    def _loss(self) -> Loss | None:
        return _LOSSES[self.loss](self) if self.loss in _LOSSES else None

    def _score_of(self, held_out: Samples) -> ScoreByParts:
        return determination(held_out)
