"""The picture that documents open with."""

import json
from pathlib import Path

import pytest

from chainrule import Network, derive
from chainrule.cli.app import main

NET = Network([4, 3, 2], hidden="tanh")


def test_latex_and_html_open_with_the_picture() -> None:
    derivation = derive(NET)
    latex, html = derivation.to_latex(), derivation.to_html()
    assert derivation.picture.to_tikz() in latex
    assert latex.index("tikzpicture") < latex.index("subsection")
    assert html.index("<figure><svg") < html.index("<h2>")


def test_the_picture_has_the_letters_of_the_page() -> None:
    symbols = {"weights": "θ", "hidden_outputs": "h", "targets": "y", "superscript": "[l]"}
    tikz = derive(NET, symbols=symbols).picture.to_tikz()
    assert all(wanted in tikz for wanted in (r"$\theta^{[1]}$", "$h^{[1]}$", r"$\hat{y}$", "$y$"))
    assert "$W" not in tikz
    assert "$z_{1}$" in derive(NET, symbols={"superscript": "subscript"}).picture.to_tikz()


def shell(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_the_picture_of_a_page_of_markdown_is_written_beside_it(tmp_path: Path) -> None:
    page = tmp_path / "a note.md"
    assert shell("derive", "4", "3", "2", "--format", "markdown", "--out", str(page)) == 0
    assert "](a%20note.svg)" in page.read_text(encoding="utf-8")
    assert (tmp_path / "a note.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "](" not in derive(NET).to_markdown()


def test_a_page_of_markdown_is_not_written_over_its_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "note.svg"
    assert shell("derive", "4", "3", "2", "--format", "markdown", "--out", str(page)) == 2
    assert "name it .md" in capsys.readouterr().err
    assert not page.exists()


def test_the_record_has_no_picture() -> None:
    assert "svg" not in json.dumps(derive(NET).to_dict())
