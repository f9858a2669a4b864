"""The judge agrees with the evaluator of the documents' answers, which shares no line with it."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

import pytest
from derivation_verdicts import Judge

from mutations import tree
from mutations.generation import Mutant, mutants
from mutations.judge import judged

SIZES: Mapping[str, Any] = {
    "canonical": {"n0": 3, "n1": 4, "n2": 5},
    "batch-of-columns": {"n0": 3, "n1": 5, "n2": 2, "m": 4},
}
WEIGHTS = {"W1": ["n1", "n0"], "W2": ["n2", "n1"]}
NETWORKS: Mapping[str, Mapping[str, Any]] = {
    "canonical": {
        "layout": "mixed",
        "sizes": SIZES["canonical"],
        "leaves": {"x": ["n0", "1"], **WEIGHTS},
        "targets": {"t": {"shape": ["n2", "1"], "kind": "distribution", "axis": 0}},
        "program": [
            *("z1 = W1 @ x", "y1 = logistic(z1)", "z2 = W2 @ y1", "y = softmax(z2)"),
            "E = -total(t * log(y))",
        ],
    },
    "batch-of-columns": {
        "layout": "denominator",
        "sizes": SIZES["batch-of-columns"],
        "leaves": {"x": ["n0", "m"], "b1": ["n1", "1"], "b2": ["n2", "1"], **WEIGHTS},
        "targets": {"t": {"shape": ["n2", "m"], "kind": "probability"}},
        "program": [
            *("ones = one_m * 1", "z1 = W1 @ x + b1 @ ones.T", "y1 = logistic(z1)"),
            *("z2 = W2 @ y1 + b2 @ ones.T", "y = logistic(z2)"),
            "E = -total(t * log(y) + (1 - t) * log(1 - y)) * (1/m)",
        ],
    },
}
OF_SCALARS = (tree.Number, tree.Fraction)


def is_scalar(node: tree.Node) -> bool:
    return isinstance(node, OF_SCALARS) or node == tree.Symbol("m")


def written(node: tree.Node) -> str:
    """The mutant as the other evaluator reads it."""
    match node:
        case tree.Symbol(name):
            return f"D(E, {name[2:]})" if name.startswith("d ") else name
        case tree.Number(value):
            return str(value)
        case tree.Negative(body):
            return f"(-{written(body)})"
        case tree.Transposed(body):
            return f"{written(body)}.T"
        case tree.Diagonal(body):
            return f"diag({written(body)})"
        case tree.Applied(function, body):
            return f"{function.replace(chr(39), '_slope')}({written(body)})"
        case tree.Product(factors):
            return product(factors)
    signs: dict[type[tree.Node], str] = {
        tree.Plus: "+",
        tree.Minus: "-",
        tree.Entrywise: "*",
        tree.Fraction: "/",
    }
    left, right = node.parts()
    return f"({written(left)} {signs[type(node)]} {written(right)})"


def product(factors: tuple[tree.Node, ...]) -> str:
    text, scalar = written(factors[0]), is_scalar(factors[0])
    for factor in factors[1:]:
        sign = "*" if scalar or is_scalar(factor) else "@"
        text, scalar = f"({text} {sign} {written(factor)})", scalar and is_scalar(factor)
    return text


def some(name: str) -> list[Mutant]:
    plain = (m for m in mutants(5, 2000) if m.network.name == name and arrays_only(m.right))
    return list(islice(plain, 120))


def arrays_only(right: tree.Node) -> bool:
    """Without ``diag(1)`` and ``(1/m) ∘ y``, for which the other evaluator has no words."""
    places = [node for _, node in tree.walk(right)]
    return not any(
        isinstance(node, tree.Diagonal | tree.Transposed | tree.Entrywise | tree.Negative)
        and any(is_scalar(part) for part in node.parts())
        for node in places
    )


@pytest.mark.parametrize("name", NETWORKS)
def test_both_evaluators_say_the_same_of_a_mutant(name: str) -> None:
    other = Judge(NETWORKS[name])
    for mutant in some(name):
        ours = judged(mutant.network, mutant.formula, mutant.right)
        if ours.kind == "disputed":
            continue
        verdict, assumption, reading = other.verdict(
            f"D(E, {mutant.formula.name})", written(mutant.right), {}
        )
        assert (verdict == "right") == (ours.kind == "right"), mutant.latex
        if ours.kind == "right":
            assert (assumption, reading) == (ours.assumption, ours.reading), mutant.latex
