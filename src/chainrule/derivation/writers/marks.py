"""What every format says beside a line, and how lines are kept together."""

from collections.abc import Iterator

from chainrule.calculus import Shape
from chainrule.derivation.document import Equation, Item, Line, Prose, Section

__all__ = ["blocks", "code_of", "heading", "note_of", "rule_of", "shape_of"]


def rule_of(line: Line) -> str:
    """Name the rule of a line, with a sign for each thing that it assumes."""
    star, dagger = "*" if line.assumption else "", "†" if line.is_away_from_kinks else ""
    return line.rule + star + dagger


def note_of(equation: Equation, line: Line) -> str:
    """Name the rule of a line; a definition needs no name."""
    return "" if equation.is_definition and line is equation.lines[0] else rule_of(line)


def shape_of(equation: Equation, line: Line) -> Shape | None:
    """Give the shape that is said beside the last line of an equation between matrices."""
    is_last = line is equation.lines[-1]
    return equation.shape if is_last and not equation.shape.is_scalar else None


def code_of(equations: tuple[Equation, ...]) -> str:
    """Collect the lines of code of some equations."""
    return "\n".join(equation.code for equation in equations if equation.code)


def heading(section: Section) -> str:
    """Title a section."""
    return section.title if section.part == 0 else f"Part {section.part}: {section.title}"


def blocks(items: tuple[Item, ...]) -> Iterator[Prose | tuple[Equation, ...]]:
    """Keep equations together that no prose parts."""
    together: list[Equation] = []
    for item in items:
        if isinstance(item, Equation):
            together.append(item)
            continue
        if together:
            yield tuple(together)
            together = []
        yield item
    if together:
        yield tuple(together)
