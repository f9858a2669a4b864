"""The compiled part of chainrule: the types of what native/ defines."""

from collections.abc import Callable
from typing import Any

from chainrule.arrays import Array

_Csr = tuple[Array, Array, Array]

class SessionFloat32:
    """A network's plan and memory in float32, and the calls on them."""

    def __init__(
        self,
        sizes: list[int],
        hidden: list[int],
        output: int,
        loss: int,
        loss_parameter: float,
        bias: bool,
        clips: bool,
        /,
    ) -> None: ...
    def train(
        self,
        parameters: Array,
        slot_0: Array,
        slot_1: Array | None,
        X: Array | None,
        csr: _Csr | None,
        targets: Array,
        weights: Array | None,
        rows: Array | None,
        starts: Array,
        rates: Array,
        rule: dict[str, Any],
        dropout: Array | None,
        steps_before: int,
        threads: int,
        after_step: Callable[[int], bool] | None,
        report: list[tuple[Any, ...]],
    ) -> None:
        """Do steps of training; their account is appended to `report`."""

    def gradient(
        self,
        parameters: Array,
        result: Array,
        X: Array | None,
        csr: _Csr | None,
        targets: Array,
        weights: Array | None,
        l2: float,
        dropout: Array | None,
        dropout_seed: int,
        step: int,
        total_weight: float,
        threads: int,
    ) -> float:
        """Evaluate the loss and write its gradient into `result`."""

    def freeze(self, parameters: Array) -> None:
        """Keep parameters for `outputs`."""

    def outputs(
        self,
        parameters: Array | None,
        X: Array | None,
        csr: _Csr | None,
        result: Array,
        threads: int,
    ) -> None:
        """Write the outputs into `result`; without parameters, by the frozen ones."""

    def loss(
        self,
        parameters: Array,
        X: Array | None,
        csr: _Csr | None,
        targets: Array,
        weights: Array | None,
        l2: float,
        threads: int,
    ) -> float:
        """Evaluate the loss."""

class SessionFloat64(SessionFloat32):
    """The same in float64."""

def build_info() -> dict[str, str]:
    """Tell how this module was compiled: compiler, version, standard, architecture."""

def isa() -> str:
    """Give the instruction set in use."""

def available_isas() -> list[str]:
    """List the instruction sets that this machine can run, the best last."""

def elementary_float32(name: str, x: Array, y: Array) -> None:
    """Evaluate an elementary function of the kernels, for the tests."""

def elementary_float64(name: str, x: Array, y: Array) -> None:
    """Evaluate an elementary function of the kernels, for the tests."""
