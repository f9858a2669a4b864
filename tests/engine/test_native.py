"""The native engine agrees with the reference engine, which is the mathematics in NumPy.

Both round every product and every sum, in different orders, so they may differ by about as many
roundings as a sum has terms, of numbers as large as the largest of the result.
"""

import pickle
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from cases import CASES, SPECIAL, Case
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.arrays import Array
from chainrule.dropout import Dropout
from chainrule.engine import ENGINES, NativeEngine, ReferenceEngine, engine_for, engine_info
from chainrule.errors import DataError, ShapeError, UnknownNameError, UnsupportedError
from chainrule.functions import FUNCTIONS
from chainrule.losses import Loss, huber, pinball
from chainrule.losses.loss import t, y
from chainrule.network import Architecture
from chainrule.objective import Batch, Objective
from chainrule.outputs import OUTPUTS
from chainrule.parameters import Parameters, initial_parameters

REFERENCE, NATIVE = ReferenceEngine(), NativeEngine(n_threads=2)
FLOATS = (np.float64, np.float32)


def close(given: Any, expected: Any, dtype: type, terms: float) -> None:
    """Compare up to as many roundings as a sum has terms, and some for functions."""
    scale = float(np.max(np.abs(np.asarray(expected)), initial=0))
    tolerance = float(np.finfo(dtype).eps) * (32 + 4 * terms)
    np.testing.assert_allclose(given, expected, rtol=tolerance, atol=tolerance * scale)


def same_everywhere(objective: Objective, params: Parameters, batch: Batch) -> None:
    architecture, dtype = objective.architecture, params.vector.dtype.type
    # the sums of layers and samples follow one another
    terms = float(sum(architecture.layer_sizes) + batch.n_samples)
    given = NATIVE.outputs(architecture, params, batch.X)
    close(given, REFERENCE.outputs(architecture, params, batch.X), dtype, terms)
    loss, gradient = NATIVE.loss_and_gradient(objective, params, batch)
    expected_loss, expected = REFERENCE.loss_and_gradient(objective, params, batch)
    # a Poisson loss is the small difference of larger terms
    close(1 + loss, 1 + expected_loss, dtype, terms)
    assert NATIVE.loss(objective, params, batch) == loss
    for W, expected_W in zip(gradient.weights, expected.weights, strict=True):
        close(W, expected_W, dtype, terms)
    for b, expected_b in zip(gradient.biases, expected.biases, strict=True):
        assert (b is None) == (expected_b is None)
        if b is not None and expected_b is not None:
            close(b, expected_b, dtype, terms)


def random_problem(
    sizes: list[int], m: int, dtype: type, hidden: str = "tanh", output: str = "softmax"
) -> tuple[Objective, Parameters, Batch]:
    rng = np.random.default_rng(sum(sizes) + m)
    architecture = Architecture.of(sizes, hidden, output)
    T = np.eye(sizes[-1])[rng.integers(0, sizes[-1], m)]
    batch = Batch(rng.normal(size=(m, sizes[0])).astype(dtype), T.astype(dtype))
    params = initial_parameters(architecture, np.random.RandomState(0), dtype)
    return Objective(architecture, l2=0.1), params, batch


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("part", range(8))
def test_every_case_has_the_reference_engines_result(part: int, dtype: type) -> None:
    for case in [*CASES, *SPECIAL][part::8]:
        samples = case.samples(dtype)
        batch = Batch(samples.X, samples.T, samples.sample_weight)
        objective = Objective(case.network.architecture, case.l2)
        same_everywhere(objective, case.parameters(dtype), batch)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("place", range(4))
def test_every_size_up_to_seventy_in_each_dimension(place: int, dtype: type) -> None:
    for size in range(1, 71):
        dimensions = [9, 5, 11, 7]
        dimensions[place] = size
        *sizes, m = dimensions
        same_everywhere(*random_problem(sizes, m, dtype, output="identity"))


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 70), min_size=2, max_size=5),
    m=st.integers(1, 140),
    hidden=st.sampled_from(list(FUNCTIONS)),
    dtype=st.sampled_from(FLOATS),
)
def test_networks_of_any_shape(sizes: list[int], m: int, hidden: str, dtype: type) -> None:
    same_everywhere(*random_problem(sizes, m, dtype, hidden, "logistic"))


@pytest.mark.parametrize("loss", [huber(0.3), huber(2.5), pinball(0.1), pinball(0.8)])
def test_losses_with_a_number_of_their_own(loss: Loss) -> None:
    _, params, batch = random_problem([4, 6, 3], 20, np.float64, output="identity")
    architecture = Architecture.of([4, 6, 3], "tanh", "identity", loss)
    same_everywhere(Objective(architecture), params, batch)


def test_more_rows_than_are_worked_on_at_once() -> None:
    same_everywhere(*random_problem([5, 40, 3], 5000, np.float64))


@pytest.mark.parametrize("hidden", ["relu", "gelu"])
@pytest.mark.parametrize("dtype", FLOATS)
def test_dropout_has_the_same_masks(hidden: str, dtype: type) -> None:
    objective, params, batch = random_problem([5, 37, 9, 3], 23, dtype, hidden)
    masks = Dropout((0.4, 0.0)).masks(seed=2**63 + 5, step=17)
    same_everywhere(Objective(objective.architecture, 0.1, masks), params, batch)


def test_sparse_inputs_are_those_of_the_dense_matrix_to_the_bit() -> None:
    objective, params, batch = random_problem([60, 40, 3], 1500, np.float32)
    X = np.where(np.random.default_rng(0).random(batch.X.shape) < 0.1, batch.X, 0)
    loss, gradient = NATIVE.loss_and_gradient(objective, params, Batch(X, batch.T))
    for make in (scipy.sparse.csr_array, scipy.sparse.csc_array):
        sparse = Batch(make(X), batch.T)  # type: ignore[arg-type]
        sparse_loss, sparse_gradient = NATIVE.loss_and_gradient(objective, params, sparse)
        assert sparse_loss == loss == NATIVE.loss(objective, params, sparse)
        assert np.array_equal(sparse_gradient.vector, gradient.vector)
        outputs = NATIVE.outputs(objective.architecture, params, sparse.X)
        assert np.array_equal(outputs, NATIVE.outputs(objective.architecture, params, X))


def strided(X: Array) -> Array:
    wide = np.full((2 * X.shape[0], 3 * X.shape[1]), np.nan, X.dtype)
    wide[::2, ::3] = X
    return wide[::2, ::3]


def misaligned(X: Array) -> Array:
    memory = np.zeros(X.nbytes + 1, np.uint8)
    moved = memory[1:].view(X.dtype).reshape(X.shape)
    moved[...] = X
    return moved


def read_only(X: Array) -> Array:
    copy = X.copy()
    copy.flags.writeable = False
    return copy


@pytest.mark.parametrize(
    "unusual",
    [
        np.asfortranarray,
        strided,
        misaligned,
        read_only,
        lambda X: X[::-1].copy()[::-1],
        lambda X: X.astype(X.dtype.newbyteorder()),
        lambda X: np.hstack([X, X])[:, : X.shape[1]],
    ],
    ids=["columns first", "strided", "misaligned", "read-only", "upside down", "swapped", "a part"],
)
def test_arrays_of_any_layout_are_read_aright(unusual: object) -> None:
    assert callable(unusual)
    objective, params, batch = random_problem([7, 9, 3], 33, np.float32)
    weight = np.linspace(0.5, 2, 33, dtype=np.float32)
    expected = NATIVE.loss_and_gradient(objective, params, Batch(batch.X, batch.T, weight))
    odd = Batch(unusual(batch.X), unusual(batch.T), unusual(weight[:, None])[:, 0])
    given = NATIVE.loss_and_gradient(objective, params, odd)
    assert given[0] == expected[0]
    assert np.array_equal(given[1].vector, expected[1].vector)


def test_a_row_that_is_repeated_without_memory_of_its_own() -> None:
    objective, params, batch = random_problem([7, 9, 3], 33, np.float32)
    X = np.broadcast_to(batch.X[:1], batch.X.shape)
    given = NATIVE.outputs(objective.architecture, params, X)
    assert np.array_equal(given, NATIVE.outputs(objective.architecture, params, X.copy()))


def test_a_batch_without_rows() -> None:
    objective, params, batch = random_problem([3, 4, 2], 5, np.float64)
    assert NATIVE.outputs(objective.architecture, params, batch.X[:0]).shape == (0, 2)
    with pytest.raises(DataError, match="no samples"):
        NATIVE.loss(objective, params, batch.rows(slice(0, 0)))
    with pytest.raises(DataError, match="no samples"):
        NATIVE.loss_and_gradient(objective, params, batch.rows(slice(0, 0)))


def test_targets_that_are_too_few_are_refused() -> None:
    objective, params, batch = random_problem([3, 4, 2], 5, np.float64)
    with pytest.raises(ShapeError, match="T"):
        NATIVE.loss(objective, params, Batch(batch.X, batch.T[:4]))


def test_nan_and_infinity_go_through_the_network_as_numbers_do() -> None:
    objective, params, batch = random_problem([3, 4, 2], 40, np.float64, "relu")
    batch.X[5, 1], batch.X[7, 0] = np.nan, np.inf
    outputs = NATIVE.outputs(objective.architecture, params, batch.X)
    assert np.isnan(outputs[5]).all()
    expected = NATIVE.outputs(objective.architecture, params, batch.X[:5])
    assert np.array_equal(outputs[:5], expected)
    assert np.isnan(NATIVE.loss(objective, params, batch))


@pytest.mark.parametrize("output", list(OUTPUTS))
@pytest.mark.parametrize("scale", [30.0, 800.0])
def test_outputs_at_the_end_of_their_range(output: str, scale: float) -> None:
    objective, params, batch = random_problem([4, 6, 3], 50, np.float64, "identity", output)
    params.vector[...] *= scale if output != "exponential" else 5
    given = NATIVE.loss_and_gradient(objective, params, batch)
    expected = REFERENCE.loss_and_gradient(objective, params, batch)
    assert given[0] == pytest.approx(expected[0], rel=1e-12)
    close(given[1].vector, expected[1].vector, np.float64, 1000)


def test_parts_of_the_data_add_up_to_the_whole() -> None:
    objective, params, batch = random_problem([7, 9, 3], 100, np.float64)
    weight = np.linspace(0.5, 2, 100)
    whole = Batch(batch.X, batch.T, weight)
    loss, gradient = NATIVE.loss_and_gradient(objective, params, whole)
    without_penalty = Objective(objective.architecture)
    parts = [
        NATIVE.loss_and_gradient(
            objective if part.start == 0 else without_penalty,
            params,
            whole.rows(part),
            total_weight=whole.total_weight,
        )
        for part in (slice(0, 30), slice(30, 100))
    ]
    assert parts[0][0] + parts[1][0] == pytest.approx(loss, rel=1e-13)
    total = parts[0][1].vector + parts[1][1].vector
    np.testing.assert_allclose(total, gradient.vector, rtol=1e-10, atol=1e-14)


def test_inputs_parameters_and_targets_are_left_as_they_were() -> None:
    objective, params, batch = random_problem([7, 9, 3], 33, np.float32)
    before = [a.copy() for a in (batch.X, batch.T, params.vector)]
    NATIVE.loss_and_gradient(objective, params, batch)
    after = (batch.X, batch.T, params.vector)
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_a_function_of_the_users_own_is_refused_or_left_to_the_reference_engine() -> None:
    own = FUNCTIONS["tanh"]
    renamed = type(own)("tanh", own.latex, own.text, own.derivative, own.derivative)
    architecture = Architecture.of([2, 3, 1], renamed, "identity")
    with pytest.raises(UnsupportedError, match="no kernel for the hidden function 'tanh'"):
        engine_for(architecture, "native")
    assert engine_for(architecture).name == "reference"
    assert engine_for(Architecture.of([2, 3, 1], "tanh", "identity")).name == "native"
    fourth = Loss("fourth", value=((y - t) * (y - t)).T @ ((y - t) * (y - t)), by_output=(y - t).T,
                  by_target=(t - y).T)  # fmt: skip
    with pytest.raises(UnsupportedError, match="no kernel for the loss 'fourth'"):
        engine_for(Architecture.of([2, 3, 1], "tanh", "identity", fourth), "native")
    with pytest.raises(UnknownNameError, match="there is no engine 'fast'"):
        engine_for(architecture, "fast")


def test_an_engine_can_be_sent_to_another_process() -> None:
    engine = pickle.loads(pickle.dumps(NativeEngine(n_threads=3)))
    assert engine.n_threads == 3
    assert ENGINES["native"].name == "native"


def test_the_trace_is_that_of_the_reference_engine() -> None:
    case = Case(("tanh", "relu"), "softmax", "cross_entropy")
    samples = case.samples()
    arguments = Objective(case.network.architecture), case.parameters(), Batch(samples.X, samples.T)
    traced, expected = NATIVE.trace(*arguments), REFERENCE.trace(*arguments)
    assert {name: array.tolist() for name, array in traced.items()} == {
        name: array.tolist() for name, array in expected.items()
    }


def test_the_engine_says_what_computes() -> None:
    info = engine_info()
    assert info["isa"] in info["available_isas"]
    assert info["threads"] >= 1
    assert info["compiler"] in {"GCC", "Clang"}
