"""Every example in every docstring of the installed package does what it says."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import chainrule

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def stop_at(name: str) -> None:
    """Let an import error out: `walk_packages` would pass over the package in silence."""
    raise ImportError(f"{name} cannot be imported, so its examples cannot be run")


def modules() -> Iterator[str]:
    yield chainrule.__name__
    for module in pkgutil.walk_packages(chainrule.__path__, "chainrule.", onerror=stop_at):
        yield module.name


@pytest.mark.parametrize("name", sorted(modules()))
def test_the_examples_of_a_module_are_true(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=OPTIONS)
    assert failed == 0
