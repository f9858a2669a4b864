"""LaTeX: a fragment that every document with TikZ takes."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from drawn_networks import scene, strange_scene, subjects, weighted_scene
from hypothesis import given, settings

from chainrule.picture.layout import scene_of
from chainrule.picture.scene import Scene
from chainrule.picture.subject import Subject
from chainrule.picture.tikz import to_tikz

DOCUMENT = r"""\documentclass{article}\usepackage{tikz}\begin{document}
\noindent %s
\end{document}
"""
SCENES = {
    "usual": scene(256, 7, 10),
    "deep": scene(*[5] * 20, 3, bias=False),
    "weighted": weighted_scene([[1.0, -2.0], [0.0, 0.5]], [[3.0, 1e-9]]),
    "strange": strange_scene(),
}


@given(subjects())
@settings(max_examples=15, deadline=None)
def test_braces_and_environments_are_closed(subject: Subject) -> None:
    text = re.sub(r"\\[{}]", "", to_tikz(scene_of(subject, 6)))
    assert text.count("{") == text.count("}")
    assert text.count("$") % 2 == 0
    for opened, closed in ((r"\begingroup", r"\endgroup"), (r"\begin{", r"\end{")):
        assert text.count(opened) == text.count(closed) == 1


def test_quantities_are_written_as_formulas() -> None:
    text = to_tikz(scene(256, 7, 10))
    assert r"{$z^{(1)}$ $\to$ $y^{(1)}$}" in text
    assert r"{$W^{(1)}$\enspace 7 $\times$ 256}" in text
    assert r"{$x_{256}$}" in text


def test_signs_that_latex_would_act_on_are_escaped() -> None:
    text = to_tikz(strange_scene())
    for sign in (r"\&", r"\%", r"\$", r"\#", r"\{\textbackslash{}x\}", r"\textasciitilde{}"):
        assert sign in text


def test_the_first_line_says_what_a_document_needs() -> None:
    first = to_tikz(scene(3, 2)).splitlines()[0]
    assert first == r"% A network of 3 and 2 neurons. Needs \usepackage{tikz}."


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("name", SCENES)
def test_it_compiles_and_is_no_wider_than_the_line(name: str, tmp_path: Path) -> None:
    log = compiled(SCENES[name], tmp_path)
    assert "Overfull" not in log
    assert not re.search(r"(?i)warning(?!.*rerun)|missing character", log)


def compiled(picture: Scene, folder: Path) -> str:
    """Run pdflatex on a document with nothing but the picture, and give its log."""
    (folder / "page.tex").write_text(DOCUMENT % to_tikz(picture), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout.decode(errors="replace")[-2000:]
    return (folder / "page.log").read_text(encoding="utf-8", errors="replace")
