"""The public network: a specification with its loss, gradients and trace on a chosen engine."""

from collections.abc import Sequence
from typing import Any, final

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.calculus.function import Function
from chainrule.engine import engine_named
from chainrule.errors import DataError, ShapeError, SpecificationError
from chainrule.gradient_check import GradientCheck, compare
from chainrule.losses import Loss
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.outputs import Output
from chainrule.parameters import Parameters, initial_parameters
from chainrule.second_order import fisher_block, gauss_newton_block, hessian_vector_product
from chainrule.targets import real_numbers, target_matrix, weight_vector
from chainrule.trace import Trace

__all__ = ["Network", "Trace", "check_gradient"]


@final
class Network:
    """A fully connected network with its loss.

    Parameters
    ----------
    layer_sizes : sequence of int
        ``n_0, n_1, …, n_L``: inputs, hidden layers, outputs.
    hidden : str or sequence of str
        The function of the hidden layers, one for all or one a layer: ``identity``, ``logistic``,
        ``tanh``, ``relu``, ``leaky_relu``, ``elu``, ``selu``, ``gelu``, ``silu``, ``mish``,
        ``softplus``.
    output : str
        ``softmax``, ``logistic``, ``identity`` or ``exponential``.
    loss : str, optional
        ``cross_entropy``, ``binary_cross_entropy``, ``squared_error``, ``poisson``, ``huber``,
        ``absolute_error`` or ``pinball``; by default the canonical loss of the output.
    bias : bool
        Whether layers have biases.

    Raises
    ------
    SpecificationError
        If sizes, functions, output and loss do not fit together; the message names what does not.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, Learning representations by back-propagating
    errors, Nature 323 (1986), 533-536, eqs. 1-7.

    Examples
    --------
    >>> net = Network([2, 3, 2], hidden="logistic", bias=False)
    >>> params = net.init(seed=0)
    >>> X, labels = np.array([[0.5, -1.0], [1.5, 2.0]]), np.array([0, 1])
    >>> round(net.loss(params, X, labels), 4)
    0.7086
    >>> net.gradient(params, X, labels).weights[1].shape
    (2, 3)
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        hidden: str | Function | Sequence[str | Function] = "relu",
        output: str | Output = "softmax",
        loss: str | Loss | None = None,
        bias: bool = True,
    ) -> None:
        self.architecture = Architecture.of(layer_sizes, hidden, output, loss, bias)

    def __repr__(self) -> str:
        net = self.architecture
        hidden = [function.name for function in net.hidden]
        return (
            f"Network({list(net.layer_sizes)}, hidden={hidden}, output={net.output.name!r}, "
            f"loss={net.loss.name!r}, bias={net.bias})"
        )

    def init(self, seed: int | None = 0, dtype: npt.DTypeLike = np.float64) -> Parameters:
        """Draw initial parameters; see `chainrule.parameters.initial_parameters`."""
        return initial_parameters(self.architecture, np.random.RandomState(seed), _real(dtype))

    def parameters(self, arrays: Sequence[Any]) -> Parameters:
        """Make parameters from arrays.

        Parameters
        ----------
        arrays : sequence
            ``[W1, W2, …]``, or ``[(W1, b1), (W2, b2), …]`` where the network has biases; ``W(l)``
            is ``n_l × n_{l-1}`` and ``b(l)`` has n_l entries. They are copied.

        Returns
        -------
        params : Parameters
            In float32 if all arrays are, else in float64.

        Raises
        ------
        ShapeError
            If an array has not the shape of its place.
        ValueError
            If their number is not that of the layers, or biases are missing or too many.
        """
        net = self.architecture
        if len(arrays) != net.n_layers:
            raise SpecificationError(
                f"{len(arrays)} layers of parameters do not fit {net.n_layers} layers"
            )
        pairs = [_pair(item, layer, net.bias) for layer, item in enumerate(arrays, start=1)]
        given = [array for pair in pairs for array in pair if array is not None]
        dtype = np.float32 if all(a.dtype == np.float32 for a in given) else np.float64
        params = Parameters.over(net, np.empty(net.n_parameters, dtype))
        places = zip(params.weights, params.biases, strict=True)
        for layer, ((W, b), (W_place, b_place)) in enumerate(zip(pairs, places, strict=True), 1):
            _fill(f"W({layer})", W_place, W)
            if b is not None and b_place is not None:
                _fill(f"b({layer})", b_place, b)
        return params

    def predict(self, params: Parameters, X: npt.ArrayLike, *, engine: str = "reference") -> Array:
        """Evaluate the outputs ``y``.

        Parameters
        ----------
        params : Parameters
            Weights and biases.
        X : array of shape (m, n_0)
            Samples as rows.
        engine : str
            What computes it.

        Returns
        -------
        array of shape (m, n_L)
            One row a sample.
        """
        self._check(params)
        inputs = self._inputs(X, params)
        return engine_named(engine).outputs(self.architecture, params, inputs)

    def loss(
        self,
        params: Parameters,
        X: npt.ArrayLike,
        T: npt.ArrayLike,
        l2: float = 0.0,
        sample_weight: npt.ArrayLike | None = None,
        *,
        engine: str = "reference",
    ) -> float:
        """Evaluate ``E``: the mean loss of the samples plus ``(λ/2) Σ ‖W(l)‖²``.

        Parameters
        ----------
        params : Parameters
            Weights and biases.
        X : array of shape (m, n_0)
            Samples as rows.
        T : array of shape (m, n_L), or of shape (m,)
            Targets. In one dimension: class numbers for several outputs of a classification, or the
            targets of a single output.
        l2 : float
            ``λ ≥ 0``. Biases are not decayed.
        sample_weight : array of shape (m,), optional
            ``w_j ≥ 0``; the mean is ``Σ w_j ℓ_j / Σ w_j``.
        engine : str
            What computes it.

        Returns
        -------
        float
            ``E``.

        Raises
        ------
        ShapeError
            If an array has not the shape that it must have.
        DataError
            If a value is not finite, or a target not one that the loss admits.
        """
        objective, batch = self._problem(params, X, T, l2, sample_weight)
        return engine_named(engine).loss(objective, params, batch)

    def gradient(
        self,
        params: Parameters,
        X: npt.ArrayLike,
        T: npt.ArrayLike,
        l2: float = 0.0,
        sample_weight: npt.ArrayLike | None = None,
        *,
        engine: str = "reference",
    ) -> Parameters:
        """Evaluate ``∂E/∂W(l)`` and ``∂E/∂b(l)``.

        The arguments are those of `loss`.

        Returns
        -------
        gradient : Parameters
            Shaped like `params`.
        """
        objective, batch = self._problem(params, X, T, l2, sample_weight)
        return engine_named(engine).loss_and_gradient(objective, params, batch)[1]

    def trace(
        self,
        params: Parameters,
        X: npt.ArrayLike,
        T: npt.ArrayLike,
        l2: float = 0.0,
        sample_weight: npt.ArrayLike | None = None,
        *,
        engine: str = "reference",
    ) -> Trace:
        """Evaluate every ``z(l)``, ``y(l)`` and every derivative of ``E``, by name.

        The arguments are those of `loss`.

        Returns
        -------
        Trace
            ``E``, ``z(l)``, ``y(l)``, ``∂E/∂z(l)``, ``∂E/∂y(l)``, ``∂E/∂W(l)``, ``∂E/∂b(l)``,
            ``∂E/∂x`` and ``∂E/∂t``; those that belong to samples have one row a sample.
        """
        objective, batch = self._problem(params, X, T, l2, sample_weight)
        return Trace(engine_named(engine).trace(objective, params, batch))

    def hessian_vector_product(
        self,
        params: Parameters,
        X: npt.ArrayLike,
        T: npt.ArrayLike,
        direction: Parameters,
        l2: float = 0.0,
        sample_weight: npt.ArrayLike | None = None,
    ) -> Parameters:
        """Multiply the Hessian of ``E`` by a direction; see `chainrule.second_order`.

        The other arguments are those of `loss`; `direction` and the product are shaped like
        `params`.
        """
        self._check(direction)
        objective, batch = self._problem(params, X, T, l2, sample_weight)
        return hessian_vector_product(objective, params, batch, direction)

    def gauss_newton_block(
        self, params: Parameters, X: npt.ArrayLike, T: npt.ArrayLike, layer: int
    ) -> Array:
        """Evaluate the Gauss–Newton block of ``W(l)``; see `chainrule.second_order`."""
        objective, batch = self._problem(params, X, T, 0.0, None)
        return gauss_newton_block(objective, params, batch, layer)

    def fisher_block(self, params: Parameters, X: npt.ArrayLike, layer: int) -> Array:
        """Evaluate the Fisher block of ``W(l)``; see `chainrule.second_order`."""
        self._check(params)
        return fisher_block(self.architecture, params, self._inputs(X, params), layer)

    def _problem(
        self,
        params: Parameters,
        X: npt.ArrayLike,
        T: npt.ArrayLike,
        l2: float,
        sample_weight: npt.ArrayLike | None,
    ) -> tuple[Objective, Batch]:
        self._check(params)
        inputs = self._inputs(X, params)
        if len(inputs) == 0:
            raise DataError("X has no rows, and the mean over no samples is undefined")
        m, dtype = inputs.shape[0], inputs.dtype
        targets = target_matrix(self.architecture, T, m, dtype)
        weight = None if sample_weight is None else weight_vector(sample_weight, m, dtype)
        return Objective(self.architecture, _decay(l2)), Batch(inputs, targets, weight)

    def _check(self, params: object) -> None:
        if not isinstance(params, Parameters):
            kind = type(params).__name__
            raise SpecificationError(f"params must be what parameters or init makes, got a {kind}")
        _real(params.vector.dtype)
        expected = Parameters.over(self.architecture, np.empty(self.architecture.n_parameters))
        given = [W.shape for W in params.weights], [b is None for b in params.biases]
        wanted = [W.shape for W in expected.weights], [b is None for b in expected.biases]
        if given != wanted:
            hint = "make them with this network's init or parameters"
            raise ShapeError("parameters", _layers(*given), _layers(*wanted), hint)

    def _inputs(self, X: npt.ArrayLike, params: Parameters) -> Array:
        inputs = real_numbers("X", X, params.vector.dtype)
        n_0 = self.architecture.layer_sizes[0]
        if inputs.ndim != 2 or inputs.shape[1] != n_0:
            hint = "one sample is X.reshape(1, -1)" if inputs.shape == (n_0,) else ""
            raise ShapeError("X", inputs.shape, f"(m, {n_0})", hint)
        return inputs


def check_gradient(
    net: Network,
    params: Parameters,
    X: npt.ArrayLike,
    T: npt.ArrayLike,
    l2: float = 0.0,
    sample_weight: npt.ArrayLike | None = None,
    *,
    engine: str = "reference",
    max_entries: int = 2000,
) -> GradientCheck:
    """Compare every gradient formula with an oracle that uses none.

    The oracle takes the complex step where the network is analytic and extrapolated central
    differences elsewhere, in float64, and skips entries where the loss has a kink.

    Parameters
    ----------
    net : Network
        The network.
    params, X, T, l2, sample_weight
        As in `Network.loss`.
    engine : str
        Whose gradients are checked.
    max_entries : int
        How many entries of one array are compared; of a larger one, a random choice.

    Returns
    -------
    GradientCheck
        ``worst_error`` and ``where``, ``passed``, and a comparison for each gradient.

    Examples
    --------
    >>> net = Network([3, 4, 2], hidden="tanh")
    >>> X, labels = np.array([[0.1, -0.2, 0.3], [1.0, 0.5, -0.5]]), [0, 1]
    >>> check = check_gradient(net, net.init(seed=0), X, labels, l2=0.1)
    >>> check.passed, check.worst_error < 1e-12
    (True, True)
    """
    net._check(params)
    double = params.like(params.vector.astype(np.float64))
    objective, batch = net._problem(double, X, T, l2, sample_weight)
    return compare(objective, double, batch, engine_named(engine), max_entries=max_entries)


def _real(dtype: npt.DTypeLike) -> np.dtype[Any]:
    kind = np.dtype(dtype)
    if kind not in (np.dtype(np.float64), np.dtype(np.float32)):
        raise SpecificationError(f"dtype must be float64 or float32, got {kind}")
    return kind


def _decay(l2: object) -> float:
    if not isinstance(l2, int | float | np.number) or not 0 <= l2 < float("inf"):
        raise SpecificationError(f"l2 must be a finite number that is not negative, got {l2!r}")
    return float(l2)


def _pair(item: Any, layer: int, bias: bool) -> tuple[Array, Array | None]:
    W, b = item if isinstance(item, tuple) and len(item) == 2 else (item, None)
    if (b is not None) != bias:
        problem = "needs a bias: give (W, b)" if bias else "has no biases: give W alone"
        raise SpecificationError(f"layer {layer} {problem}")
    return _given(f"W({layer})", W), None if b is None else _given(f"b({layer})", b)


def _given(name: str, array: npt.ArrayLike) -> Array:
    is_single = getattr(array, "dtype", None) == np.float32
    return real_numbers(name, array, np.float32 if is_single else np.float64)


def _fill(name: str, place: Array, given: Array) -> None:
    if given.shape != place.shape:
        raise ShapeError(name, given.shape, place.shape)
    place[...] = given


def _layers(shapes: list[tuple[int, ...]], without_bias: list[bool]) -> str:
    kind = "without" if all(without_bias) else "with"
    return ", ".join(f"{rows} × {columns}" for rows, columns in shapes) + f" {kind} biases"
