"""``chainrule draw``: the picture of a network or a model, in a file or on standard output."""

from pathlib import Path

import pytest
from shell_runs import run_shell

import chainrule


def test_without_a_file_the_svg_is_printed() -> None:
    ran = run_shell("draw", 256, 7, 10)
    net = chainrule.Network([256, 7, 10], hidden="logistic")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == chainrule.draw(net).to_svg()


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf", ".tex"])
def test_a_file_is_written_in_the_format_of_its_suffix(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"net{suffix}"
    ran = run_shell("draw", 3, 4, 2, "--out", path)
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == f"A network of 3, 4 and 2 neurons: {path}\n"
    expected = tmp_path / f"expected{suffix}"
    chainrule.draw(chainrule.Network([3, 4, 2], hidden="logistic")).save(expected)
    assert path.read_bytes() == expected.read_bytes()


def test_every_option_of_the_network_is_heard() -> None:
    options = "--hidden relu tanh --output identity --loss huber --no-bias --max-neurons 4"
    ran = run_shell("draw", 5, 4, 4, 3, *options.split())
    net = chainrule.Network([5, 4, 4, 3], ["relu", "tanh"], "identity", "huber", bias=False)
    assert ran.out == chainrule.draw(net, max_neurons=4).to_svg()


def test_a_model_is_drawn_with_its_weights(model: Path) -> None:
    ran = run_shell("draw", model)
    assert ran.out == chainrule.draw(chainrule.load(model)).to_svg()
    assert "#D55E00" in ran.out


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("3 4 2 --out net.gif", "net.gif has the suffix .gif; a picture is .svg, .png"),
        ("3 4 2 --out net", "net has no suffix"),
        ("3 4 2 --out nowhere/net.svg", "the folder nowhere does not exist"),
        ("0 3", "from 1 to 1000000, and '0' is not one of them"),
        ("3 x 4", "and 'x' is not one of them"),
        ("3 99999999", "and '99999999' is not one of them"),
        ("5", "at least two layer sizes"),
        ("3 4 2 --hidden rellu", "did you mean 'relu'"),
        ("3 4 2 --output sofmax", "did you mean 'softmax'"),
        ("3 4 2 --max-neurons 3", "3 is not from 4 to 50"),
        ("nothing.safetensors", "there is no model file nothing.safetensors"),
        ("nothing.safetensors --no-bias", "--bias and --no-bias is for a network of layer sizes"),
        ("nothing.safetensors --hidden relu", "--hidden is for a network of layer sizes"),
    ],
)
def test_what_cannot_be_drawn_is_told(line: str, sentence: str) -> None:
    assert sentence in run_shell("draw", *line.split()).error


def test_the_model_itself_is_not_written_over(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.svg"
    path.write_bytes(model.read_bytes())
    assert "would be lost" in run_shell("draw", path, "--out", path).error
    assert path.read_bytes() == model.read_bytes()
