"""Second derivatives: Hessian-vector products, and the Gauss-Newton and Fisher blocks of a layer.

The product of the Hessian with a direction is the derivative of the gradient along that direction.
With ``R{·}`` for the derivative of a quantity while the parameters move along ``V(l)``, ``c(l)``
(``a'`` and ``a''`` short for ``f'(Z(l))`` and ``f''(Z(l))``, samples as rows)::

    R{Z(l)} = Y(l-1) V(l)ᵀ + R{Y(l-1)} W(l)ᵀ + 1 c(l)ᵀ         R{X} = 0
    R{Y(l)} = a' ∘ R{Z(l)}
    R{Δ(L)} = R{Z(L)} H, sample by sample, H = ∂²ℓ/∂z∂z, each row with the share of its sample
    R{Δ(l)} = (Δ(l+1) V(l+1) + R{Δ(l+1)} W(l+1)) ∘ a' + (Δ(l+1) W(l+1)) ∘ a'' ∘ R{Z(l)}
    R{∂E/∂W(l)} = R{Δ(l)}ᵀ Y(l-1) + Δ(l)ᵀ R{Y(l-1)} + λ V(l)
    R{∂E/∂b(l)} = R{Δ(l)}ᵀ 1

The second derivatives of functions and losses are not stored: the rules of differentiation make
them from the first ones.

For one sample the Gauss-Newton block of ``W(l)``, its rows one after another in a vector, is
``(Jᵀ H J) ⊗ (y(l-1) y(l-1)ᵀ)`` with ``J = ∂z(L)/∂z(l)``; for a batch, the mean. For the canonical
pairs ``H`` does not depend on the targets, and the block is that of the Fisher information.

References
----------
B. A. Pearlmutter, Fast exact multiplication by the Hessian, Neural Computation 6 (1994), 147-160,
eqs. 10-13. J. Martens, New insights and perspectives on the natural gradient method, Journal of
Machine Learning Research 21 (2020), sections 8 and 9.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus.entries import entry
from chainrule.calculus.evaluate import derivatives, evaluate, values
from chainrule.calculus.function import Function, entrywise
from chainrule.calculus.function import y as function_value
from chainrule.calculus.function import z as function_argument
from chainrule.calculus.indexed import Derivative, Entry, Index, indices_in
from chainrule.calculus.nodes import Expression, Variable
from chainrule.calculus.rules import Rule, Scope, differentiated
from chainrule.errors import SpecificationError
from chainrule.losses.loss import t, y
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.outputs.output import g, z
from chainrule.parameters import Parameters

__all__ = ["fisher_block", "gauss_newton_block", "hessian_vector_product"]

#: What moves: along it, the outputs and pre-activations have the derivatives Ry and Rz.
_step = Variable("ε")
_Ry, _Rz = Variable("Ry", y.shape), Variable("Rz", z.shape)
_i = Index("i", y.shape.rows)


@final
@dataclass(frozen=True)
class _Pass:
    """``Z(1) … Z(L)``, ``Y(0) … Y(L)``, and ``f'(Z(l))`` of the hidden layers."""

    Z: list[Array]
    Y: list[Array]
    slopes: list[Array]


def hessian_vector_product(
    objective: Objective, params: Parameters, batch: Batch, direction: Parameters
) -> Parameters:
    """Multiply the Hessian of ``E`` by a direction, without the Hessian.

    Parameters
    ----------
    objective : Objective
        ``E``.
    params : Parameters
        Where.
    batch : Batch
        On which samples.
    direction : Parameters
        The vector, in the layout of `params`.

    Returns
    -------
    product : Parameters
        In the same layout.

    Examples
    --------
    >>> objective = Objective(Architecture.of([1, 1], output="identity", bias=False))
    >>> params = Parameters.over(objective.architecture, np.array([3.0]))
    >>> batch = Batch(np.array([[2.0]]), np.array([[1.0]]))
    >>> hessian_vector_product(objective, params, batch, params).vector  # x² v
    array([12.])
    """
    net = objective.architecture
    forward = _forward(net, params, batch.X)
    product = params.zeros()
    RZ, RY = _moved_forward(params, direction, forward, net)
    delta = _output_delta(objective, batch, forward)
    moved = _moved_output_delta(objective, batch, forward, RZ[-1])
    for layer in range(net.n_layers, 0, -1):
        decay = objective.decay(direction.weights[layer - 1])
        below, moved_below = forward.Y[layer - 1], RY[layer - 1]
        product.weights[layer - 1][...] = moved.T @ below + delta.T @ moved_below + decay
        b = product.biases[layer - 1]
        if b is not None:
            b[...] = moved.sum(axis=0)
        if layer > 1:
            W, V = params.weights[layer - 1], direction.weights[layer - 1]
            slope, Z = forward.slopes[layer - 2], forward.Z[layer - 2]
            bend = _bends(net.hidden[layer - 2], Z)
            moved = (delta @ V + moved @ W) * slope + (delta @ W) * bend * RZ[layer - 2]
            delta = (delta @ W) * slope
    return product


def gauss_newton_block(objective: Objective, params: Parameters, batch: Batch, layer: int) -> Array:
    """Evaluate the Gauss-Newton matrix of the weights of one layer.

    Parameters
    ----------
    objective : Objective
        ``E``; the penalty is left out.
    params : Parameters
        Where.
    batch : Batch
        On which samples.
    layer : int
        ``l``.

    Returns
    -------
    array of shape (n_l n_{l-1}, n_l n_{l-1})
        Rows and columns as in ``W(l).ravel()``.

    Raises
    ------
    SpecificationError
        If there is no such layer.
    """
    net = objective.architecture
    if not 1 <= layer <= net.n_layers:
        raise SpecificationError(f"there is no layer {layer!r}; choose from 1 to {net.n_layers}")
    forward = _forward(net, params, batch.X)
    J = _jacobians(net, params, forward, layer)
    H = _output_hessians(objective, batch, forward)
    A = np.swapaxes(J, -1, -2) @ H @ J
    below = forward.Y[layer - 1]
    # the mean of the Kronecker products A ⊗ (y yᵀ), with the share of each sample in A
    block = np.einsum("sac,sb,sd->abcd", A, below, below)
    size = A.shape[-1] * below.shape[-1]
    return block.reshape(size, size)


def fisher_block(architecture: Architecture, params: Parameters, X: Array, layer: int) -> Array:
    """Evaluate the Fisher information of the weights of one layer, the mean over the inputs.

    Parameters
    ----------
    architecture : Architecture
        A network whose loss is the canonical one of its output: minus the log of a likelihood.
    params : Parameters
        Where.
    X : array of shape (m, n_0)
        The inputs; there are no targets, since the model itself draws them.
    layer : int
        ``l``.

    Returns
    -------
    array of shape (n_l n_{l-1}, n_l n_{l-1})
        Rows and columns as in ``W(l).ravel()``.

    Raises
    ------
    SpecificationError
        If the pair is not canonical, or there is no such layer.
    """
    if not architecture.has_canonical_loss:
        raise SpecificationError(
            f"output {architecture.output.name!r} with loss {architecture.loss.name!r} is not the "
            "likelihood of a model; the Fisher information needs the canonical loss of the output"
        )
    # the curvature of a canonical pair is the same for all targets that sum to one
    T = np.full((len(X), architecture.layer_sizes[-1]), 1 / architecture.layer_sizes[-1], X.dtype)
    return gauss_newton_block(Objective(architecture), params, Batch(X, T), layer)


def _forward(net: Architecture, params: Parameters, X: Array) -> _Pass:
    forward = _Pass([], [X], [])
    for layer, (W, b) in enumerate(zip(params.weights, params.biases, strict=True), start=1):
        Z = forward.Y[-1] @ W.T
        forward.Z.append(Z if b is None else Z + b)
        if layer == net.n_layers:
            forward.Y.append(net.output.evaluate(forward.Z[-1]))
        else:
            function = net.hidden[layer - 1]
            forward.Y.append(values(function, forward.Z[-1]))
            forward.slopes.append(derivatives(function, forward.Z[-1], forward.Y[-1]))
    return forward


def _moved_forward(
    params: Parameters, direction: Parameters, forward: _Pass, net: Architecture
) -> tuple[list[Array], list[Array]]:
    RZ: list[Array] = []
    RY = [np.zeros_like(forward.Y[0])]
    for layer, (W, V) in enumerate(zip(params.weights, direction.weights, strict=True), start=1):
        c = direction.biases[layer - 1]
        RZ.append(forward.Y[layer - 1] @ V.T + RY[-1] @ W.T + (0 if c is None else c))
        if layer < net.n_layers:
            RY.append(forward.slopes[layer - 1] * RZ[-1])
    return RZ, RY


def _output_delta(objective: Objective, batch: Batch, forward: _Pass) -> Array:
    row = _delta_row(objective.architecture)
    known = _columns(batch, forward)
    return evaluate(row, known)[:, 0, :] * batch.shares[:, None]


def _moved_output_delta(objective: Objective, batch: Batch, forward: _Pass, RZ: Array) -> Array:
    """Evaluate ``R{Δ(L)}``, of the shape of `RZ`, which may have axes of its own before m and n."""
    net = objective.architecture
    known = _columns(batch, forward)
    moved: dict[Expression, Array] = {g: RZ[..., None, :], **known}
    # every Jacobian of an output is symmetric, so that R{y} = (∂y/∂z) R{z} is its pullback
    RY = np.swapaxes(evaluate(net.output.pullback, moved), -1, -2)
    formula = _moved_delta(net)
    slopes = evaluate(formula, {**known, _Ry: RY, _Rz: RZ[..., :, None]}, indices=_indices(formula))
    return np.broadcast_to(_along_i(slopes, formula), RZ.shape) * batch.shares[:, None]


def _columns(batch: Batch, forward: _Pass) -> dict[Expression, Array]:
    return {y: forward.Y[-1][..., None], t: batch.T[..., None], z: forward.Z[-1][..., None]}


def _delta_row(net: Architecture) -> Expression:
    """Write ``∂ℓ/∂z(L)`` of one sample, a row in `y`, `t` and `z`."""
    if net.has_canonical_loss and net.loss.delta is not None:
        return net.loss.delta
    by_output = net.loss.by_output

    def put(node: Expression, _: Scope) -> Expression | None:
        return by_output if node == g else None

    return Rule("", "", put).everywhere(net.output.pullback, Scope())


@lru_cache(maxsize=64)
def _moved_delta(net: Architecture) -> Expression:
    """Write entry i of ``R{∂ℓ/∂z(L)}``, by the rules of differentiation."""
    scope = Scope({y: _step, z: _step})
    slope = Derivative(entry(_delta_row(net), None, _i), _step)

    def put(node: Expression, _: Scope) -> Expression | None:
        if isinstance(node, Derivative) and isinstance(node.of, Entry):
            return Entry(_Ry if node.of.base == y else _Rz, node.of.indices)
        return None

    return Rule("", "", put).everywhere(differentiated(slope, scope), scope)


def _indices(formula: Expression) -> tuple[Index, ...]:
    return (_i, *sorted({*indices_in(formula)} - {_i}, key=lambda index: index.letter))


def _along_i(array: Array, formula: Expression) -> Array:
    """Give the axis of i alone behind the stack; sums have left axes of length one."""
    n_others = len(_indices(formula)) - 1
    return array.reshape(*array.shape[: array.ndim - n_others - 2]) if array.ndim > 2 else array


@lru_cache(maxsize=64)
def _bend(function: Function) -> Expression:
    """Write ``f''(z)``, by the rules of differentiation."""
    arguments = {function_argument: function_argument, function_value: function(function_argument)}
    slope = entrywise(function.derivative, arguments)
    return differentiated(Derivative(slope, function_argument), Scope())


def _bends(function: Function, Z: Array) -> Array:
    bends = evaluate(_bend(function), {function_argument: Z[..., None, None]})
    return np.broadcast_to(bends[..., 0, 0], Z.shape)


def _jacobians(net: Architecture, params: Parameters, forward: _Pass, layer: int) -> Array:
    """Evaluate ``∂z(L)/∂z(l)`` of every sample, (m, n_L, n_l)."""
    n_L = net.layer_sizes[-1]
    J: Array = np.broadcast_to(np.eye(n_L), (len(forward.Y[0]), n_L, n_L))
    for upper in range(net.n_layers, layer, -1):
        J = (J @ params.weights[upper - 1]) * forward.slopes[upper - 2][:, None, :]
    return J


def _output_hessians(objective: Objective, batch: Batch, forward: _Pass) -> Array:
    """Evaluate ``∂²ℓ/∂z(L)∂z(L)`` of every sample with its share, (m, n_L, n_L)."""
    n_L = objective.architecture.layer_sizes[-1]
    units = np.broadcast_to(np.eye(n_L)[:, None, :], (n_L, batch.n_samples, n_L))
    return np.swapaxes(_moved_output_delta(objective, batch, forward, units), 0, 1)
