"""The pictures in the documents are those that the library draws now."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_pictures", DOCS / "write_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["network", "deep"])
def test_a_picture_in_the_documents_is_current(script: ModuleType, name: str) -> None:
    path = DOCS / "pictures" / f"{name}.svg"
    drawn = script.pictures()[name].to_svg()
    assert path.read_text(encoding="utf-8") == drawn, "run: python docs/write_pictures.py"


def test_a_picture_of_what_was_trained_shows_the_same_network(script: ModuleType) -> None:
    # the last digits of trained weights may differ between machines, so not the same bytes
    written = (DOCS / "pictures" / "iris.svg").read_text(encoding="utf-8")
    drawn = script.trained()["iris"].to_svg()
    for part in ("4 inputs", "(tanh)", "Blue lines", "<circle", "<text"):
        assert written.count(part) == drawn.count(part) > 0
