"""The elementwise functions of hidden layers, one file each."""

from chainrule.calculus.function import Function
from chainrule.functions.elu import ELU
from chainrule.functions.gelu import GELU
from chainrule.functions.identity import IDENTITY
from chainrule.functions.leaky_relu import LEAKY_RELU
from chainrule.functions.logistic import LOGISTIC
from chainrule.functions.mish import MISH
from chainrule.functions.relu import RELU
from chainrule.functions.selu import SELU
from chainrule.functions.silu import SILU
from chainrule.functions.softplus import SOFTPLUS
from chainrule.functions.tanh import TANH

__all__ = [
    "ELU",
    "FUNCTIONS",
    "GELU",
    "IDENTITY",
    "LEAKY_RELU",
    "LOGISTIC",
    "MISH",
    "RELU",
    "SELU",
    "SILU",
    "SOFTPLUS",
    "TANH",
]

#: Every hidden function by its name.
FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        IDENTITY,
        LOGISTIC,
        TANH,
        RELU,
        LEAKY_RELU,
        ELU,
        SELU,
        GELU,
        SILU,
        MISH,
        SOFTPLUS,
    )
}
