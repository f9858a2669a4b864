"""The commands and their options."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn, TypeAlias

import typer
from typer.exceptions import TyperException

from chainrule import __version__
from chainrule.cli import options
from chainrule.cli.arguments import spread
from chainrule.cli.check import CheckOptions, check
from chainrule.cli.console import drop_output, fail, prepare_output
from chainrule.cli.derive import DeriveOptions, derive_command
from chainrule.cli.draw import DrawOptions, draw_network
from chainrule.cli.evaluate import EvaluateOptions, evaluate
from chainrule.cli.grade import GradeOptions, grade_files
from chainrule.cli.interruption import INTERRUPTED_STATUS
from chainrule.cli.predict import PredictOptions, predict
from chainrule.cli.train import TrainOptions, train
from chainrule.errors import ChainruleError
from chainrule.functions import FUNCTIONS

__all__ = ["app", "main"]

app = typer.Typer(
    name="chainrule",
    help="Fully connected neural networks whose every gradient is a formula.",
    add_completion=False,
)

#: What a command line asks for. It is done after typer has read the line, so that interruptions
#: and closed pipes are met here and not by typer.
Job: TypeAlias = Callable[[], int]


@app.callback(invoke_without_command=True)
def _chainrule(context: typer.Context, version: options.Version = False) -> None:
    if version:
        print(f"chainrule {__version__}")
    elif context.invoked_subcommand is None:
        print(context.get_help())


@app.command(name="train")
def _train(
    data: options.Data,
    target: options.TargetColumn = None,
    task: options.TaskName = None,
    hidden: options.HiddenSizes = [100],  # noqa: B006 - typer copies it
    activation: options.Activation = "relu",
    solver: options.SolverName = "adam",
    learning_rate: options.LearningRate = 1e-3,
    momentum: options.Momentum = 0.9,
    batch_size: options.BatchSize = None,
    l2: options.L2 = 1e-4,
    epochs: options.Epochs = 200,
    patience: options.Patience = 10,
    test_size: options.TestSize = 0.2,
    validation_size: options.ValidationSize = 0.1,
    image_size: options.ImageSize = None,
    seed: options.Seed = 0,
    out: options.ModelOut = None,
    as_json: options.Json = False,
) -> Job:
    """Learn from data, test on rows held out, and save the model."""
    return partial(
        train,
        TrainOptions(
            data=data,
            target=target,
            task=task,
            hidden=tuple(hidden),
            activation=activation,
            solver=solver,
            learning_rate=learning_rate,
            momentum=momentum,
            batch_size=batch_size,
            l2=l2,
            epochs=epochs,
            patience=patience,
            test_size=test_size,
            validation_size=validation_size,
            image_size=image_size,
            seed=seed,
            out=out,
            as_json=as_json,
        ),
    )


@app.command(name="predict")
def _predict(
    model: options.Model,
    data: options.Data,
    out: options.PredictionsOut = None,
    proba: options.Probabilities = False,
) -> Job:
    """Predict with a saved model, a line for each row."""
    return partial(predict, PredictOptions(model, data, out, proba))


@app.command(name="evaluate")
def _evaluate(
    model: options.Model,
    data: options.Data,
    target: options.TruthColumn = None,
    as_json: options.Json = False,
) -> Job:
    """Score a saved model on rows whose answer is known."""
    return partial(evaluate, EvaluateOptions(model, data, target, as_json))


@app.command(name="check")
def _check(
    layers: options.LayerSizes,
    hidden: options.CheckedHidden = ["logistic"],  # noqa: B006 - typer copies it
    output: options.OutputName = "softmax",
    loss: options.LossName = None,
    bias: options.Bias = True,
    l2: options.Decay = False,
    samples: options.Samples = 3,
    seed: options.Seed = 0,
    as_json: options.Json = False,
) -> Job:
    """Compare every gradient formula of a network with an oracle that uses none."""
    return partial(
        check,
        CheckOptions(tuple(layers), tuple(hidden), output, loss, bias, l2, samples, seed, as_json),
    )


@app.command(name="draw")
def _draw(
    network: options.Drawn,
    hidden: options.DrawnHidden = None,
    output: options.DrawnOutput = None,
    loss: options.LossName = None,
    bias: options.DrawnBias = None,
    max_neurons: options.MaxNeurons = 10,
    out: options.PictureOut = None,
) -> Job:
    """Draw a network as SVG, PNG, PDF or LaTeX; a model with the weights that it learned."""
    names = tuple(hidden) if hidden else None
    return partial(
        draw_network,
        DrawOptions(tuple(network), names, output, loss, bias, max_neurons, out),
    )


@app.command(name="derive")
def _derive(
    layers: options.LayerSizes,
    hidden: options.CheckedHidden = ["logistic"],  # noqa: B006 - typer copies it
    output: options.OutputName = "softmax",
    loss: options.LossName = None,
    bias: options.Bias = True,
    l2: options.Decay = False,
    second: options.Second = False,
    layout: options.Layout = "mixed",
    detail: options.DetailName = "normal",
    format_name: options.FormatName = "text",
    code: options.CodeName = None,
    weights: options.WeightsLetter = "W",
    biases: options.BiasesLetter = "b",
    inputs: options.InputsLetter = "x",
    targets: options.TargetsLetter = "t",
    pre_activation: options.PreActivationLetter = "z",
    hidden_output: options.HiddenOutputLetter = "y",
    outputs: options.OutputsLetter = "",
    superscript: options.Superscript = "(l)",
    out: options.PageOut = None,
) -> Job:
    """Write out the gradients of a network, every line checked."""
    symbols = {
        "weights": weights,
        "biases": biases,
        "inputs": inputs,
        "targets": targets,
        "pre_activations": pre_activation,
        "hidden_outputs": hidden_output,
        "outputs": outputs,
        "superscript": superscript,
    }
    return partial(
        derive_command,
        DeriveOptions(
            layers=tuple(layers),
            hidden=tuple(hidden),
            output=output,
            loss=loss,
            bias=bias,
            l2=l2,
            second=second,
            layout=layout,
            detail=detail,
            format=format_name,
            code=code,
            symbols=symbols,
            out=out,
        ),
    )


@app.command(name="grade")
def _grade(
    files: options.Derivations,
    layers: options.GradedLayers = [],  # noqa: B006 - typer copies it
    hidden: options.GradedHidden = None,
    output: options.GradedOutput = None,
    bias: options.GradedBias = None,
    layout: options.LayoutName = "any",
    format: options.GradeFormat = "text",
    colour: options.Colour = True,
) -> Job:
    """Say which step of a derivation is wrong, and why."""
    return partial(
        grade_files,
        GradeOptions(
            files=tuple(files),
            layers=tuple(layers),
            hidden=hidden or "",
            output=output or "",
            bias=bias,
            layout=layout,
            format=format,
            colour=colour,
        ),
    )


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the shell and end the program.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line without the program's name.

    Raises
    ------
    SystemExit
        Always: 0 done, 1 done and mistakes found, 2 bad usage or bad input with one sentence on
        standard error, 130 ended by Ctrl-C.
    """
    prepare_output()
    try:
        job = _read(sys.argv[1:] if arguments is None else arguments)
        status = job() if callable(job) else job
    except BrokenPipeError:
        drop_output()
        raise SystemExit(0) from None  # whoever read along has seen enough
    except ChainruleError as error:
        fail(str(error))
    except TyperException as error:
        fail(_usage(error.format_message()))
    except OSError as error:
        drop_output()
        fail(f"{error.filename or 'the output'} cannot be used: {error.strerror or error}")
    except MemoryError as error:
        fail(f"there is not enough memory for this: {error}")
    except KeyboardInterrupt as error:
        fail(str(error) or "interrupted before the work was done", INTERRUPTED_STATUS)
    raise SystemExit(status or 0)


def _read(arguments: Sequence[str]) -> Any:
    """Give the job that a command line asks for, or a status where help was all."""
    given = spread(arguments, frozenset(FUNCTIONS))
    command = typer.main.get_command(app)
    return command.main(given, prog_name="chainrule", standalone_mode=False)


def _usage(message: str) -> str:
    """Write typer's sentence as ours are: after a colon, and without a full stop."""
    return message[:1].lower() + message[1:].removesuffix(".")
