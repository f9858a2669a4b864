"""The network itself: its forward equations, its functions and its loss."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from chainrule.calculus import Expression, Function, Shape, Size, Variable
from chainrule.calculus.entries import entry
from chainrule.calculus.function import Apply, entrywise
from chainrule.calculus.function import z as function_argument
from chainrule.calculus.indexed import Entry, Index
from chainrule.calculus.primitives import normal_cdf, normal_density
from chainrule.calculus.rules import without_ones
from chainrule.derivation.document import (
    Count,
    Detail,
    Equation,
    Inline,
    Item,
    Line,
    Prose,
    Section,
)
from chainrule.derivation.page import Page
from chainrule.derivation.quantities import named_output

__all__ = ["ForwardPart", "loss_name"]

_LOSSES = {
    "cross_entropy": "cross-entropy",
    "binary_cross_entropy": "binary cross-entropy",
    "squared_error": "half squared error",
    "poisson": "half Poisson deviance",
    "huber": "Huber loss",
    "pinball": "pinball loss",
}
_KINDS = ("input", "hidden unit", "output")


@final
@dataclass(frozen=True)
class ForwardPart:
    """Sizes, forward equations, functions and loss.

    Parameters
    ----------
    page : Page
        The network, the layout and the level of detail.
    """

    page: Page

    def section(self) -> Section:
        """Write the part."""
        return Section(0, "The network", tuple(self._items()))

    def _items(self) -> Iterator[Item]:
        q = self.page.quantities
        yield Prose(tuple(self._sizes()), Detail.BRIEF)
        yield Prose(tuple(self._shapes()))
        for layer in range(1, q.n_layers + 1):
            yield self._definition(q.z(layer), q.forward[q.z(layer)])
            yield self._definition(q.y(layer), self._activated(layer))
        yield from self._functions()
        if q.has_softmax:
            name = q.architecture.output.text
            words = f"Every output of the {name} depends on all pre-activations:"
            yield Prose((words,), Detail.FULL)
            yield self._output_entry()
        loss = loss_name(q.architecture.loss.name)
        yield Prose((f"The loss of a sample is the {loss}:",), Detail.FULL)
        yield self._definition(q.E, q.loss)
        yield from self._of_loss()

    def _sizes(self) -> Iterator[Inline]:
        q = self.page.quantities
        layers = "one layer" if q.n_layers == 1 else f"{q.n_layers} layers"
        loss = loss_name(q.architecture.loss.name)
        yield f"A fully connected network of {layers}, with "
        given = q.architecture.layer_sizes
        for layer, (size, n) in enumerate(zip(q.sizes, given, strict=True)):
            kind = _KINDS[(layer > 0) + (layer == q.n_layers)]
            joint = "" if layer == 0 else " and " if layer == q.n_layers else ", "
            if isinstance(size, Size):
                yield from (joint, Count(size, n), f" {kind}{'s' * (n != 1)}")
            else:
                yield f"{joint}one {kind}"
        yield f", and the {loss} as the loss of a sample. "
        yield from (
            q.E,
            " is the loss of one sample, except for a batch (parts 8 and 9), where it ",
        )
        yield from ("is the mean over ", q.m, " samples.")

    def _shapes(self) -> Iterator[Inline]:
        q = self.page.quantities
        yield from ("Vectors are columns: a sample ", q.x, " is ", q.x.shape, ", its target ", q.t)
        yield from (" a number" if q.t.shape.is_scalar else " is ", *_unless_scalar(q.t.shape))
        weights = Variable(q.symbols.weights, Shape(Size("n", "l"), Size("n", "l-1")), "l")
        yield from (", and the weights ", weights, " are ", weights.shape)
        yield ". Functions act entry by entry."

    def _definition(self, left: Expression, right: Expression) -> Equation:
        line = Line(right, "definition")
        return Equation(0, left, (line,), level=Detail.BRIEF, is_definition=True)

    def _activated(self, layer: int) -> Expression:
        q = self.page.quantities
        output = named_output(q.architecture.output) if layer == q.n_layers else None
        return q.activated(layer) if output is None else output(q.z(layer))

    def _output_entry(self) -> Equation:
        q = self.page.quantities
        y = q.y(q.n_layers)
        index = Index("i", y.shape.rows)
        return self._definition(Entry(y, (index,)), entry(q.forward[y], index))

    def _functions(self) -> Iterator[Item]:
        """Define every function that the forward equations use, and those that these use."""
        q = self.page.quantities
        used = [formula for variable, formula in q.forward.items() if variable != q.E]
        defined = list(dict.fromkeys(f for formula in used for f in _defined_in(formula)))
        if defined:
            yield Prose(("The functions in it:",), Detail.FULL)
        for function in defined:
            yield self._function(function)
        if any(normal_cdf in _functions_in(formula) for formula in used):
            words = " is the distribution function of the standard normal distribution, and "
            density = normal_density(q.argument)
            yield Prose((normal_cdf(q.argument), words, density, " its density."))

    def _function(self, function: Function) -> Equation:
        z = self.page.quantities.argument
        if function.value is None:
            raise TypeError(f"{function.name} has no definition to write")
        value = without_ones(entrywise(function.value, {function_argument: z}))
        line = Line(value, "definition")
        return Equation(0, function(z), (line,), is_definition=True)

    def _of_loss(self) -> Iterator[Item]:
        for function in dict.fromkeys(_defined_in(self.page.quantities.loss)):
            yield Prose(("with, entry by entry,",), Detail.FULL)
            yield self._function(function)


def loss_name(name: str) -> str:
    """Name a loss in a sentence."""
    return _LOSSES.get(name, name.replace("_", " "))


def _unless_scalar(shape: Shape) -> tuple[Shape, ...]:
    return () if shape.is_scalar else (shape,)


def _functions_in(formula: Expression) -> Iterator[Function]:
    """Yield the functions of a formula, each before those of its own definition."""
    for node in formula.walk():
        if isinstance(node, Apply):
            yield node.function
            if node.function.value is not None:
                yield from _functions_in(node.function.value)


def _defined_in(formula: Expression) -> Iterator[Function]:
    return (function for function in _functions_in(formula) if function.value is not None)
