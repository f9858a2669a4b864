"""The regressor under scikit-learn's interface."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Literal, Self, final

import numpy as np
from sklearn.base import RegressorMixin, _fit_context
from sklearn.metrics import r2_score
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.validation import validate_data

from chainrule.arrays import Array
from chainrule.errors import DataError
from chainrule.estimators.hyperparameters import Hyperparameters
from chainrule.estimators.perceptron import FLOATS, INPUT, MultilayerPerceptron
from chainrule.estimators.samples import Samples, rows_first

__all__ = ["MLPRegressor"]

#: The output function of each loss, as scikit-learn names it.
_OUTPUTS = {"squared_error": "identity", "poisson": "exp"}


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
    loss : {"squared_error", "poisson"}, default="squared_error"
        Half the squared error, with the identity as output function, or half the Poisson
        deviance, with the exponential, for targets that are not negative.
    hidden_layer_sizes : int or sequence of int, default=(100,)
        The widths of the hidden layers, in order; ``()`` for none.
    activation : {"identity", "logistic", "tanh", "relu"}, default="relu"
        The function of the hidden layers.
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
    learning_rate : {"constant", "invscaling", "adaptive"}, default="constant"
        With ``solver="sgd"``: a constant rate; one that is divided by ``(t_ + 1)^power_t`` after
        every epoch; or one that is divided by 5 on every plateau, until it is at most 1e-6.
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
        R² on the held-out part after every epoch; None without early stopping; not with L-BFGS.
    best_validation_score_ : float or None
        The largest of them, likewise.
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
    }

    def __init__(
        self,
        loss: str = "squared_error",
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: str = "relu",
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
        return self._fit(X, y, sample_weight, incremental=True)

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
        outputs = self._outputs(X)
        return outputs.ravel() if outputs.shape[1] == 1 else outputs

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
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if self.loss == "poisson" and np.min(y) < 0:
            raise DataError(f"loss='poisson' needs y >= 0, and the smallest value is {np.min(y)}")
        return Samples(rows_first(X), y.reshape(len(y), -1))

    def _output_name(self) -> str:
        return _OUTPUTS[self.loss]

    def _score_of(self, held_out: Samples) -> Callable[[Array], float]:
        def score(outputs: Array) -> float:
            if not np.isfinite(outputs).all():
                return np.nan
            return float(r2_score(held_out.Y, outputs, sample_weight=held_out.sample_weight))

        return score
