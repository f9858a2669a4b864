"""Every output: its value, its logarithms far out, its Jacobian by step, its pullback."""

from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from chainrule.arrays import Array
from chainrule.calculus import Expression, evaluate
from chainrule.calculus.primitives import log
from chainrule.outputs import EXPONENTIAL_OUTPUT, LOGISTIC_OUTPUT, OUTPUTS, SOFTMAX, Output, Range
from chainrule.outputs.output import g, y, z

mpmath.mp.dps = 50

EPS = np.finfo(np.float64).eps
every_output = pytest.mark.parametrize("output", OUTPUTS.values(), ids=list(OUTPUTS))


def true_softmax(row: list[mpf]) -> list[mpf]:
    total = sum(map(mpmath.exp, row))
    return [mpmath.exp(v) / total for v in row]


TRUE_VALUES: dict[str, Callable[[list[mpf]], list[mpf]]] = {
    "softmax": true_softmax,
    "logistic": lambda row: [1 / (1 + mpmath.exp(-v)) for v in row],
    "identity": lambda row: row,
    "exponential": lambda row: [mpmath.exp(v) for v in row],
}


def true_log_one_minus_softmax(row: list[mpf]) -> list[mpf]:
    total = sum(map(mpmath.exp, row))
    rest = [sum(mpmath.exp(w) for j, w in enumerate(row) if j != k) for k in range(len(row))]
    return [mpmath.log(others / total) for others in rest]


LOGARITHMS = [
    (SOFTMAX, log(y), lambda row: [mpmath.log(p) for p in true_softmax(row)]),
    (SOFTMAX, log(1 - y), true_log_one_minus_softmax),
    (LOGISTIC_OUTPUT, log(y), lambda row: [-mpmath.log1p(mpmath.exp(-v)) for v in row]),
    (LOGISTIC_OUTPUT, log(1 - y), lambda row: [-mpmath.log1p(mpmath.exp(v)) for v in row]),
    (EXPONENTIAL_OUTPUT, log(y), lambda row: row),
]
LOGARITHM_IDS = ["softmax", "one minus softmax", "logistic", "one minus logistic", "exponential"]


def rows_up_to(largest: float, n: int = 4) -> np.ndarray:
    """Rows of every size from tiny to `largest`, and some with ties and with one entry apart."""
    rng = np.random.default_rng(0)
    random = rng.uniform(-1, 1, (60, n)) * np.geomspace(1e-9, largest, 60)[:, None]
    ends = [[largest, -largest, 0, 1], [0, 0, 0, 0], [largest] * 4, [-largest, 0, 0, -1]]
    return np.concatenate([random, ends])


def in_mpmath(truth: Callable[[list[mpf]], list[mpf]], rows: np.ndarray) -> np.ndarray:
    return np.array([[float(v) for v in truth([mpf(float(v)) for v in row])] for row in rows])


@every_output
def test_values_are_right_to_the_last_places(output: Output) -> None:
    rows = rows_up_to(700.0 if output.name == "exponential" else 1e4)
    truth = in_mpmath(TRUE_VALUES[output.name], rows)
    # A difference of pre-activations is rounded before the exponential sees it.
    bound = EPS * (4 + (2 * np.abs(rows).max(axis=1, keepdims=True))) * np.abs(truth)
    assert np.all(np.abs(output.evaluate(rows) - truth) <= bound + 1e-300)


@every_output
def test_the_value_expression_says_what_the_evaluation_computes(output: Output) -> None:
    rows = rows_up_to(20.0)
    written = evaluate(output.value, {z: rows[..., None]})[..., 0]
    np.testing.assert_allclose(written, output.evaluate(rows), rtol=1e-13)


@every_output
def test_float32_stays_float32_without_overflow(output: Output) -> None:
    rows = rows_up_to(80.0 if output.name == "exponential" else 1e4).astype(np.float32)
    given = output.evaluate(rows)
    assert given.dtype == np.float32
    assert np.all(np.isfinite(given))


@pytest.mark.parametrize(("output", "logarithm", "truth"), LOGARITHMS, ids=LOGARITHM_IDS)
def test_logarithms_are_right_to_the_last_places_up_to_ten_thousand(
    output: Output, logarithm: Expression, truth: Callable[[list[mpf]], list[mpf]]
) -> None:
    rows = rows_up_to(1e4)
    given = output.logarithms[logarithm](rows)
    expected = in_mpmath(truth, rows)
    # Of the softmax, a logarithm near zero is a difference of two that are not.
    scale = np.maximum(np.abs(expected), 1) if output is SOFTMAX else np.abs(expected)
    assert np.all(np.abs(given - expected) <= 4 * EPS * scale + 1e-300)


@pytest.mark.parametrize(("output", "logarithm", "truth"), LOGARITHMS, ids=LOGARITHM_IDS)
def test_logarithms_follow_a_complex_direction_by_the_real_part(
    output: Output, logarithm: Expression, truth: Callable[[list[mpf]], list[mpf]]
) -> None:
    rows = rows_up_to(30.0)
    stable = output.logarithms[logarithm]
    moved = stable(rows + 1e-30j * np.array([1, 0, 0, 0]))
    np.testing.assert_allclose(moved.real, stable(rows), rtol=1e-12, atol=1e-15)
    step = mpf("1e-20")
    for row, slopes in zip(rows[::7], moved.imag[::7] / 1e-30, strict=True):
        exact = [mpf(float(v)) for v in row]
        shifted = [exact[0] + step, *exact[1:]]
        pairs = zip(truth(shifted), truth(exact), strict=True)
        expected = np.array([float((up - here) / step) for up, here in pairs])
        np.testing.assert_allclose(slopes, expected, rtol=1e-10, atol=1e-14)


def test_every_logarithm_that_a_loss_may_take_is_stable() -> None:
    listed = {(output.name, part) for output, part, _ in LOGARITHMS}
    assert listed == {(o.name, part) for o in OUTPUTS.values() for part in o.logarithms}


@every_output
@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_jacobian_is_that_of_the_value_by_complex_step(output: Output, n: int) -> None:
    rng = np.random.default_rng(n)
    for point in rng.normal(size=(5, n)) * 2:
        steps = output.evaluate(point + 1e-30j * np.eye(n)).imag / 1e-30  # row i moves z_i
        known: dict[Expression, Array] = {z: point[:, None], y: output.evaluate(point)[:, None]}
        given = evaluate(output.jacobian, known)
        np.testing.assert_allclose(given, steps.T, rtol=1e-12, atol=1e-15)


@every_output
@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_pullback_is_the_product_with_the_jacobian(output: Output, n: int) -> None:
    rng = np.random.default_rng(n)
    points, slopes = rng.normal(size=(7, n)), rng.normal(size=(7, 1, n))
    known: dict[Expression, Array] = {
        z: points[..., None],
        y: output.evaluate(points)[..., None],
        g: slopes,
    }
    product = slopes @ np.broadcast_to(evaluate(output.jacobian, known), (7, n, n))
    np.testing.assert_allclose(evaluate(output.pullback, known), product, rtol=1e-12, atol=1e-15)


def test_the_softmax_does_not_feel_a_shift_of_all_its_inputs() -> None:
    rows = rows_up_to(10.0)
    np.testing.assert_allclose(SOFTMAX.evaluate(rows + 1000), SOFTMAX.evaluate(rows), rtol=1e-11)
    np.testing.assert_allclose(SOFTMAX.evaluate(rows).sum(axis=1), 1, rtol=1e-15)


def test_a_softmax_of_one_output_is_one() -> None:
    assert SOFTMAX.evaluate(np.array([[-800.0], [3.0]])).tolist() == [[1], [1]]


def test_ranges_are_those_of_the_values() -> None:
    rows = rows_up_to(30.0)
    ranges = {name: output.range for name, output in OUTPUTS.items()}
    assert ranges == {
        "softmax": Range.SIMPLEX,
        "logistic": Range.UNIT_INTERVAL,
        "identity": Range.REAL,
        "exponential": Range.POSITIVE,
    }
    for output in OUTPUTS.values():
        given = output.evaluate(rows)
        if output.range >= Range.POSITIVE:
            assert np.all(given > 0)
        if output.range >= Range.UNIT_INTERVAL:
            assert np.all(given <= 1)
