"""A random point: numbers for every leaf of a program, and a memory of what was computed there."""

from dataclasses import dataclass, field
from typing import Final, final

import numpy as np

from chainrule.grading.definitions import Key
from chainrule.grading.program import Program
from chainrule.grading.shapes import ONE, Shapes
from chainrule.grading.value import SAMPLES, Value

__all__ = ["Point", "World", "draw_point"]

#: Sizes in the order in which dimensions are met: no two alike, none of them one.
_SIZES: Final = (4, 3, 5, 2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21)


@final
@dataclass(frozen=True)
class Point:
    """What is drawn at random, and how.

    Parameters
    ----------
    seed : int
        The seed.
    n_samples : int
        ``m``.
    targets : str
        ``"free"``, ``"sum-to-one"`` or ``"one-hot"``.
    """

    seed: int
    n_samples: int
    targets: str = "free"


@final
@dataclass
class World:
    """Values at a point; a perturbed world moves one quantity and all that follows from it.

    Parameters
    ----------
    program, shapes, point : Program, Shapes, Point
        What is drawn.
    parent : World or None
        The world without the perturbation.
    moved : Key or None
        What is perturbed.
    shift : Value or None
        By how much.
    """

    program: Program
    shapes: Shapes
    point: Point
    sizes: dict[int, int]
    parent: "World | None" = None
    moved: Key | None = None
    shift: Value | None = None
    memory: dict[object, Value] = field(default_factory=dict)
    #: For every quantity, all quantities that it was computed from.
    sources: dict[Key, set[Key]] = field(default_factory=dict)
    stack: list[Key] = field(default_factory=list)
    #: Quantities that have no value here, and why.
    failures: dict[Key, Exception] = field(default_factory=dict)

    @property
    def root(self) -> "World":
        """The world that nothing is moved in."""
        return self if self.parent is None else self.parent.root

    def size(self, dimension: int) -> int:
        """Give the size of a dimension; every dimension has its own."""
        root = self.shapes.root(dimension)
        if root == ONE:
            return 1
        sizes = self.root.sizes
        if root not in sizes:
            fixed = {self.shapes.root(one): n for one, n in self.shapes.fixed.items()}
            free = [one for one in _SIZES if one not in fixed.values()]
            sizes[root] = fixed.get(root, free[len(sizes) % len(free)])
        return sizes[root]

    def leaf(self, key: Key) -> Value:
        """Draw the numbers of a leaf."""
        rows, columns = map(self.size, self.shapes.of(key))
        name, layer = key
        text = f"{name} {layer} {self.point.seed}"
        rng = np.random.default_rng([ord(character) for character in text])
        roles = self.program.roles
        if name in (roles.input, roles.target) and roles.input != "X":
            data = rng.standard_normal((self.point.n_samples, rows, columns))
            axes: tuple[str, ...] = (SAMPLES,)
        else:
            data, axes = rng.standard_normal((rows, columns)), ()
        if name == roles.target:
            data = self._targets(data, rng)
        elif self.program.is_scalar_name(name) or name in ("lambda", "eta"):
            data = rng.uniform(0.3, 0.9, data.shape)
        else:
            data = data + np.sign(data) * 0.1
        return Value(data, axes)

    def _targets(self, data: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        axis = -1 if data.shape[-2] == 1 else -2
        if data.shape[-1] > 1 and data.shape[-2] > 1 and self.batch_axis(data.shape) == -2:
            axis = -1
        positive = rng.uniform(0.1, 0.9, data.shape)
        if data.shape[-1] == data.shape[-2] == 1 or self.point.targets == "free":
            return positive
        if self.point.targets == "sum-to-one":
            return positive / np.sum(positive, axis=axis, keepdims=True)
        return np.asarray(positive == np.max(positive, axis=axis, keepdims=True), dtype=np.float64)

    def batch_axis(self, shape: tuple[int, ...]) -> int | None:
        """Say which of the last two axes runs over the samples of a batch, if one does."""
        dimension = self.batch_dimension()
        if dimension is None:
            return None
        size = self.size(dimension)
        return next((axis for axis in (-2, -1) if shape[axis] == size), None)

    def batch_dimension(self) -> int | None:
        """Find the dimension that inputs and targets share, where both are matrices."""
        roles = self.program.roles
        if (roles.input, None) not in self.shapes.known:
            return None
        inputs = {self.shapes.root(one) for one in self.shapes.of((roles.input, None))} - {ONE}
        targets = {self.shapes.root(one) for one in self.shapes.of((roles.target, None))} - {ONE}
        shared = inputs & targets
        return min(shared) if len(inputs) == 2 and shared else None

    @property
    def n_samples(self) -> int:
        """``m``, the size of the batch where inputs are a matrix."""
        dimension = self.batch_dimension()
        return self.point.n_samples if dimension is None else self.size(dimension)

    def follows_from_moved(self, key: Key) -> bool:
        """Say whether a quantity changes with the one that is moved."""
        return key == self.moved or self.moved in self.root.sources.get(key, ())


def draw_point(program: Program, shapes: Shapes, point: Point) -> World:
    """Make a world without perturbation."""
    sizes: dict[int, int] = {}
    world = World(program, shapes, point, sizes)
    batch = world.batch_dimension()
    if batch is not None:
        sizes[batch] = point.n_samples if point.n_samples == 1 else 23
    for dims in list(shapes.known.values()):
        for one in dims:
            world.size(one)
    return world
