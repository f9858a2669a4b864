"""What every format says beside a line, and how lines are kept together."""

from collections.abc import Iterator

from chainrule.derive.document import Equation, Item, Line, Prose, Section

__all__ = ["blocks", "heading", "rule_of"]


def rule_of(line: Line) -> str:
    """Name the rule of a line, with a star where it assumes something."""
    return line.rule + ("*" if line.assumption else "")


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
