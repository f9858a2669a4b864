"""Mistakes that only carry an earlier one along."""

from dataclasses import dataclass, field
from typing import Final, final

from chainrule.grading.chains import Chain, Link
from chainrule.grading.judge import Judge
from chainrule.read.tree import Group, Node, replaced, walk

__all__ = ["Claims"]

_MOST: Final = 30


@final
@dataclass
class Claims:
    """The steps of a document that were wrong so far: what they say is equal to what."""

    wrong: list[tuple[Node, Node]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def add(self, link: Link, verdict: str) -> None:
        """Keep a step that was wrong; what has no value can only be written out again."""
        if link.left.node is None or link.right.node is None or len(self.written) >= _MOST:
            return
        self.written.append(_bare(link.right.source))
        if verdict == "wrong":
            self.wrong.append((link.left.node, link.right.node))

    def carries(self, judge: Judge, left: Node, right: Node, link: Link, chain: Chain) -> bool:
        """Say whether a wrong step has an earlier wrong side in it, or follows from one.

        Parameters
        ----------
        judge : Judge
            Compares.
        left, right : Node
            The two sides of the step.
        link, chain : Link, Chain
            Where it stands.

        Returns
        -------
        bool
            True if a wrong right side of an earlier line is written out in this one, or if putting
            it in place of what it was claimed to equal makes the step right.
        """
        here, before = _bare(link.right.source), _bare(link.left.source)
        for earlier in self.written:
            if len(earlier) > 3 and earlier in here and earlier not in before:
                return True
        return any(self._follows(judge, claim, left, right, chain) for claim in self.wrong)

    def _follows(
        self, judge: Judge, claim: tuple[Node, Node], left: Node, right: Node, chain: Chain
    ) -> bool:
        wanted, claimed = claim
        places = [one for one in walk(left) if one == wanted]
        if not places or left == wanted:
            return False
        changed = left
        for place in places[:8]:
            changed = replaced(changed, place, Group(claimed))
        return judge.compare(changed, right, chain).is_right


def _bare(source: str) -> str:
    for dropped in (" ", "\\left", "\\right", "\\,", "\n", "&"):
        source = source.replace(dropped, "")
    return source
