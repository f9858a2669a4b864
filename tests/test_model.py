"""The public network: what it computes, what it takes, what it refuses and how it says so."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from cases import SPECIAL, Case

import chainrule
from chainrule import Network, Parameters
from chainrule.errors import (
    ChainruleError,
    DataError,
    ShapeError,
    SpecificationError,
    UnknownNameError,
)

NET = Network([3, 4, 2], hidden="tanh")
PARAMS = NET.init(seed=0)
X = np.array([[0.1, -0.2, 0.3], [1.0, 0.5, -0.5], [-0.7, 0.4, 0.9]])
LABELS = np.array([0, 1, 1])
ONE_HOT = np.eye(2)[LABELS]


@pytest.mark.parametrize("seed", range(5))
def test_one_logistic_unit_has_the_gradients_of_part_one(seed: int) -> None:
    """``E = -t log σ(wᵀx)``: ``∂E/∂t = -log σ(wᵀx)`` and ``∂E/∂x = -t (1 - σ(wᵀx)) wᵀ``."""
    rng = np.random.default_rng(seed)
    w, x, t = rng.normal(size=(1, 5)), rng.normal(size=(1, 5)), rng.uniform(0.1, 2)
    net = Network([5, 1], output="logistic", loss="cross_entropy", bias=False)
    trace = net.trace(net.parameters([w]), x, [t])
    sigma = 1 / (1 + np.exp(-(w @ x.T)))
    np.testing.assert_allclose(trace["E"], (-t * np.log(sigma)).item(), rtol=1e-13)
    np.testing.assert_allclose(trace["∂E/∂t"], -np.log(sigma), rtol=1e-13)
    np.testing.assert_allclose(trace["∂E/∂x"], -t * (1 - sigma) * w, rtol=1e-13)


def test_labels_and_one_hot_rows_are_the_same_targets() -> None:
    assert NET.loss(PARAMS, X, LABELS) == NET.loss(PARAMS, X, ONE_HOT)
    gradients = [NET.gradient(PARAMS, X, T).vector for T in (LABELS, ONE_HOT, LABELS.tolist())]
    assert all(np.array_equal(gradients[0], other) for other in gradients)


def test_one_output_takes_targets_in_one_dimension_or_two() -> None:
    net = Network([3, 2, 1], output="identity")
    T = [0.5, -1.0, 2.0]
    assert net.loss(net.init(), X, T) == net.loss(net.init(), X, np.array(T)[:, None])


def test_predictions_are_the_outputs() -> None:
    outputs = NET.predict(PARAMS, X)
    assert outputs.shape == (3, 2)
    assert np.array_equal(outputs, NET.trace(PARAMS, X, LABELS)["y(2)"])
    assert NET.predict(PARAMS, np.empty((0, 3))).shape == (0, 2)


def test_float32_stays_float32() -> None:
    single = NET.init(seed=0, dtype=np.float32)
    loss = NET.loss(single, X, LABELS)
    assert isinstance(loss, float)
    assert loss == pytest.approx(NET.loss(PARAMS, X, LABELS), rel=1e-6)
    assert NET.gradient(single, X, LABELS).vector.dtype == np.float32
    assert NET.predict(single, X).dtype == np.float32
    trace = NET.trace(single, X, LABELS, 0.1, [1.0, 2.0, 0.5])
    assert {array.dtype for array in trace.values()} == {np.dtype(np.float32)}


def test_the_trace_has_every_quantity_of_the_page_in_its_shape() -> None:
    trace = NET.trace(PARAMS, X, LABELS)
    assert {name: array.shape for name, array in trace.items()} == {
        "E": (),
        "z(1)": (3, 4),
        "y(1)": (3, 4),
        "z(2)": (3, 2),
        "y(2)": (3, 2),
        "∂E/∂z(1)": (3, 4),
        "∂E/∂y(1)": (3, 4),
        "∂E/∂z(2)": (3, 2),
        "∂E/∂y(2)": (3, 2),
        "∂E/∂W(1)": (4, 3),
        "∂E/∂b(1)": (4,),
        "∂E/∂W(2)": (2, 4),
        "∂E/∂b(2)": (2,),
        "∂E/∂x": (3, 3),
        "∂E/∂t": (3, 2),
    }


def test_without_biases_the_trace_has_no_gradients_of_them() -> None:
    net = Network([3, 4, 2], bias=False)
    assert not [name for name in net.trace(net.init(), X, LABELS) if "b(" in name]


def test_a_plain_d_may_stand_for_the_curly_one() -> None:
    trace = NET.trace(PARAMS, X, LABELS)
    assert trace["dE/dW(1)"] is trace["∂E/∂W(1)"]
    assert "dE/dx" in trace
    assert "∂E/∂x" in trace
    assert "dE/dW(3)" not in trace
    assert len(trace) == len(list(trace)) == 15
    with pytest.raises(UnknownNameError, match=r"no quantity 'dE/dW\(3\)'"):
        trace["dE/dW(3)"]
    assert "∂E/∂W(2): (2, 4)" in repr(trace)


@pytest.mark.parametrize("case", SPECIAL[::5], ids=str)
def test_the_gradients_of_the_trace_are_those_of_gradient(case: Case) -> None:
    samples, params = case.samples(), case.parameters()
    data = (params, samples.X, samples.T, case.l2, samples.sample_weight)
    gradient, trace = case.network.gradient(*data), case.network.trace(*data)
    assert trace["E"].item() == case.network.loss(*data)
    for layer, (W, b) in enumerate(zip(gradient.weights, gradient.biases, strict=True), 1):
        assert np.array_equal(trace[f"∂E/∂W({layer})"], W)
        assert b is None or np.array_equal(trace[f"∂E/∂b({layer})"], b)


def test_a_weight_of_zero_drops_the_sample() -> None:
    weights = [1.0, 0.0, 2.0]
    dropped = [0, 2]
    some = NET.gradient(PARAMS, X, LABELS, 0.1, weights).vector
    rest = NET.gradient(PARAMS, X[dropped], LABELS[dropped], 0.1, [1.0, 2.0]).vector
    np.testing.assert_allclose(some, rest, rtol=1e-13, atol=1e-17)
    trace = NET.trace(PARAMS, X, LABELS, 0.1, weights)
    assert not trace["∂E/∂x"][1].any()
    assert not trace["∂E/∂t"][1].any()


def test_a_weight_of_two_is_the_sample_twice() -> None:
    twice = [0, 1, 1, 2]
    weighted = NET.loss(PARAMS, X, LABELS, 0.1, [1, 2, 1])
    repeated = NET.loss(PARAMS, X[twice], LABELS[twice], 0.1)
    assert weighted == pytest.approx(repeated, rel=1e-14)


def test_equal_weights_are_no_weights() -> None:
    assert NET.loss(PARAMS, X, LABELS, 0.1, [7, 7, 7]) == pytest.approx(
        NET.loss(PARAMS, X, LABELS, 0.1), rel=1e-14
    )


def test_the_penalty_adds_half_lambda_of_the_squares_and_spares_the_biases() -> None:
    squares = sum(np.sum(W**2) for W in PARAMS.weights)
    assert NET.loss(PARAMS, X, LABELS, l2=0.3) == pytest.approx(
        NET.loss(PARAMS, X, LABELS) + 0.15 * squares
    )
    plain, decayed = NET.gradient(PARAMS, X, LABELS), NET.gradient(PARAMS, X, LABELS, l2=0.3)
    for W, before, after in zip(PARAMS.weights, plain.weights, decayed.weights, strict=True):
        np.testing.assert_allclose(after, before + 0.3 * W)
    for b, c in zip(plain.biases, decayed.biases, strict=True):
        assert b is not None
        assert c is not None
        assert np.array_equal(b, c)


def test_a_softmax_of_one_output_learns_nothing() -> None:
    net = Network([3, 2, 1])
    assert net.loss(net.init(), X, [1, 1, 1]) == 0
    assert not net.gradient(net.init(), X, [1, 1, 1]).vector.any()


def test_a_network_says_what_it_is() -> None:
    assert repr(NET) == (
        "Network([3, 4, 2], hidden=['tanh'], output='softmax', loss='cross_entropy', bias=True)"
    )


def test_the_package_offers_the_names_of_its_face() -> None:
    assert {"Network", "Parameters", "check_gradient"} <= set(chainrule.__all__)


# --- parameters from arrays


def test_parameters_are_made_of_copies() -> None:
    net = Network([2, 2], bias=False)
    W = np.eye(2)
    params = net.parameters([W])
    W[0, 0] = 9
    assert params.weights[0].tolist() == [[1, 0], [0, 1]]


def test_parameters_may_be_given_as_lists() -> None:
    params = Network([2, 1], output="identity").parameters([([[1, 2]], [3])])
    assert params.vector.tolist() == [1, 2, 3]


def test_parameters_are_float32_only_if_all_arrays_are() -> None:
    net = Network([1, 1, 1], output="identity", bias=False)
    single, double = np.ones((1, 1), np.float32), np.ones((1, 1))
    assert net.parameters([single, single]).vector.dtype == np.float32
    assert net.parameters([single, double]).vector.dtype == np.float64
    assert net.parameters([[[1]], [[1]]]).vector.dtype == np.float64


W1, b1, W2, b2 = np.ones((4, 3)), np.ones(4), np.ones((2, 4)), np.ones(2)


@pytest.mark.parametrize(
    ("arrays", "error", "message"),
    [
        ([(W1, b1)], SpecificationError, "1 layers of parameters do not fit 2 layers"),
        ([W1, W2], SpecificationError, r"layer 1 needs a bias: give \(W, b\)"),
        ([(W1, b1), (W2,)], SpecificationError, r"layer 2 needs a bias: give \(W, b\)"),
        ([(W1, b1), (W2, b2, b2)], SpecificationError, r"layer 2 needs a bias"),
        ([(W1.T, b1), (W2, b2)], ShapeError, r"W\(1\): \(3, 4\) does not fit \(4, 3\)"),
        ([(W1, b1), (W2, b1)], ShapeError, r"b\(2\): \(4,\) does not fit \(2,\)"),
        ([(W1, b1), (W2 * np.nan, b2)], DataError, r"W\(2\) has a value that is not finite at"),
        ([(W1, b1), ([[1], [2, 3]], b2)], DataError, r"W\(2\) must be an array of real numbers"),
        ([(W1, "b"), (W2, b2)], DataError, r"b\(1\) must be an array of real numbers"),
    ],
)
def test_arrays_that_are_no_parameters_are_refused(
    arrays: list[Any], error: type[ChainruleError], message: str
) -> None:
    with pytest.raises(error, match=message):
        NET.parameters(arrays)


def test_a_network_without_biases_takes_none() -> None:
    with pytest.raises(SpecificationError, match="layer 1 has no biases: give W alone"):
        Network([3, 4, 2], bias=False).parameters([(W1, b1), (W2, b2)])


# --- refusals

Call = Callable[..., Any]
CALLS: list[Call] = [NET.loss, NET.gradient, NET.trace]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"X": X[:, :2]}, ShapeError, r"^X: \(3, 2\) does not fit \(m, 3\)"),
        ({"X": X[0]}, ShapeError, r"one sample is X.reshape\(1, -1\)"),
        ({"X": X[:0], "T": LABELS[:0]}, DataError, "^X has no rows"),
        (
            {"X": np.where(X == 0.5, np.nan, X)},
            DataError,
            r"^X has a value that is not finite at \(1, 1\)",
        ),
        ({"X": [["a", "b", "c"]] * 3}, DataError, "^X must be an array of real numbers"),
        ({"X": X + 1j}, DataError, "^X must be an array of real numbers: it is complex"),
        ({"T": LABELS[:2]}, ShapeError, r"^T: \(2,\) does not fit \(3, 2\); X has 3 rows"),
        ({"T": [0, 1, 2]}, DataError, "^label 2 in row 2 is not one of the 2 classes 0 … 1$"),
        ({"T": ONE_HOT + 1e-5}, DataError, "^the targets of row 0 sum to 1.00002"),
        ({"l2": -0.1}, SpecificationError, "^l2 must be a finite number that is not negative"),
        ({"l2": np.nan}, SpecificationError, "^l2 must be a finite number"),
        ({"l2": "big"}, SpecificationError, "^l2 must be a finite number .*, got 'big'$"),
        ({"sample_weight": [1, 2]}, ShapeError, r"^sample_weight: \(2,\) does not fit \(3,\)"),
        ({"sample_weight": [1, -2, 1]}, DataError, "^sample weights must not be negative"),
        ({"sample_weight": [0, 0, 0]}, DataError, "one at least must be positive$"),
        ({"sample_weight": [1, np.inf, 1]}, DataError, "^sample_weight has a value that is not"),
        ({"engine": "natve"}, UnknownNameError, "^there is no engine 'natve'"),
        (
            {"params": Network([3, 5, 2]).init()},
            ShapeError,
            "^parameters: 5 × 3, 2 × 5 with biases",
        ),
        (
            {"params": Network([3, 4, 2], bias=False).init()},
            ShapeError,
            "without biases does not fit 4 × 3, 2 × 4 with biases; make them with this network's",
        ),
        ({"params": [W1, W2]}, SpecificationError, "^params must be what .* makes, got a list$"),
        (
            {"params": PARAMS.like(np.arange(26))},
            SpecificationError,
            "must be float64 or float32, got int64$",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(
    call: Call, arguments: dict[str, Any], error: type[ChainruleError], message: str
) -> None:
    given = {"params": PARAMS, "X": X, "T": LABELS} | arguments
    with pytest.raises(error, match=message) as caught:
        call(**given)
    assert "\n" not in str(caught.value)


def test_parameters_of_the_same_shape_may_come_from_another_network() -> None:
    other: Parameters = Network([3, 4, 2], hidden="relu").init(seed=5)
    assert np.isfinite(NET.loss(other, X, LABELS))


def test_a_check_refuses_what_a_loss_refuses() -> None:
    with pytest.raises(ShapeError, match=r"^X: \(3, 2\)"):
        chainrule.check_gradient(NET, PARAMS, X[:, :2], LABELS)
    with pytest.raises(SpecificationError, match="params must be"):
        chainrule.check_gradient(NET, [W1, W2], X, LABELS)  # type: ignore[arg-type]
