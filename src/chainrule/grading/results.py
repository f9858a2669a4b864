"""What grading finds: a verdict for every step, the rows that they stand in, the names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, final

__all__ = ["VERDICTS", "Equation", "Graded", "Name", "Step", "Summary"]

VERDICTS: Final = ("right", "shape", "wrong", "unread", "definition")


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


class Graded(Protocol):
    """What the writers of a report ask of it."""

    @property
    def title(self) -> str:
        """What the document is called."""

    @property
    def source(self) -> str:
        """The text that was graded."""

    @property
    def network(self) -> Mapping[str, Any]:
        """The network that it was graded for."""

    @property
    def layout(self) -> str:
        """Its layout."""

    @property
    def names(self) -> tuple[Name, ...]:
        """What its symbols stand for."""

    @property
    def equations(self) -> tuple[Equation, ...]:
        """Its displayed rows."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What else there is to say."""

    @property
    def points(self) -> Mapping[str, float]:
        """What a teacher gives for the verdicts."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step."""

    @property
    def summary(self) -> Summary:
        """The number of steps of each verdict."""

    @property
    def has_mistakes(self) -> bool:
        """Whether any step is wrong."""

    @property
    def score(self) -> float:
        """The sum of its points."""

    @property
    def full_score(self) -> float:
        """The most that it could be."""
