"""What the formulas of a derivation are worth, for the answers beside the documents.

Independent of chainrule: two-dimensional complex arrays that never broadcast, and derivatives by
the complex step through a network written down in the answers. A formula is a Python expression:
``@`` is what stands side by side in the document, ``*`` the elementwise product or a multiple by a
scalar, ``D(E, z1)`` a derivative in the document's layout, ``G(E, z1)`` the same shaped like the
variable, ``P(y, z1)[j, i]`` single entries.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from types import CodeType
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

STEP = 1e-30
ASSUMPTIONS = (None, "sum-to-one", "one-hot")
#: How the operands and the finished right side are read, the strict reading first.
READINGS = (None, "elementwise", "orientation", "elementwise+orientation")


class ShapesDisagreeError(Exception):
    """Shapes that do not go together."""


@final
@dataclass(frozen=True, eq=False)
class Strict:
    """A matrix of complex numbers; ``loose`` reads neighbours of one shape entry by entry."""

    values: NDArray[np.complex128]
    loose: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape

    @property
    def T(self) -> "Strict":
        return Strict(self.values.T, self.loose)

    def __getitem__(self, index: Any) -> complex:
        return complex(np.squeeze(self.values)[index])

    def _with(self, other: "Strict | complex", combine: Callable[[Any, Any], Any]) -> "Strict":
        if isinstance(other, Strict) and other.shape != self.shape:
            raise ShapesDisagreeError(f"{self.shape} beside {other.shape}")
        right = other.values if isinstance(other, Strict) else other
        return Strict(combine(self.values, right), self.loose)

    def __add__(self, other: "Strict | complex") -> "Strict":
        return self._with(other, lambda a, b: a + b)

    def __radd__(self, other: complex) -> "Strict":
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: "Strict | complex") -> "Strict":
        return self._with(other, lambda a, b: a - b)

    def __rsub__(self, other: complex) -> "Strict":
        return self._with(other, lambda a, b: b - a)

    def __neg__(self) -> "Strict":
        return Strict(-self.values, self.loose)

    def __mul__(self, other: "Strict | complex") -> "Strict":
        if isinstance(other, Strict) and other.shape != self.shape:
            if self.shape == (1, 1):
                return other * complex(self.values[0, 0])
            if other.shape == (1, 1):
                return self * complex(other.values[0, 0])
        return self._with(other, lambda a, b: a * b)

    def __rmul__(self, other: complex) -> "Strict":
        return self * other

    def __matmul__(self, other: "Strict") -> "Strict":
        if (1, 1) in (self.shape, other.shape):
            return self * other
        if self.loose and self.shape == other.shape:
            return self * other
        if self.shape[1] != other.shape[0]:
            raise ShapesDisagreeError(f"{self.shape} times {other.shape}")
        return Strict(self.values @ other.values, self.loose)

    def __truediv__(self, other: "Strict | complex") -> "Strict":
        if not isinstance(other, Strict):
            return self * (1 / other)
        if other.shape == (1, 1):
            return self * (1 / complex(other.values[0, 0]))
        if not self.loose:
            raise ShapesDisagreeError(f"division by an array {other.shape}")
        return self._with(other, lambda a, b: a / b)

    def __rtruediv__(self, other: complex) -> "Strict":
        if self.shape != (1, 1) and not self.loose:
            raise ShapesDisagreeError(f"division by an array {self.shape}")
        return Strict(other / self.values, self.loose)

    def __pow__(self, power: int) -> "Strict":
        if self.shape != (1, 1) and not self.loose:
            raise ShapesDisagreeError(f"a power of an array {self.shape}")
        return Strict(self.values**power, self.loose)


def entrywise(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of numbers that acts on every entry of an array too."""

    def on(z: Any) -> Any:
        if isinstance(z, Strict):
            return Strict(function(z.values), z.loose)
        return complex(function(np.complex128(z)))

    return on


def as_complex(values: NDArray[np.float64]) -> NDArray[np.complex128]:
    return values.astype(np.complex128)


def softmax(z: Strict, axis: int = 0) -> Strict:
    powers = np.exp(z.values - z.values.real.max(axis=axis, keepdims=True))
    return Strict(powers / powers.sum(axis=axis, keepdims=True), z.loose)


def diag(v: Strict) -> Strict:
    if 1 not in v.shape:
        raise ShapesDisagreeError(f"diag of {v.shape}")
    return Strict(np.diag(v.values.ravel()), v.loose)


def total(a: Strict) -> Strict:
    return Strict(a.values.sum().reshape(1, 1), a.loose)


def over_rows(a: Strict) -> Strict:
    return Strict(a.values.sum(axis=0, keepdims=True), a.loose)


def over_columns(a: Strict) -> Strict:
    return Strict(a.values.sum(axis=1, keepdims=True), a.loose)


def logistic(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


FUNCTIONS: dict[str, Any] = {
    "logistic": entrywise(logistic),
    "logistic_slope": entrywise(lambda z: logistic(z) * (1 - logistic(z))),
    "tanh": entrywise(np.tanh),
    "tanh_slope": entrywise(lambda z: 1 - np.tanh(z) ** 2),
    "relu": entrywise(lambda z: np.where(z.real > 0, z, 0)),
    "positive": entrywise(lambda z: np.where(z.real > 0, 1.0, 0.0)),
    "exp": entrywise(np.exp),
    "log": entrywise(np.log),
    "square": entrywise(lambda z: z * z),
    "quotient": lambda a, b: Strict(a.values / b.values, a.loose),
    "inverse": entrywise(lambda z: 1 / z),
    "softmax": softmax,
    "diag": diag,
    "total": total,
    "over_rows": over_rows,
    "over_columns": over_columns,
    "column": lambda a, k: Strict(a.values[:, [k]], a.loose),
    "row": lambda a, k: Strict(a.values[[k], :], a.loose),
    "entry": lambda a, j, k: Strict(a.values[[j], :][:, [k]], a.loose),
    "matrix": lambda rows: Strict(np.array(rows, dtype=np.complex128)),
    "sum": sum,
    "range": range,
    "int": int,
    "len": len,
}


def compiled(formula: str) -> CodeType:
    quoted = re.sub(r"\b([DGP])\((\w+), ?(\w+)\)", r'\1("\2", "\3")', formula.strip())
    return compile(quoted, formula, "eval")


@final
@dataclass
class Point:
    """A network at random parameters, inputs and targets, and every derivative of it."""

    description: Mapping[str, Any]
    seed: int
    assumption: str | None = None
    loose: bool = False
    memory: dict[tuple[str, str], NDArray[np.complex128]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        sizes: dict[str, int] = dict(self.description["sizes"])
        scalars: dict[str, float] = dict(self.description.get("scalars", {}))
        self.leaves: dict[str, Any] = {
            name: Strict(
                as_complex(rng.normal(size=[sizes.get(n) or int(n) for n in shape])), self.loose
            )
            for name, shape in self.description["leaves"].items()
        }
        for name, target in self.description.get("targets", {}).items():
            self.leaves[name] = Strict(as_complex(self._target(rng, sizes, target)), self.loose)
        constants = {
            f"one_{name}": Strict(as_complex(np.ones((n, 1))), self.loose)
            for name, n in sizes.items()
        }
        self.given: dict[str, Any] = {**FUNCTIONS, **sizes, **scalars, **constants, **self.leaves}
        self.names = self.run()

    def _target(
        self, rng: np.random.Generator, sizes: Mapping[str, int], target: Mapping[str, Any]
    ) -> NDArray[np.float64]:
        shape = [sizes.get(n) or int(n) for n in target["shape"]]
        if target["kind"] == "real":
            return rng.normal(size=shape)
        values = rng.uniform(0.1, 1.0, size=shape)
        if target["kind"] == "probability" or self.assumption is None:
            return values
        axis = int(target["axis"])
        if self.assumption == "one-hot":
            return (values == values.max(axis=axis, keepdims=True)).astype(float)
        return values / values.sum(axis=axis, keepdims=True)

    def run(self, variable: str | None = None, entry: tuple[int, int] = (0, 0)) -> dict[str, Any]:
        """All the names of the document, one entry of one variable moved off the real axis."""
        names = dict(self.given)
        if variable in names:
            names[variable] = self._moved(names[variable], entry)
        for line in self.description["program"]:
            name, formula = (part.strip() for part in line.split("=", 1))
            value = eval(compiled(formula), {"__builtins__": {}, **names})
            if not isinstance(value, Strict):
                value = Strict(np.array([[value]], dtype=np.complex128), self.loose)
            names[name] = self._moved(value, entry) if name == variable else value
        return names

    def _moved(self, array: Strict, entry: tuple[int, int]) -> Strict:
        values = array.values.copy()
        values[entry] += 1j * STEP
        return Strict(values, array.loose)

    def jacobian(self, output: str, variable: str) -> NDArray[np.complex128]:
        """Every entry of the output by every entry of the variable: four axes."""
        if (output, variable) not in self.memory:
            shape = self.names[variable].shape
            columns = [
                self.run(variable, entry)[output].values.imag / STEP for entry in np.ndindex(shape)
            ]
            stacked = np.stack(columns, axis=-1)
            self.memory[output, variable] = stacked.reshape(*stacked.shape[:2], *shape) + 0j
        return self.memory[output, variable]

    def entries(self, output: str, variable: str) -> NDArray[np.complex128]:
        return np.squeeze(self.jacobian(output, variable))

    def gradient(self, output: str, variable: str) -> Strict:
        return Strict(self.jacobian(output, variable)[0, 0], self.loose)

    def derivative(self, output: str, variable: str) -> Strict:
        """In the layout of the document."""
        layout = self.description["layout"]
        outputs, shape = self.names[output].shape, self.names[variable].shape
        if outputs == (1, 1):
            upright = shape[1] == 1 and layout in ("mixed", "numerator")
            turned = upright or (layout == "numerator" and 1 not in shape)
            like = self.gradient(output, variable)
            return like.T if turned else like
        flat = self.jacobian(output, variable).reshape(int(np.prod(outputs)), int(np.prod(shape)))
        return Strict(flat.T if layout == "denominator" else flat, self.loose)

    def value(self, formula: str, indices: Mapping[str, int]) -> Any:
        derivatives = {"D": self.derivative, "G": self.gradient, "P": self.entries}
        scope = {"__builtins__": {}, **self.names, **derivatives, **indices}
        with np.errstate(all="ignore"):  # a wrong formula may divide by a target that is zero
            return eval(compiled(instantiated(formula, indices)), scope)


def instantiated(formula: str, indices: Mapping[str, int]) -> str:
    """``z{l-1}`` becomes ``z1`` where the index l is 2."""
    return re.sub(r"\{([^}]*)\}", lambda found: str(eval(found[1], dict(indices))), formula)


def index_values(
    free: Mapping[str, Any], sizes: Mapping[str, int], condition: str
) -> Iterator[dict[str, int]]:
    ranges = [range(sizes[r]) if isinstance(r, str) else r for r in free.values()]
    for values in product(*ranges):
        indices = dict(zip(free, values, strict=True))
        if eval(condition or "True", dict(indices)):
            yield indices


def as_array(value: Any) -> NDArray[np.complex128]:
    return value.values if isinstance(value, Strict) else np.array([[value]], dtype=np.complex128)
