"""The rules of differentiation: each rewrites a derivative of a scalar, entry by entry.

A rule looks at one node and gives what it rewrites it to, or nothing. `Rule.everywhere` applies it
to every node that it fits, outermost first. Which quantities follow from which is the `Scope`'s to
say, and where a formula comes from: the forward equations alone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import final

from chainrule.calculus.entries import entry
from chainrule.calculus.function import Apply, entrywise, y, z
from chainrule.calculus.indexed import (
    Derivative,
    Entry,
    IndexSum,
    Kronecker,
    delta,
    free_indices,
    rebuilt,
    reindexed,
)
from chainrule.calculus.matrices import transposed
from chainrule.calculus.nodes import (
    Constant,
    Expression,
    Indicator,
    Negative,
    Power,
    Product,
    Quotient,
    Select,
    Sum,
    Transpose,
    Variable,
)

__all__ = [
    "DEFINITION",
    "DIFFERENTIATION",
    "FUNCTION",
    "LINEARITY",
    "OWN",
    "PICK",
    "PRODUCT",
    "QUOTIENT",
    "Rule",
    "Scope",
    "differentiated",
    "product",
    "total",
    "without_ones",
]

ZERO, ONE = Constant(0), Constant(1)


@final
@dataclass(frozen=True)
class Scope:
    """The forward equations: what each quantity is made of.

    Parameters
    ----------
    definitions : mapping of Variable to Expression
        The right sides, by the variables that they define.
    """

    definitions: Mapping[Variable, Expression] = field(default_factory=dict)

    @cached_property
    def _sources(self) -> dict[Variable, frozenset[Variable]]:
        found: dict[Variable, frozenset[Variable]] = {}
        for variable, formula in self.definitions.items():
            direct = frozenset(node for node in formula.walk() if isinstance(node, Variable))
            found[variable] = direct.union(*(found.get(v, frozenset()) for v in direct))
        return found

    def follows(self, expression: Expression, variable: Variable) -> bool:
        """Say whether a value moves when a variable does."""
        return any(
            node == variable or variable in self._sources.get(node, frozenset())
            for node in expression.walk()
            if isinstance(node, Variable)
        )


@final
@dataclass(frozen=True)
class Rule:
    """A rule of differentiation, or of tidying up after one.

    Parameters
    ----------
    name : str
        What it is called.
    pattern : str
        What it does, left to right, in plain text.
    rewrite : callable
        From a node and the scope to what replaces it, or None where the rule does not fit.
    assumption : str, optional
        What must hold for the two sides to be equal.
    is_minor : bool
        Whether a line of this rule alone is left out where a derivation is not written in full.
    """

    name: str
    pattern: str
    rewrite: Callable[[Expression, Scope], Expression | None]
    assumption: str | None = None
    is_minor: bool = False

    def everywhere(self, expression: Expression, scope: Scope) -> Expression:
        """Apply the rule to each node that it fits, outermost first."""
        replaced = self.rewrite(expression, scope)
        if replaced is not None:
            return replaced
        over = {child: self.everywhere(child, scope) for child in expression.children}
        return _rejoined(expression, over)


def _rejoined(node: Expression, over: Mapping[Expression, Expression]) -> Expression:
    """Build a node anew, without the factors and terms that have become trivial."""
    match node:
        case Product():
            return product(over[factor] for factor in node.factors)
        case Sum():
            return total(over[term] for term in node.terms)
        case Negative():
            inner = over[node.operand]
            if isinstance(inner, Sum) and not isinstance(node.operand, Sum):
                return total(-term for term in inner.terms)
            return ZERO if inner == ZERO else -inner
        case Transpose():
            return transposed(over[node.operand])
        case IndexSum():
            return summed(node, over[node.body])
        case Quotient() if over[node.numerator] == ZERO:
            return ZERO
    return rebuilt(node, over)


def without_ones(expression: Expression) -> Expression:
    """Leave factors of one and terms of zero out of an expression."""
    over = {child: without_ones(child) for child in expression.children}
    return _rejoined(expression, over)


def product(factors: Iterable[Expression]) -> Expression:
    """Multiply scalars or matrices: signs and numbers go first, and ones are left out."""
    kept: list[Expression] = []
    is_negative = False
    for factor in factors:
        if factor == ZERO:
            return ZERO
        plain = factor.operand if isinstance(factor, Negative) else factor
        is_negative ^= plain is not factor
        if plain != ONE:
            kept.append(plain)
    kept.sort(key=lambda factor: not (isinstance(factor, Constant) and factor.shape.is_scalar))
    result = kept[0] if kept else ONE
    for factor in kept[1:]:
        result = result @ factor
    return -result if is_negative else result


def summed(node: IndexSum, body: Expression) -> Expression:
    """Sum another body over the same index, with its sign in front."""
    if body == ZERO:
        return ZERO
    if isinstance(body, Negative):
        return -replace(node, body=body.operand)
    return replace(node, body=body)


def total(terms: Iterable[Expression]) -> Expression:
    """Add scalars, without zeros."""
    kept = [term for term in terms if term != ZERO]
    result = kept[0] if kept else ZERO
    for term in kept[1:]:
        result = result + term
    return result


def _linearity(node: Expression, scope: Scope) -> Expression | None:
    """Differentiate what a sum adds up and constants scale: ``∂(a f + b g) = a ∂f + b ∂g``."""
    if not isinstance(node, Derivative):
        return None
    of = node.of
    if not isinstance(of, Variable | Entry) and not scope.follows(of, node.variable):
        return ZERO
    match of:
        case Sum():
            return total(_through(term, node, scope) for term in of.terms)
        case Negative() | IndexSum():
            return _through(of, node, scope)
        case Product() if any(not scope.follows(f, node.variable) for f in of.factors):
            return _through(of, node, scope)
        case Quotient() if not scope.follows(of.denominator, node.variable):
            return Quotient(_through(of.numerator, node, scope), of.denominator)
    return None


def _through(of: Expression, node: Derivative, scope: Scope) -> Expression:
    inner = replace(node, of=of)
    if not scope.follows(of, node.variable):
        return ZERO
    match of:
        case Sum():
            return total(_through(term, node, scope) for term in of.terms)
        case Negative():
            return -_through(of.operand, node, scope)
        case IndexSum():
            return summed(of, _through(of.body, node, scope))
        case Product():
            constants = [f for f in of.factors if not scope.follows(f, node.variable)]
            moving = [f for f in of.factors if scope.follows(f, node.variable)]
            return product([*constants, replace(node, of=product(moving))])
    return inner


def _product_rule(node: Expression, scope: Scope) -> Expression | None:
    if not (isinstance(node, Derivative) and isinstance(node.of, Product)):
        return None
    factors = node.of.factors
    terms = []
    for place, factor in enumerate(factors):
        if scope.follows(factor, node.variable):
            others = [*factors[:place], replace(node, of=factor), *factors[place + 1 :]]
            terms.append(product(others))
    return total(terms)


def _quotient_rule(node: Expression, scope: Scope) -> Expression | None:
    if not (isinstance(node, Derivative) and isinstance(node.of, Quotient)):
        return None
    above, below = node.of.numerator, node.of.denominator
    slope = replace(node, of=below)
    if not scope.follows(above, node.variable):
        return -Quotient(product([above, slope]), below**2)
    return Quotient(product([replace(node, of=above), below]) - product([above, slope]), below**2)


def _function_rule(node: Expression, scope: Scope) -> Expression | None:
    """``∂f(u) = f'(u) ∂u`` for an elementwise function, a power or a case distinction."""
    if not isinstance(node, Derivative):
        return None
    match node.of:
        case Apply(function=function, operand=operand):
            slope = entrywise(function.derivative, {z: operand, y: node.of})
            return product([slope, _inner(node, operand)])
        case Power(base=base, exponent=exponent):
            lower = base if exponent == 2 else base ** (exponent - 1)
            return product([Constant(exponent), lower, _inner(node, base)])
        case Indicator():
            return ZERO  # constant on each side of its jump
        case Select(test=test, positive=positive, otherwise=otherwise):
            slopes = [_linear(replace(node, of=part), scope) for part in (positive, otherwise)]
            return Select(test, *slopes)
    return None


def _inner(node: Derivative, operand: Expression) -> Expression:
    return ONE if operand == node.by else replace(node, of=operand)


def _linear(node: Derivative, scope: Scope) -> Expression:
    return ONE if node.of == node.by else LINEARITY.everywhere(node, scope)


def differentiated(expression: Expression, scope: Scope) -> Expression:
    """Apply the rules until none fits any derivative of an expression.

    Examples
    --------
    >>> from chainrule.calculus import to_text
    >>> y = Variable("y")
    >>> to_text(differentiated(Derivative(y * (1 - y), y), Scope()))
    '1 - y - y'
    """
    while True:
        before = expression
        for rule in DIFFERENTIATION:
            expression = rule.everywhere(expression, scope)
            if expression != before:
                break
        else:
            return expression


def _own_variable(node: Expression, scope: Scope) -> Expression | None:
    """``∂y_k/∂y_j = δ_kj``, and zero by a variable from which it does not follow."""
    if not isinstance(node, Derivative) or not isinstance(node.of, Variable | Entry):
        return None
    of, by = node.of, node.by
    if of == by:
        return ONE
    if not scope.follows(of, node.variable):
        return ZERO
    if isinstance(of, Entry) and isinstance(by, Entry) and of.base == by.base:
        return product(map(delta, of.indices, by.indices))
    return None


def _pick(node: Expression, scope: Scope) -> Expression | None:
    """``Σ_k a_k δ_kj = a_j``."""
    if isinstance(node, IndexSum) and node.other_than is None and isinstance(node.body, Sum):
        parts = [replace(node, body=_signed(term)) for term in node.body.terms]
        picked = [_pick(part, scope) for part in parts]
        if all(picked):
            signs = [isinstance(term, Negative) for term in node.body.terms]
            return total(
                -p if sign else p for p, sign in zip(picked, signs, strict=True) if p is not None
            )
    if not isinstance(node, IndexSum) or node.other_than is not None:
        return None
    inner = _pick(node.body, scope) if isinstance(node.body, IndexSum) else None
    body = inner or node.body
    if isinstance(body, Negative):
        picked_one = _pick(replace(node, body=body.operand), scope)
        return None if picked_one is None else -picked_one
    factors = list(body.factors) if isinstance(body, Product) else [body]
    for place, factor in enumerate(factors):
        if isinstance(factor, Kronecker) and node.index in (factor.left, factor.right):
            other = factor.right if factor.left == node.index else factor.left
            rest = product([*factors[:place], *factors[place + 1 :]])
            return reindexed(rest, {node.index: other})
    return replace(node, body=inner) if inner else None


def _signed(term: Expression) -> Expression:
    return term.operand if isinstance(term, Negative) else term


def _definition(node: Expression, scope: Scope) -> Expression | None:
    """Write for what is differentiated what the forward equations say that it is."""
    if not isinstance(node, Derivative):
        return None
    of = node.of
    base = of.base if isinstance(of, Entry) else of
    if not isinstance(base, Variable) or base not in scope.definitions or base == node.variable:
        return None
    row, column = (*(of.indices if isinstance(of, Entry) else ()), None, None)[:2]
    used = free_indices(node.by) | free_indices(of)
    return replace(node, of=entry(scope.definitions[base], row, column, used))


DEFINITION = Rule("definition", "y = f(z)", _definition)
LINEARITY = Rule("linearity", "∂(a f + b g) = a ∂f + b ∂g", _linearity, is_minor=True)
PRODUCT = Rule("product rule", "∂(f g) = ∂f g + f ∂g", _product_rule)
QUOTIENT = Rule("quotient rule", "∂(f/g) = (∂f g - f ∂g)/g²", _quotient_rule)
FUNCTION = Rule("elementwise function", "∂f(u) = f'(u) ∂u", _function_rule, is_minor=True)
OWN = Rule("independent variables", "∂y_k/∂y_j = δ_kj", _own_variable, is_minor=True)
PICK = Rule("one term is left", "Σ_k a_k δ_kj = a_j", _pick, is_minor=True)

#: In this order: the first that fits is applied.
DIFFERENTIATION = (LINEARITY, OWN, PICK, QUOTIENT, PRODUCT, FUNCTION)
