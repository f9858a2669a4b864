"""``chainrule evaluate``: the score of a saved model on rows whose target is known."""

from dataclasses import dataclass
from pathlib import Path
from typing import final

from chainrule.cli.console import Voice, say
from chainrule.cli.predict import newest_part, tell_unseen
from chainrule.cli.report import report
from chainrule.data import BUNDLED, TableEncoder, read, require_target
from chainrule.errors import DataError
from chainrule.files import load_model
from chainrule.trained import TrainedModel

__all__ = ["EvaluateOptions", "evaluate"]


@final
@dataclass(frozen=True)
class EvaluateOptions:
    """What the command line says; see ``chainrule evaluate --help``."""

    model: Path
    data: str
    target: str | None
    as_json: bool


def evaluate(options: EvaluateOptions) -> int:
    """Score a model and tell.

    Parameters
    ----------
    options : EvaluateOptions
        The command line.

    Returns
    -------
    int
        The exit status, 0.

    Raises
    ------
    ChainruleError
        If the model or the data cannot be used.
    """
    model = load_model(options.model)
    _refuse_input(model, options.target)
    target = options.target or _remembered_target(model, options.data)
    dataset = read(options.data, target=target, layout=model.encoder.layout)
    require_target(dataset)
    part = newest_part(dataset)
    if dataset.test is None and model.about.get("data") == options.data:
        say("These rows include those that the model learned from.")
    scores = report(model, part)
    tell_unseen(model, part)
    voice = Voice(options.as_json)
    voice.show(scores.table)
    voice.end(
        {
            "model": str(options.model),
            "data": options.data,
            "task": model.task,
            "rows": scores.rows,
            "metric": scores.metric,
            "score": scores.score,
            **scores.details,
        }
    )
    return 0


def _refuse_input(model: TrainedModel, target: str | None) -> None:
    """Refuse to take for the truth what the model was trained to read."""
    inputs = model.encoder.input_names if isinstance(model.encoder, TableEncoder) else ()
    if target != model.target.name and target in inputs:
        raise DataError(f"{target!r} is an input of this model, which predicts {_name(model)}")


def _name(model: TrainedModel) -> str:
    return "a target without a name" if model.target.name is None else repr(model.target.name)


def _remembered_target(model: TrainedModel, data: str) -> str | None:
    """Take the column that the model was trained to predict, where the data is a table."""
    is_table = data.lower().endswith((".csv", ".csv.gz", ".tsv", ".tsv.gz", ".parquet"))
    return model.target.name if is_table and data not in BUNDLED else None
