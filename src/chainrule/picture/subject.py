"""What is drawn: the sizes and names of a network, and its weights where it has some."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, final

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import ShapeError, SpecificationError
from chainrule.losses import LOSSES
from chainrule.network import Architecture
from chainrule.parameters import Parameters

__all__ = ["Subject", "subject_of"]

#: scikit-learn's names of output functions that have another name here.
_OUTPUTS = {"exp": "exponential"}


@final
@dataclass(frozen=True, eq=False)
class Subject:
    """A network as a picture needs it.

    Parameters
    ----------
    layer_sizes : tuple of int
        ``n_0, n_1, …, n_L``.
    hidden : tuple of str
        The names of the hidden functions, ``L - 1`` of them.
    output, loss : str
        The names of the output function and of the loss; the loss may be empty, for unknown.
    bias : bool
        Whether layers have biases.
    weights : tuple of arrays, optional
        ``W(l)``, of shape ``n_l × n_{l-1}``.
    """

    layer_sizes: tuple[int, ...]
    hidden: tuple[str, ...]
    output: str
    loss: str
    bias: bool
    weights: tuple[Array, ...] | None = None

    @property
    def n_layers(self) -> int:
        """``L``."""
        return len(self.layer_sizes) - 1


def subject_of(thing: Any, params: Parameters | None = None) -> Subject:
    """Find out what is to be drawn.

    Parameters
    ----------
    thing : Network, Architecture, TrainedModel or fitted estimator
        A network, or anything with scikit-learn's `coefs_` and `intercepts_`.
    params : Parameters, optional
        The weights of a network.

    Returns
    -------
    Subject
        Its sizes, names and weights.

    Raises
    ------
    SpecificationError
        If it is no network, an estimator that is not fitted, or its weights are not finite.
    ShapeError
        If the weights do not fit one another, or the network.

    Examples
    --------
    >>> subject_of(Architecture.of([256, 7, 10], "logistic")).loss
    'cross_entropy'
    """
    architecture = thing if isinstance(thing, Architecture) else _attribute(thing, "architecture")
    if isinstance(architecture, Architecture):
        own = _attribute(thing, "params")
        return _of_network(architecture, own if params is None else params)
    if params is not None:
        raise SpecificationError(f"parameters go with a network; {_kind(thing)} has its own")
    return _of_estimator(thing)


def _of_network(net: Architecture, params: Any) -> Subject:
    weights = None if params is None else _checked(params.weights, net.layer_sizes)
    hidden = tuple(function.name for function in net.hidden)
    return Subject(net.layer_sizes, hidden, net.output.name, net.loss.name, net.bias, weights)


def _of_estimator(estimator: Any) -> Subject:
    coefs = _attribute(estimator, "coefs_")
    if coefs is None or _attribute(estimator, "intercepts_") is None:
        raise SpecificationError(_not_drawable(estimator))
    weights = [np.asarray(coef).T for coef in coefs]
    if not weights or any(W.ndim != 2 or 0 in W.shape for W in weights):
        raise SpecificationError(f"coefs_ of this {_kind(estimator)} is not a list of matrices")
    sizes = (weights[0].shape[1], *(W.shape[0] for W in weights))
    activation = str(_attribute(estimator, "activation") or "")
    output = str(_attribute(estimator, "out_activation_") or "")
    output = _OUTPUTS.get(output, output)
    return Subject(
        layer_sizes=sizes,
        hidden=(activation,) * (len(sizes) - 2),
        output=output,
        loss=_canonical_loss(output),
        bias=True,
        weights=_checked(weights, sizes),
    )


def _canonical_loss(output: str) -> str:
    """Name the loss that scikit-learn's estimators have with an output; nothing if unknown."""
    names = (loss.name for loss in LOSSES.values() if output and loss.canonical == output)
    return next(names, "")


def _checked(weights: Sequence[Array], sizes: tuple[int, ...]) -> tuple[Array, ...]:
    """Refuse weights that cannot be drawn as those of a network of these sizes."""
    needed = [(n_out, n_in) for n_in, n_out in pairwise(sizes)]
    if len(weights) != len(needed):
        raise ShapeError("drawing the weights", f"{len(weights)} matrices", f"{len(needed)} layers")
    for number, (W, shape) in enumerate(zip(weights, needed, strict=True), start=1):
        if W.shape != shape:
            raise ShapeError(
                "drawing the weights", f"W({number}), {_shape(W.shape)},", _shape(shape)
            )
        if not np.issubdtype(W.dtype, np.number) or not np.all(np.isfinite(W)):
            raise SpecificationError(f"W({number}) has weights that are not finite numbers")
    return tuple(weights)


def _not_drawable(thing: Any) -> str:
    kind = _kind(thing)
    if hasattr(thing, "hidden_layer_sizes"):
        return (
            f"this {kind} is not fitted, so the sizes of its layers are not known; call fit first"
        )
    if hasattr(thing, "steps") or hasattr(thing, "best_estimator_"):
        return f"a {kind} is not a network itself; draw the fitted network inside it"
    return (
        f"a {kind} cannot be drawn; give a Network, a trained model, or a fitted estimator "
        "with coefs_ and intercepts_"
    )


def _attribute(thing: Any, name: str) -> Any:
    return getattr(thing, name, None)


def _kind(thing: Any) -> str:
    return type(thing).__name__


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))
