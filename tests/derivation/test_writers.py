"""The formats: what each keeps to, and that LaTeX compiles."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from chainrule import Derivation, Network, derive

NETS = {
    "sheet": Network([256, 7, 10], hidden="logistic", bias=False),
    "unit": Network([5, 1], output="logistic"),
    "huber": Network([4, 3, 5, 2], hidden=["gelu", "selu"], output="identity", loss="huber"),
    "softmax": Network([3, 4, 2], hidden="mish", loss="binary_cross_entropy"),
}
ACCENTS = {"hidden_outputs": "ŷ", "pre_activations": "ā", "weights": "θ"}


@pytest.fixture(scope="module", params=[(n, d) for n in NETS for d in ("normal", "full")], ids=str)
def derivation(request: pytest.FixtureRequest) -> Derivation:
    name, detail = request.param
    symbols = ACCENTS if name == "softmax" else {}
    return derive(NETS[name], detail=detail, l2=True, second=True, symbols=symbols)


# Text


def test_text_keeps_to_eighty_columns(derivation: Derivation) -> None:
    lines = derivation.to_text().splitlines()
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if line != line.rstrip()]


def test_the_signs_of_an_equation_line_up() -> None:
    text = derive(NETS["sheet"]).to_text()
    block = text[text.index("∂E/∂y(1) = ") :].split("\n\n")[0]
    columns = {line.index(" = ") for line in block.splitlines()[1:] if " = " in line}
    assert len(columns) == 1


# LaTeX


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_a_document_compiles_without_a_complaint(derivation: Derivation, tmp_path: Path) -> None:
    (tmp_path / "note.tex").write_text(derivation.to_latex(), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "note.tex"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    log = (tmp_path / "note.log").read_text(encoding="latin-1")
    assert ran.returncode == 0, log[-2000:]
    assert "Overfull" not in log
    assert "Missing character" not in log


def test_a_fragment_is_what_stands_inside_the_document(derivation: Derivation) -> None:
    fragment = derivation.to_latex(fragment=True)
    assert fragment in derivation.to_latex()
    assert "documentclass" not in fragment


def test_latex_is_ascii_but_for_its_title(derivation: Derivation) -> None:
    assert derivation.to_latex(fragment=True).isascii()


# Markdown


def test_markdown_uses_no_macro_that_github_refuses(derivation: Derivation) -> None:
    markdown = derivation.to_markdown()
    assert r"\operatorname" not in markdown
    assert markdown.count("```math\n") * 2 == markdown.count("```")


# HTML


class _Checker(HTMLParser):
    """Sees that every tag is closed in its turn, and where the page reaches outside."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.outside += [f"{name}={value}" for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See an element that is closed at once."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_one_page_that_needs_no_network(derivation: Derivation) -> None:
    page = derivation.to_html()
    checker = _Checker()
    checker.feed(page)
    assert (checker.open, checker.outside) == ([], [])
    assert not re.search(r"https?:|<script|@import|url\(", page)


def test_a_derivation_shows_itself_in_a_notebook(derivation: Derivation) -> None:
    assert derivation._repr_html_() in derivation.to_html()
    assert "```" not in derivation._repr_markdown_()


# JSON


def test_the_record_has_what_programs_rely_on(derivation: Derivation) -> None:
    record = json.loads(json.dumps(derivation.to_dict(), allow_nan=False))
    assert record["schema"] == 1
    assert record["layout"] == "mixed"
    assert record["steps"]
    wanted = {"part", "rule", "left", "right", "shape", "assumption", "worst_error"}
    assert all(wanted <= set(step) for step in record["steps"])
    assert {"points", "worst_error", "assumptions"} <= set(record["check"])
    worst = max(step["worst_error"] for step in record["steps"])
    assert worst == record["check"]["worst_error"] < 1e-8


def test_the_parts_of_the_record_are_those_of_the_mathematics() -> None:
    record = derive(NETS["sheet"], l2=True).to_dict()
    assert {step["part"] for step in record["steps"]} == {0, *range(2, 10)}
    assert {step["part"] for step in derive(NETS["unit"]).to_dict()["steps"]} >= {1, 2, 4, 8}
