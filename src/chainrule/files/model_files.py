"""Models of the shell in files: numbers in safetensors, everything else as JSON in its header.

Nothing in a model file is executed, and nothing in it is believed before it is checked. A digest
tells a file that was damaged on its way; it does not tell who wrote it.
"""

import os
from pathlib import Path
from typing import Any, Final

import numpy as np

from chainrule.arrays import Array
from chainrule.data import encoder_from_state, target_from_state
from chainrule.errors import ModelFileError, UnknownNameError
from chainrule.files.formats import CHECKPOINT_ENTRY, ESTIMATOR_FORMAT, MODEL_FORMAT
from chainrule.functions import FUNCTIONS
from chainrule.losses import LOSSES
from chainrule.network import Architecture
from chainrule.outputs import OUTPUTS
from chainrule.parameters import Parameters
from chainrule.storage import entry_of
from chainrule.trained import TrainedModel, architecture_for

__all__ = ["load_model", "save_model"]

#: What to say of our other kinds of files.
_OTHERS: Final = {
    ESTIMATOR_FORMAT.entry: "holds an estimator, which knows no columns of a table; load it in "
    "Python with chainrule.load, or train a model for the shell with `chainrule train`",
    CHECKPOINT_ENTRY: "is a checkpoint, from which a training goes on, not a saved model; resume "
    "that training, and save what it ends with",
}


def save_model(model: TrainedModel, path: str | os.PathLike[str]) -> None:
    """Save a trained model with its preprocessing.

    A file that exists is replaced whole or, if anything goes wrong, left as it was.

    Parameters
    ----------
    model : TrainedModel
        What to save.
    path : str or path-like
        Where to; the usual suffix is ``.safetensors``.

    Raises
    ------
    DataError
        If the file cannot be written.
    ModelFileError
        If the model has a function or a loss that has no name.
    """
    record, tensors = _describe(model)
    MODEL_FORMAT.write(Path(path), record, tensors)


def load_model(path: str | os.PathLike[str]) -> TrainedModel:
    """Load a trained model; it takes the raw table that it was trained on.

    Parameters
    ----------
    path : str or path-like
        A file that `save_model` wrote.

    Returns
    -------
    TrainedModel
        Predicts bit for bit as the saved one.

    Raises
    ------
    ModelFileError
        If there is no such file, or it is damaged, of another version or not ours.
    """
    source = Path(path)
    found = entry_of(source)
    if found in _OTHERS:
        raise ModelFileError(f"{source} {_OTHERS[found]}")
    record, tensors = MODEL_FORMAT.read(source)
    try:
        return _build(record, tensors)
    except ModelFileError as error:
        raise ModelFileError(f"{source}: {error}") from None


def _describe(model: TrainedModel) -> tuple[dict[str, Any], dict[str, Array]]:
    net = model.architecture
    named = [
        *(FUNCTIONS.get(f.name) == f for f in net.hidden),
        LOSSES.get(net.loss.name) == net.loss,
    ]
    if not all(named) or OUTPUTS.get(net.output.name) != net.output:
        raise ModelFileError("only networks of named functions and losses can be saved")
    encoder, encoder_arrays = model.encoder.to_state()
    target, target_arrays = model.target.to_state()
    record = {
        "network": {
            "layer_sizes": list(net.layer_sizes),
            "hidden": [function.name for function in net.hidden],
            "output": net.output.name,
            "loss": net.loss.name,
            "bias": net.bias,
        },
        "encoder": encoder,
        "target": target,
        "about": dict(model.about),
    }
    tensors = {f"encoder.{name}": array for name, array in encoder_arrays.items()}
    tensors |= {f"target.{name}": array for name, array in target_arrays.items()}
    for layer, (W, b) in enumerate(zip(model.params.weights, model.params.biases, strict=True), 1):
        tensors[f"W.{layer}"] = W
        if b is not None:
            tensors[f"b.{layer}"] = b
    return record, tensors


def _build(record: dict[str, Any], tensors: dict[str, Array]) -> TrainedModel:
    encoder = encoder_from_state(record.get("encoder"), _group(tensors, "encoder."))
    target = target_from_state(record.get("target"), _group(tensors, "target."))
    architecture = _architecture(record.get("network"))
    sizes = architecture.layer_sizes
    expected = architecture_for(encoder, target, sizes[1:-1], "identity")
    if (sizes, architecture.output) != (expected.layer_sizes, expected.output):
        raise ModelFileError("the model file is damaged: its network does not fit its columns")
    about = record.get("about")
    params = _parameters(architecture, tensors)
    return TrainedModel(
        architecture, params, encoder, target, about if isinstance(about, dict) else {}
    )


def _group(tensors: dict[str, Array], prefix: str) -> dict[str, Array]:
    return {n.removeprefix(prefix): array for n, array in tensors.items() if n.startswith(prefix)}


def _architecture(record: Any) -> Architecture:
    try:
        sizes, bias = record["layer_sizes"], record["bias"]
        names = [*record["hidden"], record["output"], record["loss"]]
        if not all(type(size) is int for size in sizes) or type(bias) is not bool:
            raise TypeError(sizes)
        if not all(isinstance(name, str) for name in names):
            raise TypeError(names)
        *hidden, output, loss = names
        return Architecture.of(sizes, hidden, output, loss, bias)
    except UnknownNameError as error:
        raise ModelFileError(f"its network is not known to this chainrule: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ModelFileError("the model file is damaged: its network is not described") from None


def _parameters(architecture: Architecture, tensors: dict[str, Array]) -> Parameters:
    found = []
    sizes = architecture.layer_sizes
    for layer in range(1, architecture.n_layers + 1):
        n_out, n_in = sizes[layer], sizes[layer - 1]
        found.append(_tensor(tensors, f"W.{layer}", (n_out, n_in)))
        if architecture.bias:
            found.append(_tensor(tensors, f"b.{layer}", (n_out,)))
    if len({array.dtype for array in found}) > 1:
        raise ModelFileError("the model file is damaged: its weights are of different types")
    return Parameters.over(architecture, np.concatenate([array.ravel() for array in found]))


def _tensor(tensors: dict[str, Array], name: str, shape: tuple[int, ...]) -> Array:
    array = tensors.get(name)
    if array is None or array.shape != shape or array.dtype not in (np.float32, np.float64):
        raise ModelFileError(f"the model file is damaged: array {name!r} is not as it must be")
    if not np.isfinite(array).all():
        raise ModelFileError(f"the model file is damaged: array {name!r} is not finite")
    return array
