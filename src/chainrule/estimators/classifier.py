"""The classifier under scikit-learn's interface."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from numbers import Real
from typing import Any, ClassVar, Literal, Self, final

import numpy as np
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import check_array
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import (
    _check_partial_fit_first_call,
    type_of_target,
)
from sklearn.utils.validation import validate_data

from chainrule.arrays import Array
from chainrule.estimators.fitted_network import FLOATS, INPUT
from chainrule.estimators.hyperparameters import Hyperparameters, takes_steps
from chainrule.estimators.labels import (
    as_labels,
    class_weights,
    fitted_binarizer,
    known_labels,
    refuse_other_classes,
    refuse_unknown_classes,
    target_rows,
)
from chainrule.estimators.perceptron import MultilayerPerceptron
from chainrule.estimators.refusal import unchanged_if_refused
from chainrule.estimators.samples import Samples, rows_first
from chainrule.estimators.scores import accuracy
from chainrule.target_rows import TargetRows, target_rows_of
from chainrule.targets import smoothed_targets
from chainrule.training import ScoreByParts

__all__ = ["MLPClassifier"]


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

    class_weight : dict, list of dict or "balanced", optional
        What the samples of each class count for, a dict for each label where there are several;
        ``"balanced"`` takes ``n_samples / (n_classes · count)``. The weights multiply
        `sample_weight`, also in the part that early stopping holds out, and the penalty of `alpha`
        is divided by their sum over the batch.
    label_smoothing : float, default=0.0
        The share ``ε`` in [0, 1) of every target that goes to all classes alike, so that no
        probability is driven to 0 or 1. The loss of held-out samples is that of their true labels.
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
        for the accuracy.
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
    classes_ : array, or list of arrays, of shape (n_classes,)
        The labels, in the order of the columns of `predict_proba`.
    coefs_ : list of arrays of shape (n_l, n_{l+1})
        The weights of each layer; ``coefs_[l]`` is the transpose of ``W(l+1)``.
    intercepts_ : list of arrays of shape (n_{l+1},)
        The biases of each layer.
    loss_ : float
        The loss of the last epoch: the mean over its batches, each before its step, with penalty.
    loss_curve_ : list of float
        `loss_` of every epoch; not with L-BFGS.
    best_loss_ : float or None
        The smallest of them; None with early stopping; not with L-BFGS.
    validation_scores_ : list of float or None
        What `scoring` gives, by default the accuracy, for the held-out samples after every epoch of
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
    class_weight: Any
    label_smoothing: float
    _label_binarizer: Any

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **Hyperparameters._parameter_constraints,
        "class_weight": [StrOptions({"balanced"}), dict, list, None],
        "label_smoothing": [Interval(Real, 0, 1, closed="left")],
    }

    def __init__(
        self,
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
        class_weight: dict[Any, float] | list[dict[Any, float]] | str | None = None,
        label_smoothing: float = 0.0,
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

    @available_if(takes_steps)
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
        with unchanged_if_refused(self):
            if _check_partial_fit_first_call(self, classes):
                is_multilabel = type_of_target(y).startswith("multilabel")
                self._label_binarizer = LabelBinarizer().fit(y if is_multilabel else classes)
            self._fit(X, y, sample_weight, incremental=True)
        return self

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
        return self._answers(self._outputs(X))

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
        y = as_labels(y)
        if hasattr(self, "classes_") and (self.warm_start or incremental):
            refuse = refuse_other_classes if self.warm_start else refuse_unknown_classes
            refuse(known_labels(y), self.classes_)
        else:
            self._label_binarizer = fitted_binarizer(y)
            self.classes_ = self._label_binarizer.classes_
        samples = Samples(rows_first(X), target_rows(self._label_binarizer, y, X.dtype))
        told, classes = self.class_weight, self.classes_
        return samples.weighted(class_weights(told, y, classes, incremental=incremental))

    def _validate_targets(self, y: Any) -> Array | TargetRows:
        labels = as_labels(check_array(y, ensure_2d=False, dtype=None, input_name="y"))
        refuse_unknown_classes(known_labels(labels), self.classes_, "validation_data")
        return target_rows(self._label_binarizer, labels, self.coefs_[0].dtype)

    def _to_learn(self, samples: Samples) -> Samples:
        if not self.label_smoothing:
            return samples
        T = target_rows_of(samples.Y, samples.X.dtype)[:]
        return replace(samples, Y=smoothed_targets(self._architecture(), T, self.label_smoothing))

    def _output_name(self) -> str:
        return "softmax" if self._label_binarizer.y_type_ == "multiclass" else "logistic"

    @property
    def _stratifies(self) -> bool:
        return self.n_outputs_ == 1

    def _score_of(self, held_out: Samples) -> ScoreByParts:
        return accuracy(held_out, self._answers)

    def _answers(self, matrix: Array) -> Array:
        found = matrix.ravel() if self.n_outputs_ == 1 else matrix
        labels: Array = self._label_binarizer.inverse_transform(found)
        return labels

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
