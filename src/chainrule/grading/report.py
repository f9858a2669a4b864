"""What grading gives: a verdict for every step, the names, the network, a summary."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, final

from chainrule.errors import UnknownNameError
from chainrule.grading.page import to_page
from chainrule.grading.results import VERDICTS, Equation, Name, Step, Summary
from chainrule.grading.terminal import styled_lines

__all__ = ["POINTS", "SCHEMA", "Report"]

SCHEMA: Final = 1
#: What a step of each verdict is worth unless a teacher says otherwise.
POINTS: Final = {"right": 1.0, "shape": 0.0, "wrong": 0.0, "definition": 0.0}


@final
@dataclass(frozen=True)
class Report:
    """The grading of one document.

    Parameters
    ----------
    network : mapping
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

    network: Mapping[str, Any]
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

    def titled(self, title: str) -> "Report":
        """Give the report with another title."""
        return replace(self, title=title)

    def to_text(self) -> str:
        """Write the report as plain text, with carets below what is wrong."""
        return "\n".join(line for line, _ in styled_lines(self))

    def to_html(self) -> str:
        """Write the report as a page of HTML that needs nothing but itself."""
        return to_page(self)

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
            "network": dict(self.network),
            "layout": self.layout,
            "names": [name.to_dict() for name in self.names],
            "equations": [equation.to_dict() for equation in self.equations],
            "notes": list(self.notes),
            "summary": self.summary.to_dict(),
        }
