"""Checkpoints: all that training needs to go on, in a file that no accident leaves half written.

A checkpoint is written beside the last one and then takes its name, so that a process that is
killed leaves the old one or the new one. What it was writing remains beside it, under a name that
begins with ``.chainrule-``, and can be deleted.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, final

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.nodes import Expression
from chainrule.calculus.text import to_text
from chainrule.errors import ChainruleError, CheckpointError
from chainrule.functions import FUNCTIONS
from chainrule.losses import LOSSES
from chainrule.network import Architecture
from chainrule.outputs import OUTPUTS
from chainrule.parameters import Parameters
from chainrule.storage import TensorFormat
from chainrule.training.problem import Problem
from chainrule.training.recipe import Recipe
from chainrule.training.saved_state import state_from_record, state_to_record
from chainrule.training.state import TrainingState

__all__ = [
    "CHECKPOINT_VERSION",
    "SavedTraining",
    "load_checkpoint",
    "load_state",
    "refuse_another_origin",
    "save_checkpoint",
]

#: Raised with every change that older releases cannot read.
CHECKPOINT_VERSION: Final = 2

_FORMAT: Final = TensorFormat(
    "checkpoint", "chainrule checkpoint", "training", CHECKPOINT_VERSION, CheckpointError
)


@final
@dataclass(frozen=True)
class SavedTraining:
    """What a checkpoint holds.

    Parameters
    ----------
    params : Parameters
        The parameters when it was taken.
    state : TrainingState or None
        All of the training, with the same parameters; None for L-BFGS, which can only begin
        again from the parameters.
    origin : mapping of str to str
        What that training was told, by name, as far as it was saved.
    """

    params: Parameters
    state: TrainingState | None
    origin: Mapping[str, str] = field(default_factory=dict)


def save_checkpoint(
    path: str | os.PathLike[str],
    architecture: Architecture,
    params: Parameters,
    state: TrainingState | None = None,
    *,
    origin: Mapping[str, str] | None = None,
) -> None:
    """Save where training stands.

    Parameters
    ----------
    path : str or path-like
        Where to; a file that exists is replaced whole or left as it was.
    architecture : Architecture
        The network.
    params : Parameters
        Its parameters.
    state : TrainingState, optional
        The state at the end of an epoch; without it only the parameters are saved.
    origin : mapping of str to str, optional
        What this training is told and has to be told again, by name; a digest, such as one of
        the samples, begins with ``digest:``.

    Raises
    ------
    DataError
        If the file cannot be written.
    SpecificationError
        If the state has a generator that cannot be saved.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from chainrule.parameters import initial_parameters
    >>> architecture = Architecture.of([2, 3, 1], output="identity")
    >>> params = initial_parameters(architecture, np.random.RandomState(0))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(Path(folder, "checkpoint"), architecture, params)
    ...     saved = load_checkpoint(Path(folder, "checkpoint"), architecture)
    >>> bool((saved.params.vector == params.vector).all())
    True
    """
    record, tensors = (None, {}) if state is None else state_to_record(state)
    described = {"network": _described(architecture), "state": record, "origin": dict(origin or {})}
    _FORMAT.write(Path(path), described, {"params": params.vector, **tensors})


def load_checkpoint(path: str | os.PathLike[str], architecture: Architecture) -> SavedTraining:
    """Load what a checkpoint holds.

    Parameters
    ----------
    path : str or path-like
        A file that `save_checkpoint` wrote.
    architecture : Architecture
        The network that it has to be of.

    Returns
    -------
    SavedTraining

    Raises
    ------
    CheckpointError
        If there is no such file, or it is damaged, of another version or of another network.
    """
    record, tensors = _FORMAT.read(Path(path))
    try:
        _refuse_another_network(record.get("network"), architecture)
        return _restored(record, tensors, architecture)
    except CheckpointError as error:
        raise CheckpointError(f"{path}: {error}") from None


def load_state(
    path: str | os.PathLike[str],
    problem: Problem,
    recipe: Recipe,
    *,
    origin: Mapping[str, str] | None = None,
) -> TrainingState:
    """Load the state from which `resume` goes on with the same bits.

    Parameters
    ----------
    path : str or path-like
        A file that `save_checkpoint` wrote.
    problem : Problem
        What is descended: the same network and as many samples, of the same type.
    recipe : Recipe
        How to train: the same solver and kind of batches. The rest may differ; then training
        goes on in another way than it would have without a pause.
    origin : mapping of str to str, optional
        What this training is told; it has to be what was saved.

    Returns
    -------
    TrainingState

    Raises
    ------
    CheckpointError
        As `load_checkpoint`, and if the state is not one of this problem and recipe.
    """
    saved = load_checkpoint(path, problem.objective.architecture)
    state = saved.state
    if state is None:
        raise CheckpointError(
            f"{path}: the checkpoint has no state to resume from, as L-BFGS keeps none; begin "
            "again from its parameters"
        )
    reason = _unfit(state, problem, recipe)
    refuse_another_origin(path, saved, origin or {})
    if reason:
        raise CheckpointError(f"{path}: the checkpoint is of another training: {reason}")
    return state


def refuse_another_origin(
    path: str | os.PathLike[str], saved: SavedTraining, origin: Mapping[str, str]
) -> None:
    """Refuse a checkpoint of a training that was told something else.

    Parameters
    ----------
    path : str or path-like
        The file, to be named.
    saved : SavedTraining
        What it holds.
    origin : mapping of str to str
        What this training is told.

    Raises
    ------
    CheckpointError
        If one of them is another; the message names the first.
    """
    for name, here in origin.items():
        there = saved.origin.get(name, here)
        if there == here:
            continue
        is_digest = here.startswith("digest:") or there.startswith("digest:")
        values = "others than those" if is_digest else f"{there}, and {here} is"
        verb = "are" if is_digest else "is"
        raise CheckpointError(
            f"{path}: the checkpoint is of another training: its {name} {verb} {values} given here"
        )


def _described(architecture: Architecture) -> dict[str, Any]:
    return {
        "layer_sizes": list(architecture.layer_sizes),
        "hidden": [_name(f, FUNCTIONS, lambda f: f.derivative) for f in architecture.hidden],
        "output": _name(architecture.output, OUTPUTS, lambda output: output.value),
        "loss": _name(architecture.loss, LOSSES, lambda loss: loss.by_output),
        "bias": architecture.bias,
    }


def _name(entry: Any, known: Mapping[str, Any], formula: Callable[[Any], Expression]) -> str:
    """Name an entry; one with parameters of its own shows them in its formula."""
    if known.get(entry.name) == entry:
        return str(entry.name)
    return f"{entry.name}: {to_text(formula(entry))}"


def _refuse_another_network(found: Any, architecture: Architecture) -> None:
    if not isinstance(found, dict):
        raise _FORMAT.damaged("its network is not described")
    for part, expected in _described(architecture).items():
        if found.get(part) != expected:
            raise CheckpointError(
                f"the checkpoint is of another network: its {part} is {found.get(part)!r}, and "
                f"here it is {expected!r}"
            )


def _restored(
    record: Mapping[str, Any], tensors: Mapping[str, Array], architecture: Architecture
) -> SavedTraining:
    vector, shape = tensors.get("params"), (architecture.n_parameters,)
    if vector is None or vector.shape != shape or vector.dtype not in (np.float32, np.float64):
        raise _FORMAT.damaged("its parameters are not as they must be")
    params = Parameters.over(architecture, vector)
    described = record.get("state")
    if described is None:
        return SavedTraining(params, None, _origin(record))
    try:
        state = state_from_record(described, tensors, params)
        return SavedTraining(params, state, _origin(record))
    except ChainruleError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise _FORMAT.damaged("its state is not as it must be") from None


def _origin(record: Mapping[str, Any]) -> dict[str, str]:
    origin = record.get("origin")
    if not isinstance(origin, dict) or not all(isinstance(one, str) for one in origin.values()):
        raise _FORMAT.damaged("what it was told is not described")
    return origin


def _unfit(state: TrainingState, problem: Problem, recipe: Recipe) -> str:
    """Say why a state cannot be gone on from, or nothing."""
    here, there = problem.data.X.dtype, state.params.vector.dtype
    if here != there:
        return f"its parameters are {there}, and the data here are {here}"
    slots = sorted(recipe.solver.start(state.params).slots)
    if sorted(state.solver.slots) != slots:
        found = ", ".join(sorted(state.solver.slots)) or "nothing"
        return f"its solver keeps {found}, and {recipe.solver.name!r} keeps {', '.join(slots)}"
    order = recipe.batches.initial_order(problem.n_samples, problem.index)
    if (order is None) != (state.order is None):
        return "its batches are of another kind"
    if order is not None and state.order is not None and order.size != state.order.size:
        return f"it has seen {state.order.size} samples, and here are {order.size}"
    if state.order is not None and state.order.max(initial=0) >= problem.data.n_samples:
        return "its order names samples that are not here"
    return ""
