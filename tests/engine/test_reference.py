"""The reference engine: the page, line by line, on networks small enough to see."""

import numpy as np
import pytest
from cases import CASES, SPECIAL, Case

from chainrule import Network
from chainrule.engine import ENGINES, ReferenceEngine, engine_named
from chainrule.errors import UnknownNameError
from chainrule.objective import Batch, Objective

ENGINE = ReferenceEngine()
EVERY_FIFTIETH = [*CASES[::50], *SPECIAL]


def sigma(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def softmax(Z: np.ndarray) -> np.ndarray:
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


def test_the_worked_network_follows_the_page_from_top_to_bottom() -> None:
    """Two layers, logistic and softmax, no bias, weight decay: spec, parts 2 to 9."""
    rng = np.random.default_rng(0)
    W1, W2, X = rng.normal(size=(3, 4)), rng.normal(size=(2, 3)), rng.normal(size=(5, 4))
    T = np.eye(2)[rng.integers(0, 2, 5)]
    m, l2 = 5, 0.3
    Y1 = sigma(X @ W1.T)
    Y = softmax(Y1 @ W2.T)
    D2 = (Y - T) / m
    D1 = (D2 @ W2) * Y1 * (1 - Y1)
    net = Network([4, 3, 2], hidden="logistic", bias=False)
    trace = net.trace(net.parameters([W1, W2]), X, T, l2)
    expected = {
        "z(1)": X @ W1.T,
        "y(1)": Y1,
        "z(2)": Y1 @ W2.T,
        "y(2)": Y,
        "∂E/∂z(2)": D2,
        "∂E/∂y(2)": -T / Y / m,
        "∂E/∂y(1)": D2 @ W2,
        "∂E/∂z(1)": D1,
        "∂E/∂W(2)": D2.T @ Y1 + l2 * W2,
        "∂E/∂W(1)": D1.T @ X + l2 * W1,
        "∂E/∂x": D1 @ W1,
        "∂E/∂t": -np.log(Y) / m,
        "E": -np.sum(T * np.log(Y)) / m + l2 / 2 * (np.sum(W1**2) + np.sum(W2**2)),
    }
    assert set(trace) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(trace[name], value, rtol=1e-13, err_msg=name)


@pytest.mark.parametrize("case", EVERY_FIFTIETH, ids=str)
def test_loss_gradient_trace_and_outputs_tell_the_same_story(case: Case) -> None:
    samples, params = case.samples(), case.parameters()
    objective = Objective(case.network.architecture, case.l2)
    batch = Batch(samples.X, samples.T, samples.sample_weight)
    loss, gradient = ENGINE.loss_and_gradient(objective, params, batch)
    trace = ENGINE.trace(objective, params, batch)
    last = len(case.sizes) - 1
    assert loss == ENGINE.loss(objective, params, batch) == trace["E"].item()
    assert np.array_equal(
        trace[f"y({last})"], ENGINE.outputs(objective.architecture, params, samples.X)
    )
    for layer in range(1, last + 1):
        assert np.array_equal(trace[f"∂E/∂W({layer})"], gradient.weights[layer - 1])
        b = gradient.biases[layer - 1]
        assert (b is not None) == case.bias
        assert b is None or np.array_equal(trace[f"∂E/∂b({layer})"], b)


@pytest.mark.parametrize("case", EVERY_FIFTIETH, ids=str)
def test_float32_is_float32_throughout_and_near_float64(case: Case) -> None:
    objective = Objective(case.network.architecture, case.l2)
    results = []
    for dtype in (np.float64, np.float32):
        samples, params = case.samples(dtype), case.parameters(dtype)
        batch = Batch(samples.X, samples.T, samples.sample_weight)
        loss, gradient = ENGINE.loss_and_gradient(objective, params, batch)
        assert gradient.vector.dtype == dtype
        trace = ENGINE.trace(objective, params, batch)
        assert {name: a.dtype for name, a in trace.items() if a.dtype != dtype} == {}
        results.append((loss, gradient.vector))
    (double_loss, expected), (single_loss, given) = results
    assert single_loss == pytest.approx(double_loss, rel=2e-5)
    scale = np.max(np.abs(expected))
    np.testing.assert_allclose(given, expected, rtol=1e-3, atol=2e-5 * scale)


def test_inputs_parameters_and_targets_are_left_as_they_were() -> None:
    case = Case(("relu", "tanh"), "softmax", "cross_entropy", l2=0.3, weighted=True)
    samples, params = case.samples(), case.parameters()
    assert samples.sample_weight is not None
    before = [a.copy() for a in (samples.X, samples.T, samples.sample_weight, params.vector)]
    batch = Batch(samples.X, samples.T, samples.sample_weight)
    objective = Objective(case.network.architecture, case.l2)
    _, gradient = ENGINE.loss_and_gradient(objective, params, batch)
    ENGINE.trace(objective, params, batch)
    after = (samples.X, samples.T, samples.sample_weight, params.vector)
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert not np.shares_memory(gradient.vector, params.vector)


def test_a_batch_in_two_halves_has_the_mean_of_their_gradients() -> None:
    case = Case(("tanh", "relu"), "softmax", "cross_entropy", m=6)
    samples, params = case.samples(), case.parameters()
    objective = Objective(case.network.architecture)
    batch = Batch(samples.X, samples.T)
    whole = ENGINE.loss_and_gradient(objective, params, batch)[1].vector
    halves = [
        ENGINE.loss_and_gradient(objective, params, batch.rows(part))[1].vector
        for part in (slice(0, 3), slice(3, 6))
    ]
    np.testing.assert_allclose(whole, (halves[0] + halves[1]) / 2, rtol=1e-13, atol=1e-17)


def gradient_at(z: float, T: list[list[float]], output: str, loss: str) -> np.ndarray:
    """Take ``∂E/∂z`` of one sample with pre-activations z and, of two outputs, 0."""
    weights = np.array([[z], [0.0]][: len(T[0])])
    net = Network([1, len(T[0])], output=output, loss=loss, bias=False)
    return net.trace(net.parameters([weights]), [[1.0]], T)["∂E/∂z(1)"][0]


@pytest.mark.parametrize("z", [-1e4, -800.0, -730.0, -40.0])
def test_a_gradient_keeps_its_limit_where_the_output_rounds_to_zero(z: float) -> None:
    assert gradient_at(z, [[1.0]], "logistic", "cross_entropy") == pytest.approx([-1])
    assert gradient_at(z, [[3.0]], "logistic", "poisson") == pytest.approx([-3])
    assert gradient_at(z, [[0.25, 0.75]], "softmax", "poisson") == pytest.approx([-0.25, 0.25])


@pytest.mark.parametrize("z", [1e4, 800.0, 40.0])
def test_a_certain_output_that_is_right_costs_nothing(z: float) -> None:
    net = Network([1, 2], output="softmax", loss="binary_cross_entropy", bias=False)
    params = net.parameters([np.array([[z], [0.0]])])
    assert net.loss(params, [[1.0]], [[1.0, 0.0]]) == pytest.approx(0, abs=1e-15)
    given = gradient_at(z, [[1.0, 0.0]], "softmax", "binary_cross_entropy")
    assert given == pytest.approx([0, 0], abs=1e-15)


@pytest.mark.parametrize("z", [-1e4, -745.0, 745.0, 1e4])
@pytest.mark.parametrize("t", [0.0, 0.3, 1.0])
def test_canonical_pairs_are_right_however_certain_the_output(z: float, t: float) -> None:
    y = 1.0 if z > 0 else 0.0
    given = gradient_at(z, [[t]], "logistic", "binary_cross_entropy")
    assert given == pytest.approx([y - t], abs=1e-300)
    given = gradient_at(z, [[t, 1 - t]], "softmax", "cross_entropy")
    assert given == pytest.approx([y - t, t - y], rel=1e-15)


def test_a_sample_without_weight_counts_for_nothing_even_where_a_slope_is_infinite() -> None:
    net = Network([1, 1], output="exponential")
    trace = net.trace(net.init(), [[1.0], [2.0]], [0.0, 1.0], sample_weight=[0, 1])
    for name in ("∂E/∂t", "∂E/∂y(1)", "∂E/∂z(1)", "∂E/∂x"):
        assert trace[name][0].tolist() == [0]
    assert np.all(np.isfinite(trace["∂E/∂t"]))


def test_the_engine_goes_by_its_name() -> None:
    assert isinstance(engine_named("reference"), ReferenceEngine)
    assert all(name == engine.name for name, engine in ENGINES.items())
    with pytest.raises(UnknownNameError, match=r"there is no engine 'referense'.*'reference'"):
        engine_named("referense")
