"""Where a formula is evaluated: at which point, by which rules, with which letters bound."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final, final

from chainrule.grading.arithmetic import Rules
from chainrule.grading.problems import IndexMistakeError, NotUnderstoodError
from chainrule.grading.program import Program
from chainrule.grading.value import Value
from chainrule.grading.world import World
from chainrule.read.tree import Node

__all__ = ["LAYOUTS", "Layout", "Scope"]


#: Tells the axes of bound indices apart, also where one letter is bound twice.
_numbers: Final = count()


@final
@dataclass(frozen=True)
class Layout:
    """How a derivative by a vector or a matrix is laid out.

    Parameters
    ----------
    name : str
        ``mixed``, ``numerator`` or ``denominator``.
    columns : bool
        Whether the gradient of a number by a vector is a column.
    jacobian_transposed : bool
        Whether a Jacobian has a row for every variable.
    matrix_transposed : bool
        Whether the gradient by a matrix is shaped like the transpose of the matrix.
    samples_summed : bool
        Whether ``dZ`` of a whole batch is that of the sum of the samples' losses.
    """

    name: str
    columns: bool = False
    jacobian_transposed: bool = False
    matrix_transposed: bool = False
    samples_summed: bool = False


LAYOUTS: Final = (
    Layout("mixed"),
    Layout("denominator", columns=True, jacobian_transposed=True),
    Layout("denominator", columns=True),
    Layout("numerator", matrix_transposed=True),
)


@final
@dataclass(frozen=True)
class Scope:
    """All that the value of a formula depends on, besides the formula.

    Parameters
    ----------
    world : World
        The numbers.
    evaluate : callable
        The evaluator, so that its parts need not import one another.
    rules, layout : Rules, Layout
        What the reading allows; how derivatives lie.
    layers : mapping of str to int
        The layer letters that are bound.
    axes : mapping of str to str
        The axis of every bound index; a free index is its own axis.
    samples : frozenset of str
        The indices that run over samples.
    context_layer : int or None
        The layer that a symbol without one belongs to.
    free : frozenset of str
        The free indices of what the formula is compared with.
    sizes : mapping of str to int
        How many values an index has, where it was seen on a quantity.
    locals : mapping of str to Value
        Arguments of functions.
    unreduced : str
        An axis that takes the place of the sum over outputs, for the terms of a loss.
    mean_loss : bool
        Whether the loss without an index is the mean over the samples, where it is defined of one.
    """

    world: World
    evaluate: Callable[[Node, "Scope"], Value]
    rules: Rules = field(default_factory=Rules)
    layout: Layout = LAYOUTS[0]
    layers: Mapping[str, int] = field(default_factory=dict)
    axes: Mapping[str, str] = field(default_factory=dict)
    samples: frozenset[str] = frozenset()
    context_layer: int | None = None
    free: frozenset[str] = frozenset()
    sizes: Mapping[str, int] = field(default_factory=dict)
    locals: Mapping[str, Value] = field(default_factory=dict)
    unreduced: str = ""
    mean_loss: bool = False

    @property
    def program(self) -> Program:
        """The forward pass."""
        return self.world.program

    def axis(self, letter: str) -> str:
        """Give the axis of an index."""
        return self.axes.get(letter, letter)

    def bound(self, letter: str, *, sample: bool) -> "Scope":
        """Bind an index, which gets an axis that no other has."""
        axis = f"{letter}·{next(_numbers)}"
        samples = self.samples | {letter} if sample else self.samples - {letter}
        axes, free = {**self.axes, letter: axis}, self.free | {axis}
        return replace(self, axes=axes, samples=samples, free=free)

    def with_own(self, letters: tuple[str, ...], others: Iterable[str] = ()) -> "Scope":
        """Give the indices of a definition axes that no index outside has.

        `letters` are those of its left side, `others` may occur on the right.
        """
        own = {letter: f"{letter}·{next(_numbers)}" for letter in (*letters, *others)}
        free = self.free | {own[letter] for letter in letters}
        return replace(self, axes={**self.axes, **own}, free=free)

    def of_definition(self) -> "Scope":
        """Give the scope in which a definition is evaluated: nothing is bound there."""
        rules = Rules(einstein=self.rules.einstein, star=self.rules.star)
        return Scope(self.world, self.evaluate, rules, self.layout, mean_loss=self.mean_loss)

    def in_world(self, world: World) -> "Scope":
        """Give the same scope at another point."""
        return replace(self, world=world)

    def size(self, letter: str) -> int:
        """Give how many values an index has."""
        if letter in self.sizes:
            return self.sizes[letter]
        raise NotUnderstoodError(f"over what the index {letter} runs")

    def check_letter(self, letter: str) -> str:
        """Give the axis of an index that must be a letter."""
        if not letter.isalpha():
            raise IndexMistakeError(f"{letter} is no index")
        return self.axis(letter)
