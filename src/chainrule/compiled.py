"""A trained network as a plain function, without the checks that take longer than the network."""

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import numpy as np

from chainrule.arrays import Array
from chainrule.engine import NativeEngine
from chainrule.errors import SpecificationError
from chainrule.network import Architecture
from chainrule.parameters import Parameters

__all__ = ["compile"]

#: scikit-learn's names of output functions that have another name here.
_OUTPUTS: Final = {"exp": "exponential"}


class Fitted(Protocol):
    """A fitted multilayer perceptron, this library's or scikit-learn's."""

    coefs_: Sequence[Array]
    intercepts_: Sequence[Array]
    activation: Any
    out_activation_: str


def compile(estimator: Fitted, *, n_threads: int | None = None) -> Callable[[Array], Array]:
    """Make a plain function of a fitted estimator, for many calls with few rows.

    The function does what `predict_proba` of a classifier and `predict` of a regressor do, but
    checks and converts nothing: it takes a NumPy array of shape (m, n_features) whose rows are
    contiguous, of the type of ``coefs_[0]``. The weights are those at the time of this call.

    Parameters
    ----------
    estimator : MLPClassifier or MLPRegressor
        Fitted; scikit-learn's own will do.
    n_threads : int, optional
        Threads for many rows, as in `chainrule.engine.NativeEngine`.

    Returns
    -------
    callable

    Raises
    ------
    SpecificationError
        If the estimator is not fitted.
    UnsupportedError
        If the native engine has no kernel for one of its functions.

    Examples
    --------
    >>> from chainrule import MLPRegressor
    >>> X = np.linspace(-1, 1, 50)[:, np.newaxis]
    >>> model = MLPRegressor(hidden_layer_sizes=[8], max_iter=2000, random_state=0).fit(X, X[:, 0])
    >>> predict = compile(model)
    >>> bool(np.allclose(predict(X), model.predict(X), rtol=1e-12))
    True
    """
    if not hasattr(estimator, "coefs_"):
        kind = type(estimator).__name__
        raise SpecificationError(f"this {kind} has no weights yet; fit it before compile")
    architecture = _architecture(estimator)
    params = _parameters(architecture, estimator)
    outputs = NativeEngine(n_threads).frozen(architecture, params)
    if architecture.layer_sizes[-1] > 1:
        return outputs
    return _both_classes(outputs) if hasattr(estimator, "classes_") else _one_column(outputs)


def _architecture(estimator: Fitted) -> Architecture:
    sizes = [len(estimator.coefs_[0]), *(np.shape(coef)[1] for coef in estimator.coefs_)]
    output = _OUTPUTS.get(estimator.out_activation_, estimator.out_activation_)
    return Architecture.of(sizes, hidden=estimator.activation, output=output)


def _parameters(architecture: Architecture, estimator: Fitted) -> Parameters:
    dtype = np.result_type(*estimator.coefs_)
    params = Parameters.over(architecture, np.empty(architecture.n_parameters, dtype))
    for W, coef in zip(params.weights, estimator.coefs_, strict=True):
        W[...] = np.transpose(coef)
    for b, intercept in zip(params.biases, estimator.intercepts_, strict=True):
        if b is not None:
            b[...] = intercept
    return params


def _both_classes(outputs: Callable[[Array], Array]) -> Callable[[Array], Array]:
    def evaluate(X: Array) -> Array:
        of_second = outputs(X)
        both = np.empty((len(X), 2), of_second.dtype)
        np.subtract(1, of_second, out=both[:, :1])
        both[:, 1:] = of_second
        return both

    return evaluate


def _one_column(outputs: Callable[[Array], Array]) -> Callable[[Array], Array]:
    return lambda X: outputs(X)[:, 0]
