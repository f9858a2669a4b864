"""What the documents show is so: their examples run, their tables and links are true."""

import doctest
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def script(name: str) -> ModuleType:
    path = CHECKOUT / "docs" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where a dataclass looks for its module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_are_true(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("```", "\n```")  # a fence ends an example
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    assert doctest.DocTestRunner(optionflags=OPTIONS).run(test).failed == 0


def test_there_are_examples_to_run() -> None:
    pages = [page.name for page in PAGES if ">>>" in page.read_text(encoding="utf-8")]
    assert {"README.md", "notation.md"} <= set(pages)


def test_the_tables_of_the_notation_are_those_of_the_code() -> None:
    page = (CHECKOUT / "docs" / "notation.md").read_text(encoding="utf-8")
    assert script("write_tables").written(page) == page


def test_the_derivations_are_those_of_the_code() -> None:
    folder = CHECKOUT / "docs" / "derivations"
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert found == script("write_derivations").written()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_files_that_a_page_links_to_exist(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []
