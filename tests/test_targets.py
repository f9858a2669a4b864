"""Targets, weights and numbers as users give them."""

from typing import Any

import numpy as np
import pytest

from chainrule.errors import DataError, ShapeError
from chainrule.network import Architecture
from chainrule.targets import real_numbers, target_matrix, weight_vector

CLASSES = Architecture.of([4, 3])
ONE = Architecture.of([4, 1], output="identity")
MANY = Architecture.of([4, 3], output="logistic")
RATES = Architecture.of([4, 2], output="exponential")


def matrix(net: Architecture, T: Any, m: int = 2, dtype: type = np.float64) -> np.ndarray:
    return target_matrix(net, T, m, dtype)


@pytest.mark.parametrize(
    "labels",
    [[2, 0], np.array([2, 0]), np.array([2.0, 0.0]), np.array([2, 0], np.uint8), ("2", "0")],
)
def test_labels_become_one_hot_rows(labels: Any) -> None:
    assert matrix(CLASSES, labels).tolist() == [[0, 0, 1], [1, 0, 0]]


def test_truth_values_are_labels_of_two_classes() -> None:
    two = Architecture.of([4, 2])
    assert matrix(two, [True, False]).tolist() == [[0, 1], [1, 0]]


def test_labels_of_independent_outputs_become_one_hot_rows_too() -> None:
    assert matrix(MANY, [1, 2]).tolist() == [[0, 1, 0], [0, 0, 1]]


def test_one_output_takes_its_targets_in_one_dimension_or_two() -> None:
    assert matrix(ONE, [0.5, -2]).tolist() == [[0.5], [-2]]
    assert matrix(ONE, [[0.5], [-2]]).tolist() == [[0.5], [-2]]


def test_rows_are_taken_as_they_are() -> None:
    rows = [[0.2, 0.3, 0.5], [0, 1, 0]]
    assert matrix(CLASSES, rows).tolist() == rows


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_targets_have_the_type_asked_for(dtype: type) -> None:
    for net, T in [(CLASSES, [2, 0]), (ONE, [0.5, 1]), (CLASSES, np.eye(3)[:2])]:
        assert matrix(net, T, 2, dtype).dtype == dtype


@pytest.mark.parametrize(
    ("label", "shown"), [(3, "3"), (-1, "-1"), (0.5, "0.5"), (np.nan, "nan"), (1e30, "1e\\+30")]
)
def test_a_label_that_is_no_class_is_named_with_its_row(label: float, shown: str) -> None:
    message = f"^label {shown} in row 1 is not one of the 3 classes 0 … 2$"
    with pytest.raises(DataError, match=message):
        matrix(CLASSES, [0, label])


def test_labels_are_for_classifications() -> None:
    net = Architecture.of([4, 3], output="identity")
    with pytest.raises(ShapeError, match="labels are for classifications"):
        matrix(net, [0, 1])


@pytest.mark.parametrize("shape", [(3,), (2, 2), (3, 3), (2, 3, 1), (), (2, 1)])
def test_another_shape_is_refused_with_both(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"^T: .* does not fit .*; X has 2 rows and the network 3"):
        matrix(CLASSES, np.zeros(shape))


@pytest.mark.parametrize(
    "T", ["text", [["a", "b", "c"]] * 2, [object(), 1], [[1], [2, 3]], [0, 1j]]
)
def test_what_is_not_a_real_number_is_refused(T: Any) -> None:
    with pytest.raises(DataError, match=r"^T must be an array of real numbers: "):
        matrix(CLASSES, T)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_target_that_is_not_finite_is_named_with_its_place(value: float) -> None:
    with pytest.raises(DataError, match=f"^target {value} in row 1, column 0 is not finite$"):
        matrix(ONE, [0.0, value])


@pytest.mark.parametrize(
    ("net", "T", "message"),
    [
        (
            RATES,
            [[1, 0], [0, -1]],
            "target -1.0 in row 1, column 1 is negative, which loss 'poisson'",
        ),
        (MANY, [[0, 0, 0], [0, 2, 0]], "target 2.0 in row 1, column 1 is not between 0 and 1"),
        (MANY, [[0, 0, 0], [0, 0, -0.1]], "target -0.1 in row 1, column 2 is not between 0 and 1"),
    ],
)
def test_a_target_that_the_loss_does_not_admit_is_named(
    net: Architecture, T: list[list[float]], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        matrix(net, T)


@pytest.mark.parametrize("excess", [2e-6, -2e-6, 0.5, -1.0])
def test_rows_of_a_softmax_sum_to_one(excess: float) -> None:
    with pytest.raises(DataError, match=r"the targets of row 1 sum to .*; with a softmax output"):
        matrix(CLASSES, [[0, 0, 1], [0.5, 0.5 + excess, 0]])


@pytest.mark.parametrize("excess", [5e-7, -5e-7, 0])
def test_rows_may_be_off_by_rounding(excess: float) -> None:
    assert matrix(CLASSES, [[0, 0, 1], [0.5, 0.5 + excess, 0]]).shape == (2, 3)


def test_the_sum_is_asked_of_a_softmax_whatever_its_loss() -> None:
    net = Architecture.of([4, 3], loss="squared_error")
    with pytest.raises(DataError, match="sum to 2"):
        matrix(net, [[1, 1, 0], [1, 0, 0]])
    assert matrix(Architecture.of([4, 3], output="identity"), [[1, 1, 0], [1, 0, 0]]).sum() == 3


def test_long_rows_in_float32_are_not_refused_for_their_rounding() -> None:
    wide = Architecture.of([4, 5000])
    T = np.asfortranarray(np.random.default_rng(0).dirichlet(np.ones(5000), 30))
    assert matrix(wide, T, 30, np.float32).dtype == np.float32


def test_numbers_are_copied_only_into_another_type() -> None:
    array = np.arange(3.0)
    assert real_numbers("X", array, np.float64) is array
    assert real_numbers("X", array, np.float32).dtype == np.float32


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_number_that_is_not_finite_is_named_with_its_place(value: float) -> None:
    message = rf"^X has a value that is not finite at \(0, 1\): {value}$"
    with pytest.raises(DataError, match=message):
        real_numbers("X", [[1.0, value]], np.float64)


@pytest.mark.parametrize("weight", [[1, -1], [0, 0], [-1, -1]])
def test_weights_are_not_negative_and_not_all_zero(weight: list[float]) -> None:
    with pytest.raises(DataError, match="sample weights must not be negative, and one at least"):
        weight_vector(weight, 2, np.float64)


@pytest.mark.parametrize("shape", [(3,), (2, 1), ()])
def test_there_is_one_weight_a_sample(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"^sample_weight: .* does not fit \(2,\)$"):
        weight_vector(np.ones(shape), 2, np.float64)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_of_any_size_count_by_their_ratios(dtype: type) -> None:
    for weights in ([1.7e308, 0.85e308], [2e-60, 1e-60]):
        np.testing.assert_array_equal(weight_vector(weights, 2, dtype), [1, 0.5])
