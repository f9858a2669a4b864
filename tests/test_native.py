"""The compiled module: it is there, and it is what the build meant it to be."""

import ast
import platform
from pathlib import Path

from chainrule import _native

STUB = Path(__file__).resolve().parents[1] / "src" / "chainrule" / "_native.pyi"
ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}


def test_the_native_module_is_cpp20() -> None:
    assert _native.build_info()["standard"] == "C++20"


def test_the_native_module_was_compiled_for_this_machine() -> None:
    machine = platform.machine().lower()
    assert _native.build_info()["architecture"] == ARCHITECTURES.get(machine, machine)


def test_the_build_names_its_compiler_and_the_compilers_version() -> None:
    info = _native.build_info()
    assert info["compiler"] in {"GCC", "Clang", "MSVC"}
    assert int(info["version"].split(".")[0]) > 0


def test_the_stub_lists_what_the_module_has() -> None:
    stub = ast.parse(STUB.read_text(encoding="utf-8"))
    declared = {node.name for node in stub.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert declared == {name for name in dir(_native) if not name.startswith("_")}
