"""A document graded from top to bottom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, final

from chainrule.functions import FUNCTIONS
from chainrule.grading.carried import Claims
from chainrule.grading.chains import Chain, Link, chains_of
from chainrule.grading.comparison import Finding
from chainrule.grading.judge import READINGS, Judge
from chainrule.grading.layouts import infer_layout
from chainrule.grading.messages import sentence
from chainrule.grading.names import namer, network_of, table_of_names
from chainrule.grading.program import Options, Program
from chainrule.grading.repairs import Repairs
from chainrule.grading.report import Report
from chainrule.grading.results import Equation, Step
from chainrule.grading.understanding import Understanding, understand
from chainrule.read.document import read_document
from chainrule.read.plain import to_plain
from chainrule.read.rows import Row
from chainrule.read.tree import Node, Product, Symbol

__all__ = ["grade_text"]

_LONGEST_QUOTE: Final = 600
#: After so many mistakes the search for corrections is cut short, to end in time.
_SEARCHED_IN_FULL: Final = 12


def grade_text(
    text: str, options: Options, layout: str = "any", title: str = "", repairs: bool = True
) -> Report:
    """Grade a document.

    Parameters
    ----------
    text : str
        Markdown, LaTeX or a notebook.
    options : Options
        The network asked for, where the document does not say.
    layout : str
        The layout that derivatives must have, or ``"any"`` for the document's own.
    title : str
        What the report calls the document.
    repairs : bool
        Whether to look for the likely mistakes.

    Returns
    -------
    Report
        A verdict for every step.
    """
    document = read_document(text)
    understanding = understand(document, options)
    rows = list(chains_of(document))
    pairs = [pair for _, links in rows for pair in links]
    chosen, layout_name = infer_layout(understanding, pairs, layout)
    grader = _Grader(understanding, Judge(understanding, chosen), repairs)
    equations = [grader.row(row, links) for row, links in rows]
    steps = [step for equation in equations for step in equation.steps]
    notes = [*conflicts(understanding.program, options), *_switches(steps, layout_name)]
    return Report(
        network_of(understanding),
        layout_name,
        table_of_names(understanding),
        tuple(one for one in equations if one.steps),
        tuple(notes),
        document.source.text,
        title,
    )


@final
@dataclass
class _Grader:
    understanding: Understanding
    judge: Judge
    with_repairs: bool
    claims: Claims = field(default_factory=Claims)
    n_searched: int = 0

    def row(self, row: Row, links: list[tuple[Chain, Link]]) -> Equation:
        place = self.understanding.document.source.place(row.span[0])
        steps = tuple(self.step(chain, link) for chain, link in links)
        source = row.source[:_LONGEST_QUOTE]
        return Equation(
            place.line, place.column, source, steps, place.cell, row.span[0], row.span[1]
        )

    def step(self, chain: Chain, link: Link) -> Step:
        step = self._blank(chain, link)
        if link.right.node is None:
            return replace(
                step, verdict="unread", message=f"could not be read: {link.right.problem}"
            )
        if link.relation not in ("=", ":="):
            return self._other_relation(step, link)
        if self._is_definition(chain, link):
            return replace(step, verdict="definition", message="a definition")
        left = self._left(chain, link)
        if left is None:
            return replace(
                step, verdict="unread", message="what stands on the left could not be read"
            )
        start = chain.start.node if chain.start is not None else None
        finding = self.judge.compare(left, link.right.node, chain, start)
        overall = self._overall(chain, link, finding, left)
        step = replace(
            step,
            verdict=finding.verdict,
            against_start=None if overall is None else overall.verdict,
            assumption=finding.assumption or None,
            reading=finding.reading or None,
        )
        return self._explained(step, finding, overall, chain, link, left)

    def _blank(self, chain: Chain, link: Link) -> Step:
        source = self.understanding.document.source
        start, end = link.right.span
        place, last = source.place(start), source.place(max(start, end - 1))
        understood = "" if link.right.node is None else self._understood(link.right.node, chain)
        return Step(
            link.left.source[:_LONGEST_QUOTE],
            link.right.source[:_LONGEST_QUOTE],
            understood[:_LONGEST_QUOTE],
            "unread",
            line=place.line,
            column=place.column,
            end_line=last.line,
            end_column=last.column,
            start=start,
            end=end,
        )

    def _understood(self, node: Node, chain: Chain) -> str:
        world = self.understanding.worlds(self.understanding.program, "free", False)[0]
        scope = self.judge.scope(world, [node], chain, READINGS[0], {})
        return to_plain(node, namer(scope))

    def _other_relation(self, step: Step, link: Link) -> Step:
        if link.relation == "<-":
            return replace(step, verdict="definition", message="an update")
        return replace(step, verdict="unread", message=f"“{link.relation}” is not an equation")

    def _is_definition(self, chain: Chain, link: Link) -> bool:
        found = self.understanding.definitions.get(link.left.span[0])
        if found is not None and found.body is link.right.node:
            return True
        return link is chain.links[0] and self._is_update(link)

    def _is_update(self, link: Link) -> bool:
        """Say whether ``W = W - η ∂E/∂W`` stands there, which is no equation."""
        left, right = link.left.node, link.right.node
        if left is None or right is None:
            return False
        if isinstance(left, Product) and left.factors[0] == Symbol("Delta"):
            return True  # ΔW = -η ∂E/∂W
        reference = self.understanding.notation.refer(left)
        source = link.left.source.replace(" ", "")
        is_plain = reference is not None and reference.name in self.understanding.program.names
        return is_plain and link.right.source.replace(" ", "").startswith(
            (f"{source}-", f"{source}+")
        )

    def _left(self, chain: Chain, link: Link) -> Node | None:
        """Give what a step is compared with: the line before, or the last that could be read."""
        if link.left.node is not None:
            return link.left.node
        at = next((n for n, one in enumerate(chain.links) if one is link), 0)
        for one in reversed(chain.sides[: at + 1]):
            if one.node is not None:
                return one.node
        return None

    def _overall(self, chain: Chain, link: Link, finding: Finding, left: Node) -> Finding | None:
        start = chain.start.node if chain.start is not None else None
        if start is None or link.right.node is None:
            return None
        overall = finding
        if start is not left:
            overall = self.judge.compare(start, link.right.node, chain)
        return None if overall.verdict == "unread" else overall

    def _explained(
        self,
        step: Step,
        finding: Finding,
        overall: Finding | None,
        chain: Chain,
        link: Link,
        left: Node,
    ) -> Step:
        right = link.right.node
        if right is None or not step.is_mistaken:
            return replace(step, message=sentence(step, finding))
        carried = self.claims.carries(self.judge, left, right, link, chain)
        if overall is None or not overall.is_right:
            self.claims.add(link, step.verdict)
        step = replace(step, carried=carried)
        if self.with_repairs and not (overall is not None and overall.is_right):
            start = chain.start.node if chain.start is not None else None
            self.n_searched += 1
            share = 1.0 if self.n_searched <= _SEARCHED_IN_FULL else 0.2
            found = Repairs(self.judge, chain, share).of(left, right, start)
            if found:
                step = replace(
                    step, mistake=found[0].mistake, suggestions=tuple(one.latex for one in found)
                )
        return replace(step, message=sentence(step, finding, overall))


def conflicts(program: Program, options: Options) -> Iterator[str]:
    """Say where the network asked for is not that of the document, which wins."""
    if options.layers and program.n_layers != len(options.layers) - 1:
        asked = len(options.layers) - 1
        found = program.n_layers
        yield f"the document has {found} layers of weights, and not the {asked} asked for"
    applied = program.applied_at(None)
    if options.hidden and applied in FUNCTIONS and applied != options.hidden:
        yield f"the document's hidden function is {applied}, and not the {options.hidden} asked for"


def _switches(steps: Sequence[Step], layout: str) -> Iterator[str]:
    """Say where a document leaves its layout."""
    lines = [step.line for step in steps if "orientation" in (step.reading or "")]
    if lines and layout != "unknown":
        where = ", ".join(map(str, dict.fromkeys(lines)))
        yield f"the layout is {layout}, and another one on line {where}"
