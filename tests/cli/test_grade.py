"""``chainrule grade``: reports, formats and exit statuses."""

import csv
import io
import json
from pathlib import Path

import pytest
from shell_runs import run_shell

RIGHT = r"$$\frac{\partial E}{\partial z_i^{(2)}} = y_i - t_i$$"
WRONG = r"$$\frac{\partial E}{\partial z_i^{(2)}} = t_i - y_i$$"


@pytest.fixture
def right(tmp_path: Path) -> Path:
    path = tmp_path / "right.md"
    path.write_text(RIGHT, encoding="utf-8")
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.md"
    path.write_text(WRONG, encoding="utf-8")
    return path


def test_a_right_document_ends_with_status_0(right: Path) -> None:
    ran = run_shell("grade", right)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "1 step: 1 right"


def test_a_wrong_document_ends_with_status_1_and_shows_where_and_what_is_right(wrong: Path) -> None:
    ran = run_shell("grade", wrong)
    assert ran.status == 1
    lines = ran.out.splitlines()
    at = next(number for number, line in enumerate(lines) if "^^^" in line)
    assert lines[at - 1].find("t_i - y_i") == lines[at].find("^")
    assert "likely: y_i - t_i" in ran.out


def test_json_is_one_object_of_the_schema(wrong: Path) -> None:
    ran = run_shell("grade", wrong, "--format", "json")
    report = json.loads(ran.out)
    assert report["schema"] == 1
    assert report["summary"] == {"right": 0, "shape": 0, "wrong": 1, "unread": 0, "definition": 0}
    [equation] = report["equations"]
    assert equation["steps"][0]["mistake"] == "sign"
    assert equation["steps"][0]["suggestions"][0] == "y_i - t_i"


def test_html_stands_alone(wrong: Path) -> None:
    page = run_shell("grade", wrong, "--format", "html").out
    assert page.startswith("<!DOCTYPE html>")
    assert "<math" in page
    assert "http" not in page
    assert "<script" not in page


def test_many_files_make_a_table(right: Path, wrong: Path) -> None:
    ran = run_shell("grade", right, wrong, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [row["score"] for row in rows] == ["1", "0"]
    assert ran.status == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.md"], "nowhere.md cannot be read"),
        (["--format", "pdf"], "format"),
        (["--layout", "sideways"], "layout"),
        (["--hidden", "sigmoidal"], "sigmoidal"),
    ],
)
def test_bad_usage_ends_with_status_2_and_one_sentence(
    right: Path, arguments: list[str], said: str
) -> None:
    ran = run_shell("grade", *([right] if arguments[0].startswith("--") else []), *arguments)
    assert ran.status == 2
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_several_documents_have_no_common_page(right: Path, wrong: Path) -> None:
    ran = run_shell("grade", right, wrong, "--format", "html")
    assert (ran.status, ran.out) == (2, "")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.md"
    path.write_bytes(b"\xff\xfe\x00\x01")
    ran = run_shell("grade", path)
    assert ran.status == 2
    assert "UTF-8" in ran.err
