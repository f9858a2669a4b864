"""Classification or regression: found out from the target, and said with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, final

import numpy as np

from chainrule.arrays import Array
from chainrule.data.target_values import check_complete, plain_target, quoted
from chainrule.errors import DataError, UnknownNameError

__all__ = ["MAX_WHOLE_CLASSES", "MIN_ROWS", "Task", "TaskChoice", "choose_task"]

#: What a network learns.
Task: TypeAlias = Literal["classification", "regression"]

#: Whole numbers are classes up to this many different ones.
MAX_WHOLE_CLASSES: Final = 20
#: Fewer rows cannot be divided into training, validation and test part.
MIN_ROWS: Final = 5


@final
@dataclass(frozen=True)
class TaskChoice:
    """A task with its reason.

    Parameters
    ----------
    task : str
        ``"classification"`` or ``"regression"``.
    reason : str
        A sentence for the user.
    """

    task: Task
    reason: str


def choose_task(
    target: Array, *, name: str | None = None, override: str | None = None
) -> TaskChoice:
    """Choose the task by the target, and check that the target serves for it.

    Text, truth values, or at most 20 different whole numbers: classification; else regression.

    Parameters
    ----------
    target : Array
        m values, as in `Part.target`.
    name : str, optional
        The column's name.
    override : str, optional
        The task that the user asks for.

    Returns
    -------
    TaskChoice

    Raises
    ------
    DataError
        If values are missing or infinite, rows are too few, there is nothing to tell apart, or
        the task asked for does not go with the values.
    UnknownNameError
        If there is no task of the name asked for.

    Examples
    --------
    >>> choose_task(np.array([0.5, 1.5, 2.5, 0.5, 3.5]), name="price").task
    'regression'
    >>> choose_task(np.arange(30) % 7).reason  # doctest: +NORMALIZE_WHITESPACE
    'the target holds 7 different whole numbers, so this is classification;
     --task regression overrides.'
    """
    if override not in {None, "classification", "regression"}:
        raise UnknownNameError("task", override, ["classification", "regression"])
    values = plain_target(target, name)
    check_complete(values, name)
    if len(values) < MIN_ROWS:
        raise DataError(f"learning needs at least {MIN_ROWS} rows, and got {len(values)}")
    n_distinct = _n_distinct(values)
    if n_distinct == 1:
        raise DataError(
            f"{quoted(name)} holds only the value {values[0]!s}, so there is nothing to learn"
        )
    choice = _overridden(values, name, override) or _found(values, name, n_distinct)
    if choice.task == "classification":
        _check_classes(values, name, n_distinct)
    return choice


def _found(values: Array, name: str | None, n_distinct: int) -> TaskChoice:
    what = quoted(name)
    if values.dtype == object:
        return TaskChoice("classification", f"{what} holds text, so this is classification.")
    if values.dtype == bool:
        held, classes = "truth values", True
    elif values.dtype.kind in "iu":
        classes = n_distinct <= MAX_WHOLE_CLASSES
        held = f"{n_distinct:,} different whole numbers"
        held += "" if classes else f", more than {MAX_WHOLE_CLASSES}"
    else:
        held, classes = "numbers that are not all whole", False
    task, other = ("classification", "regression")[:: 1 if classes else -1]
    reason = f"{what} holds {held}, so this is {task}; --task {other} overrides."
    return TaskChoice("classification" if classes else "regression", reason)


def _overridden(values: Array, name: str | None, override: str | None) -> TaskChoice | None:
    if override == "classification":
        return TaskChoice("classification", "Classification, as asked for.")
    if override != "regression":
        return None
    if values.dtype == object:
        raise DataError(
            f"regression needs numbers, and {quoted(name)} holds text such as {values[0]!r}"
        )
    return TaskChoice("regression", "Regression, as asked for.")


def _check_classes(values: Array, name: str | None, n_distinct: int) -> None:
    """Refuse a column of names or measurements, which would give a class to every other row."""
    if n_distinct <= max(MAX_WHOLE_CLASSES, len(values) // 2):
        return
    advice = "choose another target" if values.dtype == object else "--task regression may fit"
    raise DataError(
        f"{quoted(name)} holds {n_distinct:,} different values in {len(values):,} rows, "
        f"too many for classes; {advice}"
    )


def _n_distinct(values: Array) -> int:
    if values.dtype == object:
        return len(set(values.tolist()))
    return len(np.unique(values))
