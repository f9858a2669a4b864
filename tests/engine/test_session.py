"""The compiled module refuses what would lead it beside an array, whoever calls it."""

from typing import Any

import numpy as np
import pytest

from chainrule import _native

DESCRIPTION: dict[str, Any] = {
    "sizes": [3, 4, 2],
    "hidden": [3],
    "output": 0,
    "loss": 0,
    "loss_parameter": 0.0,
    "bias": True,
    "clips": False,
}
N_PARAMETERS = 3 * 4 + 4 + 4 * 2 + 2
RULE = {
    "solver": 1,
    "momentum": 0.9,
    "beta_1": 0.0,
    "beta_2": 0.0,
    "epsilon": 1.0,
    "weight_decay": 0.0,
    "l2": 0.0,
    "l2_per_weight": False,
    "clipping": 0,
    "bound": 0.0,
    "stop_on_divergence": True,
    "dropout_seed": 0,
}


def session(**changes: Any) -> _native.SessionFloat64:
    return _native.SessionFloat64(*{**DESCRIPTION, **changes}.values())


def train(**changes: Any) -> None:
    arguments: dict[str, Any] = {
        "parameters": np.zeros(N_PARAMETERS),
        "slot_0": np.zeros(N_PARAMETERS),
        "slot_1": None,
        "X": np.zeros((6, 3)),
        "csr": None,
        "targets": np.tile([0.0, 1.0], (6, 1)),
        "weights": None,
        "rows": None,
        "starts": np.array([0, 4, 6]),
        "rates": np.full(2, 0.1),
        "rule": RULE,
        "dropout": None,
        "steps_before": 0,
        "threads": 2,
        "after_step": None,
        "report": [],
    }
    session().train(**{**arguments, **changes})


def test_the_arguments_of_these_tests_are_otherwise_right() -> None:
    report: list[tuple[Any, ...]] = []
    train(report=report)
    assert report[0][:2] == (2, 6)


def csr(values: int, columns: list[int], starts: list[int]) -> tuple[np.ndarray, ...]:
    return np.ones(values), np.array(columns, np.int32), np.array(starts, np.int64)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"parameters": np.zeros(3)}, "as many numbers as there are parameters"),
        ({"slot_0": np.zeros(N_PARAMETERS + 1)}, "as many numbers as there are parameters"),
        ({"X": np.zeros((6, 4))}, "as many columns"),
        ({"X": np.zeros((6, 3), order="F")}, "the rows of X are not contiguous"),
        ({"X": np.zeros((5, 3))}, "the targets do not fit"),
        ({"targets": np.zeros((6, 3))}, "the targets do not fit"),
        ({"targets": np.zeros((6, 2), order="F")}, "the rows of the targets are not contiguous"),
        ({"weights": np.zeros(5)}, "not one weight a sample"),
        ({"rows": np.array([0, 1, 2, 3, 4, 6])}, "a row is out of range"),
        ({"rows": np.array([0, 1, 2, 3, 4, -1])}, "a row is out of range"),
        ({"starts": np.array([0, 4, 7])}, "a step ends after the last row"),
        ({"starts": np.array([-1, 4, 6])}, "a step begins before the first row"),
        ({"starts": np.array([0, 4, 4])}, "a step has no rows"),
        ({"starts": np.array([], np.int64)}, "there are no steps"),
        ({"rows": np.arange(6.0)}, "the rows are neither int32 nor int64"),
        ({"rows": np.arange(12)[::2]}, "the rows are not a contiguous vector"),
        ({"targets": np.zeros(6, np.uint8) + 2}, "a label is out of range"),
        ({"targets": np.zeros(6, np.int32) - 1}, "a label is out of range"),
        ({"targets": np.zeros(6)}, "the labels are of a type that is not read"),
        ({"targets": np.zeros((6, 2), np.int16)}, "the targets are of a type that is not read"),
        ({"targets": np.zeros((6, 2), np.float16)}, "the targets are of a type that is not read"),
        ({"targets": np.zeros((6, 1, 2))}, "the targets do not fit"),
        ({"weights": np.ones(6, int)}, "the weights are of a type that is not read"),
        ({"weights": np.ones(12)[::2]}, "the weights are not contiguous"),
        ({"rates": np.zeros(1)}, "not one rate a step"),
        ({"rule": {**RULE, "solver": 2}}, "Adam has two slots"),
        ({"dropout": np.zeros(2)}, "not one dropout rate a hidden layer"),
        ({"X": None}, "either as an array or as a CSR matrix"),
        ({"X": None, "csr": csr(1, [3], [0, 1, 1, 1, 1, 1, 1])}, "a column of X is out of range"),
        ({"X": None, "csr": csr(1, [-1], [0, 1, 1, 1, 1, 1, 1])}, "a column of X is out of range"),
        ({"X": None, "csr": csr(1, [0], [0, 2, 2, 2, 2, 2, 2])}, "X has too few values"),
        ({"X": None, "csr": csr(1, [0], [0, 1, 0, 1, 1, 1, 1])}, "the row starts of X do not asc"),
        ({"X": None, "csr": csr(1, [0], [1, 1, 1, 1, 1, 1, 1])}, "do not begin at 0"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_arrays_that_do_not_fit_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train(**changes)


@pytest.mark.parametrize("name", ["X", "targets", "weights", "parameters", "slot_0"])
def test_misaligned_arrays_are_refused(name: str) -> None:
    shapes = {"X": (6, 3), "targets": (6, 2), "weights": (6,)}
    shape = shapes.get(name, (N_PARAMETERS,))
    memory = np.zeros(8 * int(np.prod(shape)) + 1, np.uint8)
    with pytest.raises(ValueError, match="misaligned"):
        train(**{name: memory[1:].view(np.float64).reshape(shape)})


@pytest.mark.parametrize(
    "changes",
    [
        {"X": np.zeros((6, 3), np.float32)},
        {"X": np.zeros((6, 3), ">f8")},
        {"parameters": np.zeros(N_PARAMETERS, np.float32)},
        {"parameters": np.zeros(2 * N_PARAMETERS)[::2]},
        {"X": np.zeros((6, 3), dtype=object)},
        {"X": np.zeros((6, 3), np.float16)},
        {"targets": np.zeros((6, 2), dtype=object)},
        {"targets": np.zeros((6, 2), ">f8")},
        {"rows": np.arange(6).astype(">i8")},
        {"X": np.zeros(6)},
    ],
)
def test_arrays_of_another_kind_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((TypeError, BufferError)):
        train(**changes)


def test_parameters_that_may_not_be_changed_are_refused() -> None:
    parameters = np.zeros(N_PARAMETERS)
    parameters.flags.writeable = False
    with pytest.raises(TypeError):
        train(parameters=parameters)


@pytest.mark.parametrize("sizes", [[3], [3, 0, 2], [3, -4, 2], [3, 4, 4, 2]])
def test_sizes_that_are_no_network(sizes: list[int]) -> None:
    with pytest.raises(ValueError, match=r"a network needs|at least 1"):
        session(sizes=sizes)


@pytest.mark.parametrize("sizes", [[2**40, 2**40, 2], [3, 2**62, 2], [2**23, 2**23, 2**23]])
def test_sizes_whose_product_is_no_number_any_more(sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="too large for this machine's memory"):
        session(sizes=sizes)


@pytest.mark.parametrize("changes", [{"hidden": [11]}, {"output": 4}, {"loss": -1}])
def test_numbers_that_name_no_function(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="there is no"):
        session(**changes)
