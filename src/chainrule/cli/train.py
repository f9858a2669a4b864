"""``chainrule train``: from a data set to a saved model."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, final

import numpy as np

from chainrule.arrays import Array
from chainrule.cli.console import Voice, say
from chainrule.cli.interruption import INTERRUPTED_STATUS, ignore_interrupts, stop_on_interrupt
from chainrule.cli.progress import ProgressLine
from chainrule.cli.report import Report, metric_name, report, scorer
from chainrule.data import (
    ClassTarget,
    Dataset,
    Encoder,
    Part,
    Target,
    Task,
    choose_task,
    fit_encoder,
    fit_target,
    parse_image_size,
    read,
    require_target,
    split_rows,
)
from chainrule.engine import engine_for
from chainrule.errors import DataError, DivergenceError
from chainrule.files import check_writable, refuse_to_replace, save
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.parameters import initial_parameters
from chainrule.trained import TrainedModel, architecture_for, encoded_targets
from chainrule.training import (
    Adam,
    Constant,
    GradientDescent,
    HeldOut,
    Problem,
    Recipe,
    Result,
    ShuffledBatches,
    Solver,
    StopFlag,
    Stopping,
    StopReason,
    fit,
    one_blas_thread,
)

__all__ = ["TrainOptions", "train"]

_LARGEST_BATCH, _SMALLEST_BATCH, _STEPS_WANTED = 200, 8, 32


@final
@dataclass(frozen=True)
class TrainOptions:
    """What the command line says, its defaults filled in; see ``chainrule train --help``."""

    data: str
    target: str | None
    task: str | None
    hidden: tuple[int, ...]
    activation: str
    solver: Literal["adam", "sgd"]
    learning_rate: float
    momentum: float
    batch_size: int | None
    l2: float
    epochs: int
    patience: int
    test_size: float
    validation_size: float
    image_size: str | None
    seed: int
    out: Path | None
    as_json: bool


@final
@dataclass(frozen=True)
class _Parts:
    """Raw rows, divided."""

    training: Part
    validation: Part
    test: Part


@final
@dataclass(frozen=True)
class _Prepared:
    """All that training needs, in numbers."""

    encoder: Encoder
    target: Target
    architecture: Architecture
    training: Batch
    validation: Batch


def train(options: TrainOptions) -> int:
    """Train, score, save and tell.

    Parameters
    ----------
    options : TrainOptions
        The command line.

    Returns
    -------
    int
        The exit status: 0, or 130 where Ctrl-C ended training early.

    Raises
    ------
    ChainruleError
        If the data or an option cannot be used; nothing is written then.
    """
    out = options.out or Path(f"{_stem(options.data)}.safetensors")
    try:
        record, scores = _learn_and_save(options, out)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("interrupted; no model was saved") from None
    voice = Voice(options.as_json)
    voice.show(scores.table)
    voice.show(f"Model saved to {out}")
    voice.end(record | {"model": str(out)})
    return INTERRUPTED_STATUS if record["interrupted"] else 0


def _learn_and_save(options: TrainOptions, out: Path) -> tuple[dict[str, Any], Report]:
    began = perf_counter()
    check_writable(out)
    refuse_to_replace(out, options.data)
    dataset, task = _read(options)
    parts = _divide(dataset, task, options)
    prepared = _prepare(dataset, task, parts, options)
    with stop_on_interrupt() as flag:
        result = _fit(prepared, options, flag)
        say(_ending(result, flag.is_set))
        model = _model(prepared, result, options)
        with one_blas_thread():  # the score is saved, and must not hang on the number of cores
            scores = report(model, parts.test)
    record = _record(options, dataset, task, prepared, result, scores) | {
        "seconds": round(perf_counter() - began, 3),
        "interrupted": flag.is_set,
    }
    with ignore_interrupts():
        save(_with_facts(model, record), out)
    return record, scores


def _stem(source: str) -> str:
    """Name the model after its data: digits, adult_train, mnist."""
    name = Path(source).resolve().name
    for suffix in (".gz", ".csv", ".tsv", ".parquet", ".npz"):
        if name.lower().endswith(suffix):
            name = name[: -len(suffix)]
    return name or "model"


def _read(options: TrainOptions) -> tuple[Dataset, Task]:
    size = None if options.image_size is None else parse_image_size(options.image_size)
    dataset = read(options.data, target=options.target, image_size=size)
    require_target(dataset)
    for note in dataset.notes:
        say(note)
    choice = choose_task(_labels(dataset.main), name=dataset.target_name, override=options.task)
    say(choice.reason)
    return dataset, choice.task


def _divide(dataset: Dataset, task: Task, options: TrainOptions) -> _Parts:
    """Keep the parts that the source comes in, and draw those that it lacks."""
    main = dataset.main
    classes = None
    if task == "classification":
        classes = ClassTarget.fit(_labels(main), dataset.target_name).encode(_labels(main))
    split = split_rows(
        len(main),
        classes=classes,
        test_fraction=0.0 if dataset.test else options.test_size,
        validation_fraction=0.0 if dataset.validation else options.validation_size,
        seed=options.seed,
    )
    for note in split.notes:
        say(note)
    parts = _Parts(
        main.rows(split.training),
        dataset.validation or main.rows(split.validation),
        dataset.test or main.rows(split.test),
    )
    origin = "as the source divides them" if dataset.test else f"drawn with seed {options.seed}"
    say(
        f"{len(parts.training):,} rows to learn from, {len(parts.validation):,} to choose the best "
        f"epoch, {len(parts.test):,} held out to test, {origin}."
    )
    return parts


def _prepare(dataset: Dataset, task: Task, parts: _Parts, options: TrainOptions) -> _Prepared:
    encoder = fit_encoder(parts.training.features)
    for note in encoder.notes:
        say(note)
    of = dataset.main if task == "classification" else parts.training
    target = fit_target(_labels(of), task, dataset.target_name)
    target.encode(_labels(parts.test))  # a label that cannot be scored is refused before training
    architecture = architecture_for(encoder, target, options.hidden, options.activation)
    say(_describe(architecture))
    return _Prepared(
        encoder,
        target,
        architecture,
        _batch(encoder, target, architecture, parts.training),
        _batch(encoder, target, architecture, parts.validation),
    )


def _batch(encoder: Encoder, target: Target, architecture: Architecture, part: Part) -> Batch:
    X = encoder.transform(part.features, np.float32)
    return Batch(X, encoded_targets(architecture, target, _labels(part), np.float32))


def _fit(prepared: _Prepared, options: TrainOptions, flag: StopFlag) -> Result:
    engine, random_state = engine_for(prepared.architecture), np.random.RandomState(options.seed)
    objective = Objective(prepared.architecture, options.l2)
    params = initial_parameters(prepared.architecture, random_state, np.float32)
    held_out = HeldOut(
        Problem(engine, objective, prepared.validation),
        scorer(prepared.target, prepared.validation.T),
    )
    with ProgressLine(options.epochs, metric_name(prepared.target)) as progress:
        result = fit(
            Problem(engine, objective, prepared.training),
            params,
            _recipe(options, prepared.training.n_samples),
            random_state=random_state,
            validation=held_out,
            callbacks=[flag, progress],
        )
    if result.stop_reason is StopReason.INTERRUPTED:  # by a second Ctrl-C; the first sets the flag
        raise KeyboardInterrupt
    if result.stop_reason is StopReason.DIVERGED and result.best_epoch == 0:
        raise DivergenceError(_in_shell_terms(result.message))
    return result


def _in_shell_terms(message: str) -> str:
    return message.replace("learning_rate_init", "--learning-rate")


def _recipe(options: TrainOptions, n_samples: int) -> Recipe:
    wanted = options.batch_size or int(
        np.clip(n_samples // _STEPS_WANTED, _SMALLEST_BATCH, _LARGEST_BATCH)
    )
    solver: Solver = Adam()
    if options.solver == "sgd":
        solver = GradientDescent(momentum=options.momentum, nesterovs_momentum=options.momentum > 0)
    return Recipe(
        solver=solver,
        schedule=Constant(options.learning_rate),
        batches=ShuffledBatches(min(wanted, n_samples)),
        stopping=Stopping("validation_loss", n_iter_no_change=options.patience, keep_best=True),
        max_epochs=options.epochs,
        on_divergence="stop",
    )


def _ending(result: Result, interrupted: bool) -> str:
    if interrupted and result.best_epoch == 0:
        return "Interrupted before the first epoch ended; what was learned by then is kept."
    why = _in_shell_terms(result.message)
    if interrupted:
        epochs = "1 whole epoch" if result.n_iter == 1 else f"{result.n_iter} whole epochs"
        why = f"interrupted after {epochs}"
    return f"Training ended: {why}. The best epoch was {result.best_epoch}."


def _model(prepared: _Prepared, result: Result, options: TrainOptions) -> TrainedModel:
    return TrainedModel(
        prepared.architecture,
        result.best,
        prepared.encoder,
        prepared.target,
        {"data": options.data, "seed": options.seed},
    )


def _with_facts(model: TrainedModel, record: dict[str, Any]) -> TrainedModel:
    kept = ("test_score", "metric", "rows", "epochs", "best_epoch")
    about = {**model.about, **{key: record[key] for key in kept}}
    return TrainedModel(model.architecture, model.params, model.encoder, model.target, about)


def _record(
    options: TrainOptions,
    dataset: Dataset,
    task: Task,
    prepared: _Prepared,
    result: Result,
    scores: Report,
) -> dict[str, Any]:
    parts = (dataset.main, dataset.validation, dataset.test)
    return {
        "data": options.data,
        "task": task,
        "target": dataset.target_name,
        "rows": sum(len(part) for part in parts if part is not None),
        "network": list(prepared.architecture.layer_sizes),
        "test_rows": scores.rows,
        "test_score": scores.score,
        "metric": scores.metric,
        **scores.details,
        "epochs": result.n_iter,
        "best_epoch": result.best_epoch,
        "seed": options.seed,
    }


def _describe(architecture: Architecture) -> str:
    sizes = "-".join(map(str, architecture.layer_sizes))
    hidden = ", ".join(dict.fromkeys(f.name for f in architecture.hidden)) or "no hidden layer"
    return (
        f"Network {sizes}: {hidden}; {architecture.output.name} output, {architecture.loss.name} "
        f"loss; {architecture.n_parameters:,} parameters."
    )


def _labels(part: Part) -> Array:
    if part.target is None:
        raise DataError("the data has no target")
    return part.target
