"""What grading gives: a verdict for every step, the names, the network, a summary."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, final

from chainrule.errors import UnknownNameError

__all__ = ["POINTS", "SCHEMA", "VERDICTS", "Equation", "Name", "Report", "Step", "Summary"]

SCHEMA: Final = 1
VERDICTS: Final = ("right", "shape", "wrong", "unread", "definition")
#: What a step of each verdict is worth unless a teacher says otherwise.
POINTS: Final = {"right": 1.0, "shape": 0.0, "wrong": 0.0, "definition": 0.0}


@final
@dataclass(frozen=True)
class Step:
    """One ``=`` of a displayed row.

    Parameters
    ----------
    left, right : str
        Its sides as they are written; the left is the line before where a row begins with ``=``.
    understood : str
        The right side as it was understood.
    verdict : str
        ``right``, ``shape``, ``wrong``, ``unread`` or ``definition``: does it follow from the left?
    against_start : str or None
        The right side against the first left side of its chain.
    assumption, reading : str or None
        On what ground the step is right, where it is not right without.
    carried : bool
        Whether it only carries an earlier mistake along.
    mistake : str or None
        The name of the likely mistake.
    suggestions : tuple of str
        Corrected right sides in the document's notation, the likeliest first.
    message : str
        One sentence.
    line, column, end_line, end_column : int
        Where the right side stands.
    """

    left: str
    right: str
    understood: str
    verdict: str
    against_start: str | None = None
    assumption: str | None = None
    reading: str | None = None
    carried: bool = False
    mistake: str | None = None
    suggestions: tuple[str, ...] = ()
    message: str = ""
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    start: int = 0
    end: int = 0

    @property
    def is_mistaken(self) -> bool:
        """Whether it is wrong, by its value or by its shape."""
        return self.verdict in ("shape", "wrong")

    def to_dict(self) -> dict[str, Any]:
        """Give the step as it stands in the JSON."""
        return {
            "left": self.left,
            "right": self.right,
            "understood": self.understood,
            "verdict": self.verdict,
            "against_start": self.against_start,
            "assumption": self.assumption,
            "reading": self.reading,
            "carried": self.carried,
            "mistake": self.mistake,
            "suggestions": list(self.suggestions),
            "message": self.message,
            "line": self.line,
            "column": self.column,
        }


@final
@dataclass(frozen=True)
class Equation:
    """One displayed row."""

    line: int
    column: int
    source: str
    steps: tuple[Step, ...]
    cell: int | None = None
    start: int = 0
    end: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Give the row as it stands in the JSON."""
        return {
            "line": self.line,
            "column": self.column,
            "cell": self.cell,
            "source": self.source,
            "steps": [step.to_dict() for step in self.steps],
        }


@final
@dataclass(frozen=True)
class Name:
    """One row of the table of names."""

    symbol: str
    means: str
    shape: tuple[str | int, ...]
    origin: str

    def to_dict(self) -> dict[str, Any]:
        """Give the row as it stands in the JSON."""
        return {
            "symbol": self.symbol,
            "means": self.means,
            "shape": list(self.shape),
            "from": self.origin,
        }


@final
@dataclass(frozen=True)
class Summary:
    """How many steps have which verdict."""

    right: int = 0
    shape: int = 0
    wrong: int = 0
    unread: int = 0
    definition: int = 0

    def to_dict(self) -> dict[str, int]:
        """Give the counts by verdict."""
        return {verdict: getattr(self, verdict) for verdict in VERDICTS}


@final
@dataclass(frozen=True)
class Report:
    """The grading of one document.

    Parameters
    ----------
    network : dict
        The network that it was graded for.
    layout : str
        ``numerator``, ``denominator``, ``mixed`` or ``unknown``.
    names : tuple of Name
        What its symbols stand for.
    equations : tuple of Equation
        Its displayed rows.
    notes : tuple of str
        What else there is to say: conflicts, switches of layout.
    source : str
        The text that was graded.
    """

    network: dict[str, Any]
    layout: str
    names: tuple[Name, ...]
    equations: tuple[Equation, ...]
    notes: tuple[str, ...] = ()
    source: str = field(default="", repr=False)
    title: str = ""
    points: Mapping[str, float] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step, in order."""
        return tuple(step for equation in self.equations for step in equation.steps)

    @property
    def summary(self) -> Summary:
        """The number of steps of each verdict."""
        verdicts = [step.verdict for step in self.steps]
        return Summary(**{verdict: verdicts.count(verdict) for verdict in VERDICTS})

    @property
    def has_mistakes(self) -> bool:
        """Whether any step is wrong."""
        return any(step.is_mistaken for step in self.steps)

    def with_points(self, points: Mapping[str, float]) -> "Report":
        """Give the report with other points for the verdicts.

        Raises
        ------
        UnknownNameError
            If there is no such verdict.
        """
        for verdict in points:
            if verdict not in POINTS:
                raise UnknownNameError("verdict with points", verdict, POINTS)
        return replace(self, points=dict(points))

    @property
    def score(self) -> float:
        """The sum of the points of all steps.

        By default a step that is right counts 1 and any other 0. What could not be read counts as
        right does, so that nobody loses for what the grader cannot do; and a mistake that is only
        carried along costs nothing more. Definitions count nothing unless they are given points.
        """
        return sum(self._points_of(step) for step in self.steps)

    @property
    def full_score(self) -> float:
        """The score if every step were right."""
        points = {**POINTS, **self.points}
        kinds = ("definition" if step.verdict == "definition" else "right" for step in self.steps)
        return sum(points[kind] for kind in kinds)

    def _points_of(self, step: Step) -> float:
        points = {**POINTS, **self.points}
        if step.verdict == "unread" or (step.carried and step.is_mistaken):
            return points["right"]
        return points[step.verdict]

    def to_dict(self) -> dict[str, Any]:
        """Give the report as the JSON that the schema in docs describes."""
        return {
            "schema": SCHEMA,
            "network": self.network,
            "layout": self.layout,
            "names": [name.to_dict() for name in self.names],
            "equations": [equation.to_dict() for equation in self.equations],
            "notes": list(self.notes),
            "summary": self.summary.to_dict(),
        }
