"""Writing expressions down: what LaTeX and plain text share."""

import unicodedata
from abc import ABC, abstractmethod
from enum import IntEnum, StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

import numpy as np

from chainrule.calculus.curvature import Hessian, KroneckerProduct
from chainrule.calculus.function import Apply, Function
from chainrule.calculus.indexed import (
    Derivative,
    Entry,
    Index,
    IndexSum,
    Kronecker,
    LayerSum,
    Sample,
    SquaredNorm,
)
from chainrule.calculus.nodes import (
    ColumnSums,
    Constant,
    Diag,
    Expression,
    Hadamard,
    Indicator,
    Negative,
    Ones,
    Power,
    Product,
    Quotient,
    RowSums,
    Select,
    Sum,
    Transpose,
    Variable,
)

__all__ = ["Binding", "LayerScript", "Writer", "digits", "parts_of", "sides", "slope_of"]


_DIGITS = "0123456789"  # str.isdigit takes the bold 1 for one


class LayerScript(StrEnum):
    """How the layer of a variable is written."""

    PARENTHESES = "(l)"
    BRACKETS = "[l]"
    SUBSCRIPT = "subscript"


class Binding(IntEnum):
    """How tightly a node holds its parts together; looser ones want parentheses inside tighter."""

    SUM = 1
    NEGATIVE = 2
    HADAMARD = 3
    PRODUCT = 4
    QUOTIENT = 5
    SCRIPT = 6
    ATOM = 7


class Writer(ABC):
    """Turns a tree into one line; a subclass says how each kind of node looks."""

    parentheses: ClassVar[str] = "(%s)"
    minus: ClassVar[str] = "-"
    signs: ClassVar[dict[str, str]] = {"+": " + ", "-": " - "}
    beside: ClassVar[str] = " "
    hadamard: str
    times: ClassVar[str]
    kronecker_product: ClassVar[str] = " ⊗ "
    ones: ClassVar[str]
    ones_transposed: ClassVar[str]

    def __init__(self, layers: LayerScript = LayerScript.PARENTHESES) -> None:
        self.layers = layers

    def write(self, node: Expression) -> str:
        """Write an expression."""
        match node:
            case Constant():
                return self.constant(node)
            case Ones():
                return self._ones(node)
            case Sum():
                return self._sum(node)
            case Negative():
                return f"{self.minus}{self.within(node.operand, Binding.HADAMARD)}"
            case Product():
                return self._product(node)
            case Hadamard():
                return self.hadamard.join(self.within(f, Binding.QUOTIENT) for f in node.factors)
            case RowSums():
                written = self.within(_matrix(node.operand), Binding.PRODUCT)
                return f"{written}{self.beside}{self.ones}"
            case ColumnSums():
                written = self._summed(_matrix(node.operand))
                return f"{self.ones_transposed}{self.beside}{written}"
            case Indicator():
                return self.indicator(node.operand)
            case Apply():
                return self._apply(node)
            case _:
                return self._styled(node)

    def _styled(self, node: Expression) -> str:
        match node:
            case Variable():
                return self.variable(node)
            case Quotient():
                return self.quotient(node)
            case Power():
                return self.power(node)
            case Transpose():
                return self.transpose(_matrix(node.operand))
            case Diag():
                return self.diag(_matrix(node.operand))
            case Select():
                return self.select(node)
            case _:
                return self._indexed(node)

    def _indexed(self, node: Expression) -> str:
        match node:
            case Entry():
                return self.entry(node)
            case Sample():
                return self.sample(node)
            case IndexSum() | LayerSum():
                is_sum = isinstance(node.body, IndexSum)
                body = self.within(node.body, Binding.HADAMARD if is_sum else Binding.PRODUCT)
                return f"{self.summation(node)}{self.beside}{body}"
            case Kronecker():
                return self.kronecker(node.left, node.right)
            case SquaredNorm():
                return self.norm(node.operand)
            case Derivative():
                return self.derivative(node)
            case Hessian():
                return self.hessian(node, ())
            case KroneckerProduct():
                left, right = (self.within(f, Binding.QUOTIENT) for f in (node.left, node.right))
                return f"{left}{self.kronecker_product}{right}"
        raise TypeError(f"there is no way to write {type(node).__name__}")

    def within(self, node: Expression, needed: Binding) -> str:
        """Write an operand, in parentheses where it binds more loosely than it must."""
        written = self.write(node)
        return written if self.binding(node) >= needed else self.parenthesised(written)

    def parenthesised(self, written: str) -> str:
        """Put parentheses around what is written."""
        return self.parentheses.replace("%s", written)

    def binding(self, node: Expression) -> Binding:
        """Say how tightly the outermost operation of a node binds."""
        match node:
            case Sum():
                return Binding.SUM
            case Negative():
                return Binding.NEGATIVE
            case Constant():
                return _binding_of_number(node)
            case Ones() if not node.shape.is_scalar and node.shape.columns != 1:
                return Binding.SCRIPT if node.shape.rows == 1 else Binding.PRODUCT
            case Hadamard() | IndexSum() | LayerSum():
                return Binding.HADAMARD
            case Product() | RowSums() | ColumnSums():
                return Binding.PRODUCT
            case Quotient() | Derivative() | Hessian():
                return Binding.QUOTIENT
            case KroneckerProduct():
                return Binding.HADAMARD
            case Transpose() | Power():
                return Binding.SCRIPT
        return Binding.ATOM

    def _sum(self, node: Sum) -> str:
        first, *rest = node.terms
        return self.write(first) + "".join(map(self._further, rest))

    def _further(self, term: Expression) -> str:
        sign, term = ("-", term.operand) if isinstance(term, Negative) else ("+", term)
        return f"{self.signs[sign]}{self.within(term, Binding.HADAMARD)}"

    def _product(self, node: Product) -> str:
        first, *rest = map(_matrix, node.factors)
        written = self.within(first, Binding.SCRIPT if _is_inner(first) else Binding.PRODUCT)
        for before, factor in pairwise([first, *rest]):
            ends = factor is rest[-1] and isinstance(factor, IndexSum | LayerSum)
            further = self.write(factor) if ends else self.within(factor, Binding.QUOTIENT)
            numbers = isinstance(before, Constant) and isinstance(factor, Constant)
            numbers = numbers or (written[-1] in _DIGITS and further[0] in _DIGITS)
            written += (self.times if numbers else self.beside) + further
        return written

    def _summed(self, operand: Expression) -> str:
        """Write what stands behind ``1ᵀ``, which must not make a scalar with its first factor."""
        factors = operand.factors if isinstance(operand, Product) else ()
        matrices = [factor.shape for factor in factors if not factor.shape.is_scalar]
        is_outer = len(matrices) > 1 and matrices[0].columns == 1
        return self.within(operand, Binding.SCRIPT if is_outer else Binding.PRODUCT)

    def _ones(self, node: Ones) -> str:
        if node.shape.columns == 1:
            return self.ones
        row = self.ones_transposed
        return row if node.shape.rows == 1 else f"{self.ones}{self.beside}{row}"

    def _apply(self, node: Apply) -> str:
        template = self.template(node)
        argument = self.write(node.operand)
        if "%s" in template:
            return template.replace("%s", argument)
        return f"{template}{self.argument(argument)}"

    def argument(self, written: str) -> str:
        """Put the argument of a function into parentheses."""
        return f"({written})"

    def indicator(self, operand: Expression) -> str:
        """Write ``[A > 0]``."""
        return f"[{self.comparison(operand)}]"

    def comparison(self, test: Expression) -> str:
        """Write ``a > 0``, or ``a > c`` for the test of ``a - c``."""
        left, right = sides(test)
        return f"{self.write(left)} > {self.write(right)}"

    @abstractmethod
    def variable(self, node: Variable) -> str:
        """Write a name."""

    @abstractmethod
    def constant(self, node: Constant) -> str:
        """Write a number."""

    @abstractmethod
    def quotient(self, node: Quotient) -> str:
        """Write a quotient."""

    @abstractmethod
    def power(self, node: Power) -> str:
        """Write a power."""

    @abstractmethod
    def transpose(self, operand: Expression) -> str:
        """Write a transpose."""

    @abstractmethod
    def diag(self, operand: Expression) -> str:
        """Write a diagonal matrix."""

    @abstractmethod
    def select(self, node: Select) -> str:
        """Write a case distinction."""

    @abstractmethod
    def template(self, node: Apply) -> str:
        """Return how the function is written, with ``%s`` for its argument or without."""

    @abstractmethod
    def entry(self, node: Entry) -> str:
        """Write an entry of a vector or a matrix."""

    @abstractmethod
    def sample(self, node: Sample) -> str:
        """Write a column for one sample of a batch."""

    @abstractmethod
    def summation(self, node: IndexSum | LayerSum) -> str:
        """Write the sign of a sum."""

    @abstractmethod
    def kronecker(self, left: Index, right: Index) -> str:
        """Write ``δ_ij``."""

    @abstractmethod
    def norm(self, operand: Expression) -> str:
        """Write a squared norm."""

    @abstractmethod
    def hessian(self, node: Hessian, indices: tuple[Index, ...]) -> str:
        """Write a second derivative, as a whole or one entry of it."""

    @abstractmethod
    def derivative(self, node: Derivative) -> str:
        """Write a derivative."""


def parts_of(name: str) -> list[str]:
    """Part a letter from its accents; a name of several letters has none.

    Examples
    --------
    >>> len(parts_of("ŷ")), parts_of("Ry")
    (2, ['Ry'])
    """
    parts = list(unicodedata.normalize("NFD", name))
    return parts if all(map(unicodedata.combining, parts[1:])) else [name]


def sides(test: Expression) -> tuple[Expression, Expression]:
    """Say what must be larger than what for a test to be positive."""
    match test:
        case Sum(terms=(left, Negative(operand=Constant() as bound))):
            return left, Constant(bound.value, latex=bound.latex, text=bound.text)
    return test, Constant(0)


def slope_of(node: Derivative) -> Function | None:
    """Give the function whose derivative this is, by its own argument: ``σ'(z)``."""
    of, by = node.of, node.by
    is_plain = isinstance(by, Variable) and by.layer is None
    if not (isinstance(of, Apply) and of.operand == by and is_plain):
        return None
    return None if "%s" in of.function.latex else of.function


def _matrix(node: Expression) -> Expression:
    """Write a multiple of ones with its bold 1 where nothing beside it shows its shape."""
    if not isinstance(node, Constant) or node.shape.is_scalar:
        return node
    ones = Ones(node.shape)
    return ones if node.value == 1 else Product((Constant(node.value), ones))


def _is_inner(node: Expression) -> bool:
    """Say whether this is a product such as ``xᵀ y``, a scalar only as a whole: ``(xᵀ y) A``."""
    is_sum = isinstance(node, RowSums | ColumnSums) and not node.operand.shape.is_scalar
    return isinstance(node, Product) or (is_sum and node.shape.is_scalar)


def _binding_of_number(node: Constant) -> Binding:
    if node.value < 0:
        return Binding.NEGATIVE
    is_fraction = isinstance(node.value, Fraction) and node.value.denominator != 1
    return Binding.QUOTIENT if is_fraction else Binding.ATOM


def digits(value: int | float | Fraction) -> str:
    """Write a number in the fewest digits that read back to it.

    Examples
    --------
    >>> digits(2.0), digits(0.01)
    ('2', '0.01')
    """
    return np.format_float_positional(float(value), trim="-")  # "1e-07" would be a product in LaTeX
