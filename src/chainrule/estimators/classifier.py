"""The classifier under scikit-learn's interface."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, Self, final

import numpy as np
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.metrics import accuracy_score
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import column_or_1d
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import (
    _check_partial_fit_first_call,
    type_of_target,
    unique_labels,
)
from sklearn.utils.validation import validate_data

from chainrule.arrays import Array
from chainrule.errors import DataError
from chainrule.estimators.perceptron import FLOATS, INPUT, MultilayerPerceptron
from chainrule.estimators.samples import Samples, rows_first

__all__ = ["MLPClassifier"]


def _takes_steps(estimator: MultilayerPerceptron) -> bool:
    if estimator.solver == "lbfgs":
        raise AttributeError(
            "partial_fit is only available for stochastic optimizers. lbfgs is not stochastic."
        )
    return True


@final
class MLPClassifier(ClassifierMixin, MultilayerPerceptron):
    """A multilayer perceptron that classifies, interchangeable with scikit-learn's.

    The parameters, attributes and results are those of ``sklearn.neural_network.MLPClassifier``:
    from the same `random_state` both draw the same weights, splits and shuffles and take the
    same steps. Two classes, or several labels at once, take logistic outputs; more classes take a
    softmax. What is minimised is the mean cross-entropy of a batch plus the penalty of `alpha`.

    Parameters
    ----------
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
        Whether `fit` goes on from the weights of the fit before, with a new optimizer. The
        classes must be the same.
    momentum : float, default=0.9
        The momentum of ``solver="sgd"``, in [0, 1].
    nesterovs_momentum : bool, default=True
        Whether that momentum looks ahead as Nesterov's does.
    early_stopping : bool, default=False
        Whether to hold out a part of the samples, watch its accuracy in place of the training
        loss, and end with the best weights. Without effect on L-BFGS.
    validation_fraction : float, default=0.1
        The share of the samples that early stopping holds out, by class where there are two.
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
    classes_ : array, or list of arrays, of shape (n_classes,)
        The labels, in the order of the columns of `predict_proba`.
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
        The accuracy on the held-out part after every epoch; None without early stopping; not
        with L-BFGS.
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
    out_activation_ : {"logistic", "softmax"}
        The output function.
    n_features_in_ : int
        Columns of `X`.
    feature_names_in_ : array of shape (n_features_in_,)
        Their names, where `X` had names that are strings.

    See Also
    --------
    MLPRegressor : The same for numbers.
    Network : The network alone, with every gradient by name.

    Notes
    -----
    Where scikit-learn raises because the weights are no longer finite, so does this, and says
    where it began. Interrupting `fit` from the keyboard keeps the weights reached so far.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, Learning representations by back-propagating
    errors, Nature 323 (1986), 533-536.

    scikit-learn 1.9, ``sklearn.neural_network``, for parameters, draws and the order of steps.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import train_test_split
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> import chainrule
    >>> X_train, X_test, y_train, y_test = train_test_split(
    ...     *load_iris(return_X_y=True), random_state=0)
    >>> network = chainrule.MLPClassifier(max_iter=500, random_state=0)
    >>> model = make_pipeline(StandardScaler(), network).fit(X_train, y_train)
    >>> round(model.score(X_test, y_test), 2)
    0.97
    """

    loss = "log_loss"
    classes_: Array
    _label_binarizer: Any

    def __init__(
        self,
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

    @available_if(_takes_steps)
    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None) -> Self:
        """Train for one epoch, going on from where the call before ended.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
            The inputs.
        y : array of shape (n_samples,) or (n_samples, n_labels)
            The labels.
        sample_weight : array of shape (n_samples,), optional
            What each sample counts for.
        classes : array of shape (n_classes,), optional
            Every label that any call will bring; needed in the first call.

        Returns
        -------
        self : object
            The trained estimator.

        Raises
        ------
        ValueError
            As `fit`, and where the first call lacks `classes`, a later one has others, or `y` has
            a label that is not among them.
        """
        if _check_partial_fit_first_call(self, classes):
            is_multilabel = type_of_target(y).startswith("multilabel")
            self._label_binarizer = LabelBinarizer().fit(y if is_multilabel else classes)
        return self._fit(X, y, sample_weight, incremental=True)

    def predict(self, X: Any) -> Array:
        """Predict the class of each row, or each of its labels.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        array of shape (n_samples,) or (n_samples, n_labels)
            The most probable class; of several labels those above one half.
        """
        return self._labels(self._outputs(X))

    def predict_proba(self, X: Any) -> Array:
        """Predict the probability of each class.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        array of shape (n_samples, n_classes)
            One column for each of `classes_`.
        """
        outputs = self._outputs(X)
        return np.hstack([1 - outputs, outputs]) if self.n_outputs_ == 1 else outputs

    def predict_log_proba(self, X: Any) -> Array:
        """Predict the logarithm of the probability of each class.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        array of shape (n_samples, n_classes)
            ``log(predict_proba(X))``.
        """
        probabilities = self.predict_proba(X)
        return np.log(probabilities, out=probabilities)

    def _validate_input(self, X: Any, y: Any, *, incremental: bool, reset: bool) -> Samples:
        X, y = validate_data(self, X, y, multi_output=True, dtype=FLOATS, reset=reset, **INPUT)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if hasattr(self, "classes_") and (self.warm_start or incremental):
            self._require_known(unique_labels(y))
        else:
            self._label_binarizer = LabelBinarizer().fit(y)
            self.classes_ = self._label_binarizer.classes_
        return Samples(rows_first(X), self._label_binarizer.transform(y).astype(bool))

    def _require_known(self, classes: Array) -> None:
        if self.warm_start:
            if set(classes) != set(self.classes_):
                raise DataError(
                    "warm_start can only be used where `y` has the same classes as in the "
                    f"previous call to fit. Previously got {self.classes_}, `y` has {classes}"
                )
        elif not set(classes) <= set(self.classes_):
            raise DataError(
                "`y` has classes not in `self.classes_`. "
                f"`self.classes_` has {self.classes_}. 'y' has {classes}."
            )

    def _output_name(self) -> str:
        return "softmax" if self._label_binarizer.y_type_ == "multiclass" else "logistic"

    @property
    def _stratifies(self) -> bool:
        return self.n_outputs_ == 1

    def _score_of(self, held_out: Samples) -> Callable[[Array], float]:
        truth, weight = self._labels(held_out.Y), held_out.sample_weight
        return lambda outputs: accuracy_score(truth, self._labels(outputs), sample_weight=weight)

    def _labels(self, outputs: Array) -> Array:
        found = outputs.ravel() if self.n_outputs_ == 1 else outputs
        labels: Array = self._label_binarizer.inverse_transform(found)
        return labels

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
