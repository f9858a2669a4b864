"""Which layout a document uses: the one in which most of its steps are right as they stand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chainrule.grading.chains import Chain, Link
from chainrule.grading.definitions import differential, is_derivative
from chainrule.grading.judge import READINGS, Judge
from chainrule.grading.roles import references
from chainrule.grading.scope import LAYOUTS, Layout
from chainrule.grading.understanding import Understanding
from chainrule.read.tree import Node, walk

__all__ = ["infer_layout"]

_MOST_LINKS: Final = 60


def infer_layout(
    understanding: Understanding, links: Sequence[tuple[Chain, Link]], asked: str = "any"
) -> tuple[Layout, str]:
    """Find the layout of a document.

    Parameters
    ----------
    understanding : Understanding
        What its names mean.
    links : sequence of (Chain, Link)
        Its steps.
    asked : str
        A layout to hold the document to, or ``"any"``.

    Returns
    -------
    (Layout, str)
        The layout, and its name for the report: ``unknown`` where no step depends on it.
    """
    candidates = [one for one in LAYOUTS if asked in ("any", one.name)] or list(LAYOUTS)
    if _has_differentials(links):
        candidates += [replace(one, samples_summed=True) for one in candidates]
    telling = [pair for pair in links if _depends(pair[1], understanding)][:_MOST_LINKS]
    scores = [_score(understanding, layout, telling) for layout in candidates]
    best = max(scores, default=0)
    layout = candidates[scores.index(best)] if scores else candidates[0]
    known = asked != "any" or len(set(scores)) > 1
    return layout, layout.name if known else "unknown"


def _has_differentials(links: Sequence[tuple[Chain, Link]]) -> bool:
    nodes = [side.node for _, link in links for side in (link.left, link.right) if side.node]
    return any(differential(one) is not None for node in nodes for one in walk(node))


def _depends(link: Link, understanding: Understanding) -> bool:
    if link.left.node is None or link.right.node is None:
        return False
    return any(_has_gradient(node, understanding) for node in (link.left.node, link.right.node))


def _has_gradient(node: Node, understanding: Understanding) -> bool:
    if is_derivative(node) or any(differential(one) is not None for one in walk(node)):
        return True
    program = understanding.program
    gradients = {one.name for one in program.definitions if one.kind == "gradient"} | {"delta"}
    return any(one.name in gradients for one in references([node], understanding.notation))


def _score(
    understanding: Understanding, layout: Layout, links: Sequence[tuple[Chain, Link]]
) -> int:
    judge = Judge(understanding, layout)
    return sum(_is_right(judge, chain, link) for chain, link in links)


def _is_right(judge: Judge, chain: Chain, link: Link) -> bool:
    left, right = link.left.node, link.right.node
    if left is None or right is None:
        return False
    start = None if chain.start is None else chain.start.node
    for assumption in ("sum-to-one", "one-hot"):
        finding = judge.once(left, right, chain, READINGS[0], assumption, start)
        if finding.is_right:
            return True
        if finding.verdict != "wrong":
            return False
    return False
