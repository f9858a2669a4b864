"""The NumPy beside the formulas, and the function that they make together."""

import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import final

from chainrule.calculus import Expression, Function, Size, Variable
from chainrule.calculus.function import Apply
from chainrule.calculus.indexed import Derivative, SquaredNorm
from chainrule.calculus.matrices import as_rows
from chainrule.calculus.nodes import Quotient
from chainrule.calculus.numpy_code import NUMPY_NAMES, to_numpy
from chainrule.derivation.code_lines import CODE_WIDTH, INDENT, fitted, indented
from chainrule.derivation.document import Equation, Section
from chainrule.derivation.quantities import Quantities
from chainrule.derivation.stable_code import StableCode

__all__ = ["Code"]

_HEAD = '''{head}
    """Return E and its derivatives by the parameters, in their order.

{about}
    """
'''


@final
@dataclass(frozen=True)
class Code:
    """Writes lines of NumPy for the quantities of a network.

    Parameters
    ----------
    quantities : Quantities
        The network's variables.
    """

    quantities: Quantities

    def beside(self, section: Section) -> Section:
        """Put the code beside every formula of a section that has some."""
        items = (
            replace(item, code=self.line(item)) if isinstance(item, Equation) else item
            for item in section.items
        )
        return replace(section, items=tuple(items))

    def line(self, equation: Equation) -> str:
        """Write ``left = right``, or nothing for a formula in entries."""
        left, right = equation.left, equation.lines[-1].right
        if equation.is_definition and isinstance(left, Variable) and left.name == "Δ":
            return ""  # it has a line that computes it
        q = self.quantities
        if left == q.y(q.n_layers) and isinstance(right, Apply):
            right = q.activated(q.n_layers)  # the softmax, which NumPy does not know by its name
        try:
            return fitted(f"{self.name(left)} = {to_numpy(right, self.name)}")
        except TypeError:
            return ""

    def name(self, quantity: Expression) -> str:
        """Say what a quantity is called in the code."""
        match quantity:
            case Variable(name="λ"):
                return "l2"
            case Variable(name=letter, layer=layer):
                return _word(letter) + ("" if layer is None else str(layer))
            case Derivative(of=of, by=by):
                return f"d{self.name(of)}_d{self.name(by)}"
        raise TypeError(f"{type(quantity).__name__} has no name in the code")

    @property
    def _stable(self) -> StableCode:
        return StableCode(self.quantities, self.name)

    # The whole function

    def assembled(self, sections: tuple[Section, ...]) -> str:
        """Put the lines of the batch together: a function of the loss and its gradient."""
        has_decay = any(section.part == 9 for section in sections)
        body = [*self._forward(), *self._loss(has_decay), *self._backward(sections)]
        gradients = [f"dE_d{self.name(parameter)}" for parameter in self.quantities.parameters]
        body.append(f"return E, {', '.join(gradients)}")
        lines = "\n".join(map(indented, body))
        code = "\n\n".join([*self._functions(sections), self._head(has_decay) + lines])
        scipy = "import scipy.special\n" if "scipy.special" in code else ""
        return f"import numpy as np\n{scipy}\n\n{code}\n"

    def _head(self, has_decay: bool) -> str:
        q = self.quantities
        T, X = self.name(q.stacked(q.t)), self.name(q.stacked(q.x))
        names = [self.name(parameter) for parameter in q.parameters]
        arguments = ", ".join([X, T, *names, *(["l2"] if has_decay else [])])
        biases = " Biases are columns." if q.architecture.bias else ""
        about = f"Samples are the rows of {X}, their targets those of {T}.{biases}"
        return _HEAD.format(
            head=fitted(f"def gradient({arguments}):"),
            about=textwrap.indent(textwrap.fill(about, CODE_WIDTH - len(INDENT)), INDENT),
        )

    def _forward(self) -> Iterator[str]:
        q = self.quantities
        yield f"m = len({self.name(q.stacked(q.x))})"
        for layer in range(1, q.n_layers + 1):
            z, y = q.stacked(q.z(layer)), q.stacked(q.y(layer))
            yield f"{self.name(z)} = {self._of_rows(q.forward[q.z(layer)])}"
            if layer == q.n_layers and q.has_softmax:
                yield from self._stable.output()
            else:
                yield f"{self.name(y)} = {self._of_rows(q.activated(layer))}"

    def _of_rows(self, column: Expression) -> str:
        """Write the NumPy for all samples at once of what is a column for one."""
        if isinstance(column, Quotient) and column.denominator.shape.is_scalar:
            above, below = self._stacked(column.numerator), self._stacked(column.denominator)
            return f"{to_numpy(above, self.name)} / {to_numpy(below, self.name)}"
        return to_numpy(self._stacked(column), self.name)

    def _stacked(self, column: Expression) -> Expression:
        q = self.quantities
        return as_rows(column, Size("m"), q.rows)

    def _loss(self, has_decay: bool) -> Iterator[str]:
        q = self.quantities
        yield from self._stable.loss()
        yield "E = losses.sum() / m"
        for layer in q.layers if has_decay else ():
            yield f"E += l2 / 2 * {to_numpy(SquaredNorm(q.W(layer)), self.name)}"

    def _backward(self, sections: tuple[Section, ...]) -> Iterator[str]:
        """Take the results of the parts on batches, the last one for each quantity."""
        found: dict[Expression, tuple[str, ...]] = {}
        for section in sections:
            for equation in section.equations if section.part in (8, 9) else ():
                if equation.is_result:
                    found[equation.left] = self._result(equation)
        unused = self.quantities.stacked(self.quantities.x)
        for left, lines in found.items():
            if not (isinstance(left, Derivative) and left.by == unused):
                yield from lines

    def _result(self, equation: Equation) -> tuple[str, ...]:
        left, right = equation.left, equation.lines[-1].right
        before: list[str] = []
        if left == self.quantities.delta(self.quantities.n_layers):
            before, right = self._stable.ratio(right)
        return (*before, f"{self.name(left)} = {to_numpy(right, self.name)}")

    def _functions(self, sections: tuple[Section, ...]) -> Iterator[str]:
        """Define the functions that NumPy does not have."""
        for function in self._used(sections):
            if function.value is not None and function.name not in NUMPY_NAMES:
                name = function.name.replace("'", "_prime")
                value = to_numpy(function.value, lambda _: "z")
                yield f"def {name}(z):\n{indented(f'return {value}')}\n"

    def _used(self, sections: tuple[Section, ...]) -> tuple[Function, ...]:
        q = self.quantities
        shown = [
            equation.lines[-1].right
            for section in sections
            for equation in section.equations
            if self.line(equation)
        ]
        formulas = [*map(q.activated, q.layers), q.loss, *shown]
        found = [function for formula in formulas for function in _functions_in(formula)]
        return tuple(dict.fromkeys(found))


def _functions_in(formula: Expression) -> Iterator[Function]:
    """Yield the functions of a formula, each after those of its own definition."""
    for node in formula.walk():
        if isinstance(node, Apply):
            yield from (*_within(node.function), node.function)


def _within(function: Function) -> Iterator[Function]:
    if function.value is not None:
        yield from _functions_in(function.value)


def _word(letter: str) -> str:
    """Write a letter as a name: ``ŷ`` as ``y_hat``, ``θ`` as ``theta``."""
    if letter.isascii():
        return letter
    plain, *marks = list(unicodedata.normalize("NFD", letter))
    words = unicodedata.name(plain).split()
    word = plain if plain.isascii() else words[-1].lower()
    word = word.capitalize() if "CAPITAL" in words and not plain.isascii() else word
    names = {"CIRCUMFLEX": "hat", "TILDE": "tilde", "MACRON": "bar", "DOT": "dot"}
    return "_".join([word, *(names[unicodedata.name(mark).split()[1]] for mark in marks)])
