import numpy as np
import pytest

from chainrule.errors import SpecificationError
from chainrule.network import Architecture
from chainrule.parameters import Parameters
from chainrule.training import Adam

GRADIENTS = np.random.default_rng(0).normal(size=(20, 2))


def parameters(dtype: type = np.float64) -> Parameters:
    architecture = Architecture.of([1, 1], output="identity")
    return Parameters.over(architecture, np.array([1.0, 2.0], dtype))


def test_the_steps_are_those_of_the_papers_first_algorithm() -> None:
    # Algorithm 1 as printed corrects the moments; with ε → 0 it is the form used here.
    params, solver = parameters(), Adam(0.8, 0.95, epsilon=1e-300)
    state = solver.start(params)
    theta, m, v = params.vector.copy(), np.zeros(2), np.zeros(2)
    for t, g in enumerate(GRADIENTS, start=1):
        solver.step(params, params.like(g.copy()), state, rate=0.1)
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g**2
        theta -= 0.1 * (m / (1 - 0.8**t)) / np.sqrt(v / (1 - 0.95**t))
    np.testing.assert_allclose(params.vector, theta, rtol=1e-12)
    assert state.t == len(GRADIENTS)


def test_epsilon_is_added_to_the_root_of_the_uncorrected_moment() -> None:
    params, solver = parameters(), Adam(epsilon=0.5)
    solver.step(params, params.like(np.array([3.0, -4.0])), solver.start(params), rate=0.1)
    rate = 0.1 * np.sqrt(0.001) / 0.1
    m, v = np.array([0.3, -0.4]), np.array([0.009, 0.016])
    np.testing.assert_allclose(params.vector, [1.0, 2.0] - rate * m / (np.sqrt(v) + 0.5))


def test_a_gradient_of_zero_moves_nothing() -> None:
    params, solver = parameters(), Adam()
    solver.step(params, params.zeros(), solver.start(params), rate=0.1)
    assert params.vector.tolist() == [1.0, 2.0]


def test_single_precision_stays_single() -> None:
    params, solver = parameters(np.float32), Adam()
    state = solver.start(params)
    solver.step(params, params.copy(), state, rate=0.1)
    assert {params.vector.dtype, *(slot.dtype for slot in state.slots.values())} == {
        np.dtype(np.float32)
    }


def test_decoupled_decay_is_line_twelve_of_the_algorithm() -> None:
    # Its λ is α·ω, its schedule multiplier η_t the rate over α, here a half in the second part.
    params, solver = parameters(), Adam(0.8, 0.95, epsilon=1e-300, weight_decay=0.3)
    state = solver.start(params)
    theta, m, v, alpha = params.vector.copy(), np.zeros(2), np.zeros(2), 0.1
    for t, g in enumerate(GRADIENTS, start=1):
        eta = 1.0 if t <= 10 else 0.5
        solver.step(params, params.like(g.copy()), state, rate=eta * alpha)
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g**2
        adam = alpha * (m / (1 - 0.8**t)) / np.sqrt(v / (1 - 0.95**t))
        theta -= eta * (adam + np.array([alpha * 0.3 * theta[0], 0.0]))
    np.testing.assert_allclose(params.vector, theta, rtol=1e-12)


def test_decay_takes_a_share_of_every_weight_and_nothing_of_a_bias() -> None:
    architecture = Architecture.of([2, 3, 2])
    params = Parameters.over(architecture, np.ones(architecture.n_parameters))
    solver = Adam(weight_decay=0.1)
    solver.step(params, params.zeros(), solver.start(params), rate=0.5)
    assert {float(w) for W in params.weights for w in W.ravel()} == {0.95}
    assert {float(b) for biases in params.biases if biases is not None for b in biases} == {1.0}


def test_without_decay_the_steps_are_those_of_adam_to_the_bit() -> None:
    decayed, plain = parameters(), parameters()
    pairs = [(Adam(weight_decay=0.0), decayed), (Adam(), plain)]
    for solver, params in pairs:
        state = solver.start(params)
        for g in GRADIENTS:
            solver.step(params, params.like(g.copy()), state, rate=0.1)
    assert decayed.vector.tobytes() == plain.vector.tobytes()


def test_single_precision_stays_single_under_decay() -> None:
    params, solver = parameters(np.float32), Adam(weight_decay=0.1)
    solver.step(params, params.copy(), solver.start(params), rate=0.1)
    assert params.vector.dtype == np.float32


@pytest.mark.parametrize(
    "wrong", [{"beta_1": 1.0}, {"beta_2": -0.1}, {"epsilon": 0.0}, {"weight_decay": -1.0}]
)
def test_hyperparameters_outside_their_range_are_refused(wrong: dict[str, float]) -> None:
    (name,) = wrong
    with pytest.raises(SpecificationError, match=f"{name} must be"):
        Adam(**wrong)
