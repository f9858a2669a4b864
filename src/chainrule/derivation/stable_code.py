"""NumPy for the outputs and the loss that neither overflows nor takes the logarithm of zero.

The formulas of a page are those of the mathematics. Where the outputs have rounded to 0 or 1, their
logarithms are taken from the pre-activations, and ``t log t`` is 0 at zero, as in the engines.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import final

from chainrule.calculus import Expression, Hadamard, Product, Shape, Size, Variable
from chainrule.calculus.matrices import as_rows
from chainrule.calculus.nodes import Quotient
from chainrule.calculus.numpy_code import to_numpy
from chainrule.calculus.primitives import log
from chainrule.calculus.rules import Rule, Scope
from chainrule.derivation.quantities import Quantities

__all__ = ["StableCode"]

_LOG = "log_{y}"
_LOG_REST = "log_1_minus_{y}"
_ROW = "axis=1, keepdims=True"


@final
@dataclass(frozen=True)
class StableCode:
    """Writes the lines of the last layer and of the loss.

    Parameters
    ----------
    quantities : Quantities
        The network's variables.
    name : callable
        What a quantity is called in the code.
    """

    quantities: Quantities
    name: Callable[[Expression], str]

    @property
    def T(self) -> str:
        """What the targets are called."""
        return self.name(self.quantities.stacked(self.quantities.t))

    @property
    def Y(self) -> str:
        """What the outputs are called."""
        q = self.quantities
        return self.name(q.stacked(q.y(q.n_layers)))

    @property
    def Z(self) -> str:
        """What the last pre-activations are called."""
        q = self.quantities
        return self.name(q.stacked(q.z(q.n_layers)))

    def output(self) -> Iterator[str]:
        """Write the outputs of a softmax, whose exponentials cannot overflow."""
        yield f"shifted = {self.Z} - {self.Z}.max({_ROW})"
        yield f"{self.Y} = np.exp(shifted) / np.exp(shifted).sum({_ROW})"

    def loss(self) -> Iterator[str]:
        """Write the losses of the samples, and what they need."""
        q = self.quantities
        used: dict[Expression, Expression] = {}

        def put(node: Expression, _: Scope) -> Expression | None:
            if node in self._parts:
                used[self._parts[node]] = self._parts[node]
                return self._parts[node]
            return None

        loss = Rule("", "", put).everywhere(q.loss, Scope())
        rows = q.rows | {part: _stacked(part) for part in used}
        needs = [part.name for part in used if isinstance(part, Variable)]
        if self._log_rest in needs and q.has_softmax and self._log not in needs:
            needs.insert(0, self._log)
        yield from (f"{name} = {self._values[name]}" for name in needs)
        written = to_numpy(as_rows(loss, Size("m"), rows), self.name)
        yield f"losses = {written}"

    def ratio(self, right: Expression) -> tuple[list[str], Expression]:
        """Write ``(1 - t) …/(1 - y)`` apart: a target of one asks nothing of an output of one."""
        q = self.quantities
        rest = 1 - q.stacked(q.y(q.n_layers))
        lines: list[str] = []

        def put(node: Expression, _: Scope) -> Expression | None:
            if not (isinstance(node, Quotient) and node.denominator == rest):
                return None
            lines[:] = [
                f"denominator = np.where({self.T} == 1, 1, 1 - {self.Y})",
                f"ratio = {to_numpy(node.numerator, self.name)} / denominator",
            ]
            return Variable("ratio", node.shape)

        return lines, Rule("", "", put).everywhere(right, Scope())

    @property
    def _log(self) -> str:
        return _LOG.format(y=self.Y)

    @property
    def _log_rest(self) -> str:
        return _LOG_REST.format(y=self.Y)

    @cached_property
    def _parts(self) -> dict[Expression, Expression]:
        """What has a line of its own, as a variable of that name."""
        q = self.quantities
        y, t = q.y(q.n_layers), q.t
        weighted = Variable("t_log_t", t.shape)
        return {
            log(y): Variable(self._log, y.shape),
            log(1 - y): Variable(self._log_rest, y.shape),
            (Product if t.shape.is_scalar else Hadamard)((t, log(t))): weighted,
        }

    @cached_property
    def _values(self) -> dict[str, str]:
        found = {"t_log_t": f"scipy.special.xlogy({self.T}, {self.T})"}
        match self.quantities.architecture.output.name:
            case "softmax":
                found[self._log] = f"shifted - np.log(np.exp(shifted).sum({_ROW}))"
                found[self._log_rest] = (
                    f"np.stack([scipy.special.logsumexp(np.delete({self._log}, k, axis=1), "
                    f"axis=1) for k in range({self._log}.shape[1])], axis=1)"
                )
            case "logistic":
                found[self._log] = f"-np.logaddexp(0, -{self.Z})"
                found[self._log_rest] = f"-np.logaddexp(0, {self.Z})"
            case "exponential":
                found[self._log] = self.Z
            case _:
                found[self._log] = f"np.log({self.Y})"
                found[self._log_rest] = f"np.log(1 - {self.Y})"
        return found


def _stacked(part: Expression) -> Variable:
    name = part.name if isinstance(part, Variable) else ""
    return Variable(name, Shape(Size("m"), part.shape.rows))
