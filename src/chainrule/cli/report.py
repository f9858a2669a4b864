"""How well a model does on some rows: numbers, and a table for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from rich.table import Table

from chainrule.arrays import Array
from chainrule.data import ClassTarget, NumberTarget, Part, Target
from chainrule.errors import DataError
from chainrule.trained import TrainedModel, class_codes

__all__ = ["Report", "metric_name", "report", "scorer"]

_CLASSES_SHOWN = 50


def metric_name(target: Target) -> str:
    """Say what the score of a task is called."""
    return "accuracy" if isinstance(target, ClassTarget) else "R²"


def scorer(target: Target, T: Array) -> Callable[[Array], float]:
    """Make the score of a network's outputs against the matrix of its targets."""
    if isinstance(target, ClassTarget):
        codes = class_codes(T)
        return lambda outputs: float(np.mean(class_codes(outputs) == codes))
    return lambda outputs: _r_squared(outputs[:, 0], T[:, 0])


@final
@dataclass(frozen=True)
class Report:
    """Scores of a model on some rows.

    Parameters
    ----------
    metric : str
        ``"accuracy"`` or ``"R²"``.
    score : float
        Its value.
    details : dict
        For each class its precision, recall and rows; or the RMSE.
    rows : int
        How many rows.
    """

    metric: str
    score: float
    details: dict[str, Any]
    rows: int

    @property
    def table(self) -> Table:
        """The details for people."""
        return _class_table(self) if "classes" in self.details else _number_table(self)


def report(model: TrainedModel, part: Part) -> Report:
    """Score a model on rows whose target is known.

    Parameters
    ----------
    model : TrainedModel
        The model.
    part : Part
        Raw rows with their target.

    Returns
    -------
    Report
        Precision and recall for every class, or R² and RMSE in the target's unit.

    Raises
    ------
    DataError
        If there is no row or no target, or a label is none of the model's classes.
    """
    if part.target is None or len(part) == 0:
        raise DataError("there are no rows with a known target to score the model on")
    outputs = model.outputs(part.features)
    if isinstance(model.target, ClassTarget):
        return _of_classes(model.target, outputs, part.target)
    return _of_numbers(model.target, outputs, part.target)


def _of_classes(target: ClassTarget, outputs: Array, values: Array) -> Report:
    from sklearn.metrics import precision_recall_fscore_support

    codes, predicted = target.encode(values), class_codes(outputs)
    labels = np.arange(target.n_outputs)
    precision, recall, f1, support = precision_recall_fscore_support(
        codes, predicted, labels=labels, zero_division=0
    )
    names = target.decode(labels).tolist()
    columns = zip(names, precision, recall, f1, support, strict=True)
    classes = [
        {"class": n, "precision": float(p), "recall": float(r), "f1": float(f), "rows": int(s)}
        for n, p, r, f, s in columns
    ]
    return Report("accuracy", float(np.mean(codes == predicted)), {"classes": classes}, len(codes))


def _of_numbers(target: NumberTarget, outputs: Array, values: Array) -> Report:
    expected = target.encode(values)
    predicted = outputs[:, 0].astype(np.float64)
    rmse = float(np.sqrt(np.mean((predicted - expected) ** 2))) * target.scale
    score = _r_squared(predicted, expected)
    return Report("R²", score, {"rmse": rmse}, len(expected))


def _r_squared(outputs: Array, targets: Array) -> float:
    """Evaluate R²; of constant targets, 1 where they are met exactly and else 0."""
    unexplained = float(np.sum((targets - outputs) ** 2, dtype=np.float64))
    total = float(np.sum((targets - targets.mean(dtype=np.float64)) ** 2, dtype=np.float64))
    if total == 0:
        return 1.0 if unexplained == 0 else 0.0
    return 1 - unexplained / total


def _class_table(of: Report) -> Table:
    table = Table("class", box=None, pad_edge=False, header_style="bold")
    for heading in ("precision", "recall", "f1", "rows"):
        table.add_column(heading, justify="right")
    classes = of.details["classes"]
    for row in classes[:_CLASSES_SHOWN]:
        numbers = [f"{row[key]:.3f}" for key in ("precision", "recall", "f1")]
        table.add_row(str(row["class"]), *numbers, f"{row['rows']:,}")
    if len(classes) > _CLASSES_SHOWN:
        table.add_row(f"… and {len(classes) - _CLASSES_SHOWN} more", "", "", "", "")
    table.add_section()
    table.add_row("accuracy", "", f"{of.score:.4f}", "", f"{of.rows:,}", style="bold")
    return table


def _number_table(of: Report) -> Table:
    table = Table("", "", box=None, pad_edge=False, show_header=False)
    table.add_row("R²", f"{of.score:.4f}", style="bold")
    table.add_row("RMSE", f"{of.details['rmse']:.6g}")
    table.add_row("rows", f"{of.rows:,}")
    return table
