import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.arrays import Array
from chainrule.errors import SpecificationError
from chainrule.network import Architecture
from chainrule.parameters import Parameters
from chainrule.training import (
    ClipNorm,
    Clipping,
    ClipValue,
    Constant,
    GradientDescent,
    InOrderBatches,
    Problem,
    Recipe,
    fit,
)


def clipped(clipping: Clipping, vector: Array) -> Array:
    architecture = Architecture.of([vector.size - 1, 1], output="identity")
    gradient = Parameters.over(architecture, vector.copy())
    clipping.clip(gradient)
    return gradient.vector


entries = st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=8).map(np.array)


@given(vector=entries, bound=st.floats(1e-3, 1e3))
def test_a_clipped_norm_is_at_most_the_bound_and_keeps_the_direction(
    vector: Array, bound: float
) -> None:
    after = clipped(ClipNorm(bound), vector)
    assert np.linalg.norm(after) <= bound * (1 + 1e-12)
    largest = np.abs(vector).max() or 1.0
    share = np.abs(after).max() / largest
    np.testing.assert_allclose(after, share * vector, rtol=1e-12, atol=1e-300)


def test_a_gradient_within_the_norm_is_left_to_the_bit() -> None:
    vector = np.array([0.3, -0.4])
    assert clipped(ClipNorm(0.5), vector).tobytes() == vector.tobytes()


def test_the_norm_is_taken_over_all_layers_together() -> None:
    gradient = Parameters.over(Architecture.of([1, 1, 1]), np.array([2.0, 2.0, 2.0, 2.0]))
    ClipNorm(2.0).clip(gradient)
    assert gradient.vector.tolist() == [1.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_norm_whose_square_overflows_is_clipped_all_the_same(dtype: type) -> None:
    huge = np.finfo(dtype).max / 2
    after = clipped(ClipNorm(1.0), np.array([huge, huge], dtype))
    assert after.dtype == dtype
    np.testing.assert_allclose(after, [np.sqrt(0.5)] * 2, rtol=1e-6)


def test_every_value_is_brought_within_the_bound() -> None:
    vector = np.array([-3.0, -0.5, 0.0, 2.0])
    assert clipped(ClipValue(1.0), vector).tolist() == [-1.0, -0.5, 0.0, 1.0]


@pytest.mark.parametrize("clipping", [ClipNorm(1.0), ClipValue(1.0)])
def test_a_gradient_that_is_no_number_is_not_mended(clipping: Clipping) -> None:
    assert np.isnan(clipped(clipping, np.array([np.nan, 2.0]))).any()


def test_an_infinite_gradient_is_left_by_the_norm() -> None:
    assert clipped(ClipNorm(1.0), np.array([np.inf, 2.0])).tolist() == [np.inf, 2.0]


def test_the_solver_sees_the_clipped_gradient(blobs: Problem, params: Parameters) -> None:
    recipe = Recipe(
        GradientDescent(0.0),
        Constant(1.0),
        InOrderBatches(53),
        max_epochs=1,
        clipping=ClipNorm(0.01),
    )
    result = fit(blobs, params, recipe, random_state=np.random.RandomState(0))
    move = np.linalg.norm(result.params.vector - params.vector)
    assert move == pytest.approx(0.01, rel=1e-9)


@pytest.mark.parametrize("bound", [0.0, -1.0, float("nan")])
def test_a_bound_that_is_not_positive_is_refused(bound: float) -> None:
    with pytest.raises(SpecificationError, match="max_norm must be greater than 0"):
        ClipNorm(bound)
    with pytest.raises(SpecificationError, match="max_value must be greater than 0"):
        ClipValue(bound)
