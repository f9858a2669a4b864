"""The code beside the formulas: it runs, and comes to what the reference engine does."""

from typing import Any

import numpy as np
import pytest
import scipy.special
from cases import ACTIVATIONS, PAIRS, Case

from chainrule import Derivation, Network, Trace, derive
from chainrule.arrays import Array
from chainrule.errors import UnknownNameError

LAYOUTS = ("mixed", "numerator", "denominator")


def run_assembled(derivation: Derivation, case: Case) -> tuple[float, list[Array]]:
    """Run the function at the end of a page, as somebody who pastes it would."""
    space: dict[str, Any] = {}
    exec(derivation.to_dict()["code"], space)
    params, samples = case.parameters(), case.samples()
    biases = [b[:, None] for b in params.biases if b is not None]
    decay = [case.l2] if case.l2 else []
    E, *gradients = space["gradient"](samples.X, samples.T, *params.weights, *biases, *decay)
    return E, gradients


def check_assembled(case: Case, layout: str) -> None:
    derivation = derive(case.network, layout, l2=case.l2 > 0, code="numpy")
    E, gradients = run_assembled(derivation, case)
    params, samples = case.parameters(), case.samples()
    net = case.network
    assert pytest.approx(net.loss(params, samples.X, samples.T, case.l2), rel=1e-12) == E
    expected = net.gradient(params, samples.X, samples.T, case.l2)
    wanted = [*expected.weights, *(b for b in expected.biases if b is not None)]
    assert len(gradients) == len(wanted)
    for found, right in zip(gradients, wanted, strict=True):
        transposes = layout == "numerator" and right.ndim == 2
        given = found.T if transposes else found.reshape(right.shape)
        np.testing.assert_allclose(given, right, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_the_function_equals_the_reference_engine_for_every_loss(pair: tuple[str, str]) -> None:
    check_assembled(Case(("tanh",), *pair, m=4, l2=0.3, sizes=(3, 5, 2)), "mixed")


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_function_equals_the_reference_engine_for_every_activation(name: str) -> None:
    case = Case((name, name), "softmax", "cross_entropy", bias=False, m=4, sizes=(3, 5, 4, 2))
    check_assembled(case, "mixed")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_function_keeps_to_the_layout(layout: str) -> None:
    check_assembled(
        Case(("logistic",), "logistic", "binary_cross_entropy", sizes=(3, 4, 2)), layout
    )
    check_assembled(Case((), "logistic", "binary_cross_entropy", sizes=(3, 1)), layout)


SAMPLES = Case(("mish", "logistic"), "softmax", "cross_entropy", m=1, sizes=(3, 5, 4, 2))


def settled(lines: list[str], space: dict[str, Any]) -> None:
    """Run lines of which some need what others below them compute."""
    waiting = lines
    while waiting:
        left: list[str] = []
        for line in waiting:
            try:
                exec(line, space)
            except NameError:
                left.append(line)
        assert len(left) < len(waiting), left
        waiting = left


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_the_lines_beside_the_formulas_of_one_sample_come_to_the_trace(detail: str) -> None:
    derivation = derive(SAMPLES.network, code="numpy", detail=detail)
    record = derivation.to_dict()
    params, samples = SAMPLES.parameters(), SAMPLES.samples()
    space: dict[str, Any] = {"np": np, "scipy": scipy}
    exec(record["code"], space)  # for its functions
    space |= {"x": samples.X.T, "t": samples.T.T}
    for layer, (W, b) in enumerate(zip(params.weights, params.biases, strict=True), start=1):
        assert b is not None
        space |= {f"W{layer}": W, f"b{layer}": b[:, None]}
    one_sample = [s["code"] for s in record["steps"] if s["part"] < 8 and s["code"]]
    settled(one_sample, space)
    trace = SAMPLES.network.trace(params, samples.X, samples.T)
    check_trace(trace, space)


def check_trace(trace: Trace, space: dict[str, Any]) -> None:
    compared = 0
    for name, value in trace.items():
        found = name.replace("y(3)", "y").replace("∂", "d").replace("/", "_")
        found = found.replace("(", "").replace(")", "")
        if found in space and found != "dE_dt":
            given = space[found]
            wanted = value.T if found[0] in "zy" else value
            np.testing.assert_allclose(given, wanted.reshape(given.shape), rtol=1e-10)
            compared += 1
    assert compared > 12


def test_letters_of_other_alphabets_get_names() -> None:
    symbols = {"targets": "y", "weights": "θ", "hidden_outputs": "h"}
    code = derive(Network([3, 4, 2]), symbols=symbols, code="numpy").to_dict()["code"]
    assert "def gradient(X, Y, theta1, theta2, b1, b2):" in code
    assert "Delta2 = (Y_hat - Y) / m" in code
    compile(code, "code", "exec")


def test_every_format_has_the_code() -> None:
    derivation = derive(Network([3, 4, 2]), code="numpy")
    line = "Delta2 = (Y - T) / m"
    pages = [
        derivation.to_text(),
        derivation.to_latex(),
        derivation.to_markdown(),
        derivation.to_html(),
    ]
    assert all(page.count(line) == 2 for page in pages)


@pytest.mark.parametrize(
    ("output", "loss"),
    [
        ("softmax", "cross_entropy"),
        ("softmax", "binary_cross_entropy"),
        ("logistic", "cross_entropy"),
        ("logistic", "binary_cross_entropy"),
        ("exponential", "poisson"),
        ("logistic", "poisson"),
        ("softmax", "poisson"),
    ],
)
@pytest.mark.parametrize("scale", [1.0, 900.0])
def test_zero_counts_and_saturated_outputs_are_those_of_the_engine(
    output: str, loss: str, scale: float
) -> None:
    net = Network([2, 3], output=output, loss=loss, bias=False)
    space: dict[str, Any] = {}
    exec(derive(net, code="numpy").to_dict()["code"], space)
    X = np.array([[1.0, 0.0], [0.0, 1.0], [0.3, -0.2]])
    T = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    if loss == "binary_cross_entropy" and output == "softmax":
        T[2] = T[0]  # the code divides by 1 - y, which the engine does not where y is 1
    W = np.array([[1.0, -0.5], [-0.7, 0.2], [0.1, 0.6]]) * (
        min(scale, 500) if output == "exponential" else scale
    )
    params = net.init(seed=0)
    params.weights[0][...] = W
    E, gradient = space["gradient"](X, T, W)
    assert np.isfinite(E)
    assert pytest.approx(net.loss(params, X, T), rel=1e-12) == E
    expected = net.gradient(params, X, T).weights[0]
    np.testing.assert_allclose(gradient, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_do_not_overflow(name: str) -> None:
    net = Network([1, 1, 1], hidden=name, output="identity", bias=False)
    space: dict[str, Any] = {}
    exec(derive(net, code="numpy").to_dict()["code"], space)
    X, T = np.array([[-900.0], [900.0]]), np.zeros((2, 1))
    one = np.ones((1, 1))
    E, *gradients = space["gradient"](X, T, one, one)
    params = net.init(seed=0)
    params.vector[...] = 1
    assert pytest.approx(net.loss(params, X, T), rel=1e-12) == E
    for found, right in zip(gradients, net.gradient(params, X, T).weights, strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-12)


def test_code_fits_the_page() -> None:
    net = Network([3] * 11, hidden="mish", loss="binary_cross_entropy")
    derivation = derive(net, code="numpy", l2=True)
    code = derivation.to_dict()["code"]
    assert max(map(len, code.splitlines())) <= 76
    compile(code, "code", "exec")
    assert max(map(len, derivation.to_text().splitlines())) <= 80


def test_code_in_another_language_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="there is no code 'fortran'"):
        derive(Network([3, 2]), code="fortran")
