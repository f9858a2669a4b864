"""A derivation as a dictionary, for programs."""

from functools import partial
from typing import Any

from chainrule.calculus import to_latex, to_text
from chainrule.derivation.document import Document, Equation, Line

__all__ = ["record"]


def record(document: Document) -> dict[str, Any]:
    """List every step with its part, rule, sides, shape, assumption and error.

    Sides are LaTeX; ``left_text`` and ``right_text`` have them in plain text.
    """
    latex = partial(to_latex, layers=document.layers, hadamard=r"\odot")
    text = partial(to_text, layers=document.layers)

    def step(equation: Equation, line: Line) -> dict[str, Any]:
        return {
            "part": equation.part,
            "rule": line.rule,
            "left": latex(equation.left),
            "right": latex(line.right),
            "left_text": text(equation.left),
            "right_text": text(line.right),
            "shape": [str(equation.shape.rows), str(equation.shape.columns)],
            "assumption": ", ".join(line.assumptions) or None,
            "condition": _condition(equation),
            "definition": equation.is_definition,
            "worst_error": line.error,
            "code": equation.code if line is equation.lines[-1] else "",
        }

    equations = [equation for section in document.sections for equation in section.equations]
    check = document.check
    return {
        "schema": 1,
        "title": document.title,
        "layout": document.layout.value,
        "steps": [step(equation, line) for equation in equations for line in equation.lines],
        "code": document.code,
        "check": {
            "points": check.points,
            "sizes": [count.n for count in check.sizes],
            "samples": check.n_samples,
            "worst_error": check.worst_error,
            "assumptions": list(check.assumptions),
        },
    }


def _condition(equation: Equation) -> str | None:
    case = equation.case
    if case is None:
        return None
    return f"{case.left.letter} {'=' if case.equal else '≠'} {case.right.letter}"
