"""What a derivation is made of before anyone writes it: sections of prose and equations."""

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TypeAlias, final

from chainrule.calculus import Expression, Shape, Size
from chainrule.calculus.indexed import Index, Layout
from chainrule.calculus.writer import LayerScript
from chainrule.derivation.truth import Setting
from chainrule.picture import Picture

__all__ = [
    "AWAY_FROM_KINKS",
    "SUM_TO_ONE",
    "Case",
    "Check",
    "Count",
    "Detail",
    "Document",
    "Equality",
    "Equation",
    "Inline",
    "Item",
    "Line",
    "PowerOfTen",
    "Prose",
    "Section",
]

#: The name of the assumption that the targets of a sample sum to one.
SUM_TO_ONE = "sum-to-one"
#: The name of the assumption that no argument is where its function has a kink.
AWAY_FROM_KINKS = "away-from-kinks"


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


@final
@dataclass(frozen=True)
class Count:
    """What a size is in the network at hand: ``n_1 = 7``."""

    size: Size
    n: int


@final
@dataclass(frozen=True)
class PowerOfTen:
    """``10⁻¹⁴`` within a sentence."""

    exponent: int


#: What a sentence is made of.
Inline: TypeAlias = str | PowerOfTen | Expression | Shape | Case | Equality | Count


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
    is_away_from_kinks : bool
        Whether it holds only where no function has a kink.
    """

    right: Expression
    rule: str
    assumption: str | None = None
    is_minor: bool = False
    error: float = float("nan")
    is_away_from_kinks: bool = False

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What must hold, by name."""
        kinks = (AWAY_FROM_KINKS,) if self.is_away_from_kinks else ()
        return kinks if self.assumption is None else (self.assumption, *kinks)


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

    def in_short(self) -> "Equation":
        """Mark all lines but the last as minor."""
        minor = tuple(replace(line, is_minor=True) for line in self.lines[:-1])
        return replace(self, lines=(*minor, self.lines[-1]))

    def shown(self, detail: Detail) -> "Equation | None":
        """Leave out what is not written at a level of detail."""
        if self.level > detail and not (detail is Detail.BRIEF and self.is_result):
            return None
        last = self.lines[-1]
        if detail is Detail.BRIEF:
            return replace(self, lines=(last,))
        if detail is Detail.FULL:
            return self
        return replace(self, lines=tuple(x for x in self.lines if x is last or not x.is_minor))


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

    def shown(self, detail: Detail) -> "Section":
        """Leave out what is not written at a level of detail."""
        kept: list[Item] = []
        for item in self.items:
            if isinstance(item, Prose):
                kept += [item] if item.level <= detail else []
            else:
                equation = item.shown(detail)
                kept += [] if equation is None else [equation]
        return replace(self, items=tuple(kept))

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The equations, without the prose between them."""
        return tuple(item for item in self.items if isinstance(item, Equation))


@final
@dataclass(frozen=True)
class Check:
    """What the check of a derivation came to.

    Parameters
    ----------
    points : int
        At how many random points every line was evaluated.
    sizes : tuple of Count
        The layer sizes there.
    n_samples : int
        The number of samples of a batch there.
    lines : int
        How many lines were checked.
    worst_error : float
        The largest relative error.
    assumptions : tuple of str
        What some lines assume.
    """

    points: int
    sizes: tuple[Count, ...]
    n_samples: int
    lines: int
    worst_error: float
    assumptions: tuple[str, ...]


@final
@dataclass(frozen=True)
class Document:
    """A derivation that is ready to be written in any format.

    Parameters
    ----------
    title : str
        What it is about.
    preface : Prose
        How derivatives are laid out.
    sections : tuple of Section
        The parts, with their lines checked.
    closing : Prose
        How it was checked.
    layout : Layout
        How derivatives are laid out, by name.
    layers : LayerScript
        Where the layer of a variable stands.
    detail : Detail
        How much is written.
    check : Check
        What the check came to.
    picture : Picture
        What the document opens with.
    code : str
        The function that the lines of code make together, or nothing.
    """

    title: str
    preface: Prose
    sections: tuple[Section, ...]
    closing: Prose
    layout: Layout
    layers: LayerScript
    detail: Detail
    check: Check
    picture: Picture
    code: str = ""
