"""What stands for true: derivatives of the loss that use no derivative formula.

The loss is evaluated from its definition alone. Where it is analytic the derivative is the complex
step ``Im E(θ + ih)/h``, exact to rounding; elsewhere it is the Richardson extrapolation of central
differences, with the steps chosen, component by component, where the extrapolation agrees best with
itself. Where the two one-sided differences disagree however small the step, the loss has a kink and
no derivative: the answer there is NaN.

References
----------
W. Squire and G. Trapp, Using complex variables to estimate derivatives of real functions, SIAM
Review 40 (1998), 110-112, eq. 6. C. J. F. Ridders, Accurate computation of F'(x) and F'(x)F''(x),
Advances in Engineering Software 4 (1982), 75-76.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
import numpy.typing as npt

from chainrule.arrays import Array
from chainrule.calculus.evaluate import values
from chainrule.errors import UnknownNameError
from chainrule.objective import Batch, Objective
from chainrule.outputs import Range
from chainrule.parameters import Parameters

__all__ = ["COMPLEX_STEP", "Oracle"]

#: How far `Oracle.moved` moves an entry in the imaginary direction.
COMPLEX_STEP = 1e-30
_STEPS = 2.0 ** -np.arange(5, 25)
_ORDERS = 4
_ENTRIES_AT_ONCE = 1 << 20


@final
@dataclass(frozen=True)
class Oracle:
    """The loss around one point, and its derivatives there.

    Parameters
    ----------
    objective : Objective
        What is differentiated.
    params : Parameters
        Where, in float64.
    batch : Batch
        On which samples, in float64.

    Examples
    --------
    >>> from chainrule.network import Architecture
    >>> objective = Objective(Architecture.of([1, 1], output="identity", bias=False))
    >>> params = Parameters.over(objective.architecture, np.array([3.0]))
    >>> oracle = Oracle(objective, params, Batch(np.array([[2.0]]), np.array([[1.0]])))
    >>> oracle.derivative("W(1)", np.array([0]))  # (w x - t) x
    array([10.])
    """

    objective: Objective
    params: Parameters
    batch: Batch

    @property
    def method(self) -> str:
        """How derivatives are taken here."""
        return "complex step" if self.objective.architecture.is_analytic else "differences"

    @property
    def loss(self) -> float:
        """``E`` at this point."""
        return float(self._loss("", np.zeros(1))[0])

    def value(self, name: str) -> Array:
        """Return the quantity of a name: ``W(l)``, ``b(l)``, ``x``, ``t``, ``z(l)`` or ``y(l)``."""
        if name not in self._values:
            raise UnknownNameError("quantity", name, self._values)
        return self._values[name]

    @cached_property
    def _values(self) -> dict[str, Array]:
        return dict(self._quantities())

    def derivative(self, name: str, entries: npt.NDArray[np.int_]) -> Array:
        """Differentiate ``E`` by some entries of a quantity.

        Parameters
        ----------
        name : str
            ``W(l)``, ``b(l)``, ``x``, ``t``, ``z(l)`` or ``y(l)``; all that follows from the
            quantity moves with it.
        entries : array of int
            Indices into the flattened quantity.

        Returns
        -------
        array of float64
            One derivative for each entry; NaN where there is none.
        """
        return self.derivative_and_uncertainty(name, entries)[0]

    def derivative_and_uncertainty(
        self, name: str, entries: npt.NDArray[np.int_]
    ) -> tuple[Array, Array]:
        """Differentiate as `derivative` does, and say by how much each result may be off.

        The complex step is exact to rounding, which counts as no uncertainty here; differences
        are off by as much as their extrapolation disagrees with itself.
        """
        value = self.value(name)
        analytic = self.objective.architecture.is_analytic
        step = self._complex_step if analytic else self._differences
        widest = max(self.objective.architecture.layer_sizes) * self.batch.n_samples
        chunk = max(
            1,
            _ENTRIES_AT_ONCE
            // (max(value.size, widest) * (1 if analytic else 2 * len(_STEPS) + 1)),
        )
        chunks = [entries[start : start + chunk] for start in range(0, len(entries), chunk)]
        found = [step(name, value, part) for part in chunks] or [np.empty((2, 0))]
        derivatives, uncertainties = np.concatenate(found, axis=1)
        return derivatives, uncertainties

    def moved(self, name: str) -> dict[str, Array]:
        """Evaluate everything with each entry of a quantity moved by ``i h`` in turn.

        What follows from the quantity moves with it, so that the imaginary parts over ``h``, which
        is `COMPLEX_STEP`, are derivatives of everything by those entries. That is exact to rounding
        where the functions are analytic, and within a branch where they are so piece by piece: it
        does not notice a kink, which the point must keep away from.

        Parameters
        ----------
        name : str
            As in `derivative`.

        Returns
        -------
        dict of str to array
            Every quantity by its name, the losses ``ℓ`` of the samples, (N, m), and ``E``, (N,).
            What does not move has no axis for the N entries.
        """
        value = self.value(name)
        shift = _single_entries(
            value, np.arange(value.size), np.full(value.size, 1j * COMPLEX_STEP)
        )
        found = dict(self._given()) | {name: value + shift}
        pre_activations, outputs = self._forward(name, shift)
        for layer, (Z, Y) in enumerate(zip(pre_activations, outputs, strict=True), start=1):
            found[f"z({layer})"], found[f"y({layer})"] = Z, Y
        found["ℓ"], found["E"] = self._losses(name, shift, pre_activations, outputs)
        return found

    def is_blind(self, name: str) -> bool:
        """Say whether the loss, taken from the rounded outputs themselves, may be infinite.

        Everywhere else their logarithms come from ``z(L)``; only a derivative by ``y(L)`` needs
        the outputs as they are, and one that was rounded to 0 or 1 has no finite logarithm.
        """
        architecture = self.objective.architecture
        if name != f"y({architecture.n_layers})" or architecture.loss.needs < Range.POSITIVE:
            return False
        Y = self.value(name)
        return bool(np.any(Y == 0) or (architecture.loss.needs > Range.POSITIVE and np.any(Y == 1)))

    def _complex_step(self, name: str, value: Array, entries: npt.NDArray[np.int_]) -> Array:
        scale = np.minimum(self._scale(name, value.ravel()[entries]), 1.0)
        steps = COMPLEX_STEP * np.maximum(scale, 1e-270)
        shifts = _single_entries(value, entries, 1j * steps)
        with np.errstate(all="ignore"):  # infinite at the border of the loss's domain
            slopes = np.imag(self._loss(name, shifts)) / steps
        return np.stack([slopes, np.zeros(len(entries))])

    def _differences(self, name: str, value: Array, entries: npt.NDArray[np.int_]) -> Array:
        scale = self._scale(name, value.ravel()[entries])
        steps = scale[:, None] * _STEPS
        signed = np.concatenate([steps, -steps, np.zeros((len(entries), 1))], axis=1)
        shifts = _single_entries(value, np.repeat(entries, signed.shape[1]), signed.ravel())
        with np.errstate(all="ignore"):  # a step out of the domain gives NaN, and is not chosen
            losses = self._loss(name, shifts).reshape(signed.shape)
            slopes, errors = _limits(losses, steps)
        # so close to the border of its domain, float64 does not resolve what a step changes
        return np.stack([np.where(scale < 1e-6, np.nan, slopes), errors])

    def _scale(self, name: str, values: Array) -> Array:
        """Say how far a quantity may move: one in a bounded domain, not beyond the border."""
        last, domain = self.objective.architecture.n_layers, self.objective.architecture.loss.needs
        if name not in (f"y({last})", "t") or domain < Range.POSITIVE:
            return np.maximum(np.abs(values), 1.0)
        room = np.abs(values)
        if domain >= Range.UNIT_INTERVAL:
            room = np.minimum(room, np.abs(1 - values))
        return np.where(room == 0, 1.0, room)

    def _given(self) -> Iterator[tuple[str, Array]]:
        yield from (("x", self.batch.X), ("t", self.batch.T))
        for layer, (W, b) in enumerate(self._layers(), start=1):
            yield f"W({layer})", W
            if b is not None:
                yield f"b({layer})", b

    def _quantities(self) -> Iterator[tuple[str, Array]]:
        yield from self._given()
        zero = np.zeros((1, 1))
        pre_activations, outputs = self._forward("", zero)
        for layer, (Z, Y) in enumerate(zip(pre_activations, outputs, strict=True), start=1):
            yield f"z({layer})", Z
            yield f"y({layer})", Y

    def _layers(self) -> Iterator[tuple[Array, Array | None]]:
        return zip(self.params.weights, self.params.biases, strict=True)

    def _forward(self, name: str, shift: Array) -> tuple[list[Array], list[Array]]:
        """Go through the layers with one quantity moved, for a stack of moves."""

        def moved(quantity: str, value: Array) -> Array:
            return value + shift if quantity == name else value

        architecture = self.objective.architecture
        pre_activations: list[Array] = []
        outputs: list[Array] = []
        Y = moved("x", self.batch.X)
        for layer, (W, b) in enumerate(self._layers(), start=1):
            Z = Y @ np.swapaxes(moved(f"W({layer})", W), -1, -2)
            if b is not None:
                Z = Z + moved(f"b({layer})", b)[..., None, :]
            Z = moved(f"z({layer})", Z)
            if layer == architecture.n_layers:
                Y = architecture.output.evaluate(Z)
            else:
                Y = self._masked(layer, values(architecture.hidden[layer - 1], Z))
            Y = moved(f"y({layer})", Y)
            pre_activations.append(Z)
            outputs.append(Y)
        return pre_activations, outputs

    def _masked(self, layer: int, Y: Array) -> Array:
        if self.objective.dropout is None:
            return Y
        return self.objective.dropout.of_layer(layer, Y.shape[-2:], np.float64) * Y

    def _loss(self, name: str, shift: Array) -> Array:
        """Evaluate ``E`` for a stack of moves of one quantity."""
        return self._losses(name, shift, *self._forward(name, shift))[1]

    def _losses(
        self, name: str, shift: Array, pre_activations: list[Array], outputs: list[Array]
    ) -> tuple[Array, Array]:
        """Evaluate the losses of the samples and ``E`` at the end of a forward pass."""
        # with y moved on its own, its logarithms no longer follow from z
        Z = None if name == f"y({len(outputs)})" else pre_activations[-1]
        T = self.batch.T + shift if name == "t" else self.batch.T
        weights = [
            W + shift if name == f"W({layer})" else W
            for layer, W in enumerate(self.params.weights, start=1)
        ]
        sample_losses = self.objective.sample_losses(outputs[-1], T, Z)
        loss = self.objective.mean(sample_losses, self.batch) + self.objective.penalty(weights)
        return sample_losses, np.broadcast_to(loss, shift.shape[:1])


def _single_entries(value: Array, entries: npt.NDArray[np.int_], amounts: Array) -> Array:
    """Stack arrays shaped like `value` that are zero but for one entry each."""
    shifts = np.zeros((len(entries), value.size), amounts.dtype)
    shifts[np.arange(len(entries)), entries] = amounts
    return shifts.reshape(len(entries), *value.shape)


def _limits(losses: Array, steps: Array) -> tuple[Array, Array]:
    """Give derivatives and their errors from the losses at ``+steps``, ``-steps`` and here."""
    forward, backward = np.split(losses[:, :-1], 2, axis=1)
    here = losses[:, -1:]
    rounding = np.finfo(np.float64).eps * np.maximum(1.0, np.abs(here)) / steps
    slopes, errors = _extrapolated((forward - backward) / (2 * steps), rounding)
    kinks = _kinks((forward - here) / steps, (here - backward) / steps, rounding)
    return np.where(kinks | _unsettled(slopes, errors, rounding), np.nan, slopes), errors


def _extrapolated(slopes: Array, rounding: Array) -> tuple[Array, Array]:
    """Extrapolate central differences (one a column, each step half the last) to step zero.

    The second result is by how much the extrapolation may be off: where it disagrees with itself,
    and what rounding leaves of so small a difference.
    """
    best, best_error = slopes[:, -1], np.full(len(slopes), np.inf)
    previous = slopes
    for order in range(1, _ORDERS + 1):
        finer, coarser = previous[:, 1:], previous[:, :-1]
        current = finer + (finer - coarser) / (4.0**order - 1)
        error = np.maximum(np.abs(current - finer), np.abs(current - coarser))
        error = error + rounding[:, order:]
        choice = np.argmin(np.where(np.isfinite(error), error, np.inf), axis=1)
        rows = np.arange(len(slopes))
        better = error[rows, choice] < best_error
        best = np.where(better, current[rows, choice], best)
        best_error = np.where(better, error[rows, choice], best_error)
        previous = current
    return best, best_error


def _unsettled(slopes: Array, errors: Array, rounding: Array) -> npt.NDArray[np.bool_]:
    """Say where a kink within the smallest steps keeps the extrapolation from settling."""
    largest = np.max(np.abs(slopes), initial=0.0, where=np.isfinite(slopes))
    allowed = 1e-7 * np.abs(slopes) + 1e-8 * largest + 10 * rounding[:, 0]
    unsettled: npt.NDArray[np.bool_] = ~(errors <= allowed)
    return unsettled


def _kinks(right: Array, left: Array, rounding: Array) -> npt.NDArray[np.bool_]:
    """Say where one-sided slopes stay apart: a smooth function's gap shrinks with the step."""
    gaps = np.abs(right - left)
    stays: npt.NDArray[np.bool_] = gaps[:, -1] > 0.5 * gaps[:, -3]
    return stays & (gaps[:, -1] > 50 * rounding[:, -1])
