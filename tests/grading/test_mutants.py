"""Random changes of right formulas, judged a second time by plain NumPy.

The second judge has its own tree, its own numbers and its own formulas for the gradients. It is as
strict about shapes as paper is; what the grader may forgive beyond that, two vectors side by side
taken entry by entry and a finished side that is transposed, it knows by the names of the readings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.grading import grade

Matrix = npt.NDArray[np.float64]


class Misfit(Exception):  # noqa: N818 - a shape that does not fit is no failure of the test
    """Two shapes that do not fit."""


@dataclass(frozen=True)
class Formula:
    """An operation on formulas, or a name."""

    kind: str
    parts: tuple[Formula, ...] = ()
    name: str = ""

    def latex(self) -> str:
        if self.kind == "name":
            return self.name
        first = f"({self.parts[0].latex()})" if self.parts[0].parts else self.parts[0].latex()
        if self.kind == "transpose":
            return rf"({self.parts[0].latex()})^\top"
        if self.kind == "diag":
            return rf"\operatorname{{diag}}({self.parts[0].latex()})"
        if self.kind == "complement":
            return rf"(1 - {first})"
        if self.kind == "negative":
            return f"(-{first})"
        second = f"({self.parts[1].latex()})" if self.parts[1].parts else self.parts[1].latex()
        sign = {"product": " ", "entrywise": r" \odot ", "minus": " - "}[self.kind]
        return f"{first}{sign}{second}"

    def value(self, numbers: dict[str, Matrix], *, generous: bool) -> Matrix:
        if self.kind == "name":
            return numbers[self.name]
        parts = [part.value(numbers, generous=generous) for part in self.parts]
        if self.kind == "transpose":
            return parts[0].T
        if self.kind == "diag":
            return diag(parts[0])
        if self.kind == "complement":
            return 1 - parts[0]
        if self.kind == "negative":
            return -parts[0]
        if self.kind == "product":
            return product(*parts, generous=generous)
        if parts[0].shape != parts[1].shape:
            raise Misfit
        return parts[0] * parts[1] if self.kind == "entrywise" else parts[0] - parts[1]


def diag(vector: Matrix) -> Matrix:
    if 1 not in vector.shape:
        raise Misfit
    return np.diag(vector.ravel()) if vector.size > 1 else vector


def product(first: Matrix, second: Matrix, *, generous: bool) -> Matrix:
    if first.size == 1 or second.size == 1:
        return first * second
    if generous and first.shape == second.shape and first.shape[0] != first.shape[1]:
        return first * second
    if first.shape[1] != second.shape[0]:
        raise Misfit
    return first @ second


def name(text: str) -> Formula:
    return Formula("name", name=text)


def op(kind: str, *parts: Formula) -> Formula:
    return Formula(kind, parts)


W2, y2, y1, x, t = (name(text) for text in ("W^{(2)}", "y^{(2)}", "y^{(1)}", "x", "t"))
ERROR = op("minus", y2, t)
SLOPE = op("entrywise", y1, op("complement", y1))
ROW = op("product", op("transpose", ERROR), W2)
HIDDEN = op("product", ROW, op("diag", SLOPE))
RIGHT = {
    r"z^{(2)}": op("transpose", ERROR),
    r"y^{(1)}": ROW,
    r"W^{(2)}": op("product", ERROR, op("transpose", y1)),
    r"z^{(1)}": HIDDEN,
    r"W^{(1)}": op("product", op("transpose", HIDDEN), op("transpose", x)),
}


def numbers(seed: int) -> tuple[dict[str, Matrix], dict[str, Matrix]]:
    """Draw a point, and give the gradients there by the formulas of a textbook, not by `RIGHT`."""
    rng = np.random.default_rng(seed)
    w1, w2 = rng.normal(size=(4, 7)), rng.normal(size=(3, 4))
    inputs = rng.normal(size=(7, 1))
    targets = rng.uniform(0.1, 1, (3, 1))
    targets /= targets.sum()
    hidden = 1 / (1 + np.exp(-w1 @ inputs))
    exponentials = np.exp(w2 @ hidden)
    outputs = exponentials / exponentials.sum()
    known = {"W^{(2)}": w2, "y^{(2)}": outputs, "y^{(1)}": hidden, "x": inputs, "t": targets}
    delta2 = outputs - targets
    delta1 = (w2.T @ delta2) * hidden * (1 - hidden)
    gradients = {
        r"z^{(2)}": delta2.T,
        r"y^{(1)}": (w2.T @ delta2).T,
        r"W^{(2)}": np.outer(delta2, hidden),
        r"z^{(1)}": delta1.T,
        r"W^{(1)}": np.outer(delta1, inputs),
    }
    return known, gradients


def is_equal(formula: Formula, wanted: str, *, generous: bool, turned: bool) -> bool:
    for seed in range(3):
        known, gradients = numbers(seed)
        try:
            value = formula.value(known, generous=generous)
        except Misfit:
            return False
        value = value.T if turned else value
        truth = gradients[wanted]
        if value.shape != truth.shape or not np.allclose(value, truth, rtol=1e-9, atol=1e-12):
            return False
    return True


def changes(formula: Formula) -> list[Formula]:
    """Give everything that is one change away."""
    found = [op("transpose", formula), op("negative", formula), op("diag", formula)]
    if formula.kind in ("transpose", "diag", "complement", "negative"):
        found.append(formula.parts[0])
    if formula.kind in ("product", "entrywise"):
        other = "entrywise" if formula.kind == "product" else "product"
        found += [op(other, *formula.parts), op(formula.kind, *formula.parts[::-1])]
        found += list(formula.parts)
    if formula.kind == "minus":
        found.append(op("minus", *formula.parts[::-1]))
    if formula.kind == "name":
        found += [one for one in (y2, y1, x, t) if one != formula]
    for at, part in enumerate(formula.parts):
        for changed in changes(part):
            parts = (*formula.parts[:at], changed, *formula.parts[at + 1 :])
            found.append(Formula(formula.kind, parts))
    return found


@st.composite
def mutants(draw: st.DrawFn) -> tuple[str, Formula]:
    wanted = draw(st.sampled_from(sorted(RIGHT)))
    formula = draw(st.sampled_from(changes(RIGHT[wanted])))
    if draw(st.booleans()):
        formula = draw(st.sampled_from(changes(formula)))
    return wanted, formula


def judged(wanted: str, formula: Formula) -> str:
    # the first line fixes the layout, as the rest of a document would
    first = r"$$\frac{\partial E}{\partial z^{(2)}} = (y^{(2)} - t)^\top$$"
    claim = rf"$$\frac{{\partial E}}{{\partial {wanted}}} = {formula.latex()}$$"
    step = grade(f"{first}\n\n{claim}", repairs=False, layout="mixed").steps[-1]
    return step.verdict if step.reading is None else f"{step.verdict} ({step.reading})"


@pytest.mark.parametrize("wanted", sorted(RIGHT))
def test_both_judges_call_the_right_formulas_right(wanted: str) -> None:
    assert is_equal(RIGHT[wanted], wanted, generous=False, turned=False)
    assert judged(wanted, RIGHT[wanted]) == "right"


@settings(max_examples=150)
@given(mutants())
def test_a_mutant_is_right_for_both_judges_or_for_none(mutant: tuple[str, Formula]) -> None:
    wanted, formula = mutant
    expected = {
        "right": is_equal(formula, wanted, generous=False, turned=False),
        "right (elementwise)": is_equal(formula, wanted, generous=True, turned=False),
        "right (orientation)": is_equal(formula, wanted, generous=False, turned=True),
        "right (elementwise+orientation)": is_equal(formula, wanted, generous=True, turned=True),
    }
    verdict = judged(wanted, formula)
    first = next((name for name, holds in expected.items() if holds), None)
    assert verdict == first or (first is None and verdict in ("wrong", "shape"))
