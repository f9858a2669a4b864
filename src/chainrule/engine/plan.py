"""What the native engine has to know of a network: its sizes, and its functions by number."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, final

from chainrule.errors import UnsupportedError
from chainrule.functions import FUNCTIONS
from chainrule.losses import LOSSES, Loss, huber, pinball
from chainrule.network import Architecture
from chainrule.outputs import OUTPUTS

__all__ = ["Plan", "plan_of"]

# In the order of the enumerations in native/network.hpp.
_FUNCTION_NUMBERS: Final = {
    name: number
    for number, name in enumerate(
        (
            "identity",
            "logistic",
            "tanh",
            "relu",
            "leaky_relu",
            "elu",
            "selu",
            "gelu",
            "silu",
            "mish",
            "softplus",
        )
    )
}
_OUTPUT_NUMBERS: Final = {
    name: number for number, name in enumerate(("softmax", "logistic", "identity", "exponential"))
}
_LOSS_NUMBERS: Final = {
    name: number
    for number, name in enumerate(
        (
            "cross_entropy",
            "binary_cross_entropy",
            "squared_error",
            "poisson",
            "absolute_error",
            "huber",
            "pinball",
        )
    )
}


@final
@dataclass(frozen=True)
class Plan:
    """A network as the native engine takes it.

    Parameters
    ----------
    sizes : tuple of int
        ``n_0, n_1, …, n_L``.
    hidden : tuple of int
        The number of each hidden layer's function.
    output, loss : int
        The numbers of the output and the loss.
    loss_parameter : float
        ``δ`` of Huber's loss, the quantile of the pinball loss.
    bias : bool
        Whether the layers have biases.
    clips : bool
        Whether log losses are of clipped probabilities.
    """

    sizes: tuple[int, ...]
    hidden: tuple[int, ...]
    output: int
    loss: int
    loss_parameter: float
    bias: bool
    clips: bool


def plan_of(architecture: Architecture) -> Plan:
    """Work out the plan of a network.

    Parameters
    ----------
    architecture : Architecture
        The network.

    Returns
    -------
    Plan

    Raises
    ------
    UnsupportedError
        If a function, the output or the loss is not one of this library's own: the kernels know
        no other.

    Examples
    --------
    >>> plan_of(Architecture.of([2, 3, 1], hidden="tanh", output="identity")).hidden
    (2,)
    """
    # which logarithms an output takes is not compared, so the cache is told
    return _plan(architecture, architecture.output.clips_probabilities)


@lru_cache(maxsize=64)
def _plan(architecture: Architecture, clips: bool) -> Plan:
    for function in architecture.hidden:
        if FUNCTIONS.get(function.name) != function:
            raise _unsupported("hidden function", function.name)
    output = architecture.output
    if OUTPUTS.get(output.name) != output:
        raise _unsupported("output", output.name)
    return Plan(
        sizes=architecture.layer_sizes,
        hidden=tuple(_FUNCTION_NUMBERS[function.name] for function in architecture.hidden),
        output=_OUTPUT_NUMBERS[output.name],
        loss=_loss_number(architecture.loss),
        loss_parameter=architecture.loss.parameter or 0.0,
        bias=architecture.bias,
        clips=clips,
    )


def _loss_number(loss: Loss) -> int:
    makers = {"huber": huber, "pinball": pinball}
    known = LOSSES.get(loss.name)
    if loss.name in makers and loss.parameter is not None:
        known = makers[loss.name](loss.parameter)
    if known != loss:
        raise _unsupported("loss", loss.name)
    return _LOSS_NUMBERS[loss.name]


def _unsupported(kind: str, name: str) -> UnsupportedError:
    return UnsupportedError(
        f"the native engine has no kernel for the {kind} {name!r} as it is defined here; "
        "take engine='reference', which evaluates any expression"
    )
