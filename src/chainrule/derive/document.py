"""What a derivation is made of before anyone writes it: sections of prose and equations."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias, final

from chainrule.calculus import Expression, Shape
from chainrule.calculus.indexed import Index
from chainrule.derive.truth import Setting

__all__ = [
    "SUM_TO_ONE",
    "Case",
    "Detail",
    "Equality",
    "Equation",
    "Inline",
    "Item",
    "Line",
    "Prose",
    "Section",
]

#: The name of the assumption that the targets of a sample sum to one.
SUM_TO_ONE = "sum-to-one"


class Detail(IntEnum):
    """How much is written: results only, the way to them, or every application of a rule."""

    BRIEF = 0
    NORMAL = 1
    FULL = 2


@final
@dataclass(frozen=True)
class Case:
    """The condition that two indices agree, or that they do not."""

    left: Index
    right: Index
    equal: bool


@final
@dataclass(frozen=True)
class Equality:
    """Two expressions with a sign between them, within a sentence."""

    left: Expression
    right: Expression


#: What a sentence is made of.
Inline: TypeAlias = str | Expression | Shape | Case | Equality


@final
@dataclass(frozen=True)
class Prose:
    """A paragraph.

    Parameters
    ----------
    parts : tuple
        Words and mathematics, in order.
    level : Detail
        From which level of detail on it is shown.
    """

    parts: tuple[Inline, ...]
    level: Detail = Detail.NORMAL


@final
@dataclass(frozen=True)
class Line:
    """One step: what the line before is equal to, and by which rule.

    Parameters
    ----------
    right : Expression
        The right side.
    rule : str
        The rule that gave it.
    assumption : str, optional
        What must hold, from the first line of the equation to this one.
    is_minor : bool
        Whether it is left out where not everything is written.
    error : float
        The worst relative error against the oracle, once it was checked.
    """

    right: Expression
    rule: str
    assumption: str | None = None
    is_minor: bool = False
    error: float = float("nan")


@final
@dataclass(frozen=True)
class Equation:
    """A chain of equalities from one left side.

    Parameters
    ----------
    part : int
        The part of the mathematics that it belongs to.
    left : Expression
        The left side.
    lines : tuple of Line
        The steps.
    setting : Setting
        What ``E`` is.
    level : Detail
        From which level of detail on it is shown.
    case : Case, optional
        For which indices it holds.
    is_definition : bool
        Whether it says what a symbol stands for.
    is_result : bool
        Whether it is what a reader came for, and shown in the summary.
    code : str
        The line of NumPy that computes it, or nothing.
    """

    part: int
    left: Expression
    lines: tuple[Line, ...]
    setting: Setting = field(default_factory=Setting)
    level: Detail = Detail.NORMAL
    case: Case | None = None
    is_definition: bool = False
    is_result: bool = False
    code: str = ""

    @property
    def shape(self) -> Shape:
        """The shape of both sides."""
        return self.left.shape


Item: TypeAlias = Prose | Equation


@final
@dataclass(frozen=True)
class Section:
    """A titled part of a derivation.

    Parameters
    ----------
    part : int
        Its number; 0 is the network itself.
    title : str
        What it is about.
    items : tuple
        Its paragraphs and equations.
    """

    part: int
    title: str
    items: tuple[Item, ...]
