"""The reference engine: the network and its gradients in NumPy, in the order of the page.

The samples are the rows of ``X``, ``Y(l)``, ``Z(l)`` and ``Δ(l)`` (m × n_l); ``W(l)`` is
n_l × n_{l-1}. It is the slow truth that faster engines are compared with.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.evaluate import derivatives, evaluate, values
from chainrule.calculus.nodes import Expression
from chainrule.dropout import DropoutMasks
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.outputs.output import Range, g, y, z
from chainrule.parameters import Parameters

__all__ = ["ReferenceEngine"]


@final
@dataclass(frozen=True)
class _Forward:
    """``Z(1) … Z(L)`` and ``Y(0) = X, Y(1) … Y(L)``; ``f(Z(l))`` and ``M(l)`` of hidden layers.

    Without dropout there are no masks and ``Y(l)`` is ``f(Z(l))`` itself.
    """

    Z: list[Array]
    Y: list[Array]
    F: list[Array]
    M: list[Array]


@final
class ReferenceEngine:
    """Forward and backward pass as ``docs/notation.md`` writes them.

    Examples
    --------
    >>> architecture = Architecture.of([1, 1], output="identity")
    >>> params = Parameters.over(architecture, np.array([2.0, 1.0]))
    >>> ReferenceEngine().outputs(architecture, params, np.array([[3.0]]))
    array([[7.]])
    """

    name = "reference"

    def outputs(self, architecture: Architecture, params: Parameters, X: Array) -> Array:
        """Evaluate ``Y(L)``, of shape (m, n_L)."""
        return _forward(architecture, params, X).Y[-1]

    def loss(self, objective: Objective, params: Parameters, batch: Batch) -> float:
        """Evaluate ``E``."""
        forward = _forward(objective.architecture, params, batch.X, objective.dropout)
        return _loss(objective, params, batch, forward)

    def loss_and_gradient(
        self, objective: Objective, params: Parameters, batch: Batch
    ) -> tuple[float, Parameters]:
        """Evaluate ``E``, and ``∂E/∂W(l)`` and ``∂E/∂b(l)`` in the layout of `params`."""
        forward = _forward(objective.architecture, params, batch.X, objective.dropout)
        gradient = params.zeros()
        delta = _output_delta(objective, batch, forward)
        for layer in range(objective.architecture.n_layers, 0, -1):
            _parameter_gradients(objective, params, gradient, forward, delta, layer)
            if layer > 1:
                delta = _hidden_delta(objective, params, forward, delta, layer - 1)
        return _loss(objective, params, batch, forward), gradient

    def trace(self, objective: Objective, params: Parameters, batch: Batch) -> dict[str, Array]:
        """Evaluate everything of the page, by name; derivatives by vectors are rows of matrices."""
        architecture = objective.architecture
        forward = _forward(architecture, params, batch.X, objective.dropout)
        gradient = params.zeros()
        delta = _output_delta(objective, batch, forward)
        last = architecture.n_layers
        by_output = _shared_out(_by_output(objective, batch, forward), batch)
        traced = {
            "E": np.asarray(_loss(objective, params, batch, forward), batch.X.dtype),
            "∂E/∂t": _shared_out(_by_target(objective, batch, forward), batch),
        }
        for layer in range(last, 0, -1):
            _parameter_gradients(objective, params, gradient, forward, delta, layer)
            traced[f"z({layer})"], traced[f"y({layer})"] = forward.Z[layer - 1], forward.Y[layer]
            traced[f"∂E/∂y({layer})"], traced[f"∂E/∂z({layer})"] = by_output, delta
            traced[f"∂E/∂W({layer})"] = gradient.weights[layer - 1]
            b = gradient.biases[layer - 1]
            if b is not None:
                traced[f"∂E/∂b({layer})"] = b
            by_output = delta @ params.weights[layer - 1]
            if layer > 1:
                delta = _hidden_delta(objective, params, forward, delta, layer - 1)
        return traced | {"∂E/∂x": by_output}


def _forward(
    architecture: Architecture, params: Parameters, X: Array, dropout: DropoutMasks | None = None
) -> _Forward:
    forward = _Forward(Z=[], Y=[X], F=[], M=[])
    for layer, (W, b) in enumerate(zip(params.weights, params.biases, strict=True), start=1):
        # z(l) = W(l) y(l-1) + b(l)
        Z = forward.Y[-1] @ W.T
        if b is not None:
            Z += b
        forward.Z.append(Z)
        if layer == architecture.n_layers:
            # at the end y = s(z(L))
            Y = architecture.output.evaluate(Z)
        else:
            # y(l) = f(z(l)), and in training with dropout m(l) ∘ f(z(l))
            Y = values(architecture.hidden[layer - 1], Z)
            forward.F.append(Y)
            if dropout is not None:
                forward.M.append(dropout.of_layer(layer, Z.shape, Z.dtype))
                Y = forward.M[-1] * Y
        forward.Y.append(Y)
    return forward


def _loss(objective: Objective, params: Parameters, batch: Batch, forward: _Forward) -> float:
    # E = Σ w_j ℓ_j / Σ w_j + (λ/2) Σ ‖W(l)‖²
    sample_losses = objective.sample_losses(forward.Y[-1], batch.T, forward.Z[-1])
    return float(objective.mean(sample_losses, batch) + objective.penalty(params.weights))


def _by_output(objective: Objective, batch: Batch, forward: _Forward) -> Array:
    # ∂ℓ/∂y(L)
    return _rows(objective, objective.architecture.loss.by_output, batch, forward)


def _by_target(objective: Objective, batch: Batch, forward: _Forward) -> Array:
    # ∂ℓ/∂t, infinite where a target of zero ends the domain
    with np.errstate(divide="ignore"):
        return _rows(objective, objective.architecture.loss.by_target, batch, forward)


def _output_delta(objective: Objective, batch: Batch, forward: _Forward) -> Array:
    architecture = objective.architecture
    if architecture.has_canonical_loss and architecture.loss.delta is not None:
        # Δ(L) = (Y - T)/m
        delta = _rows(objective, architecture.loss.delta, batch, forward)
    else:
        # ∂ℓ/∂z(L) = ∂ℓ/∂y(L) ∂y(L)/∂z(L)
        Y = _inside(architecture.loss.needs, forward.Y[-1])
        by_output = objective.evaluate(architecture.loss.by_output, Y, batch.T, forward.Z[-1])
        known: dict[Expression, Array] = {
            g: by_output,
            y: Y[:, :, None],
            z: forward.Z[-1][:, :, None],
        }
        delta = evaluate(architecture.output.pullback, known)[:, 0, :]
    return delta * batch.shares[:, None]


def _inside(needs: Range, Y: Array) -> Array:
    """Keep outputs that were rounded to the end of their range off it by the least that matters.

    There ``∂ℓ/∂y`` is infinite and ``∂y/∂z`` zero; with the same ``y`` in both, their product comes
    to its limit.
    """
    kind = np.finfo(Y.dtype)
    if needs >= Range.UNIT_INTERVAL:
        return np.clip(Y, kind.tiny / kind.eps, 1 - kind.epsneg)
    return np.maximum(Y, kind.tiny / kind.eps) if needs == Range.POSITIVE else Y


def _shared_out(rows: Array, batch: Batch) -> Array:
    """Weigh each sample's row; one without weight counts for nothing, even if it is infinite."""
    shares = batch.shares[:, None]
    return np.multiply(rows, shares, out=np.zeros_like(rows), where=shares > 0)


def _hidden_delta(
    objective: Objective, params: Parameters, forward: _Forward, delta: Array, layer: int
) -> Array:
    # Δ(l) = (Δ(l+1) W(l+1)) ∘ f'(Z(l)), and with dropout Δ(l) = (Δ(l+1) W(l+1)) ∘ M(l) ∘ f'(Z(l))
    by_output = delta @ params.weights[layer]
    if objective.dropout is not None:
        by_output *= forward.M[layer - 1]
    function = objective.architecture.hidden[layer - 1]
    return by_output * derivatives(function, forward.Z[layer - 1], forward.F[layer - 1])


def _parameter_gradients(
    objective: Objective,
    params: Parameters,
    gradient: Parameters,
    forward: _Forward,
    delta: Array,
    layer: int,
) -> None:
    # ∂E/∂W(l) = Δ(l)ᵀ Y(l-1) + λ W(l)
    W = params.weights[layer - 1]
    gradient.weights[layer - 1][...] = delta.T @ forward.Y[layer - 1] + objective.decay(W)
    # ∂E/∂b(l) = Δ(l)ᵀ 1
    b = gradient.biases[layer - 1]
    if b is not None:
        b[...] = delta.sum(axis=0)


def _rows(objective: Objective, row: Expression, batch: Batch, forward: _Forward) -> Array:
    """Evaluate a row vector of the loss's entry for every sample, as a matrix of m rows."""
    return objective.evaluate(row, forward.Y[-1], batch.T, forward.Z[-1])[:, 0, :]
