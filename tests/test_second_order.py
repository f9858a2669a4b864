"""Second derivatives against the oracle's first ones, differenced, and against whole Hessians."""

from itertools import product

import numpy as np
import pytest
from cases import ACTIVATIONS, PAIRS, Case

from chainrule import Network, Parameters
from chainrule.arrays import Array
from chainrule.errors import ShapeError, SpecificationError
from chainrule.objective import Batch, Objective
from chainrule.oracle import COMPLEX_STEP, Oracle

STEP = 1e-4


def oracle_gradient(case: Case, vector: Array) -> Array:
    """The gradient by the complex step: from the forward pass alone."""
    net, samples = case.network, case.samples()
    params = Parameters.over(net.architecture, vector)
    batch = Batch(samples.X, samples.T, samples.sample_weight)
    oracle = Oracle(Objective(net.architecture, case.l2), params, batch)
    names = [f"{a}({layer})" for layer in range(1, len(case.sizes)) for a in "Wb"]
    gradient = params.zeros()
    places = [a for pair in zip(gradient.weights, gradient.biases, strict=True) for a in pair]
    for name, place in zip(names, places, strict=True):
        if place is not None:
            place.flat[:] = np.imag(oracle.moved(name)["E"]) / COMPLEX_STEP
    return gradient.vector


def along(case: Case, vector: Array, direction: Array) -> Array:
    """Its derivative along a direction: central differences, extrapolated once."""

    def difference(step: float) -> Array:
        ahead = oracle_gradient(case, vector + step * direction)
        return (ahead - oracle_gradient(case, vector - step * direction)) / (2 * step)

    return (4 * difference(STEP / 2) - difference(STEP)) / 3


def compare(case: Case) -> None:
    params, samples = case.parameters(), case.samples()
    direction = params.like(np.random.default_rng(0).normal(size=params.vector.size))
    found = case.network.hessian_vector_product(
        params, samples.X, samples.T, direction, case.l2, samples.sample_weight
    )
    expected = along(case, params.vector, direction.vector)
    scale = np.max(np.abs(expected))
    np.testing.assert_allclose(found.vector, expected, rtol=1e-6, atol=1e-7 * scale)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_product_is_right_for_every_activation(name: str) -> None:
    compare(Case((name, name), "softmax", "cross_entropy", m=3, l2=0.3, sizes=(3, 4, 5, 2)))


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_the_product_is_right_for_every_output_and_loss(pair: tuple[str, str]) -> None:
    compare(Case(("tanh",), *pair, m=3, weighted=True, sizes=(3, 4, 2)))


def test_the_product_is_right_without_hidden_layers_and_without_biases() -> None:
    compare(Case((), "logistic", "binary_cross_entropy", bias=False, sizes=(3, 1)))


CASES = [
    Case(("tanh", "logistic"), output, loss, bias=False, m=3, sizes=(3, 4, 5, 2))
    for output, loss in PAIRS
]


def oracle_jacobian(case: Case, layer: int) -> Array:
    """``∂z(L)/∂W(l)`` of every sample, by the complex step."""
    samples, net = case.samples(), case.network
    batch = Batch(samples.X, samples.T)
    oracle = Oracle(Objective(net.architecture), case.parameters(), batch)
    moved = oracle.moved(f"W({layer})")[f"z({net.architecture.n_layers})"]
    return np.moveaxis(np.imag(moved) / COMPLEX_STEP, 0, -1)  # m × n_L × entries of W


def output_hessians(case: Case) -> Array:
    """``∂²ℓ/∂z∂z`` of every sample: the slopes of the loss, differenced."""
    identity = Network([case.sizes[-1]] * 2, output=case.output, loss=case.loss, bias=False)
    samples = case.samples()
    n_L = case.sizes[-1]
    params = identity.parameters([np.eye(n_L)])
    batch = Batch(samples.X, samples.T)
    oracle = Oracle(Objective(case.network.architecture), case.parameters(), batch)
    Z = oracle.value(f"z({case.network.architecture.n_layers})")

    def slopes(z: Array, t: Array) -> Array:
        one = Oracle(Objective(identity.architecture), params, Batch(z[None], t[None]))
        return np.imag(one.moved("x")["E"]) / COMPLEX_STEP

    def hessian(z: Array, t: Array) -> Array:
        columns = []
        for e in np.eye(n_L):
            halves = [
                (slopes(z + h * e, t) - slopes(z - h * e, t)) / (2 * h) for h in (STEP, STEP / 2)
            ]
            columns.append((4 * halves[1] - halves[0]) / 3)
        return np.array(columns)

    return np.array([hessian(z, t) for z, t in zip(Z, samples.T, strict=True)])


@pytest.mark.parametrize(("case", "layer"), [*product(CASES, (1, 2, 3))], ids=str)
def test_a_gauss_newton_block_is_the_curvature_of_the_loss_through_the_jacobian(
    case: Case, layer: int
) -> None:
    samples = case.samples()
    found = case.network.gauss_newton_block(case.parameters(), samples.X, samples.T, layer)
    J, H = oracle_jacobian(case, layer), output_hessians(case)
    expected = np.mean(np.swapaxes(J, -1, -2) @ H @ J, axis=0)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7 * np.max(np.abs(expected)))


def test_the_block_of_the_last_layer_is_its_whole_hessian() -> None:
    case = CASES[0]
    params, samples = case.parameters(), case.samples()
    block = case.network.gauss_newton_block(params, samples.X, samples.T, 3)
    units = np.zeros((10, params.vector.size))
    units[:, -10:] = np.eye(10)
    products = [
        case.network.hessian_vector_product(params, samples.X, samples.T, params.like(unit))
        for unit in units
    ]
    np.testing.assert_allclose(block, [p.vector[-10:] for p in products], atol=1e-14)


@pytest.mark.parametrize(("output", "layer"), [*product(["softmax", "logistic"], (1, 2))], ids=str)
def test_the_fisher_block_is_the_mean_outer_product_of_scores(output: str, layer: int) -> None:
    net = Network([3, 4, 3], hidden="tanh", output=output, bias=False)
    params, X = net.init(seed=2), np.random.default_rng(3).normal(size=(2, 3))
    outcomes = np.eye(3) if output == "softmax" else np.array([*product((0.0, 1.0), repeat=3)])
    expected = 0.0
    for x, y in zip(X, net.predict(params, X), strict=True):
        for t in outcomes:
            chance = y @ t if output == "softmax" else np.prod(np.where(t > 0, y, 1 - y))
            oracle = Oracle(Objective(net.architecture), params, Batch(x[None], t[None]))
            score = np.imag(oracle.moved(f"W({layer})")["E"]) / COMPLEX_STEP
            expected = expected + chance * np.outer(score, score) / len(X)
    np.testing.assert_allclose(net.fisher_block(params, X, layer), expected, rtol=1e-10, atol=1e-14)


def test_what_cannot_be_gets_one_sentence() -> None:
    net = Network([3, 2], output="softmax", loss="squared_error")
    params, X, T = net.init(), np.zeros((1, 3)), np.array([[0.5, 0.5]])
    with pytest.raises(SpecificationError, match="not the likelihood of a model"):
        net.fisher_block(params, X, 1)
    with pytest.raises(SpecificationError, match="there is no layer 2"):
        net.gauss_newton_block(params, X, T, 2)
    with pytest.raises(ShapeError, match="parameters"):
        net.hessian_vector_product(params, X, T, Network([2, 2]).init())
