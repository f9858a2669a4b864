"""The shell."""

from chainrule.cli.app import main

__all__ = ["main"]
