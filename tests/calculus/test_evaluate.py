"""Evaluation on arrays: what the algebra says, over random expressions and sizes."""

import numpy as np
import pytest
from expressions import (
    DIMENSIONS,
    Meaning,
    arrays_for,
    length_maps,
    meanings,
)
from hypothesis import given
from hypothesis import strategies as st

from chainrule.calculus import (
    ColumnSums,
    Constant,
    Diag,
    Dimension,
    Function,
    Indicator,
    Ones,
    RowSums,
    Shape,
    Size,
    Transpose,
    Variable,
    derivatives,
    evaluate,
    values,
)
from chainrule.calculus.function import y, z
from chainrule.calculus.primitives import HALF, log
from chainrule.errors import ShapeError, UnknownNameError
from chainrule.functions import LEAKY_RELU, LOGISTIC, TANH

n, k, m = Size("n", 0), Size("n", 1), Size("m")
x = Variable("x", Shape(n, 1))
W = Variable("W", Shape(k, n), layer=1)
c = Variable("c")

lengths_of = length_maps()
seeds = st.integers(0, 2**32 - 1)


def scale_of(array: np.ndarray) -> float:
    return float(np.max(np.abs(array)))


@given(meanings(), lengths_of, seeds)
def test_an_expression_is_worth_what_numpy_says(
    meaning: Meaning, lengths: dict[Dimension, int], seed: int
) -> None:
    arrays = arrays_for(lengths, seed)
    value = evaluate(meaning.expression, arrays)
    expected = np.broadcast_to(meaning.value(arrays), value.shape)
    assert value.dtype == np.float64
    assert value.shape == (lengths[meaning.shape.rows], lengths[meaning.shape.columns])
    np.testing.assert_allclose(value, expected, 1e-10, 1e-10 * scale_of(expected))


@given(meanings(), lengths_of, seeds)
def test_a_complex_evaluation_without_imaginary_part_is_the_real_one(
    meaning: Meaning, lengths: dict[Dimension, int], seed: int
) -> None:
    arrays = arrays_for(lengths, seed)
    real = evaluate(meaning.expression, arrays)
    value = evaluate(meaning.expression, {v: a.astype(complex) for v, a in arrays.items()})
    assert value.dtype == np.complex128
    assert np.all(value.imag == 0)
    np.testing.assert_allclose(value.real, real, 1e-10, 1e-10 * scale_of(real))


@given(meanings(), lengths_of, seeds)
def test_float32_stays_float32(meaning: Meaning, lengths: dict[Dimension, int], seed: int) -> None:
    arrays = {v: a.astype(np.float32) for v, a in arrays_for(lengths, seed).items()}
    assert evaluate(meaning.expression, arrays).dtype == np.float32


@given(meanings(), lengths_of, seeds)
def test_a_stack_evaluates_like_each_of_its_slices(
    meaning: Meaning, lengths: dict[Dimension, int], seed: int
) -> None:
    stacked = arrays_for(lengths, seed, stack=(2, 3))
    value = evaluate(meaning.expression, stacked)
    for index in np.ndindex(2, 3):
        alone = evaluate(meaning.expression, {v: a[index] for v, a in stacked.items()})
        part = np.broadcast_to(value, (2, 3, *value.shape[-2:]))[index]
        np.testing.assert_allclose(part, alone, 1e-12, 1e-12 * scale_of(alone))


@given(st.data(), lengths_of, seeds)
def test_the_laws_of_matrix_algebra_hold_by_evaluation(
    data: st.DataObject, lengths: dict[Dimension, int], seed: int
) -> None:
    rows, inner, columns = (data.draw(st.sampled_from(DIMENSIONS)) for _ in range(3))
    A = data.draw(meanings(Shape(rows, inner), 1)).expression
    B, C = (data.draw(meanings(Shape(inner, columns), 1)).expression for _ in range(2))
    vector = data.draw(meanings(Shape(inner, 1), 1)).expression
    arrays = arrays_for(lengths, seed)
    laws = [
        (Transpose(A @ B), B.T @ A.T),
        (A @ (B + C), A @ B + A @ C),
        (Transpose(B * C), B.T * C.T),
        (RowSums(A), A @ Ones(Shape(inner, 1))),
        (ColumnSums(A), Ones(Shape(1, rows)) @ A),
        (A @ Diag(vector), A * (Ones(Shape(rows, 1)) @ vector.T)),
        (Diag(vector) @ B, (vector @ Ones(Shape(1, columns))) * B),
        (-(B - C), C - B),
        (B - C, B + (-1) * C),
        (B**2, B * B),
        ((3 * A) @ B, A @ (B * 3)),
    ]
    for left, right in laws:
        one, other = evaluate(left, arrays), evaluate(right, arrays)
        np.testing.assert_allclose(one, other, 1e-9, 1e-9 * scale_of(other))


def test_constants_beside_whole_numbers_keep_their_fractions() -> None:
    assert evaluate(HALF * x, {x: np.array([[3], [4]])}).ravel().tolist() == [1.5, 2.0]
    assert evaluate(Constant(0.25), {}).tolist() == [[0.25]]


def test_what_is_known_is_not_computed() -> None:
    logarithm = log(x)
    zero = np.array([[0.0]])
    value = evaluate(x.T @ logarithm, {x: zero, logarithm: np.array([[-800.0]])})
    assert value.item() == 0


def test_a_variable_without_an_array_is_named_with_those_that_have_one() -> None:
    message = r"^there is no value for 'W\(1\)'; choose from x$"
    with pytest.raises(UnknownNameError, match=message):
        evaluate(W @ (x + x), {x: np.ones((2, 1))})


def test_a_size_that_no_array_shows_is_named() -> None:
    with pytest.raises(UnknownNameError, match="known size 'm'"):
        evaluate(Ones(Shape(m, 1)) @ x.T, {x: np.ones((2, 1))})


def test_an_array_of_another_shape_is_refused_with_its_name() -> None:
    with pytest.raises(ShapeError, match=r"^value of x: n_0 × 1 does not fit 3 × 2$"):
        evaluate(x, {x: np.ones((3, 2))})
    with pytest.raises(ShapeError, match=r"^value of x: n_0 × 1 does not fit 3$"):
        evaluate(x, {x: np.ones(3)})
    with pytest.raises(ShapeError, match=r"^value of c: 1 × 1 does not fit a bare number$"):
        evaluate(c, {c: np.array(3.0)})


def test_arrays_that_disagree_about_a_size_are_refused_with_both_lengths() -> None:
    message = r"^value of W\(1\): n_1 × n_0 does not fit 5 × 4; n_0 is 3 elsewhere$"
    with pytest.raises(ShapeError, match=message):
        evaluate(W @ x, {x: np.ones((3, 1)), W: np.ones((5, 4))})


def test_the_same_symbol_twice_in_one_shape_must_have_one_length() -> None:
    square = Variable("S", Shape(n, n))
    with pytest.raises(ShapeError, match="n_0 is 2 elsewhere"):
        evaluate(square, {square: np.ones((2, 3))})


def test_an_indicator_branches_on_the_real_part() -> None:
    value = evaluate(Indicator(x), {x: np.array([[1e-9 - 5j], [-1 + 5j], [0j]])})
    assert value.ravel().tolist() == [1, 0, 0]


def test_values_of_a_function_keep_the_shape_of_its_arguments() -> None:
    arguments = np.linspace(-1, 1, 24).reshape(2, 3, 4)
    for function in (LOGISTIC, TANH, LEAKY_RELU):
        results = values(function, arguments)
        assert results.shape == arguments.shape
        slopes = derivatives(function, arguments, results)
        assert slopes.shape == arguments.shape


def test_a_constant_function_has_a_value_for_every_argument() -> None:
    one = Function("one", "1", "one", value=Constant(1), derivative=Constant(0))
    assert values(one, np.zeros((2, 3))).tolist() == np.ones((2, 3)).tolist()
    assert derivatives(one, np.zeros(2), np.ones(2)).tolist() == [0, 0]


def test_a_derivative_may_use_the_argument_and_the_value() -> None:
    cube = Function("cube", "c", "c", value=z**3, derivative=2 * z**2 + y / z)
    arguments = np.array([0.5, -2.0])
    np.testing.assert_allclose(derivatives(cube, arguments, arguments**3), 3 * arguments**2)
