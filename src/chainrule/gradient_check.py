"""Every gradient formula of a network against the oracle."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.engine import Engine
from chainrule.errors import DivergenceError, SpecificationError
from chainrule.objective import Batch, Objective
from chainrule.oracle import Oracle
from chainrule.parameters import Parameters

__all__ = ["Comparison", "GradientCheck", "compare"]

#: The relative error that each method of the oracle leaves to a formula.
TOLERANCES = {"complex step": 1e-10, "differences": 1e-6}

# How many times its estimated rounding error a gradient may be off.
_ROUNDING_ERRORS = 16.0

# An entry this much smaller than the largest of its array is compared at that size, since rounding
# in the sums that it comes from does not shrink with it.
_SMALLEST_SHARE = 1e-3


@final
@dataclass(frozen=True)
class Comparison:
    """One gradient against the oracle.

    Parameters
    ----------
    name : str
        The gradient, such as ``∂E/∂W(1)``.
    shape : tuple of int
        Its shape.
    method : str
        How the oracle differentiated.
    n_checked, n_skipped : int
        The entries compared, and those at which the loss has no derivative.
    worst_error : float
        The largest relative error.
    where : tuple of int
        The entry that has it.
    formula, oracle : float
        What the two say there.
    """

    name: str
    shape: tuple[int, ...]
    method: str
    n_checked: int
    n_skipped: int
    worst_error: float
    where: tuple[int, ...]
    formula: float
    oracle: float

    @property
    def passed(self) -> bool:
        """Whether all that could be compared agrees."""
        return self.worst_error <= TOLERANCES[self.method]

    @property
    def verdict(self) -> str:
        """``right``, ``WRONG``, or ``not compared`` where there is no derivative at all."""
        if self.n_checked == 0:
            return "not compared"
        return "right" if self.passed else "WRONG"

    def __str__(self) -> str:
        size = " × ".join(map(str, self.shape))
        line = f"{self.name:<10} {size:>11}  {self.verdict}  {self.worst_error:.1e}  {self.method}"
        n_entries, n_drawn = math.prod(self.shape), self.n_checked + self.n_skipped
        if n_drawn < n_entries:
            line += f", {n_drawn:,} of {n_entries:,} entries, drawn at random"
        if self.n_skipped:
            line += f", no derivative at {self.n_skipped} of {self.n_checked + self.n_skipped}"
        if not self.passed:
            line += f", at {self.where}: formula {self.formula:.9g}, oracle {self.oracle:.9g}"
        return line


@final
@dataclass(frozen=True)
class GradientCheck:
    """The result of checking a network's gradients.

    Parameters
    ----------
    comparisons : tuple of Comparison
        One for each gradient.
    """

    comparisons: tuple[Comparison, ...]

    @property
    def worst(self) -> Comparison:
        """The gradient that agrees least, measured by what its method allows."""
        return max(self.comparisons, key=lambda c: c.worst_error / TOLERANCES[c.method])

    @property
    def worst_error(self) -> float:
        """The largest relative error of all."""
        return self.worst.worst_error

    @property
    def where(self) -> tuple[str, tuple[int, ...]]:
        """The gradient and the entry that have it."""
        return self.worst.name, self.worst.where

    @property
    def passed(self) -> bool:
        """Whether every gradient agrees, and something of each parameter's was compared."""
        trained = [c for c in self.comparisons if c.name.startswith(("∂E/∂W", "∂E/∂b"))]
        compared = all(comparison.n_checked > 0 for comparison in trained)
        return compared and all(comparison.passed for comparison in self.comparisons)

    def __str__(self) -> str:
        return "\n".join(map(str, self.comparisons))


def compare(
    objective: Objective,
    params: Parameters,
    batch: Batch,
    engine: Engine,
    *,
    max_entries: int = 2000,
    seed: int = 0,
) -> GradientCheck:
    """Compare every quantity of the engine's trace with the oracle.

    Parameters
    ----------
    objective : Objective
        What is differentiated.
    params, batch : Parameters, Batch
        Where, in float64.
    engine : Engine
        Whose gradients are checked.
    max_entries : int
        How many entries of one array are compared; of a larger one, a random choice.
    seed : int
        The seed of that choice.

    Returns
    -------
    GradientCheck
        One comparison for each gradient.

    Raises
    ------
    DivergenceError
        If the loss is not finite there.
    SpecificationError
        If `max_entries` is not positive.
    """
    if max_entries < 1:
        raise SpecificationError(f"max_entries must be at least 1, got {max_entries!r}")
    loss, gradient = engine.loss_and_gradient(objective, params, batch)
    if not np.isfinite(loss):
        raise DivergenceError(f"the loss is {loss} here and has no derivative; scale the inputs")
    oracle = Oracle(objective, params, batch)
    rng = np.random.default_rng(seed)
    traced = dict(_gradients(engine.trace(objective, params, batch)))
    for layer, (W, b) in enumerate(zip(gradient.weights, gradient.biases, strict=True), start=1):
        traced[f"W({layer})"] = W  # what trains is checked, not only what is shown
        if b is not None:
            traced[f"b({layer})"] = b
    comparisons, rounding = [], _rounding_errors(oracle)
    for name in sorted(traced, key=lambda name: (name[1:], name[0])):
        entries = _choice(rng, traced[name].size, max_entries)
        noise = rounding.get(name, np.zeros(traced[name].size)).ravel()[entries]
        comparisons.append(_comparison(oracle, name, traced[name], entries, noise))
    return GradientCheck(tuple(comparisons))


def _gradients(trace: dict[str, Array]) -> Iterator[tuple[str, Array]]:
    prefix = "∂E/∂"
    return ((name.removeprefix(prefix), trace[name]) for name in trace if name.startswith(prefix))


def _choice(rng: np.random.Generator, size: int, at_most: int) -> npt.NDArray[np.int_]:
    if size <= at_most:
        return np.arange(size)
    return np.sort(rng.choice(size, at_most, replace=False))


def _comparison(
    oracle: Oracle,
    name: str,
    formula: Array,
    entries: npt.NDArray[np.int_],
    rounding: Array,
) -> Comparison:
    expected, uncertainty = oracle.derivative_and_uncertainty(name, entries)
    noise = _ROUNDING_ERRORS * (uncertainty + rounding) / TOLERANCES[oracle.method]
    given = formula.ravel()[entries]
    skipped = np.isnan(expected) & (oracle.method == "differences")
    skipped |= oracle.is_blind(name)
    if name == "t":
        skipped |= (
            oracle.batch.T.ravel()[entries] == oracle.objective.architecture.loss.singular_target
        )
    errors = np.zeros(len(entries))
    errors[~skipped] = _relative_errors(given[~skipped], expected[~skipped], noise[~skipped])
    worst = int(np.argmax(errors)) if errors.size else 0
    return Comparison(
        name=f"∂E/∂{name}",
        shape=formula.shape,
        method=oracle.method,
        n_checked=int((~skipped).sum()),
        n_skipped=int(skipped.sum()),
        worst_error=float(errors[worst]),
        where=tuple(map(int, np.unravel_index(entries[worst], formula.shape))),
        formula=float(given[worst]),
        oracle=float(expected[worst]),
    )


def _rounding_errors(oracle: Oracle) -> dict[str, Array]:
    """Estimate what rounding in float64 leaves in each gradient, from the forward pass alone.

    A gradient is a sum of products that may cancel, as ``y - t`` does where a unit is saturated.
    The same sums of absolute values, times the machine epsilon, are what rounding is measured by.
    """
    batch, last = oracle.batch, oracle.objective.architecture.n_layers
    Y = [batch.X, *(oracle.value(f"y({layer})") for layer in range(1, last + 1))]
    sizes: dict[str, Array] = {}
    size = batch.shares[:, None] * (np.abs(Y[last]) + np.abs(batch.T))
    for layer in range(last, 0, -1):
        W = np.abs(oracle.params.weights[layer - 1])
        sizes[f"z({layer})"] = size
        sizes[f"W({layer})"] = size.T @ np.abs(Y[layer - 1]) + oracle.objective.decay(W)
        sizes[f"b({layer})"] = size.sum(axis=0)
        size = size @ W
        sizes[f"y({layer - 1})" if layer > 1 else "x"] = size
    return {name: np.finfo(np.float64).eps * value for name, value in sizes.items()}


def _relative_errors(given: Array, expected: Array, noise: Array) -> Array:
    """Divide differences by the size of what differs, or of its noise where that is larger."""
    largest = np.nanmax(np.abs(expected), initial=0.0)
    scale = np.maximum(np.maximum(np.abs(given), np.abs(expected)), _SMALLEST_SHARE * largest)
    scale = np.maximum(scale, noise)
    with np.errstate(invalid="ignore"):  # an infinite formula is infinitely wrong
        errors = np.abs(given - expected) / np.where(scale > 0, scale, 1.0)
    return np.where(np.isfinite(errors), errors, np.inf)
