"""``chainrule.grade``: a text or a file to its report, and a score for teachers."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from chainrule.errors import DataError, UnknownNameError
from chainrule.functions import FUNCTIONS
from chainrule.grading.grader import grade_text
from chainrule.grading.program import Options
from chainrule.grading.report import Report
from chainrule.network import Architecture
from chainrule.outputs import OUTPUTS

__all__ = ["LAYOUT_NAMES", "grade", "read_text"]

LAYOUT_NAMES: Final = ("any", "mixed", "numerator", "denominator")


def grade(
    document: str | os.PathLike[str],
    *,
    layers: Sequence[int] = (),
    hidden: str = "",
    output: str = "",
    bias: bool | None = None,
    layout: str = "any",
    points: Mapping[str, float] | None = None,
    repairs: bool = True,
) -> Report:
    r"""Grade a document that derives gradients: a verdict for every equation and every step.

    Parameters
    ----------
    document : str or path
        A string is the text itself; a path is a file of Markdown, LaTeX or a notebook.
    layers : sequence of int, optional
        The layer sizes of the network meant, where the document does not define one. Only their
        number counts: formulas are compared at sizes that are all different.
    hidden, output : str, optional
        Its hidden function and its output; what the document defines wins.
    bias : bool, optional
        Whether its layers have biases; by default, whether the document mentions any.
    layout : {"any", "mixed", "numerator", "denominator"}
        The layout that derivatives must have, or ``"any"`` for the document's own.
    points : mapping of str to float, optional
        What a verdict is worth, for `Report.score`; see there.

    repairs : bool
        Whether to look for the likely mistakes, which takes most of the time.

    Returns
    -------
    Report
        The verdicts, the table of names, the layout.

    Raises
    ------
    DataError
        If the file cannot be read as text.
    UnknownNameError
        If a function or a layout does not exist.

    Examples
    --------
    >>> report = grade(r"$$\frac{\partial E}{\partial z_i^{(2)}} = y_i - t_i$$")
    >>> [step.verdict for step in report.steps], report.steps[0].assumption
    (['right'], 'sum-to-one')
    """
    if layout not in LAYOUT_NAMES:
        raise UnknownNameError("layout", layout, LAYOUT_NAMES)
    if hidden and hidden not in FUNCTIONS:
        raise UnknownNameError("hidden function", hidden, FUNCTIONS)
    if output and output not in OUTPUTS:
        raise UnknownNameError("output", output, OUTPUTS)
    sizes = tuple(Architecture.of(list(layers)).layer_sizes) if layers else ()
    title = "" if isinstance(document, str) else os.fspath(document)
    text = document if isinstance(document, str) else read_text(Path(document))
    report = grade_text(text, Options(sizes, hidden, output, bias), layout, title, repairs)
    return report.with_points(points) if points is not None else report


def read_text(path: Path) -> str:
    """Read a file as text.

    Raises
    ------
    DataError
        If there is no such file, or what it holds is no text.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is no text in UTF-8 (byte {error.start}); save it as UTF-8 and try again"
        ) from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
