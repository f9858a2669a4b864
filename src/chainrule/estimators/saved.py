"""An estimator as a description and arrays, and back, to the bit.

Whatever an estimator has is written: its parameters, also those that are added later, and all
that a fit left behind. What is read is checked before an estimator is made of it.
"""

import warnings
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import numpy as np
from scipy.sparse import csr_array
from sklearn.preprocessing import LabelBinarizer

from chainrule.arrays import Array
from chainrule.dropout import Dropout
from chainrule.errors import ChainruleError, ModelFileError
from chainrule.estimators.classifier import MLPClassifier
from chainrule.estimators.fitted_state import check_state
from chainrule.estimators.recipes import Optimizer
from chainrule.estimators.regressor import MLPRegressor
from chainrule.storage import ValueReader, ValueWriter
from chainrule.training import (
    Adam,
    Adaptive,
    ClipNorm,
    ClipValue,
    Constant,
    Cosine,
    GradientDescent,
    InverseScaling,
    OneCycle,
    SolverState,
    StoppingState,
)

__all__ = ["ESTIMATORS", "Estimator", "estimator_from_record", "estimator_to_record"]

Estimator: TypeAlias = MLPClassifier | MLPRegressor

#: What can be saved, by the names in a file.
ESTIMATORS: Final[Mapping[str, type[Estimator]]] = {
    kind.__name__: kind for kind in (MLPClassifier, MLPRegressor)
}
#: What an optimizer is made of: plain numbers, all of it.
_PARTS: Final[Mapping[str, type]] = {
    kind.__name__: kind
    for kind in (
        Optimizer,
        SolverState,
        StoppingState,
        GradientDescent,
        Adam,
        Constant,
        InverseScaling,
        Adaptive,
        Cosine,
        OneCycle,
        ClipNorm,
        ClipValue,
        Dropout,
    )
}
_LABELS: Final = "_label_binarizer"
_REQUESTS: Final = "_metadata_request"
_ROUTED: Final = ("fit", "partial_fit", "score")
_CALLBACKS: Final = "_skl_callbacks"
#: What belongs to a fit that is under way.
_PASSING: Final = frozenset(
    {_CALLBACKS, "_skl_callbacks_to_teardown", "_callback_fit_ctx", "_parent_callback_ctx"}
)
#: What reading raises where a description is not one of ours.
_MALFORMED: Final = (
    ChainruleError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def estimator_to_record(estimator: Estimator) -> tuple[dict[str, Any], dict[str, Array]]:
    """Write everything of an estimator.

    A parameter that is no plain value, such as a function, is left out with a warning, so that
    what a long fit has learnt is not lost for its sake.

    Parameters
    ----------
    estimator : MLPClassifier or MLPRegressor
        Fitted or not.

    Returns
    -------
    record : dict
        For JSON.
    tensors : dict of str to array
        The arrays.

    Raises
    ------
    ModelFileError
        If something that a fit left behind cannot be written, or is not as it must be.

    Examples
    --------
    >>> record, tensors = estimator_to_record(MLPRegressor(alpha=0.5, hidden_layer_sizes=(3, 2)))
    >>> record["class"], record["parameters"]["hidden_layer_sizes"], record["state"]
    ('MLPRegressor', {'tuple': [3, 2]}, {})
    """
    parameters, tensors, left_out = _written_parameters(estimator)
    writer = ValueWriter(_PARTS, tensors)
    state = {}
    for name, value in vars(estimator).items():
        if name not in {*parameters, *left_out, *_PASSING, _LABELS, _REQUESTS}:
            state[name] = _written_attribute(writer, name, value)
    record = {
        "class": type(estimator).__name__,
        "parameters": parameters,
        "state": state,
        "labels": _written_labels(vars(estimator).get(_LABELS)),
        "requests": _written_requests(estimator),
    }
    _refuse_what_cannot_be_read_back(record, tensors)
    _tell_left_out(left_out, has_callbacks=hasattr(estimator, _CALLBACKS))
    return record, tensors


def estimator_from_record(record: Mapping[str, Any], tensors: Mapping[str, Array]) -> Estimator:
    """Make the estimator that was written.

    Parameters
    ----------
    record, tensors : mapping
        From `estimator_to_record`.

    Returns
    -------
    MLPClassifier or MLPRegressor
        Predicts and trains on bit for bit as the one that was written.

    Raises
    ------
    ModelFileError
        If something is missing, is not as it must be, or is not known to this chainrule.

    Examples
    --------
    >>> estimator_from_record(*estimator_to_record(MLPClassifier(alpha=0.5)))
    MLPClassifier(alpha=0.5)
    """
    kind = _kind(record)
    try:
        reader = ValueReader(tensors, _PARTS)
        parameters, state = (
            {name: reader.read(value) for name, value in record[part].items()}
            for part in ("parameters", "state")
        )
        _refuse_unknown(kind, parameters, state)
        estimator = kind(**parameters)
        for name, value in {**state, **_read_labels(record["labels"], state)}.items():
            setattr(estimator, name, value)
        check_state(estimator)
        _restore_requests(estimator, record["requests"])
    except ModelFileError:
        raise
    except _MALFORMED:
        raise ModelFileError("its estimator is not described as it must be") from None
    return estimator


def _written_parameters(
    estimator: Estimator,
) -> tuple[dict[str, Any], dict[str, Array], dict[str, str]]:
    """Write the parameters that can be written, and say of the others why not."""
    written: dict[str, Any] = {}
    tensors: dict[str, Array] = {}
    left_out: dict[str, str] = {}
    for name, value in estimator.get_params(deep=False).items():
        writer = ValueWriter(_PARTS)
        try:
            written[name] = writer.write(value, name)
            tensors |= writer.tensors
        except (ChainruleError, RecursionError) as error:
            left_out[name] = _reason(error)
    return written, tensors, left_out


def _written_attribute(writer: ValueWriter, name: str, value: Any) -> Any:
    try:
        return writer.write(value, name)
    except (ChainruleError, RecursionError) as error:
        raise ModelFileError(
            f"the attribute {name!r} cannot be saved: {_reason(error)}; delete it, or give it "
            "plain values"
        ) from None


def _reason(error: Exception) -> str:
    is_endless = isinstance(error, RecursionError)
    return "it holds itself, or is nested too deeply" if is_endless else str(error)


def _written_labels(binarizer: LabelBinarizer | None) -> dict[str, Any] | None:
    if binarizer is None:
        return None
    return {"type": binarizer.y_type_, "sparse": bool(binarizer.sparse_input_)}


def _read_labels(written: Any, state: Mapping[str, Any]) -> dict[str, LabelBinarizer]:
    """Fit the binarizer again, to the classes: its own attributes are scikit-learn's matter."""
    if written is None:
        return {}
    classes = state["classes_"]
    if written["type"] == "multilabel-indicator":
        every_label = np.eye(len(classes), dtype=int)
        binarizer = LabelBinarizer().fit(
            csr_array(every_label) if written["sparse"] else every_label
        )
    else:
        binarizer = LabelBinarizer().fit(classes)
    if binarizer.y_type_ != written["type"] or not np.array_equal(binarizer.classes_, classes):
        raise ValueError("labels")
    return {_LABELS: binarizer}


def _written_requests(estimator: Estimator) -> dict[str, Any]:
    """Write what `set_fit_request` and its like were told."""
    if not hasattr(estimator, _REQUESTS):
        return {}
    told = getattr(estimator, _REQUESTS)
    methods = {name: getattr(told, name).requests for name in _ROUTED}
    return {name: dict(requests) for name, requests in methods.items() if requests}


def _restore_requests(estimator: Estimator, written: Mapping[str, Any]) -> None:
    if not written:
        return
    routing = estimator.get_metadata_routing()
    for method in _ROUTED:
        for name, request in written.get(method, {}).items():
            getattr(routing, method).add_request(param=name, alias=request)
    setattr(estimator, _REQUESTS, routing)


def _kind(record: Mapping[str, Any]) -> type[Estimator]:
    name = record.get("class")
    if not isinstance(name, str) or name not in ESTIMATORS:
        raise ModelFileError(
            f"it holds an estimator that this chainrule does not have, {name!r}; install the "
            "release that wrote it"
        )
    return ESTIMATORS[name]


def _refuse_unknown(
    kind: type[Estimator], parameters: Mapping[str, Any], state: Mapping[str, Any]
) -> None:
    known = set(kind().get_params(deep=False))
    unknown = sorted(set(parameters) - known)
    if unknown:
        raise ModelFileError(
            f"{kind.__name__} has no parameter {unknown[0]!r} in this chainrule; install the "
            "release that wrote it"
        )
    if known & set(state) or any(_is_taken(kind, name) for name in state):
        raise ValueError("a method or a parameter in place of an attribute")


def _is_taken(kind: type[Estimator], name: str) -> bool:
    return name.startswith("__") or callable(getattr(kind, name, None))


def _refuse_what_cannot_be_read_back(
    record: Mapping[str, Any], tensors: Mapping[str, Array]
) -> None:
    """Notice now, and not when the file is all that is left, that attributes do not fit."""
    try:
        estimator_from_record(record, tensors)
    except ModelFileError as error:
        raise ModelFileError(
            f"the estimator cannot be saved: {error}; fit it again, or undo changes made by hand"
        ) from None


def _tell_left_out(left_out: Mapping[str, str], *, has_callbacks: bool) -> None:
    for name, reason in left_out.items():
        warnings.warn(
            f"the parameter {name!r} is not saved: {reason}. A loaded estimator has its default "
            f"instead; set it again with set_params({name}=...)",
            stacklevel=5,
        )
    if has_callbacks:
        warnings.warn(
            "callbacks are not saved; set them again with set_callbacks(...)", stacklevel=5
        )
