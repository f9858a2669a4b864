"""The options of the commands: how they are spelled and what their help says."""

import math
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

import typer

from chainrule.cli.grade import FORMATS
from chainrule.cli.values import number, one_of, whole
from chainrule.functions import FUNCTIONS
from chainrule.grading import LAYOUT_NAMES
from chainrule.outputs import OUTPUTS
from chainrule.picture import FEWEST_NEURONS, MOST_NEURONS

__all__ = [
    "L2",
    "Activation",
    "BatchSize",
    "Bias",
    "BiasesLetter",
    "CheckedHidden",
    "CodeName",
    "Colour",
    "Data",
    "Decay",
    "Derivations",
    "DetailName",
    "Drawn",
    "DrawnBias",
    "DrawnHidden",
    "DrawnOutput",
    "Epochs",
    "FormatName",
    "GradeFormat",
    "GradedBias",
    "GradedHidden",
    "GradedLayers",
    "GradedOutput",
    "HiddenOutputLetter",
    "HiddenSizes",
    "ImageSize",
    "InputsLetter",
    "Json",
    "LayerSizes",
    "Layout",
    "LayoutName",
    "LearningRate",
    "LossName",
    "MaxNeurons",
    "Model",
    "ModelOut",
    "Momentum",
    "OutputName",
    "OutputsLetter",
    "PageOut",
    "Patience",
    "PictureOut",
    "PreActivationLetter",
    "PredictionsOut",
    "Probabilities",
    "Samples",
    "Second",
    "Seed",
    "SolverName",
    "Superscript",
    "TargetColumn",
    "TargetsLetter",
    "TaskName",
    "TestSize",
    "TruthColumn",
    "ValidationSize",
    "Version",
    "WeightsLetter",
]

#: Bounds that no work comes near, but within which sizes can be multiplied and counted.
_MANY: Final = 10**9
_WIDEST: Final = 10**6

_natural = whole(1, _MANY)
_size = whole(1, _WIDEST)
_share = number(0, 1, or_equal=False)

Data: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="DATA",
        help="A bundled set (digits, iris, wine, breast_cancer, diabetes), a .csv, .csv.gz, "
        ".parquet or .npz file, or a folder of images with one subfolder a class.",
    ),
]
Model: TypeAlias = Annotated[
    Path, typer.Argument(metavar="MODEL", help="A model that `train` saved.")
]
LayerSizes: TypeAlias = Annotated[
    list[int], typer.Argument(metavar="N_0 N_1 … N_L", parser=_size, help="The layer sizes.")
]

Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="End standard output with one JSON object; the rest: stderr.")
]
Seed: TypeAlias = Annotated[
    int,
    typer.Option(parser=whole(0, 2**32 - 1), metavar="N", help="Seed of everything random."),
]
Version: TypeAlias = Annotated[bool, typer.Option("--version", help="Print the version.")]

TargetColumn: TypeAlias = Annotated[
    str | None,
    typer.Option("--target", metavar="COLUMN", help="The column of a table to predict."),
]
TaskName: TypeAlias = Annotated[
    Literal["classification", "regression"] | None,
    typer.Option(
        "--task",
        parser=one_of(["classification", "regression"]),
        metavar="NAME",
        help="classification or regression; by default what the target suggests.",
    ),
]
HiddenSizes: TypeAlias = Annotated[
    list[int],
    typer.Option("--hidden", parser=_size, metavar="N …", help="Widths of the hidden layers."),
]
Activation: TypeAlias = Annotated[
    str,
    typer.Option(
        parser=one_of(FUNCTIONS),
        metavar="NAME",
        help=f"The hidden function: {', '.join(FUNCTIONS)}.",
    ),
]
SolverName: TypeAlias = Annotated[
    Literal["adam", "sgd"],
    typer.Option(parser=one_of(["adam", "sgd"]), metavar="NAME", help="adam or sgd."),
]
LearningRate: TypeAlias = Annotated[
    float,
    typer.Option(
        parser=number(0, math.inf, or_equal=False), metavar="X", help="The size of the steps."
    ),
]
Momentum: TypeAlias = Annotated[
    float,
    typer.Option(parser=number(0, 1, or_equal=True), metavar="X", help="Nesterov momentum of sgd."),
]
BatchSize: TypeAlias = Annotated[
    int | None,
    typer.Option(
        parser=_natural, metavar="N", help="Rows a step; by default 8 to 200, by the data."
    ),
]
L2: TypeAlias = Annotated[
    float,
    typer.Option(
        parser=number(0, math.inf, or_equal=True), metavar="X", help="λ of the penalty (λ/2) Σ‖W‖²."
    ),
]
Epochs: TypeAlias = Annotated[
    int, typer.Option(parser=_natural, metavar="N", help="Epochs at most.")
]
Patience: TypeAlias = Annotated[
    int,
    typer.Option(
        parser=_natural,
        metavar="N",
        help="Epochs without a better validation loss before the end.",
    ),
]
TestSize: TypeAlias = Annotated[
    float, typer.Option(parser=_share, metavar="X", help="Share of rows held out to test.")
]
ValidationSize: TypeAlias = Annotated[
    float,
    typer.Option(
        parser=_share, metavar="X", help="Share of rows held out to choose the best epoch."
    ),
]
ImageSize: TypeAlias = Annotated[
    str | None, typer.Option(metavar="N|WxH", help="Size to bring images to.")
]
ModelOut: TypeAlias = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="The model file; by default named after the data."),
]

PredictionsOut: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="A .csv or .parquet file; by default standard output."
    ),
]
Probabilities: TypeAlias = Annotated[
    bool, typer.Option("--proba", help="Add the probability of each class.")
]
TruthColumn: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--target", metavar="COLUMN", help="The column with the truth; by default as in training."
    ),
]

CheckedHidden: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--hidden", metavar="NAME …", help="The hidden function: one for all layers, or one each."
    ),
]
OutputName: TypeAlias = Annotated[
    str, typer.Option("--output", metavar="NAME", help="The output function.")
]
LossName: TypeAlias = Annotated[
    str | None, typer.Option("--loss", metavar="NAME", help="The loss, if not the output's own.")
]
Bias: TypeAlias = Annotated[bool, typer.Option(help="Whether layers have biases.")]
Derivations: TypeAlias = Annotated[
    list[str],
    typer.Argument(metavar="FILE|- …", help="Markdown, LaTeX or notebooks; - is standard input."),
]
GradedLayers: TypeAlias = Annotated[
    list[int],
    typer.Option(
        "--layers",
        parser=_size,
        metavar="N_0 … N_L",
        help="The layer sizes, where the document does not define them; their number counts.",
    ),
]
GradedHidden: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--hidden",
        parser=one_of(FUNCTIONS),
        metavar="NAME",
        help="The hidden function, where the document does not define it.",
    ),
]
GradedOutput: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--output",
        parser=one_of(OUTPUTS),
        metavar="NAME",
        help="The output function, where the document does not define it.",
    ),
]
GradedBias: TypeAlias = Annotated[
    bool | None,
    typer.Option("--bias/--no-bias", help="Whether layers have biases; by default as written."),
]
LayoutName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--layout",
        parser=one_of(LAYOUT_NAMES),
        metavar="NAME",
        help="any, mixed, numerator or denominator: the layout that derivatives must have.",
    ),
]
GradeFormat: TypeAlias = Annotated[
    str,
    typer.Option(
        "--format", parser=one_of(FORMATS), metavar="NAME", help="text, json, html or csv."
    ),
]
Colour: TypeAlias = Annotated[
    bool, typer.Option("--colour/--no-colour", help="Colours, where a terminal reads along.")
]
Decay: TypeAlias = Annotated[bool, typer.Option("--l2", help="Include weight decay.")]
Layout: TypeAlias = Annotated[
    str, typer.Option(metavar="NAME", help="mixed, numerator or denominator.")
]
DetailName: TypeAlias = Annotated[
    str, typer.Option("--detail", metavar="NAME", help="brief, normal or full.")
]
FormatName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="NAME",
        help="text, latex, fragment (LaTeX to include), markdown, html or json.",
    ),
]
Second: TypeAlias = Annotated[bool, typer.Option("--second", help="Add second derivatives.")]
CodeName: TypeAlias = Annotated[
    str | None,
    typer.Option("--code", metavar="numpy", help="Put the NumPy beside each formula."),
]
PageOut: TypeAlias = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where to write; by default standard output."),
]
Superscript: TypeAlias = Annotated[
    str, typer.Option(metavar="STYLE", help='Where the layer stands: "(l)", "\\[l]" or subscript.')
]


def _letter(what: str) -> Any:
    return typer.Option(metavar="LETTER", help=f"The letter of the {what}.")


WeightsLetter: TypeAlias = Annotated[str, _letter("weights")]
BiasesLetter: TypeAlias = Annotated[str, _letter("biases")]
InputsLetter: TypeAlias = Annotated[str, _letter("inputs")]
TargetsLetter: TypeAlias = Annotated[str, _letter("targets")]
PreActivationLetter: TypeAlias = Annotated[str, _letter("pre-activations")]
HiddenOutputLetter: TypeAlias = Annotated[str, _letter("outputs of hidden layers")]
OutputsLetter: TypeAlias = Annotated[
    str, typer.Option(metavar="LETTER", help="The letter of the outputs; ŷ if the targets are y.")
]
Samples: TypeAlias = Annotated[
    int, typer.Option(parser=_natural, metavar="N", help="The number m of samples.")
]

Drawn: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="N_0 N_1 … N_L | MODEL",
        help="The layer sizes, or a model that `train` saved, to be drawn with its weights.",
    ),
]
DrawnHidden: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--hidden",
        metavar="NAME …",
        help="The hidden function: one for all layers, or one each; by default logistic.",
    ),
]
DrawnOutput: TypeAlias = Annotated[
    str | None,
    typer.Option("--output", metavar="NAME", help="The output function; by default softmax."),
]
DrawnBias: TypeAlias = Annotated[
    bool | None,
    typer.Option("--bias/--no-bias", help="Whether layers have biases; by default they have."),
]
MaxNeurons: TypeAlias = Annotated[
    int,
    typer.Option(
        parser=whole(FEWEST_NEURONS, MOST_NEURONS),
        metavar="N",
        help="How many neurons of a layer have a place; of a larger one the ends are drawn.",
    ),
]
PictureOut: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="A .svg, .png, .pdf or .tex file; by default SVG on standard output.",
    ),
]
