"""Models of every kind, with the raw rows that they take; nothing is trained."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from shell_runs import small_table

from chainrule.arrays import Array
from chainrule.data import Images, fit_encoder, fit_target
from chainrule.network import Architecture
from chainrule.parameters import initial_parameters
from chainrule.trained import TrainedModel, architecture_for


@dataclass(frozen=True)
class Case:
    """A model and rows for it."""

    model: TrainedModel
    rows: Any


def make(rows: Any, values: Array, task: Any, hidden: tuple[int, ...], dtype: Any) -> Case:
    encoder, target = fit_encoder(rows), fit_target(values, task, "t")
    architecture = architecture_for(encoder, target, hidden, "tanh")
    params = initial_parameters(architecture, np.random.RandomState(0), dtype)
    return Case(TrainedModel(architecture, params, encoder, target, {"seed": 0}), rows)


def two_classes() -> Case:
    table = small_table()
    values = table["answer"].to_numpy(dtype=object)
    return make(table[["size", "age", "kind"]], values, "classification", (7,), np.float32)


def a_number() -> Case:
    table = small_table()
    columns = table[["size", "kind"]]
    return make(columns, table["price"].to_numpy(), "regression", (5, 4), np.float64)


def images() -> Case:
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (20, 4, 4)).astype(np.uint8)
    return make(Images(pixels), np.arange(20) % 3, "classification", (), np.float32)


def an_array() -> Case:
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(20, 3))
    return make(rows, np.arange(20) % 4, "classification", (6,), np.float32)


def without_bias() -> Case:
    case = an_array()
    old = case.model
    net = Architecture.of(old.architecture.layer_sizes, "gelu", "softmax", None, bias=False)
    params = initial_parameters(net, np.random.RandomState(0), np.float32)
    return Case(TrainedModel(net, params, old.encoder, old.target), case.rows)


CASES = {
    make_case.__name__: make_case
    for make_case in (two_classes, a_number, images, an_array, without_bias)
}
