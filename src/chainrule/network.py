"""The network at hand: sizes, functions, output and loss. Nothing is computed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, final

import numpy as np

from chainrule.calculus.function import Function
from chainrule.errors import SpecificationError, UnknownNameError
from chainrule.functions import FUNCTIONS
from chainrule.losses import LOSSES, Loss
from chainrule.outputs import OUTPUTS, Output, Range

__all__ = ["Architecture"]

_Entry = TypeVar("_Entry", Function, Output, Loss)

_RANGES = {
    Range.REAL: "any real number",
    Range.POSITIVE: "positive numbers",
    Range.UNIT_INTERVAL: "numbers between 0 and 1",
    Range.SIMPLEX: "numbers between 0 and 1 that sum to one",
}


@final
@dataclass(frozen=True)
class Architecture:
    """A fully connected network, without its parameters.

    Parameters
    ----------
    layer_sizes : tuple of int
        ``n_0, n_1, …, n_L``.
    hidden : tuple of Function
        The function of each hidden layer, ``L - 1`` of them.
    output : Output
        The output function.
    loss : Loss
        The loss of a sample.
    bias : bool
        Whether the layers have biases.

    Raises
    ------
    SpecificationError
        If the sizes are not positive whole numbers, the number of functions is not that of the
        hidden layers, or the loss does not accept what the output gives.

    Examples
    --------
    >>> net = Architecture.of([256, 7, 10], hidden="logistic", output="softmax", bias=False)
    >>> net.n_layers, net.loss.name, net.n_parameters
    (2, 'cross_entropy', 1862)
    """

    layer_sizes: tuple[int, ...]
    hidden: tuple[Function, ...]
    output: Output
    loss: Loss
    bias: bool = True

    @classmethod
    def of(
        cls,
        layer_sizes: Sequence[int],
        hidden: str | Function | Sequence[str | Function] = "relu",
        output: str | Output = "softmax",
        loss: str | Loss | None = None,
        bias: bool = True,
    ) -> "Architecture":
        """Make an architecture from names.

        Parameters
        ----------
        layer_sizes : sequence of int
            ``n_0, n_1, …, n_L``.
        hidden : str, Function or a sequence of them
            One function for every hidden layer, or one a layer.
        output : str or Output
            The output function.
        loss : str or Loss, optional
            The loss; by default the canonical one of the output.
        bias : bool
            Whether the layers have biases.

        Returns
        -------
        Architecture
            The network without its parameters.
        """
        sizes = tuple(_size(size) for size in layer_sizes)
        n_hidden = max(len(sizes) - 2, 0)
        if isinstance(hidden, str | Function):
            hidden = [_entry("hidden function", hidden, FUNCTIONS)] * n_hidden
        chosen = _entry("output", output, OUTPUTS)
        return cls(
            layer_sizes=sizes,
            hidden=tuple(_entry("hidden function", name, FUNCTIONS) for name in hidden),
            output=chosen,
            loss=_canonical(chosen) if loss is None else _entry("loss", loss, LOSSES),
            bias=bool(bias),
        )

    def __post_init__(self) -> None:
        for size in self.layer_sizes:
            _size(size)
        if len(self.layer_sizes) < 2:
            raise SpecificationError(
                "a network needs at least two layer sizes, the inputs and the outputs; "
                f"got {list(self.layer_sizes)}"
            )
        if len(self.hidden) != self.n_layers - 1:
            raise SpecificationError(
                f"{len(self.hidden)} hidden functions do not fit {self.n_layers - 1} hidden "
                "layers; name one for all layers or one for each"
            )
        is_constant = self.output.range == Range.SIMPLEX and self.layer_sizes[-1] == 1
        if is_constant and self.loss.targets == Range.UNIT_INTERVAL:
            raise SpecificationError(
                f"the {self.output.name} of one output is always 1, where loss "
                f"{self.loss.name!r} is infinite; take output='logistic' for one probability"
            )
        if self.output.range < self.loss.needs:
            raise SpecificationError(
                f"loss {self.loss.name!r} needs outputs that are {_RANGES[self.loss.needs]}, and "
                f"output {self.output.name!r} gives {_RANGES[self.output.range]}"
            )

    @property
    def n_layers(self) -> int:
        """``L``."""
        return len(self.layer_sizes) - 1

    @property
    def n_parameters(self) -> int:
        """The number of weights and biases."""
        pairs = zip(self.layer_sizes, self.layer_sizes[1:], strict=False)
        return sum(n_out * (n_in + self.bias) for n_in, n_out in pairs)

    @property
    def has_canonical_loss(self) -> bool:
        """Whether ``Δ(L)`` has the closed form of a canonical pair."""
        return self.loss.canonical == self.output.name

    @property
    def is_analytic(self) -> bool:
        """Whether the loss is an analytic function of everything that it depends on."""
        hidden_is_analytic = all(function.analytic for function in self.hidden)
        return hidden_is_analytic and self.output.analytic and self.loss.analytic


def _size(size: Any) -> int:
    is_number = isinstance(size, int | float | np.integer | np.floating) and not isinstance(
        size, bool
    )
    if not is_number or not size >= 1 or size % 1 != 0:
        raise SpecificationError(f"a layer size must be a positive whole number, got {size!r}")
    return int(size)


def _entry(kind: str, given: object, known: Mapping[str, _Entry]) -> _Entry:
    if isinstance(given, type(next(iter(known.values())))):
        return given
    if not isinstance(given, str) or given not in known:
        raise UnknownNameError(kind, given, known)
    return known[given]


def _canonical(output: Output) -> Loss:
    for loss in LOSSES.values():
        if loss.canonical == output.name:
            return loss
    raise SpecificationError(f"output {output.name!r} has no canonical loss; name one with loss=")
