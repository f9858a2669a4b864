"""Model files: numbers in safetensors, everything else as JSON in its header.

Nothing in a model file is executed, and nothing in it is believed before it is checked. A digest
tells a file that was damaged on its way; it does not tell who wrote it.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from chainrule.arrays import Array
from chainrule.data import encoder_from_state, target_from_state
from chainrule.errors import ModelFileError, UnknownNameError, nearest
from chainrule.files.atomic import write_atomically
from chainrule.functions import FUNCTIONS
from chainrule.losses import LOSSES
from chainrule.network import Architecture
from chainrule.outputs import OUTPUTS
from chainrule.parameters import Parameters
from chainrule.trained import TrainedModel, architecture_for

__all__ = ["FORMAT_VERSION", "load", "save"]

#: Raised with every change that older releases cannot read.
FORMAT_VERSION: Final = 1

#: The only entry of the header's metadata: safetensors would write several in any order, and the
#: same model is to be the same bytes.
_ENTRY: Final = "chainrule model"


def save(model: TrainedModel, path: str | os.PathLike[str]) -> None:
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
    from safetensors.numpy import save as to_bytes

    record, tensors = _describe(model)
    description = json.dumps(record, allow_nan=False)
    entry = {
        "version": FORMAT_VERSION,
        "sha256": _digest(description, tensors),
        "model": description,
    }
    write_atomically(Path(path), to_bytes(tensors, {_ENTRY: json.dumps(entry)}))


def load(path: str | os.PathLike[str]) -> TrainedModel:
    """Load a trained model; it takes the raw table that it was trained on.

    Parameters
    ----------
    path : str or path-like
        A file that `save` wrote.

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
    metadata, tensors = _read(source)
    if _ENTRY not in metadata:
        raise ModelFileError(f"{source} is a safetensors file, but not a chainrule model")
    try:
        return _build(_record(metadata[_ENTRY], tensors), tensors)
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
    return record, {name: np.ascontiguousarray(array) for name, array in tensors.items()}


def _digest(description: str, tensors: Mapping[str, Array]) -> str:
    """Compute the SHA-256 of all that a model file says, in an order of our own."""
    digest = hashlib.sha256(description.encode(errors="surrogatepass"))
    for name, array in sorted(tensors.items()):
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode(errors="surrogatepass"))
        digest.update(array.tobytes())
    return digest.hexdigest()


def _read(path: Path) -> tuple[Mapping[str, str], dict[str, Array]]:
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        beside = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        raise ModelFileError(f"there is no model file {path}{nearest(path.name, beside)}")
    if not path.is_file():
        kind = "folder" if path.is_dir() else "device or a pipe"
        raise ModelFileError(f"{path} is a {kind}, not a model file")
    try:
        with safe_open(path, framework="numpy") as file:
            return file.metadata() or {}, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError:
        raise ModelFileError(_unreadable(path)) from None
    except (OSError, ValueError, TypeError) as error:
        raise ModelFileError(f"{path} cannot be read: {error}") from None


def _unreadable(path: Path) -> str:
    """Tell a model file that was damaged from a file of another kind."""
    with path.open("rb") as file:
        start = file.read(4096)
    if _ENTRY.encode() in start:
        return f"{path} is a damaged model file: it is cut short or was changed"
    return f"{path} is not a chainrule model file, or so little of one that nothing can be read"


def _record(text: str, tensors: Mapping[str, Array]) -> dict[str, Any]:
    """Check version and digest, and give the description of the model."""
    entry = _parse(text)
    version, description = entry.get("version"), entry.get("model")
    if version != FORMAT_VERSION:
        raise ModelFileError(
            f"this is a model file of version {version!r}, and this chainrule reads version "
            f"{FORMAT_VERSION}; install the release that wrote it, or train again"
        )
    if not isinstance(description, str) or entry.get("sha256") != _digest(description, tensors):
        raise ModelFileError("the model file is damaged: it was changed after it was saved")
    return _parse(description)


def _parse(text: str) -> dict[str, Any]:
    def refuse(number: str) -> float:
        raise ValueError(f"{number} is no JSON")

    try:
        record = json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise ModelFileError("the model file is damaged: its description is no JSON") from None
    if not isinstance(record, dict):
        raise ModelFileError("the model file is damaged: its description is no record")
    return record


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
