"""The house: which room may import which, and what no file may do.

The table is the one of docs/architecture.md. It is read against the source of every module, so
that an import against the arrows fails here and not as a circle months later.
"""

import ast
import graphlib
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "chainrule"

# room -> the rooms it may import, besides itself.
GROUND = {"errors", "arrays"}
MATHEMATICS = GROUND | {"calculus", "functions", "outputs", "losses"}
NETWORK = MATHEMATICS | {"network", "parameters", "dropout", "objective", "target_rows"}
MODEL = NETWORK | {
    *("oracle", "engine", "gradient_check", "second_order", "targets", "trace", "model")
}
LIBRARY = MODEL | {
    *("compiled", "storage", "training", "estimators", "data", "trained", "files", "picture"),
    "derivation",
}
EVERYTHING = LIBRARY | {"read", "grading"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "arrays": set(),
    "calculus": GROUND,
    "functions": GROUND | {"calculus"},
    "outputs": GROUND | {"calculus", "functions"},
    "losses": GROUND | {"calculus", "outputs"},
    "network": MATHEMATICS,
    "parameters": GROUND | {"network"},
    "dropout": GROUND,
    "objective": MATHEMATICS | {"network", "parameters", "dropout"},
    "target_rows": GROUND,
    "targets": MATHEMATICS | {"network"},
    "oracle": NETWORK,
    "engine": NETWORK | {"_native"},
    "gradient_check": NETWORK | {"oracle", "engine"},
    "second_order": NETWORK,
    "trace": GROUND,
    "model": MODEL - {"model"},
    "compiled": NETWORK | {"engine"},
    "derivation": NETWORK | {"oracle", "picture"},
    "storage": GROUND,
    "training": NETWORK | {"engine", "storage"},
    "estimators": NETWORK | {"engine", "targets", "training", "storage"},
    "data": GROUND,
    "trained": MODEL | {"data"},
    "files": MODEL | {"data", "trained", "storage", "training", "estimators"},
    "picture": MATHEMATICS | {"network", "parameters", "storage"},
    "read": GROUND,
    "grading": NETWORK | {"oracle", "read"},
    # The package itself, __init__.py: what users import by one name.
    "chainrule": EVERYTHING,
    "cli": EVERYTHING | {"chainrule"},
    "__main__": {"cli"},
}
NATIVE_IMPORTER = "chainrule.engine.native"
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
HEAVY = {"pandas", "pyarrow", "PIL", "rich", "typer", "sklearn", "matplotlib", "lark"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name and its text."""

    name: str
    text: str
    is_package: bool = False

    @classmethod
    def read(cls, path: Path) -> "Module":
        parts = ("chainrule", *path.relative_to(PACKAGE).with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        return cls(name, path.read_text(encoding="utf-8"), is_package)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def room(self) -> str:
        return room_of(self.name)

    def targets(self, node: ast.AST) -> list[str]:
        """Dotted names that an import statement brings in, those of chainrule only."""
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{self.source(node)}.{alias.name}" for alias in node.names]
        else:
            names = []
        return [name for name in names if name.split(".")[0] == "chainrule"]

    def source(self, node: ast.ImportFrom) -> str:
        """Where a `from` import takes its names, its leading dots resolved."""
        if node.level == 0:
            return node.module or ""
        up = node.level - 1 if self.is_package else node.level
        parts = self.name.split(".")
        return ".".join(parts[: len(parts) - up] + ([node.module] if node.module else []))

    def imports(self) -> set[str]:
        return {name for node in ast.walk(self.tree) for name in self.targets(node)}

    def rooms(self) -> set[str]:
        """The rooms that a module imports from, besides its own.

        `from chainrule import errors` takes a room; `from chainrule import Network` takes a
        name of the package itself, and that room is called "chainrule".
        """
        named = {room_of(name) for name in self.imports()}
        return {room if is_room(room) else "chainrule" for room in named} - {self.room}

    def forbidden(self) -> set[str]:
        """The rooms that a module imports from against the arrows."""
        return self.rooms() - MAY_IMPORT.get(self.room, set())


FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
MODULES = [Module.read(path) for path in sorted(PACKAGE.rglob("*.py"))]


def each(modules: list[Module] = MODULES) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("module", modules, ids=lambda module: module.name)


def room_of(name: str) -> str:
    """The part after "chainrule.", which is the room that a module lives in."""
    return name.split(".")[1] if "." in name else name


def is_room(name: str) -> bool:
    return name in MAY_IMPORT or name == "_native"


def hidden_imports(module: Module) -> list[str]:
    """What a module imports from chainrule inside a function."""
    functions = [node for node in ast.walk(module.tree) if isinstance(node, FUNCTION)]
    inside = {node for function in functions for node in ast.walk(function)}
    return sorted({name for node in inside for name in module.targets(node)})


def circle(modules: list[Module]) -> list[str]:
    """Modules that import one another in a ring, or nothing."""
    known = {module.name for module in modules}
    graph = {module.name: set[str]() for module in modules}
    for module in modules:
        # `from package import name` imports the module of that name, or else the package.
        names = {name for name in module.imports() if room_of(name) != "_native"}
        found = {name if name in known else name.rpartition(".")[0] for name in names}
        graph[module.name] = found & known - {module.name}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from its `def` to its end, its docstring not counted."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def test_the_package_has_been_read() -> None:
    assert {"chainrule", "chainrule.errors"} <= {module.name for module in MODULES}


def test_the_arrows_themselves_make_no_circle() -> None:
    graphlib.TopologicalSorter(MAY_IMPORT).prepare()


def test_every_folder_of_modules_is_a_package() -> None:
    # Without __init__.py a folder can be imported, but not walked: its examples would not run.
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


@each()
def test_every_module_is_in_a_room(module: Module) -> None:
    assert module.room in MAY_IMPORT, f"{module.room} has no row in the table of rooms"


@each()
def test_nothing_imports_against_the_arrows(module: Module) -> None:
    assert module.forbidden() == set()


@each()
def test_no_import_of_chainrule_hides_inside_a_function(module: Module) -> None:
    assert hidden_imports(module) == []


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert circle(MODULES) == []


@each()
def test_only_the_native_engine_imports_the_compiled_module(module: Module) -> None:
    if module.name != NATIVE_IMPORTER:
        assert "_native" not in module.rooms()


def test_the_oracle_takes_no_derivative_from_the_calculus() -> None:
    oracle = [module for module in MODULES if module.room == "oracle"]
    assert [name for module in oracle for name in module.imports() if "derivative" in name] == []


@each()
def test_no_module_has_a_name_that_says_nothing(module: Module) -> None:
    assert not VAGUE_NAMES & set(module.name.split("."))


@each()
def test_no_file_is_long(module: Module) -> None:
    assert len(module.text.splitlines()) <= LONGEST_FILE


@each()
def test_every_function_fits_a_screen(module: Module) -> None:
    functions = (
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert [node.name for node in functions if length(node) > LONGEST_FUNCTION] == []


def test_importing_chainrule_is_light() -> None:
    program = "import sys, chainrule; print(*{name.partition('.')[0] for name in sys.modules})"
    command = [sys.executable, "-W", "error", "-c", program]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "chainrule" in loaded
    assert HEAVY & set(loaded) == set()


# The checks themselves, on modules that break the rules.


@pytest.mark.parametrize(
    "text",
    [
        "from chainrule.network import Architecture",
        "import chainrule.network",
        "from chainrule import network",
        "from ..network import Architecture",
        "from .. import network",
        "if TYPE_CHECKING:\n    from chainrule.network import Architecture",
    ],
)
def test_an_import_against_the_arrows_is_found_in_every_spelling(text: str) -> None:
    assert Module("chainrule.calculus.nodes", text).forbidden() == {"network"}


@pytest.mark.parametrize("text", ["from chainrule import Network", "import chainrule"])
def test_a_name_taken_from_the_package_itself_is_against_the_arrows(text: str) -> None:
    assert Module("chainrule.training.loop", text).forbidden() == {"chainrule"}


@pytest.mark.parametrize(
    "text", ["from chainrule import _native", "from .._native import build_info"]
)
def test_an_import_of_the_compiled_module_is_found(text: str) -> None:
    assert Module("chainrule.engine.reference", text).rooms() == {"_native"}


def test_an_import_along_the_arrows_is_allowed() -> None:
    text = "import numpy as np\nfrom chainrule.errors import ShapeError\nfrom . import shapes"
    assert Module("chainrule.calculus.nodes", text).forbidden() == set()


def test_a_hidden_import_of_chainrule_is_found_and_a_lazy_third_party_one_is_not() -> None:
    text = "def f():\n    import pandas\n    if pandas:\n        from chainrule import errors\n"
    assert hidden_imports(Module("chainrule.data.tables", text)) == ["chainrule.errors"]


def test_a_circle_within_a_room_is_found() -> None:
    first = Module("chainrule.calculus.first", "from chainrule.calculus.second import b")
    second = Module("chainrule.calculus.second", "from .first import a")
    assert set(circle([first, second])) == {first.name, second.name}
    assert circle([first]) == []
