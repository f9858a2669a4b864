"""Every gradient formula against the oracle; and a wrong formula does not pass."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from cases import ACTIVATIONS, CASES, PAIRS, SPECIAL, Case, cases_of

from chainrule import GradientCheck, Network, check_gradient
from chainrule.arrays import Array
from chainrule.calculus import Constant
from chainrule.calculus.function import y as y_entry
from chainrule.engine import ReferenceEngine
from chainrule.errors import DivergenceError, SpecificationError
from chainrule.functions import FUNCTIONS, LOGISTIC, RELU, TANH
from chainrule.gradient_check import compare
from chainrule.losses import CROSS_ENTROPY, SQUARED_ERROR
from chainrule.objective import Batch, Objective
from chainrule.outputs import LOGISTIC_OUTPUT, SOFTMAX
from chainrule.parameters import Parameters

X = np.array([[0.1, -0.2, 0.3], [1.0, 0.5, -0.5], [-0.7, 0.4, 0.9]])
LABELS = [0, 1, 1]


def check(case: Case) -> GradientCheck:
    samples = case.samples()
    return check_gradient(
        case.network, case.parameters(), samples.X, samples.T, case.l2, samples.sample_weight
    )


def failures(cases: list[Case]) -> list[str]:
    checks = [(case, check(case)) for case in cases]
    return [f"{case}\n{result}" for case, result in checks if not result.passed]


def test_the_list_of_cases_is_the_whole_product() -> None:
    assert len(ACTIVATIONS) == 11
    assert len(PAIRS) == 23
    assert len(set(CASES)) == len(CASES) == 11 * 23 * 16


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_gradient_is_right(activation: str, output: str, loss: str) -> None:
    assert failures(list(cases_of(activation, output, loss))) == []


@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_every_gradient_is_right_without_hidden_layers_and_in_deep_networks(
    output: str, loss: str
) -> None:
    cases = [case for case in SPECIAL if (case.output, case.loss) == (output, loss)]
    assert {len(case.hidden) for case in cases} == {0, 1, 5}
    assert failures(cases) == []


def test_analytic_networks_are_checked_by_complex_step_and_others_by_differences() -> None:
    analytic = check(Case(("tanh", "gelu"), "softmax", "cross_entropy"))
    kinked = check(Case(("tanh", "relu"), "softmax", "cross_entropy"))
    assert {c.method for c in analytic.comparisons} == {"complex step"}
    assert {c.method for c in kinked.comparisons} == {"differences"}
    assert analytic.worst_error < 1e-12
    assert kinked.worst_error < 1e-7


def test_every_quantity_of_the_page_is_compared_at_every_entry() -> None:
    result = check_gradient(Network([3, 4, 2], hidden="tanh"), Network([3, 4, 2]).init(), X, LABELS)
    compared = {c.name: (c.shape, c.n_checked) for c in result.comparisons}
    assert compared == {
        "∂E/∂x": ((3, 3), 9),
        "∂E/∂t": ((3, 2), 6),
        "∂E/∂W(1)": ((4, 3), 12),
        "∂E/∂b(1)": ((4,), 4),
        "∂E/∂z(1)": ((3, 4), 12),
        "∂E/∂y(1)": ((3, 4), 12),
        "∂E/∂W(2)": ((2, 4), 8),
        "∂E/∂b(2)": ((2,), 2),
        "∂E/∂z(2)": ((3, 2), 6),
        "∂E/∂y(2)": ((3, 2), 6),
    }


def test_a_large_array_is_compared_at_a_choice_of_its_entries() -> None:
    net = Network([30, 4, 2], hidden="tanh")
    inputs = np.random.default_rng(0).normal(size=(2, 30))
    result = check_gradient(net, net.init(), inputs, [0, 1], max_entries=10)
    assert {c.n_checked for c in result.comparisons} <= {10, 8, 4, 2}
    assert result.passed
    again = check_gradient(net, net.init(), inputs, [0, 1], max_entries=10)
    assert again == result


def test_float32_parameters_are_checked_in_float64() -> None:
    net = Network([3, 4, 2], hidden="tanh")
    result = check_gradient(net, net.init(dtype=np.float32), X.astype(np.float32), LABELS)
    assert result.passed


def with_wrong_derivative(factor: float) -> Network:
    wrong = replace(TANH, derivative=factor * TANH.derivative)
    return Network([3, 4, 2], hidden=[wrong])


@pytest.mark.parametrize("factor", [-1.0, 2.0, 1.001, 1 + 1e-7])
def test_a_wrong_derivative_fails_however_small_the_error(factor: float) -> None:
    net = with_wrong_derivative(factor)
    result = check_gradient(net, net.init(), X, LABELS)
    assert not result.passed
    assert result.worst_error == pytest.approx(abs(factor - 1), rel=0.5, abs=1e-8)
    wrong = {c.name for c in result.comparisons if not c.passed}
    assert wrong == {"∂E/∂z(1)", "∂E/∂W(1)", "∂E/∂b(1)", "∂E/∂x"}
    assert result.where[0] in wrong


def test_a_derivative_in_terms_of_the_wrong_quantity_fails() -> None:
    wrong = replace(LOGISTIC, derivative=y_entry * (1 + y_entry))
    net = Network([3, 4, 2], hidden=wrong)
    assert not check_gradient(net, net.init(), X, LABELS).passed


@pytest.mark.parametrize("factor", [1.01, 1 + 1e-5])
def test_a_wrong_derivative_of_a_kinked_function_fails_by_differences(factor: float) -> None:
    wrong = replace(RELU, derivative=factor * RELU.derivative)
    net = Network([3, 4, 2], hidden=wrong)
    assert not check_gradient(net, net.init(), X, LABELS).passed


def test_a_wrong_delta_of_the_loss_fails() -> None:
    assert CROSS_ENTROPY.delta is not None
    wrong = replace(CROSS_ENTROPY, delta=(1 + 1e-7) * CROSS_ENTROPY.delta)
    net = Network([3, 4, 2], hidden="tanh", loss=wrong)
    result = check_gradient(net, net.init(), X, LABELS)
    assert not result.passed
    assert "∂E/∂z(2)" in {c.name for c in result.comparisons if not c.passed}


def test_a_wrong_derivative_by_the_output_or_the_target_fails() -> None:
    for part in ("by_output", "by_target"):
        wrong = replace(SQUARED_ERROR, **{part: -getattr(SQUARED_ERROR, part)})
        net = Network([3, 4, 2], hidden="tanh", output="identity", loss=wrong)
        result = check_gradient(net, net.init(), X, X[:, :2])
        name = "∂E/∂y(2)" if part == "by_output" else "∂E/∂t"
        assert {c.name for c in result.comparisons if not c.passed} == {name}


def test_a_wrong_pullback_fails() -> None:
    wrong = replace(LOGISTIC_OUTPUT, pullback=(1 + 1e-7) * LOGISTIC_OUTPUT.pullback)
    net = Network([3, 4, 2], hidden="tanh", output=wrong, loss="squared_error")
    assert not check_gradient(net, net.init(), X, X[:, :2]).passed


def test_a_wrong_value_of_the_loss_fails_too() -> None:
    wrong = replace(CROSS_ENTROPY, value=2 * CROSS_ENTROPY.value)
    net = Network([3, 4, 2], hidden="tanh", output=SOFTMAX, loss=wrong)
    assert not check_gradient(net, net.init(), X, LABELS).passed


class Wrong:
    """The reference engine, with a change of what it gives."""

    name = "wrong"

    def __init__(
        self,
        gradient: Callable[[Parameters, Parameters], None] = lambda gradient, params: None,
        trace: Callable[[dict[str, Array]], None] = lambda trace: None,
    ) -> None:
        self.engine = ReferenceEngine()
        self.change_gradient = gradient
        self.change_trace = trace

    def outputs(self, architecture: object, params: Parameters, X: Array) -> Array:
        raise NotImplementedError

    def loss(self, objective: Objective, params: Parameters, batch: Batch) -> float:
        return self.engine.loss(objective, params, batch)

    def loss_and_gradient(
        self, objective: Objective, params: Parameters, batch: Batch
    ) -> tuple[float, Parameters]:
        loss, gradient = self.engine.loss_and_gradient(objective, params, batch)
        self.change_gradient(gradient, params)
        return loss, gradient

    def trace(self, objective: Objective, params: Parameters, batch: Batch) -> dict[str, Array]:
        traced = self.engine.trace(objective, params, batch)
        self.change_trace(traced)
        return traced


def compared(engine: Wrong, l2: float = 0.1) -> GradientCheck:
    net = Network([3, 4, 2], hidden="tanh")
    objective = Objective(net.architecture, l2)
    return compare(objective, net.init(), Batch(X, np.eye(2)[LABELS]), engine)


def wrong_names(result: GradientCheck) -> set[str]:
    return {c.name for c in result.comparisons if not c.passed}


def test_an_engine_that_changes_nothing_passes() -> None:
    assert compared(Wrong()).passed


def test_a_wrong_decay_fails() -> None:
    def twice(gradient: Parameters, params: Parameters) -> None:
        for given, W in zip(gradient.weights, params.weights, strict=True):
            np.add(given, 0.1 * W, out=given)

    assert wrong_names(compared(Wrong(twice))) == {"∂E/∂W(1)", "∂E/∂W(2)"}


def test_a_decayed_bias_fails() -> None:
    def decayed(gradient: Parameters, params: Parameters) -> None:
        for given, b in zip(gradient.biases, params.biases, strict=True):
            assert given is not None
            assert b is not None
            np.add(given, 0.1 * b, out=given)

    assert wrong_names(compared(Wrong(decayed))) == {"∂E/∂b(1)", "∂E/∂b(2)"}


def test_a_sum_in_place_of_the_mean_fails_everywhere() -> None:
    def summed(gradient: Parameters, params: Parameters) -> None:
        gradient.vector[:] *= 3

    result = compared(Wrong(summed), l2=0.0)
    assert wrong_names(result) == {"∂E/∂W(1)", "∂E/∂b(1)", "∂E/∂W(2)", "∂E/∂b(2)"}


@pytest.mark.parametrize("entry", [0, 7, 15])
def test_one_wrong_entry_is_found_and_said(entry: int) -> None:
    def off(gradient: Parameters, params: Parameters) -> None:
        gradient.vector[entry] *= 1 + 1e-7
        gradient.vector[entry] += 1e-9

    result = compared(Wrong(off))
    name, where = result.where
    expected = ("∂E/∂W(1)", divmod(entry, 3)) if entry < 12 else ("∂E/∂b(1)", (entry - 12,))
    assert not result.passed
    assert (name, where) == expected
    assert "WRONG" in str(result)
    assert f"at {where}: formula" in str(result)


def test_a_gradient_that_is_not_a_number_fails() -> None:
    def spoilt(trace: dict[str, Array]) -> None:
        trace["∂E/∂x"][1, 2] = np.nan

    result = compared(Wrong(trace=spoilt))
    assert not result.passed
    assert result.where == ("∂E/∂x", (1, 2))
    assert result.worst_error == np.inf


def test_transposed_weights_fail() -> None:
    net = Network([3, 3], output="identity", bias=False)

    def transposed(gradient: Parameters, params: Parameters) -> None:
        gradient.weights[0][...] = gradient.weights[0].T.copy()

    objective = Objective(net.architecture)
    assert not compare(objective, net.init(), Batch(X, X[::-1]), Wrong(transposed)).passed


def test_entries_at_a_kink_are_skipped_and_counted() -> None:
    net = Network([3, 4, 2], hidden="relu", bias=False)
    inputs = X.copy()
    inputs[0] = 0  # every pre-activation of this sample is at the kink
    result = check_gradient(net, net.init(), inputs, LABELS)
    skipped = {c.name: c.n_skipped for c in result.comparisons if c.n_skipped}
    assert result.passed
    assert skipped["∂E/∂z(1)"] == 4
    assert "no derivative at 4 of 12" in str(result)


def test_targets_at_which_a_loss_has_no_slope_are_skipped() -> None:
    net = Network([3, 4, 2], hidden="tanh", output="exponential")
    result = check_gradient(net, net.init(), X, [[0, 1.0], [2.0, 0], [1.0, 3.0]])
    assert result.passed
    assert {c.name: c.n_skipped for c in result.comparisons if c.n_skipped} == {"∂E/∂t": 2}


def test_a_line_says_name_shape_verdict_error_and_method() -> None:
    net = Network([3, 4, 2], hidden="tanh")
    line = str(check_gradient(net, net.init(), X, LABELS)).splitlines()[0]
    assert line.split()[:2] == ["∂E/∂t", "3"]
    assert " right " in line
    assert line.endswith("complex step")


def test_a_loss_that_is_not_finite_is_refused() -> None:
    net = Network([1, 1], output="exponential", bias=False)
    with (
        np.errstate(over="ignore"),
        pytest.raises(DivergenceError, match="the loss is inf here and has no derivative"),
    ):
        check_gradient(net, net.parameters([np.array([[1e3]])]), [[1.0]], [[1.0]])


@pytest.mark.parametrize("number", [0, -1])
def test_at_least_one_entry_must_be_compared(number: int) -> None:
    net = Network([3, 4, 2])
    with pytest.raises(SpecificationError, match="max_entries must be at least 1"):
        check_gradient(net, net.init(), X, LABELS, max_entries=number)


def test_a_constant_derivative_is_broadcast_over_all_entries() -> None:
    assert FUNCTIONS["identity"].derivative == Constant(1)
    assert failures([Case(("identity", "identity"), "softmax", "cross_entropy")]) == []


def test_a_wrong_slope_in_a_layer_of_dead_units_is_found() -> None:
    broken = Network([3, 6, 2], hidden=replace(RELU, derivative=Constant(1)))
    params = broken.init(seed=0)
    assert params.biases[0] is not None
    params.biases[0][:] = -100.0
    assert check_gradient(Network([3, 6, 2], hidden="relu"), params, X, LABELS).passed
    assert not check_gradient(broken, params, X, LABELS).passed


@pytest.mark.parametrize("hidden", ["tanh", "logistic", "gelu", "relu"])
@pytest.mark.parametrize("output", ["softmax", "logistic"])
def test_right_gradients_of_saturated_units_pass(hidden: str, output: str) -> None:
    net = Network([3, 6, 5, 2], hidden=hidden, output=output)
    for seed in range(10):
        random = np.random.RandomState(seed)
        inputs, targets = 100 * random.randn(5, 3), np.eye(2)[random.randint(2, size=5)]
        result = check_gradient(net, net.init(seed), inputs, targets)
        assert result.passed, str(result)


@pytest.mark.parametrize("loss", ["absolute_error", "squared_error"])
def test_a_vanished_gradient_is_found_on_data_that_nobody_scaled(loss: str) -> None:
    net = Network([3, 4, 1], hidden="relu", output="identity", loss=loss)
    random = np.random.RandomState(0)
    inputs, targets = random.uniform(0, 1e6, (300, 3)), random.uniform(1e5, 3e6, (300, 1))
    params = net.init(seed=0)
    objective = Objective(net.architecture)
    assert compare(objective, params, Batch(inputs, targets), ReferenceEngine()).passed
    result = compare(objective, params, Batch(inputs, targets), Silent())
    assert [one.name for one in result.comparisons if one.passed] == ["∂E/∂W(1)", "∂E/∂W(2)"]


class Silent:
    """An engine that gives zero for every derivative but those by weights."""

    name = "silent"
    outputs = ReferenceEngine.outputs
    loss = ReferenceEngine.loss

    def loss_and_gradient(
        self, objective: Objective, params: Parameters, batch: Batch
    ) -> tuple[float, Parameters]:
        loss, gradient = ReferenceEngine().loss_and_gradient(objective, params, batch)
        for b in gradient.biases:
            if b is not None:
                b[:] = 0
        return loss, gradient

    def trace(self, objective: Objective, params: Parameters, batch: Batch) -> dict[str, Array]:
        traced = ReferenceEngine().trace(objective, params, batch)
        return {name: value if "W" in name else 0 * value for name, value in traced.items()}


def test_the_error_that_is_reported_is_the_one_that_was_measured() -> None:
    net = Network([3, 4, 2], hidden="tanh")
    result = check_gradient(net, net.init(seed=0), X, LABELS)
    assert 0 < result.worst_error < 1e-12


def test_nothing_compared_is_nothing_right() -> None:
    net = Network([2, 1], output="identity", loss="absolute_error", bias=False)
    result = check_gradient(net, net.init(seed=0).zeros(), [[1.0, 2.0]], [[0.0]])
    assert not result.passed
    assert "not compared" in str(result)


def test_a_choice_of_entries_is_called_one() -> None:
    net = Network([3, 4, 2], hidden="tanh")
    result = check_gradient(net, net.init(seed=0), X, LABELS, max_entries=5)
    assert "5 of 12 entries, drawn at random" in str(result)
