"""Tidying scalar expressions: multiplying out, gathering equal terms, cancelling quotients.

An expression is read as a sum of monomials: a number times whole powers of atoms. An atom is what
the algebra does not look into: an entry, a function, a sum over an index. A sum within a product
is an atom too, unless products are multiplied out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias, final

from chainrule.calculus.indexed import IndexSum, free_indices, rebuilt
from chainrule.calculus.nodes import (
    Constant,
    Expression,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)

__all__ = ["complexity", "factored", "gathered", "multiplied_out", "named", "simplified"]

_Powers: TypeAlias = tuple[tuple[Expression, int], ...]
_Terms: TypeAlias = tuple[tuple[_Powers, Number], ...]

_ONE: _Terms = (((), Fraction(1)),)


def simplified(expression: Expression) -> Expression:
    """Write a scalar in the shortest of the forms that this module knows.

    Examples
    --------
    >>> from chainrule.calculus import Variable, to_text
    >>> y, t = Variable("y"), Variable("t")
    >>> to_text(simplified(((1 - t) / (1 - y) - t / y) * y * (1 - y)))
    'y - t'
    """
    together = gathered(expression)
    expanded = multiplied_out(together)  # what cancels as a whole does so before
    candidates = [factored(together), together, factored(expanded), expanded]
    return min(candidates, key=complexity)


def gathered(expression: Expression) -> Expression:
    """Write a scalar with equal terms together and quotients cancelled; sums in products stay."""
    return _written(_Reading(expand=False).terms(expression))


def complexity(expression: Expression) -> int:
    """Say how much there is to read in an expression; a sum over an index is worth several signs.

    Examples
    --------
    >>> from chainrule.calculus import Variable
    >>> complexity(Variable("a") + Variable("b"))
    3
    """
    nodes = list(expression.walk())
    return len(nodes) + sum(
        4 * isinstance(node, IndexSum) + isinstance(node, Power) for node in nodes
    )


def multiplied_out(expression: Expression) -> Expression:
    """Write a scalar as a sum of monomials.

    Examples
    --------
    >>> from chainrule.calculus import Variable, to_text
    >>> y = Variable("y")
    >>> to_text(multiplied_out(y * (1 - y)))
    'y - y²'
    """
    return _written(_Reading(expand=True).terms(expression))


def factored(expression: Expression) -> Expression:
    """Take the factors that all terms of a sum share out of it.

    Examples
    --------
    >>> from chainrule.calculus import Variable, to_text
    >>> y = Variable("y")
    >>> to_text(factored(y - y**2))
    'y (1 - y)'
    """
    if not isinstance(expression, Sum):
        return expression
    terms = _Reading(expand=False).terms(expression)
    common = _common(terms)
    if not common:
        return expression
    inverse = tuple((atom, -exponent) for atom, exponent in common)
    rest = tuple((_merged(powers, inverse), number) for powers, number in terms)
    inner = _written(rest)
    return _monomial(common, Fraction(1), [inner])


def named(
    expression: Expression, denominator: Expression, names: Mapping[Expression, Expression]
) -> Expression:
    """Write names for quotients by a common denominator, wherever they stand in a scalar.

    Parameters
    ----------
    expression : Expression
        A scalar.
    denominator : Expression
        What divides.
    names : mapping of Expression to Expression
        For each numerator the name of the quotient.

    Examples
    --------
    >>> from chainrule.calculus import Variable, to_text
    >>> a, b, c, y = Variable("a"), Variable("b"), Variable("c"), Variable("y")
    >>> to_text(named((a * c - a * a) / c**2, c, {a: y}))
    'y (1 - y)'
    """
    terms = _Reading(expand=True).terms(expression)
    renamed = _gathered((_named(powers, denominator, names), n) for powers, n in terms)
    return factored(_written(renamed))


def _named(powers: _Powers, below: Expression, names: Mapping[Expression, Expression]) -> _Powers:
    found = dict(powers)
    for above, name in names.items():
        while found.get(above, 0) > 0 and found.get(below, 0) < 0:
            found[above] -= 1
            found[below] += 1
            found[name] = found.get(name, 0) + 1
    return tuple((atom, exponent) for atom, exponent in found.items() if exponent)


def _common(terms: _Terms) -> _Powers:
    shared = dict(terms[0][0]) if terms else {}
    for powers, _ in terms[1:]:
        found = dict(powers)
        shared = {
            atom: min(exponent, found[atom])
            for atom, exponent in shared.items()
            if atom in found and exponent > 0 and found[atom] > 0
        }
    return tuple((atom, exponent) for atom, exponent in shared.items() if exponent > 0)


def _gathered(terms: Iterable[tuple[_Powers, Number]]) -> _Terms:
    found: dict[frozenset[tuple[Expression, int]], tuple[_Powers, Number]] = {}
    for powers, number in terms:
        first, so_far = found.get(frozenset(powers), (powers, Fraction(0)))
        found[frozenset(powers)] = (first, so_far + number)
    return tuple((powers, number) for powers, number in found.values() if number != 0)


def _times(left: _Terms, right: _Terms) -> _Terms:
    return _gathered((_merged(a, b), c * d) for a, c in left for b, d in right)


def _merged(left: _Powers, right: _Powers) -> _Powers:
    powers = dict(left)
    for atom, exponent in right:
        powers[atom] = powers.get(atom, 0) + exponent
    return tuple((atom, exponent) for atom, exponent in powers.items() if exponent)


@final
@dataclass(frozen=True)
class _Reading:
    """How an expression is read: with products multiplied out, or sums in them left whole."""

    expand: bool

    def terms(self, node: Expression) -> _Terms:
        match node:
            case Constant() if not node.latex:
                return _gathered([((), _exact(node.value))])
            case Sum():
                return _gathered(pair for term in node.terms for pair in self.terms(term))
            case Negative():
                return tuple((powers, -number) for powers, number in self.terms(node.operand))
            case Product():
                product = _ONE
                for factor in node.factors:
                    product = _times(product, self.factor(factor))
                return product
            case Quotient():
                return _times(self.factor(node.numerator), self.power(node.denominator, -1))
            case Power():
                return self.power(node.base, node.exponent)
            case IndexSum():
                return self.index_sum(node)
        return (((((self.inside(node), 1)),), Fraction(1)),)

    def factor(self, node: Expression) -> _Terms:
        if isinstance(node, Sum) and not (self.expand or _has_quotient(node)):
            return ((((self.inside(node), 1),), Fraction(1)),)
        return self.terms(node)

    def power(self, base: Expression, exponent: int) -> _Terms:
        if isinstance(base, Power):
            return self.power(base.base, base.exponent * exponent)
        terms = self.factor(base)
        if len(terms) == 1:
            ((powers, number),) = terms
            scaled = tuple((atom, e * exponent) for atom, e in powers)
            return ((scaled, number**exponent),)
        if exponent > 0:
            product = _ONE
            for _ in range(exponent):
                product = _times(product, terms)
            return product
        return ((((self.inside(base), exponent),), Fraction(1)),)

    def index_sum(self, node: IndexSum) -> _Terms:
        """Take out of a sum over an index what does not depend on it."""
        body = self.terms(node.body)
        if len(body) > 1 and not self.expand:
            common = tuple(p for p in _common(body) if node.index not in free_indices(p[0]))
            inverse = tuple((atom, -exponent) for atom, exponent in common)
            rest = _written(tuple((_merged(powers, inverse), n) for powers, n in body))
            return ((_merged(common, ((replace(node, body=rest), 1),)), Fraction(1)),)
        return _gathered(self._pulled(node, powers, number) for powers, number in body)

    @staticmethod
    def _pulled(node: IndexSum, powers: _Powers, number: Number) -> tuple[_Powers, Number]:
        bound = tuple(p for p in powers if node.index in free_indices(p[0]))
        free = tuple(p for p in powers if node.index not in free_indices(p[0]))
        inner = replace(node, body=_monomial(bound, Fraction(1)))
        return _merged(free, ((inner, 1),)), number

    def inside(self, node: Expression) -> Expression:
        tidy = {c: _written(self.terms(c)) for c in node.children if c.shape.is_scalar}
        if isinstance(node, Sum):
            return _written(self.terms(node))
        return rebuilt(node, tidy)


def _exact(value: Number) -> Number:
    return Fraction(value) if isinstance(value, int | Fraction) or value.is_integer() else value


def _has_quotient(node: Sum) -> bool:
    def fraction(term: Expression) -> bool:
        if isinstance(term, Negative):
            return fraction(term.operand)
        if isinstance(term, Product):
            return any(map(fraction, term.factors))
        return isinstance(term, Quotient)

    return any(map(fraction, node.terms))


def _written(terms: _Terms) -> Expression:
    if not terms:
        return Constant(0)
    ordered = sorted(terms, key=lambda pair: pair[1] < 0)  # a minus does not stand first
    written = [_monomial(powers, number) for powers, number in ordered]
    return written[0] if len(written) == 1 else Sum(tuple(written))


def _monomial(powers: _Powers, number: Number, last: Iterable[Expression] = ()) -> Expression:
    above = [_raised(atom, exponent) for atom, exponent in powers if exponent > 0]
    below = [_raised(atom, -exponent) for atom, exponent in powers if exponent < 0]
    above = sorted([*above, *last], key=lambda factor: isinstance(factor, IndexSum))
    size: Number = -number if number < 0 else number
    if size != 1 and isinstance(size, Fraction) and below and size.denominator != 1:
        below, size = [Constant(size.denominator), *below], Fraction(size.numerator)
    if size != 1 or not above:
        above = [Constant(_plain(size)), *above]
    value = _product(above)
    if below:
        value = Quotient(value, _product(below))
    return Negative(value) if number < 0 else value


def _plain(number: Number) -> Number:
    is_whole = isinstance(number, Fraction) and number.denominator == 1
    return int(number) if is_whole else number


def _raised(atom: Expression, exponent: int) -> Expression:
    return atom if exponent == 1 else Power(atom, exponent)


def _product(factors: list[Expression]) -> Expression:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))
