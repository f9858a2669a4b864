"""The target that fits the task at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from chainrule.arrays import Array
from chainrule.data.class_target import ClassTarget
from chainrule.data.number_target import NumberTarget
from chainrule.data.state import StateReader
from chainrule.data.task import Task
from chainrule.errors import ModelFileError

__all__ = ["Target", "fit_target", "target_from_state"]

#: What a network is trained to give.
Target: TypeAlias = ClassTarget | NumberTarget


def fit_target(values: Array, task: Task, name: str | None = None) -> Target:
    """Learn from target values how they become what the network is trained with.

    Parameters
    ----------
    values : Array
        m values; the training part for regression, all parts for classification.
    task : str
        ``"classification"`` or ``"regression"``.
    name : str, optional
        The column's name.

    Returns
    -------
    ClassTarget or NumberTarget
    """
    fit = ClassTarget.fit if task == "classification" else NumberTarget.fit
    return fit(values, name)


def target_from_state(state: Any, arrays: Mapping[str, Array]) -> Target:
    """Build the target whose `to_state` gave these.

    Parameters
    ----------
    state : object
        What a model file holds; anything at all.
    arrays : mapping of str to Array
        Its arrays.

    Returns
    -------
    ClassTarget or NumberTarget

    Raises
    ------
    ModelFileError
        If the state is not that of a target.
    """
    kinds: dict[str, type[ClassTarget] | type[NumberTarget]] = {
        ClassTarget.kind: ClassTarget,
        NumberTarget.kind: NumberTarget,
    }
    kind = StateReader(state, "the target").text("kind")
    if kind not in kinds:
        raise ModelFileError(f"the model file is damaged: there is no target {kind!r}")
    return kinds[kind].from_state(state, arrays)
