"""Random points, and what is true there: the forward pass and the oracle, and no formula."""

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from chainrule.arrays import Array
from chainrule.calculus import Expression, Size, Variable
from chainrule.calculus.evaluate import Moved
from chainrule.derivation.curvature_truth import CurvatureTruth
from chainrule.derivation.points import LAMBDA, N_POINTS, check_sizes, draw_points
from chainrule.derivation.quantities import Quantities
from chainrule.network import Architecture
from chainrule.oracle import COMPLEX_STEP, Oracle

__all__ = ["Ground", "Setting"]

#: How much of what was moved one setting keeps for further lines.
_KEPT_BYTES = 1 << 24

_DOT = "\N{COMBINING DOT ABOVE}"


@final
@dataclass(frozen=True)
class Setting:
    """What ``E`` is on a line: of one sample or a batch, with decay or not.

    Parameters
    ----------
    is_batch : bool
        Whether ``E`` is the mean over m samples.
    has_decay : bool
        Whether it has the penalty on the weights.
    sums_to_one : bool
        Whether the targets of a sample do; they are free otherwise.
    is_second : bool
        Whether a second derivative is involved, whose truth is differences of first ones.
    """

    is_batch: bool = False
    has_decay: bool = False
    sums_to_one: bool = False
    is_second: bool = False


@final
@dataclass(frozen=True)
class Ground:
    """All quantities at some random points, and how they move with one of them.

    Parameters
    ----------
    quantities : Quantities
        The variables.
    setting : Setting
        What ``E`` is.
    seed : int
        The seed of the points.
    """

    quantities: Quantities
    setting: Setting
    seed: int = 0

    @cached_property
    def _architecture(self) -> Architecture:
        given = self.quantities.architecture
        sizes, _ = check_sizes(given, self.seed)
        return Architecture(sizes, given.hidden, given.output, given.loss, given.bias)

    @cached_property
    def _oracles(self) -> list[Oracle]:
        setting = self.setting
        net, (_, m) = self._architecture, check_sizes(self._architecture, self.seed)
        return draw_points(
            net,
            m if setting.is_batch else 1,
            LAMBDA if setting.has_decay else 0.0,
            sums_to_one=setting.sums_to_one,
            rng=np.random.default_rng([self.seed, setting.is_batch]),
        )

    @cached_property
    def known(self) -> dict[Expression, Array]:
        """The value of every variable, ``(points, rows, columns)``."""
        names = self._names
        stacked = {
            variable: np.stack([_value(oracle, name) for oracle in self._oracles])
            for variable, name in names.items()
        }
        shaped = {v: self._shaped(v, array) for v, array in stacked.items()}
        return shaped | self._numbers | {self.quantities.argument: self._arguments}

    def value(self, variable: Variable) -> Array:
        """Give the value of a variable; that of ``Δ(l)`` is itself a derivative."""
        if variable in self.known:
            return self.known[variable]
        if self.setting.is_second:
            return self._second(variable)
        q = self.quantities
        layer = next(layer for layer in range(1, q.n_layers + 1) if q.delta(layer) == variable)
        slopes = np.imag(self.moves(q.stacked(q.z(layer))).known[q.E]) / COMPLEX_STEP
        extent = self.known[q.stacked(q.z(layer))].shape[-2:]
        return slopes.reshape(-1, *extent)

    def hessian(self) -> Array:
        """Give ``∂²E/∂z∂zᵀ`` over the output pre-activations."""
        return np.stack([truth.hessian for truth in self._curvatures])

    @cached_property
    def _curvatures(self) -> list[CurvatureTruth]:
        return [CurvatureTruth(oracle, self.seed) for oracle in self._oracles]

    def _second(self, variable: Variable) -> Array:
        """Give the value of a quantity that only second derivatives have."""
        stacked = np.stack([self._second_value(truth, variable) for truth in self._curvatures])
        is_column = variable.shape.columns == 1
        return np.swapaxes(stacked, -1, -2) if is_column else stacked

    def _second_value(self, truth: CurvatureTruth, variable: Variable) -> Array:
        layer = variable.layer
        if not isinstance(layer, int):
            raise TypeError(f"{variable.name} has no value")
        match variable.name:
            case "G":
                return truth.gauss_newton(layer)
            case "F":
                return truth.fisher(layer)
            case "V":
                return truth.direction.weights[layer - 1]
            case "c":
                return np.asarray(truth.direction.biases[layer - 1])[None]
            case "g":
                return truth.gradient(f"z({layer})")
            case "P":
                return truth.gradient_along(f"W({layer})")
        plain = unicodedata.normalize("NFC", variable.name.removesuffix(_DOT))
        if plain == "g":
            return truth.gradient_along(f"z({layer})")
        symbols = self.quantities.symbols
        return truth.along(f"{'z' if plain == symbols.pre_activations else 'y'}({layer})")

    @cached_property
    def sizes(self) -> dict[Size, int]:
        """What the symbols for sizes stand for."""
        drawn, m = check_sizes(self._architecture, self.seed)
        named = zip(self.quantities.sizes, drawn, strict=True)
        return {size: n for size, n in named if isinstance(size, Size)} | {Size("m"): m}

    @cached_property
    def _arguments(self) -> Array:
        """Values for the argument of a function, on both sides of zero."""
        return np.random.default_rng(self.seed).normal(size=(N_POINTS, 1, 1)) * 2

    def moves(self, variable: Variable) -> Moved:
        """Move each entry of a variable in turn, and what follows from it."""
        cache = self._cache
        if variable in cache:
            return cache[variable]
        moved = self._moved(variable)
        # the last ones stay, as many as there is room for
        while cache and sum(map(_n_bytes, (moved, *cache.values()))) > _KEPT_BYTES:
            del cache[next(iter(cache))]
        cache[variable] = moved
        return moved

    @cached_property
    def _cache(self) -> dict[Variable, Moved]:
        return {}

    def _moved(self, variable: Variable) -> Moved:
        if variable == self.quantities.argument:
            moved = self._arguments[:, None] + 1j * COMPLEX_STEP
            return Moved({variable: moved}, COMPLEX_STEP)
        found = [oracle.moved(self._names[variable]) for oracle in self._oracles]
        known: dict[Expression, Array] = {}
        for other, name in self._names.items():
            array = np.stack([one[name] for one in found])
            at_rest = self.known[other]
            # what does not move has no axis for the entries
            n_axes = _AXES.get(name[0], 2) + 2
            array = array if array.ndim == n_axes else array[:, None]
            known[other] = self._shaped(other, array).reshape(*array.shape[:2], *at_rest.shape[-2:])
        return Moved(known | self._numbers, COMPLEX_STEP)

    @cached_property
    def _numbers(self) -> dict[Expression, Array]:
        q = self.quantities
        m = self._oracles[0].batch.n_samples
        return {q.decay: np.full((1, 1), LAMBDA), q.m: np.full((1, 1), float(m))}

    @cached_property
    def _names(self) -> dict[Variable, str]:
        """What the oracle calls each variable; in a batch, of the matrices of samples."""
        q = self.quantities
        names = q.oracle_names()
        if not self.setting.is_batch:
            return names
        kept = {*q.parameters, q.E}
        stacked = {v if v in kept else q.stacked(v): name for v, name in names.items()}
        return stacked | {q.losses: "ℓ"}

    def _shaped(self, variable: Variable, array: Array) -> Array:
        """Give a value its rows and columns: a vector is a column, and a number is 1 × 1."""
        name = self._names[variable]
        if name == "E":
            return array[..., None, None]
        if name[0] in "bℓ":
            return array[..., None]
        is_sample = not self.setting.is_batch and name[0] in "xtzy"
        return np.swapaxes(array, -1, -2) if is_sample else array


#: How many axes the oracle gives a quantity, by the first letter of its name.
_AXES = {"E": 0, "ℓ": 1, "b": 1}


def _value(oracle: Oracle, name: str) -> Array:
    if name == "E":
        return np.asarray(oracle.loss)
    if name == "ℓ":
        outputs = oracle.value(f"y({oracle.objective.architecture.n_layers})")
        return oracle.objective.sample_losses(outputs, oracle.batch.T)
    return oracle.value(name)


def _n_bytes(moved: Moved) -> int:
    return sum(array.nbytes for array in moved.known.values())
