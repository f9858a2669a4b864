"""Derivations: a network's gradients written out step by step, and every line checked."""

from chainrule.derivation.derivation import Derivation, derive
from chainrule.derivation.symbols import Symbols

__all__ = ["Derivation", "Symbols", "derive"]
