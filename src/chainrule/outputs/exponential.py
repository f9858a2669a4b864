"""The exponential output, of counts and rates."""

from chainrule.calculus.primitives import exp, log
from chainrule.outputs.output import Output, Range, y

__all__ = ["EXPONENTIAL_OUTPUT"]

EXPONENTIAL_OUTPUT = Output.of(
    exp, name="exponential", range=Range.POSITIVE, logarithms={log(y): lambda z: z}
)
