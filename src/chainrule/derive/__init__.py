"""Derivations: a network's gradients written out step by step, and every line checked."""

from chainrule.derive.derivation import Derivation, derive
from chainrule.derive.symbols import Symbols

__all__ = ["Derivation", "Symbols", "derive"]
