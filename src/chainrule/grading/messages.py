"""One sentence for each verdict, and the names of mistakes."""

from typing import Final

from chainrule.grading.comparison import Finding
from chainrule.grading.results import Step

__all__ = ["ASSUMED", "READ", "sentence"]

READ: Final = {
    "scalar": "right for a single unit, whose quantities are numbers",
    "elementwise": "right if vectors side by side or divided combine entry by entry",
    "orientation": "right but for its orientation: the other layout's transpose",
    "elementwise+orientation": "right entry by entry, in the other layout's orientation",
    "softmax-component": "right if σ at the output is read as a component of the softmax",
    "chain": "right if the product of derivatives is read as the chain rule, whatever the shapes",
    "hidden-layers": "right for the hidden layers",
}
ASSUMED: Final = {
    "sum-to-one": "uses that the targets sum to one",
    "one-hot": "holds only for one-hot targets",
}


def sentence(step: Step, finding: Finding, overall: Finding | None = None) -> str:
    """Say in one sentence what a verdict rests on.

    Parameters
    ----------
    step : Step
        The step with its verdict.
    finding : Finding
        How it compares with what stands before it.
    overall : Finding or None
        How its expression compares with the beginning of its chain.

    Returns
    -------
    str
        Without a full stop.
    """
    if step.verdict == "right":
        parts = [READ.get(step.reading or "", ""), ASSUMED.get(step.assumption or "", "")]
        return "; ".join(part for part in parts if part) or "right"
    if step.verdict == "unread":
        return f"not graded: {finding.message}"
    text = finding.message
    if finding.in_left:
        text = f"what stands before it has no value: {text}"
    if overall is not None and overall.is_right:
        text += "; but it is equal to the left-hand side of the chain"
    if step.carried:
        text += "; an earlier mistake is carried along"
    return text
