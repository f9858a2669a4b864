"""Architectures: from names to objects, and what cannot be a network."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from cases import PAIRS

from chainrule.errors import ChainruleError, SpecificationError, UnknownNameError
from chainrule.functions import LOGISTIC, RELU, TANH
from chainrule.losses import CROSS_ENTROPY, LOSSES, huber
from chainrule.network import Architecture
from chainrule.outputs import OUTPUTS, SOFTMAX


def test_names_become_objects() -> None:
    net = Architecture.of([4, 3, 2], hidden="logistic", output="softmax", bias=False)
    assert net == Architecture((4, 3, 2), (LOGISTIC,), SOFTMAX, CROSS_ENTROPY, bias=False)


def test_one_function_serves_every_hidden_layer_and_a_list_gives_each_its_own() -> None:
    assert Architecture.of([5, 4, 3, 2], hidden="tanh").hidden == (TANH, TANH)
    assert Architecture.of([5, 4, 3, 2], hidden=["tanh", "relu"]).hidden == (TANH, RELU)
    assert Architecture.of([5, 4, 3, 2], hidden=("tanh", RELU)).hidden == (TANH, RELU)


def test_biases_and_rectifiers_and_a_softmax_are_the_defaults() -> None:
    net = Architecture.of([4, 3, 2])
    assert (net.bias, net.hidden, net.output) == (True, (RELU,), SOFTMAX)


@pytest.mark.parametrize(
    ("output", "loss"),
    [
        ("softmax", "cross_entropy"),
        ("logistic", "binary_cross_entropy"),
        ("identity", "squared_error"),
        ("exponential", "poisson"),
    ],
)
def test_an_output_brings_its_canonical_loss(output: str, loss: str) -> None:
    net = Architecture.of([4, 2], output=output)
    assert net.loss is LOSSES[loss]
    assert net.has_canonical_loss
    assert not Architecture.of([4, 2], output=output, loss="huber").has_canonical_loss


def test_counts_follow_the_sizes() -> None:
    net = Architecture.of([256, 7, 10], bias=False)
    assert (net.n_layers, net.n_parameters) == (2, 256 * 7 + 7 * 10)
    assert Architecture.of([256, 7, 10]).n_parameters == 257 * 7 + 8 * 10
    assert Architecture.of([3, 2]).n_layers == 1


def test_a_network_is_analytic_if_all_its_parts_are() -> None:
    assert Architecture.of([4, 3, 2], hidden="tanh").is_analytic
    assert not Architecture.of([4, 3, 2], hidden="relu").is_analytic
    assert not Architecture.of([4, 3, 2], hidden="tanh", loss="huber").is_analytic


def test_a_loss_takes_the_outputs_that_it_can() -> None:
    for output in OUTPUTS:
        for loss in LOSSES:
            if (output, loss) in PAIRS:
                assert Architecture.of([2, 2], output=output, loss=loss).loss is LOSSES[loss]
            else:
                with pytest.raises(SpecificationError, match=f"loss '{loss}' needs outputs"):
                    Architecture.of([2, 2], output=output, loss=loss)


def test_a_loss_may_be_made_to_measure() -> None:
    assert Architecture.of([2, 1], output="identity", loss=huber(2.0)).loss == huber(2.0)


@pytest.mark.parametrize("sizes", [[], [3]])
def test_a_network_has_at_least_inputs_and_outputs(sizes: list[int]) -> None:
    with pytest.raises(SpecificationError, match="at least two layer sizes"):
        Architecture.of(sizes)


@pytest.mark.parametrize(
    "size", [0, -1, 2.5, True, "3", None, float("nan"), float("inf"), 1j, np.float64(1.5), [2]]
)
def test_a_layer_size_is_a_positive_whole_number(size: Any) -> None:
    with pytest.raises(SpecificationError, match="a layer size must be a positive whole number"):
        Architecture.of([4, size, 2])
    with pytest.raises(SpecificationError, match="a layer size must be a positive whole number"):
        Architecture((4, size), (), SOFTMAX, CROSS_ENTROPY)


@pytest.mark.parametrize("size", [3, np.int64(3), 3.0, np.float32(3)])
def test_a_whole_number_of_any_type_is_a_size(size: Any) -> None:
    assert Architecture.of([4, size, 2]).layer_sizes == (4, 3, 2)


@pytest.mark.parametrize("hidden", [["tanh"], ["tanh"] * 3, []])
def test_functions_and_hidden_layers_must_agree_in_number(hidden: Sequence[str]) -> None:
    message = f"{len(hidden)} hidden functions do not fit 2 hidden layers"
    with pytest.raises(SpecificationError, match=message):
        Architecture.of([5, 4, 3, 2], hidden=hidden)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"hidden": "tanhh"}, r"no hidden function 'tanhh' \(did you mean 'tanh'\?\); choose from"),
        ({"output": "sofmax"}, r"no output 'sofmax' \(did you mean 'softmax'\?\); choose from"),
        ({"loss": "hubber"}, r"no loss 'hubber' \(did you mean 'huber'\?\); choose from"),
        ({"hidden": [3]}, "no hidden function 3; choose from identity"),
        ({"hidden": "softmax"}, "no hidden function 'softmax'"),
        ({"output": TANH}, "no output Function"),
        ({"loss": 3}, "no loss 3"),
    ],
)
def test_an_unknown_name_is_answered_with_those_that_exist(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(UnknownNameError, match=message) as caught:
        Architecture.of([4, 3, 2], **arguments)
    assert isinstance(caught.value, ChainruleError)
    assert isinstance(caught.value, ValueError)


def test_a_loss_that_is_infinite_at_the_only_value_of_an_output_is_refused() -> None:
    with pytest.raises(SpecificationError, match="of one output is always 1"):
        Architecture.of([3, 1], output="softmax", loss="binary_cross_entropy")


def test_a_wrong_name_is_told_even_where_no_layer_would_take_it() -> None:
    with pytest.raises(UnknownNameError, match="hidden function 'foo'"):
        Architecture.of([3, 2], hidden="foo")
