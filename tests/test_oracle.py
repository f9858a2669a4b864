"""The oracle against derivatives worked out without any of chainrule.

`plain_gradients` is loops over indices, with every formula written out; another network's loss is
written in 50 digits and differentiated by mpmath.
"""

import math
from dataclasses import dataclass, replace

import mpmath
import numpy as np
import pytest
from cases import Case

from chainrule import Network, Parameters
from chainrule.arrays import Array
from chainrule.calculus import Constant, Function
from chainrule.errors import UnknownNameError
from chainrule.functions import RELU, TANH
from chainrule.losses import HUBER, SQUARED_ERROR
from chainrule.objective import Batch, Objective
from chainrule.oracle import COMPLEX_STEP, Oracle

mpmath.mp.dps = 50


@dataclass(frozen=True)
class Problem:
    """Two layers, tanh and softmax, cross-entropy, decay and sample weights."""

    W1: Array
    b1: Array
    W2: Array
    b2: Array
    X: Array
    T: Array
    w: Array
    l2: float

    @classmethod
    def random(cls, seed: int) -> "Problem":
        rng = np.random.default_rng(seed)
        T = rng.uniform(0.1, 1, (4, 3))
        return cls(
            W1=rng.normal(size=(5, 2)),
            b1=rng.normal(size=5),
            W2=rng.normal(size=(3, 5)),
            b2=rng.normal(size=3),
            X=rng.normal(size=(4, 2)),
            T=T / T.sum(axis=1, keepdims=True),
            w=rng.uniform(0.5, 2, 4),
            l2=0.3,
        )

    def oracle(self) -> Oracle:
        net = Network([2, 5, 3], hidden="tanh")
        params = net.parameters([(self.W1, self.b1), (self.W2, self.b2)])
        return Oracle(Objective(net.architecture, self.l2), params, Batch(self.X, self.T, self.w))


def plain_gradients(p: Problem) -> dict[str, Array]:
    """Write every gradient out by its indices; nothing here is a matrix product."""
    m, n0, n1, n2 = 4, 2, 5, 3
    total = sum(p.w)
    dW1, db1 = p.l2 * p.W1, np.zeros(n1)
    dW2, db2 = p.l2 * p.W2, np.zeros(n2)
    dX, dT = np.zeros((m, n0)), np.zeros((m, n2))
    dz1, dy1 = np.zeros((m, n1)), np.zeros((m, n1))
    dz2, dy2 = np.zeros((m, n2)), np.zeros((m, n2))
    for j in range(m):
        share = p.w[j] / total
        z1 = [sum(p.W1[u, v] * p.X[j, v] for v in range(n0)) + p.b1[u] for u in range(n1)]
        y1 = [math.tanh(z) for z in z1]
        z2 = [sum(p.W2[u, v] * y1[v] for v in range(n1)) + p.b2[u] for u in range(n2)]
        sum_of_exp = sum(math.exp(z) for z in z2)
        y2 = [math.exp(z) / sum_of_exp for z in z2]
        for u in range(n2):
            dT[j, u] = -share * math.log(y2[u])
            dy2[j, u] = -share * p.T[j, u] / y2[u]
            dz2[j, u] = share * (y2[u] - p.T[j, u])
            db2[u] += dz2[j, u]
            for v in range(n1):
                dW2[u, v] += dz2[j, u] * y1[v]
        for v in range(n1):
            dy1[j, v] = sum(dz2[j, u] * p.W2[u, v] for u in range(n2))
            dz1[j, v] = dy1[j, v] * (1 - y1[v] ** 2)
            db1[v] += dz1[j, v]
            for k in range(n0):
                dW1[v, k] += dz1[j, v] * p.X[j, k]
        for k in range(n0):
            dX[j, k] = sum(dz1[j, v] * p.W1[v, k] for v in range(n1))
    return {
        "W(1)": dW1,
        "b(1)": db1,
        "W(2)": dW2,
        "b(2)": db2,
        "x": dX,
        "t": dT,
        "z(1)": dz1,
        "y(1)": dy1,
        "z(2)": dz2,
        "y(2)": dy2,
    }


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_oracle_agrees_with_loops_over_indices(seed: int) -> None:
    problem = Problem.random(seed)
    oracle = problem.oracle()
    for name, expected in plain_gradients(problem).items():
        given = oracle.derivative(name, np.arange(expected.size)).reshape(expected.shape)
        np.testing.assert_allclose(given, expected, rtol=1e-12, atol=1e-15, err_msg=name)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_engine_agrees_with_loops_over_indices(seed: int) -> None:
    p = Problem.random(seed)
    net = Network([2, 5, 3], hidden="tanh")
    params = net.parameters([(p.W1, p.b1), (p.W2, p.b2)])
    trace = net.trace(params, p.X, p.T, p.l2, p.w)
    for name, expected in plain_gradients(p).items():
        np.testing.assert_allclose(trace[f"∂E/∂{name}"], expected, rtol=1e-12, atol=1e-15)


def test_the_oracle_agrees_with_mpmath_on_a_network_of_another_kind() -> None:
    """Softplus, then logistic outputs with the squared error: no canonical pair."""
    W1, b1 = [[0.3, -0.8], [1.1, 0.2]], [0.1, -0.4]
    W2, b2 = [[0.7, -0.5]], [0.25]
    X, T = [[0.6, -1.2], [0.9, 0.4]], [[0.2], [0.7]]
    l2 = mpmath.mpf(0.2)

    def loss(w11: mpmath.mpf) -> mpmath.mpf:
        weights = [[w11, W1[0][1]], W1[1]]
        total = mpmath.mpf(0)
        for x, t in zip(X, T, strict=True):
            z1 = [sum(mpmath.mpf(a) * b for a, b in zip(r, x, strict=True)) for r in weights]
            y1 = [mpmath.log(1 + mpmath.exp(z + c)) for z, c in zip(z1, b1, strict=True)]
            z2 = sum(a * mpmath.mpf(b) for a, b in zip(y1, W2[0], strict=True)) + b2[0]
            total += (1 / (1 + mpmath.exp(-z2)) - t[0]) ** 2 / 2
        squares = sum(mpmath.mpf(v) ** 2 for row in [*weights, *W2] for v in row)
        return total / 2 + l2 / 2 * squares

    net = Network([2, 2, 1], hidden="softplus", output="logistic", loss="squared_error")
    params = net.parameters([(np.array(W1), np.array(b1)), (np.array(W2), np.array(b2))])
    objective = Objective(net.architecture, 0.2)
    oracle = Oracle(objective, params, Batch(np.array(X), np.array(T)))
    expected = float(mpmath.diff(loss, mpmath.mpf(W1[0][0])))
    assert oracle.derivative("W(1)", np.array([0])).item() == pytest.approx(expected, rel=1e-14)
    here = float(loss(mpmath.mpf(W1[0][0])))
    assert net.loss(params, X, T, l2=0.2) == pytest.approx(here, rel=1e-14)


def test_the_oracle_uses_no_derivative_formula() -> None:
    nonsense = Constant(float("nan"))
    blind = replace(TANH, derivative=nonsense)
    loss = replace(SQUARED_ERROR, by_output=nonsense, by_target=nonsense, delta=nonsense)
    seeing = Network([2, 3, 1], hidden="tanh", output="identity")
    net = Network([2, 3, 1], hidden=blind, output="identity", loss=loss)
    batch = Batch(np.array([[0.5, -1.0]]), np.array([[0.3]]))
    for name, size in [("W(1)", 6), ("b(2)", 1), ("x", 2), ("t", 1), ("z(1)", 3), ("y(2)", 1)]:
        given, expected = (
            Oracle(Objective(n.architecture), n.init(), batch).derivative(name, np.arange(size))
            for n in (net, seeing)
        )
        assert np.array_equal(given, expected)


def test_differences_and_the_complex_step_agree_where_both_may_be_taken() -> None:
    for case in [
        Case(("tanh", "mish"), "softmax", "cross_entropy", l2=0.3, weighted=True),
        Case(("logistic", "gelu"), "exponential", "poisson"),
        Case(("silu", "softplus"), "logistic", "binary_cross_entropy"),
    ]:
        samples = case.samples()
        batch = Batch(samples.X, samples.T, samples.sample_weight)
        architecture = case.network.architecture
        hidden = tuple(replace(function, analytic=False) for function in architecture.hidden)
        stepped = Oracle(Objective(architecture, case.l2), case.parameters(), batch)
        blunt = replace(architecture, hidden=hidden)
        differenced = Oracle(Objective(blunt, case.l2), case.parameters(), batch)
        assert (stepped.method, differenced.method) == ("complex step", "differences")
        for name in ("x", "t", "W(1)", "b(2)", "z(2)", "y(1)", "y(3)"):
            entries = np.arange(stepped.value(name).size)
            exact = stepped.derivative(name, entries)
            near = differenced.derivative(name, entries)
            scale = np.max(np.abs(exact))
            np.testing.assert_allclose(near, exact, rtol=1e-7, atol=1e-8 * scale, err_msg=name)


def one_weight(w: float, hidden: Function = RELU) -> tuple[Network, Parameters, Batch]:
    net = Network([1, 1, 1], hidden=hidden, output="identity", bias=False)
    params = net.parameters([np.array([[w]]), np.array([[1.0]])])
    return net, params, Batch(np.array([[1.0]]), np.array([[-1.0]]))


def test_at_a_kink_there_is_no_derivative() -> None:
    net, params, batch = one_weight(0.0)
    oracle = Oracle(Objective(net.architecture), params, batch)
    assert np.isnan(oracle.derivative("W(1)", np.array([0]))).all()


@pytest.mark.parametrize("w", [1e-3, -1e-3, 0.1, 3.0, -3.0])
def test_beside_a_kink_the_derivative_is_that_of_its_side(w: float) -> None:
    net = Network([1, 2, 1], hidden="relu", output="identity", bias=False)
    params = net.parameters([np.array([[w], [2.0]]), np.array([[1.0, 1.0]])])
    batch = Batch(np.array([[1.0]]), np.array([[-1.0]]))
    given = Oracle(Objective(net.architecture), params, batch).derivative("W(1)", np.arange(2))
    residual = max(w, 0) + 2 + 1
    assert given.tolist() == pytest.approx([residual if w > 0 else 0, residual], rel=1e-8, abs=1e-9)


def test_a_bend_without_a_kink_has_its_derivative() -> None:
    net = Network([1, 1], output="identity", loss=HUBER, bias=False)
    params = net.parameters([np.array([[1.0]])])
    batch = Batch(np.array([[1.0]]), np.array([[0.0]]))  # the residual is at delta exactly
    given = Oracle(Objective(net.architecture), params, batch).derivative("W(1)", np.array([0]))
    assert given.item() == pytest.approx(1.0, rel=1e-6)


def test_outputs_and_targets_that_must_stay_positive_do() -> None:
    net = Network([1, 1, 2], hidden="relu", output="exponential")
    params = net.parameters([([[1.0]], [0.5]), ([[-9.0], [1.0]], [0.0, 0.0])])
    batch = Batch(np.array([[1.0]]), np.array([[3e-6, 2.0]]))
    oracle = Oracle(Objective(net.architecture), params, batch)
    y, t = oracle.value("y(2)"), batch.T
    by_output, by_target = (oracle.derivative(name, np.arange(2)) for name in ("y(2)", "t"))
    assert by_output.tolist() == pytest.approx((1 - t / y)[0].tolist(), rel=1e-6)
    assert by_target.tolist() == pytest.approx(np.log(t / y)[0].tolist(), rel=1e-6)


def test_large_arrays_are_taken_in_pieces_and_give_the_same() -> None:
    net = Network([400, 3, 2], hidden="tanh")
    rng = np.random.default_rng(0)
    batch = Batch(rng.normal(size=(3, 400)), np.eye(2)[[0, 1, 1]])
    oracle = Oracle(Objective(net.architecture), net.init(), batch)
    whole = oracle.derivative("W(1)", np.arange(1200))
    some = oracle.derivative("W(1)", np.array([5, 700, 1199]))
    np.testing.assert_allclose(some, whole[[5, 700, 1199]], rtol=1e-14)


def test_no_entries_have_no_derivatives() -> None:
    net, params, batch = one_weight(1.0, TANH)
    oracle = Oracle(Objective(net.architecture), params, batch)
    assert oracle.derivative("x", np.arange(0)).size == 0


def test_quantities_go_by_their_names() -> None:
    problem = Problem.random(0)
    oracle = problem.oracle()
    assert np.array_equal(oracle.value("x"), problem.X)
    assert np.array_equal(oracle.value("W(2)"), problem.W2)
    np.testing.assert_allclose(oracle.value("z(1)"), problem.X @ problem.W1.T + problem.b1)
    with pytest.raises(UnknownNameError, match=r"no quantity 'W\(3\)' .* choose from x, t, W\(1\)"):
        oracle.value("W(3)")


# Moving quantities


def test_what_moves_has_the_slopes_of_the_loss() -> None:
    oracle = Problem.random(5).oracle()
    for name in ("x", "t", "W(1)", "b(2)", "z(1)", "y(1)", "y(2)"):
        moved = oracle.moved(name)
        entries = np.arange(oracle.value(name).size)
        slopes = np.imag(moved["E"]) / COMPLEX_STEP
        np.testing.assert_allclose(slopes, oracle.derivative(name, entries), rtol=1e-12)
        assert moved[name].shape == (entries.size, *oracle.value(name).shape)


def test_what_does_not_follow_does_not_move() -> None:
    moved = Problem.random(5).oracle().moved("W(2)")
    assert not np.iscomplexobj(moved["z(1)"])
    assert np.iscomplexobj(moved["z(2)"])
    assert moved["ℓ"].shape == (15, 4)


def test_a_kinked_network_moves_within_the_branch_of_the_point() -> None:
    case = Case(("relu",), "identity", "absolute_error", sizes=(3, 6, 2))
    params, samples = case.parameters(), case.samples()
    batch = Batch(samples.X, samples.T)
    oracle = Oracle(Objective(case.network.architecture), params, batch)
    slopes = np.imag(oracle.moved("W(1)")["E"]) / COMPLEX_STEP
    differences = oracle.derivative("W(1)", np.arange(18))
    np.testing.assert_allclose(slopes, differences, rtol=1e-6, atol=1e-9)
