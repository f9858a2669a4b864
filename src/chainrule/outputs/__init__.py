"""The output functions, one file each."""

from chainrule.outputs.exponential import EXPONENTIAL_OUTPUT
from chainrule.outputs.identity import IDENTITY_OUTPUT
from chainrule.outputs.logistic import LOGISTIC_OUTPUT
from chainrule.outputs.output import Output, Range
from chainrule.outputs.softmax import SOFTMAX

__all__ = [
    "EXPONENTIAL_OUTPUT",
    "IDENTITY_OUTPUT",
    "LOGISTIC_OUTPUT",
    "OUTPUTS",
    "SOFTMAX",
    "Output",
    "Range",
]

#: Every output function by its name.
OUTPUTS: dict[str, Output] = {
    output.name: output
    for output in (SOFTMAX, LOGISTIC_OUTPUT, IDENTITY_OUTPUT, EXPONENTIAL_OUTPUT)
}
