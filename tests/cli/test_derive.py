"""``chainrule derive``: formats, files, and one sentence where something cannot be."""

import json
from pathlib import Path

import pytest
from shell_runs import run_shell

LINE = ["derive", "256", "7", "10"]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("text", "The gradients of the 256–7–10 network\n====="),
        ("latex", r"\documentclass"),
        ("markdown", "# The gradients"),
        ("html", "<!DOCTYPE html>"),
        ("json", '{"schema": 1'),
    ],
)
def test_each_format_goes_to_standard_output(name: str, start: str) -> None:
    ran = run_shell(*LINE, "--format", name)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(start)


def test_a_page_can_go_to_a_file(tmp_path: Path) -> None:
    ran = run_shell(*LINE, "--format", "json", "--out", tmp_path / "page.json")
    assert (ran.status, ran.out) == (0, "")
    assert json.loads((tmp_path / "page.json").read_text(encoding="utf-8"))["schema"] == 1


def test_the_options_reach_the_derivation() -> None:
    out = run_shell(
        *LINE,
        "--no-bias",
        "--l2",
        "--layout",
        "denominator",
        "--detail",
        "brief",
        "--hidden",
        "tanh",
        "--hidden-output",
        "h",
        "--targets",
        "y",
        "--superscript",
        "[l]",
    ).out
    assert "denominator layout" in out
    assert "h[1] = tanh(z[1])" in out
    assert "λ W[1]" in out
    assert "∂E/∂b" not in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["0", "7", "10"], "0 is not from 1"),
        (["256", "-7", "10"], "No such option"),
        (["256"], "at least two layer sizes"),
        (["4", "3", "2", "--hidden", "sigmoyd"], "there is no hidden function 'sigmoyd'"),
        (["4", "3", "1"], "the softmax of one output is always 1"),
        (["4", "3", "2", "--targets", "x"], "cannot both be written 'x'"),
        (["4", "3", "2", "--superscript", "l"], "collides with powers"),
        (["4", "3", "2", "--format", "word"], "there is no format 'word'"),
        (["4", "3", "2", "--layout", "rows"], "there is no layout 'rows'"),
        (["4", "3", "2", "--detail", "all"], "there is no level of detail 'all'"),
        (["4", "3", "2", "--out", "."], "is a folder"),
    ],
)
def test_nonsense_gets_one_sentence_and_status_two(arguments: list[str], message: str) -> None:
    error = run_shell("derive", *arguments).error
    assert message.lower() in error.lower()
    assert error.count("\n") == 0
