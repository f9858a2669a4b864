"""The identity output, of regressions."""

from chainrule.functions.identity import IDENTITY
from chainrule.outputs.output import Output, Range

__all__ = ["IDENTITY_OUTPUT"]

IDENTITY_OUTPUT = Output.of(IDENTITY, range=Range.REAL)
