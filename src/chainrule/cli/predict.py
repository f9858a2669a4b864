"""``chainrule predict``: answers of a saved model for new rows."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, final

from chainrule.cli.console import say
from chainrule.data import Dataset, Part, read
from chainrule.errors import DataError
from chainrule.files import check_writable, load_model, refuse_to_replace, write_atomically
from chainrule.trained import TrainedModel

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PredictOptions", "newest_part", "predict", "tell_unseen"]


@final
@dataclass(frozen=True)
class PredictOptions:
    """What the command line says; see ``chainrule predict --help``."""

    model: Path
    data: str
    out: Path | None
    proba: bool


def predict(options: PredictOptions) -> int:
    """Predict, and write a table.

    Parameters
    ----------
    options : PredictOptions
        The command line.

    Returns
    -------
    int
        The exit status, 0.

    Raises
    ------
    ChainruleError
        If the model, the data or the place for the answers cannot be used.
    """
    if options.out is not None:
        _check_out(options.out)
        refuse_to_replace(options.out, options.data, str(options.model))
    model = load_model(options.model)
    part = newest_part(read(options.data, layout=model.encoder.layout))
    answers = _answers(model, part, with_probabilities=options.proba)
    tell_unseen(model, part)
    if options.out is None:
        print(_as_csv(answers), end="", flush=True)
        return 0
    write_atomically(options.out, _as_bytes(answers, options.out))
    say(f"{len(answers):,} predictions written to {options.out}")
    return 0


def newest_part(dataset: Dataset) -> Part:
    """Choose the test part where the source has one, else all rows."""
    if dataset.test is None:
        return dataset.main
    say(f"{dataset.name} comes divided; its test part is used.")
    return dataset.test


def tell_unseen(model: TrainedModel, part: Part) -> None:
    """Say which columns hold text values that training did not meet."""
    for column, count in model.encoder.unseen(part.features).items():
        rows = "1 row has a value" if count == 1 else f"{count:,} rows have values"
        say(f"Column {column!r}: {rows} that training did not meet, taken as none of those known.")


def _answers(model: TrainedModel, part: Part, *, with_probabilities: bool) -> pd.DataFrame:
    import pandas as pd

    outputs = model.outputs(part.features)
    columns = {} if part.row_names is None else {"file": list(part.row_names)}
    columns["prediction"] = model.answers(outputs).tolist()
    if with_probabilities:
        probabilities = model.probabilities(outputs)
        for label, column in zip(model.classes, probabilities.T, strict=True):
            columns[f"p({label})"] = column.tolist()
    return pd.DataFrame(columns)


def _check_out(out: Path) -> None:
    if out.suffix.lower() not in (".csv", ".parquet"):
        raise DataError(f"predictions are written as .csv or .parquet, not as {out.name}")
    check_writable(out)


def _as_csv(answers: pd.DataFrame) -> str:
    return answers.to_csv(index=False, lineterminator="\n")


def _as_bytes(answers: pd.DataFrame, out: Path) -> bytes:
    if out.suffix.lower() == ".csv":
        return _as_csv(answers).encode()
    buffer = io.BytesIO()
    answers.to_parquet(buffer, index=False)
    return buffer.getvalue()
