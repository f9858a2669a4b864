"""Expressions written as NumPy: a line that computes them.

Every quantity is an array of two axes, as in the mathematics. Where the mathematics has a multiple
of ones, NumPy's broadcasting takes its place.
"""

from collections.abc import Callable
from fractions import Fraction

from chainrule.calculus.function import Apply
from chainrule.calculus.indexed import Derivative, LayerSum, SquaredNorm
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
from chainrule.calculus.writer import sides

__all__ = ["NUMPY_NAMES", "to_numpy"]

#: What NumPy and SciPy call the functions that they have.
NUMPY_NAMES = {
    "exp": "np.exp",
    "log": "np.log",
    "tanh": "np.tanh",
    "sign": "np.sign",
    "absolute": "np.abs",
    "normal_cdf": "scipy.special.ndtr",
    "logistic": "scipy.special.expit",
    "softplus": "np.logaddexp",
}
#: What a function takes before its argument.
_FIRST = {"softplus": "0, "}

_SUM, _NEGATIVE, _TIMES, _POWER, _ATOM = range(5)


def to_numpy(expression: Expression, name: Callable[[Expression], str]) -> str:
    """Write an expression as NumPy.

    Parameters
    ----------
    expression : Expression
        Without indices; derivatives in it are quantities that have names.
    name : callable
        What a variable or a derivative is called in the code.

    Returns
    -------
    str
        One line.

    Raises
    ------
    TypeError
        If the expression has no NumPy of its own, as a sum over an index.

    Examples
    --------
    >>> from chainrule.calculus import Shape, Size
    >>> y, t = Variable("y", Shape(Size("n"), 1)), Variable("t", Shape(Size("n"), 1))
    >>> to_numpy(ColumnSums(t) * y - t, lambda variable: variable.name)
    't.sum(axis=0, keepdims=True) * y - t'
    """
    return _Code(name).write(expression)


class _Code:
    def __init__(self, name: Callable[[Expression], str]) -> None:
        self.name = name

    def write(self, node: Expression, needed: int = _SUM) -> str:
        written, binding = self._written(node)
        return written if binding >= needed else f"({written})"

    def _written(self, node: Expression) -> tuple[str, int]:
        match node:
            case Variable() | Derivative():
                return self.name(node), _ATOM
            case Constant():
                return _number(node)
            case Ones():
                return "1.0", _ATOM
            case Sum():
                return self._sum(node), _SUM
            case Negative():
                return f"-{self.write(node.operand, _TIMES)}", _NEGATIVE
            case Product():
                return self._product(node)
            case Hadamard():
                first, *rest = node.factors  # of a later product, @ would take what stands before
                written = (self.write(factor, _POWER) for factor in rest)
                return " * ".join([self.write(first, _TIMES), *written]), _TIMES
            case Quotient():
                above = self.write(node.numerator, _TIMES)
                return f"{above} / {self.write(node.denominator, _POWER)}", _TIMES
            case Power():
                base = self.write(node.base, _ATOM)
                sign = "**" if base.isidentifier() else " ** "
                return f"{base}{sign}{node.exponent}", _POWER
        return self._called(node), _ATOM

    def _called(self, node: Expression) -> str:
        match node:
            case Transpose():
                return f"{self.write(node.operand, _ATOM)}.T"
            case Diag():
                return f"np.diag({self.write(node.operand, _ATOM)}.ravel())"
            case RowSums():
                return f"{self.write(node.operand, _ATOM)}.sum(axis=1, keepdims=True)"
            case ColumnSums():
                return f"{self.write(node.operand, _ATOM)}.sum(axis=0, keepdims=True)"
            case Indicator():
                return f"({self._test(node.operand)})"
            case Select():
                otherwise = self._below(node.test).write(node.otherwise)
                positive = self.write(node.positive)
                return f"np.where({self._test(node.test)}, {positive}, {otherwise})"
            case SquaredNorm():
                return f"np.sum({self.write(Power(node.operand, 2))})"
            case LayerSum():
                return f"({' + '.join(self.write(term, _TIMES) for term in node.terms)})"
            case Apply():
                first = _FIRST.get(node.function.name, "")
                return f"{_function(node)}({first}{self.write(node.operand)})"
        raise TypeError(f"there is no NumPy for {type(node).__name__}")

    def _below(self, test: Expression) -> "_Code":
        """Write what holds where a variable is not positive; NumPy computes it elsewhere too."""

        def name(quantity: Expression) -> str:
            written = self.name(quantity)
            return f"np.minimum({written}, 0)" if quantity == test else written

        return _Code(name)

    def _test(self, test: Expression) -> str:
        left, right = sides(test)
        return f"{self.write(left)} > {self.write(right)}"

    def _sum(self, node: Sum) -> str:
        first, *rest = node.terms
        written = self.write(first)
        for term in rest:
            plain = term.operand if isinstance(term, Negative) else term
            sign = "+" if plain is term else "-"
            written += f" {sign} {self.write(plain, _TIMES)}"
        return written

    def _product(self, node: Product) -> tuple[str, int]:
        """Write ``@`` between matrices and ``*`` beside scalars."""
        scalars = [f for f in node.factors if f.shape.is_scalar]
        matrices = [f for f in node.factors if not f.shape.is_scalar]
        if scalars and all(isinstance(f, Ones) for f in matrices):
            matrices = []  # a multiple of ones, which broadcasting makes
        parts = [self.write(f, _POWER) for f in scalars]
        if matrices:
            product = self._matrix_product(matrices)
            parts.append(f"({product})" if parts and " @ " in product else product)
        return " * ".join(parts), _TIMES

    def _matrix_product(self, matrices: list[Expression]) -> str:
        first, *rest = matrices
        if not rest:
            return self.write(first, _TIMES)
        if isinstance(first, Ones) and first.shape.columns == 1:
            return self._matrix_product(rest)  # the same row for each row
        if isinstance(first, Diag):
            following = self._matrix_product(rest)
            following = f"({following})" if " @ " in following else following
            return f"{self.write(first.operand, _TIMES)} * {following}"
        return " @ ".join(self.write(f, _POWER) for f in matrices)


def _number(node: Constant) -> tuple[str, int]:
    value = node.value
    if isinstance(value, Fraction) and value.denominator != 1:
        return f"{value.numerator} / {value.denominator}", _TIMES if value > 0 else _NEGATIVE
    if node.text.startswith("√"):
        return f"np.sqrt({node.text[1:].strip('()').replace('2π', '2 * np.pi')})", _ATOM
    number = float(value)
    plain = str(int(number)) if number.is_integer() else repr(number)
    return plain, _ATOM if number >= 0 else _NEGATIVE


def _function(node: Apply) -> str:
    name = node.function.name
    return NUMPY_NAMES.get(name, name.replace("'", "_prime"))
