"""``chainrule check``: gradient formulas against the oracle, a line each."""

import dataclasses
import math
from typing import Any

import pytest
from shell_runs import run_shell

from chainrule.cli import check as check_module
from chainrule.model import check_gradient

LINES = [
    "256 7 10",
    "5 4 3 --hidden relu --output identity --loss huber --no-bias --l2",
    "5 4 4 3 --hidden relu tanh",
    "3 2",
    "4 3 1 --output logistic",
    "4 3 2 --output exponential --samples 1",
]


@pytest.mark.parametrize("line", LINES)
def test_every_formula_is_right(line: str) -> None:
    ran = run_shell("check", *line.split())
    assert (ran.status, ran.err) == (0, "")
    *lines, verdict = ran.out.splitlines()
    assert all(" right " in one for one in lines)
    assert verdict.startswith("All gradients are right: ")


def test_there_is_a_line_for_each_gradient() -> None:
    names = [line.split()[0] for line in run_shell("check", 5, 4, 3).out.splitlines()[:-1]]
    assert set(names) == {
        *("∂E/∂t", "∂E/∂x", "∂E/∂W(1)", "∂E/∂b(1)", "∂E/∂W(2)", "∂E/∂b(2)"),
        *("∂E/∂y(1)", "∂E/∂z(1)", "∂E/∂y(2)", "∂E/∂z(2)"),
    }


def test_a_network_may_have_no_biases() -> None:
    assert "∂E/∂b" not in run_shell("check", 5, 4, 3, "--no-bias").out


def test_json_tells_the_same() -> None:
    record = run_shell("check", 5, 4, 3, "--json").record
    assert record["passed"] is True
    assert {"name": "∂E/∂W(1)", "shape": [4, 5], "right": True}.items() <= next(
        one.items() for one in record["gradients"] if one["name"] == "∂E/∂W(1)"
    )


def test_weight_decay_changes_the_gradients_that_are_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[float] = []

    def watch(*arguments: Any) -> Any:
        seen.append(arguments[4])
        return check_gradient(*arguments)

    monkeypatch.setattr(check_module, "check_gradient", watch)
    for options in ([], ["--l2"]):
        run_shell("check", 3, 2, *options)
    assert seen[0] == 0 < seen[1]


@pytest.mark.parametrize("error", [0.5, math.inf])
def test_a_formula_that_is_wrong_ends_with_status_one(
    error: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil(*arguments: Any) -> Any:
        result = check_gradient(*arguments)
        first, *others = result.comparisons
        wrong = dataclasses.replace(first, worst_error=error)
        return dataclasses.replace(result, comparisons=(wrong, *others))

    monkeypatch.setattr(check_module, "check_gradient", spoil)
    ran = run_shell("check", 3, 2)
    assert ran.status == 1
    assert "A GRADIENT IS WRONG" in ran.out
    assert "WRONG" in ran.out.splitlines()[0]
    record = run_shell("check", 3, 2, "--json").record
    assert record["passed"] is False
    assert record["worst_error"] == (error if math.isfinite(error) else None)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("5", "at least two layer sizes"),
        ("5 4 3 --output sofmax", "did you mean 'softmax'"),
        ("5 4 3 --loss hubr", "did you mean 'huber'"),
        ("5 4 3 --hidden rellu", "did you mean 'relu'"),
        ("5 4 3 --hidden relu tanh", "2 hidden functions do not fit 1 hidden layer"),
        ("5 4 3 --output identity --loss cross_entropy", "needs outputs that are"),
    ],
)
def test_a_network_that_cannot_be_is_told(line: str, sentence: str) -> None:
    assert sentence in run_shell("check", *line.split()).error
