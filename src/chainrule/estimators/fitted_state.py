"""What a fit leaves behind, and how its parts have to fit together."""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np
from sklearn.base import is_classifier

from chainrule.errors import ModelFileError
from chainrule.estimators.perceptron import MultilayerPerceptron
from chainrule.estimators.recipes import Optimizer
from chainrule.estimators.weights import architecture_of
from chainrule.outputs import OUTPUTS
from chainrule.parameters import Parameters
from chainrule.training import SolverState

__all__ = ["check_state"]

#: The output functions, as ``out_activation_`` names them.
_OUTPUTS: Final = frozenset({*OUTPUTS, "exp"})


def check_state(estimator: MultilayerPerceptron) -> None:
    """Check what a fit left behind, before anything relies on it.

    Attributes that are not known here are left alone.

    Parameters
    ----------
    estimator : MLPClassifier or MLPRegressor
        Fitted or not.

    Raises
    ------
    ModelFileError
        If an attribute is missing or is not as it must be.

    Examples
    --------
    >>> from chainrule.estimators import MLPRegressor
    >>> network = MLPRegressor()
    >>> network.coefs_ = [3]
    >>> check_state(network)
    Traceback (most recent call last):
    ...
    chainrule.errors.ModelFileError: its attribute 'coefs_' is not as it must be
    """
    state = vars(estimator)
    for name, is_right in _ATTRIBUTES.items():
        if name in state and not is_right(state[name]):
            raise _wrong(name)
    if "coefs_" in state:
        labels = ("classes_", "_label_binarizer") if is_classifier(estimator) else ()
        _check_fit(state, [*_FITTED, *labels])


def _check_fit(state: Mapping[str, Any], needed: Iterable[str]) -> None:
    for name in needed:
        if name not in state:
            raise _wrong(name)
    sizes = [len(state["coefs_"][0]), *(coef.shape[1] for coef in state["coefs_"])]
    expected = {
        "coefs_": [coef.shape for coef in state["coefs_"]] == list(pairwise(sizes)),
        "intercepts_": [len(one) for one in state["intercepts_"]] == sizes[1:],
        "n_layers_": state["n_layers_"] == len(sizes),
        "n_outputs_": state["n_outputs_"] == sizes[-1],
        "n_features_in_": state["n_features_in_"] == sizes[0],
        "feature_names_in_": len(state.get("feature_names_in_", range(sizes[0]))) == sizes[0],
        "classes_": _are_classes_of(state),
        "_optimizer": _is_optimizer_of(state.get("_optimizer"), sizes),
    }
    for name, is_right in expected.items():
        if not is_right:
            raise _wrong(name)


def _are_classes_of(state: Mapping[str, Any]) -> bool:
    """Tell whether the outputs are those of the classes, where there are classes."""
    if "_label_binarizer" not in state:
        return True
    kind, n_outputs = state["_label_binarizer"].y_type_, state["n_outputs_"]
    if state["out_activation_"] != ("softmax" if kind == "multiclass" else "logistic"):
        return False
    n_classes = len(state["classes_"])
    fits: bool = n_outputs == (1 if kind == "binary" else n_classes)
    return fits


def _is_optimizer_of(optimizer: Optimizer | None, sizes: list[int]) -> bool:
    if optimizer is None:
        return True
    slots, architecture = optimizer.memory.slots, architecture_of(sizes, "relu", "identity")
    params = Parameters.over(architecture, np.zeros(architecture.n_parameters))
    expected = optimizer.solver.start(params).slots
    return slots.keys() == expected.keys() and all(
        slot.shape == params.vector.shape for slot in slots.values()
    )


#: Numbers of steps and samples are below this, in files and in every engine.
_COUNTS: Final = 2**63


def _wrong(name: str) -> ModelFileError:
    return ModelFileError(f"its attribute {name!r} is not as it must be")


def _is_whole(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | np.integer) and 0 <= int(value) < _COUNTS


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating)


def _is_number_or_none(value: Any) -> bool:
    return value is None or _is_number(value)


def _are_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_number, value))


def _are_numbers_or_none(value: Any) -> bool:
    return value is None or _are_numbers(value)


def _is_array(value: Any, n_axes: int) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == n_axes


def _are_weights(value: Any, n_axes: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 0
        and all(_is_array(one, n_axes) and one.dtype in (np.float32, np.float64) for one in value)
    )


def _are_names(value: Any) -> bool:
    return _is_array(value, 1) and all(isinstance(one, str) for one in value)


def _is_optimizer(value: Any) -> bool:
    if not isinstance(value, Optimizer):
        return value is None
    # what was read may be of any type, whatever the class says
    memory: Any = value.memory
    return (
        isinstance(memory, SolverState)
        and _is_whole(memory.t)
        and _are_weights([*dict(memory.slots).values()], 1)
        and _is_number(value.learning_rate)
        and hasattr(value.solver, "step")
        and hasattr(value.schedule, "after_epoch")
    )


_FITTED: Final = (
    "coefs_",
    "intercepts_",
    "n_features_in_",
    "n_iter_",
    "n_layers_",
    "n_outputs_",
    "out_activation_",
    "t_",
)
_ATTRIBUTES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "n_features_in_": _is_whole,
    "n_iter_": _is_whole,
    "n_layers_": _is_whole,
    "n_outputs_": _is_whole,
    "t_": _is_whole,
    "_no_improvement_count": _is_whole,
    "out_activation_": lambda value: isinstance(value, str) and value in _OUTPUTS,
    "coefs_": lambda value: _are_weights(value, 2),
    "intercepts_": lambda value: _are_weights(value, 1),
    "loss_": _is_number,
    "loss_curve_": _are_numbers,
    "best_loss_": _is_number_or_none,
    "validation_scores_": _are_numbers_or_none,
    "validation_loss_curve_": _are_numbers_or_none,
    "best_validation_score_": _is_number_or_none,
    "classes_": lambda value: _is_array(value, 1),
    "feature_names_in_": _are_names,
    "_optimizer": _is_optimizer,
}
