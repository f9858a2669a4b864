"""The value of a formula: one branch for each thing on the page."""

from dataclasses import replace

import numpy as np

from chainrule.grading.arithmetic import add, divide, elementwise, multiply, power
from chainrule.grading.calls import apply_named, apply_symbol
from chainrule.grading.components import indexed
from chainrule.grading.derivatives import (
    chain_of_derivatives,
    differential_of,
    differentiate,
    gradient,
)
from chainrule.grading.functions import ELEMENTWISE
from chainrule.grading.loss_terms import loss_component
from chainrule.grading.matrices import size_of, written_out
from chainrule.grading.notation import Reference
from chainrule.grading.problems import FormulaError, NotUnderstoodError, ShapeMistakeError
from chainrule.grading.program import Program
from chainrule.grading.quantities import quantity, referred
from chainrule.grading.scope import Scope
from chainrule.grading.signs import without_indicators, without_sign
from chainrule.grading.sums import condition_mask, letters_of, sum_over
from chainrule.grading.value import SAMPLES, Value, number
from chainrule.read.tree import (
    Absolute,
    Call,
    Cases,
    Derivative,
    Fraction,
    Group,
    Matrix,
    Nabla,
    Negative,
    Node,
    Norm,
    Number,
    Plus,
    Product,
    Relation,
    Root,
    Scripted,
    Summation,
    Symbol,
    Words,
)

__all__ = ["evaluate"]


def evaluate(node: Node, scope: Scope) -> Value:
    """Evaluate a formula at a point.

    Parameters
    ----------
    node : Node
        The formula.
    scope : Scope
        The point, the rules and what is bound.

    Returns
    -------
    Value
        With an axis for every free index, and one for the samples where it differs between them.

    Raises
    ------
    FormulaError
        If it has no value: shapes or indices do not fit, or a name is not known.
    """
    reference = scope.program.notation.refer(node)
    if reference is not None:
        return _reference(reference, scope)
    match node:
        case Number():
            return number(float(node.text), "numeral")
        case Group():
            return _grouped(node, scope)
        case Negative():
            value = evaluate(node.body, scope)
            return Value(-value.data, value.axes, value.kind)
        case Plus():
            return _plus(node, scope)
        case Product():
            return _product(node, scope)
        case Fraction():
            return divide(
                evaluate(node.numerator, scope), evaluate(node.denominator, scope), scope.rules
            )
        case Scripted():
            return _scripted(node, scope)
        case Call():
            return _call(node, scope)
        case Summation():
            return sum_over(node, scope)
        case Derivative() | Nabla():
            return _remembered(node, scope)
        case _:
            return _rarer(node, scope)


def _remembered(node: Derivative | Nabla, scope: Scope) -> Value:
    """Take a derivative once for all formulas that contain it."""
    if scope.world.parent is not None or scope.unreduced or scope.locals:
        return _taken(node, scope)
    axes = tuple(sorted(scope.axes.items()))
    layers = tuple(sorted(scope.layers.items()))
    context = (scope.rules, scope.layout, scope.context_layer, scope.samples, scope.free)
    key = ("derivative", node, axes, layers, context)
    if key not in scope.world.memory:
        scope.world.memory[key] = _taken(node, scope)
    return scope.world.memory[key]


def _taken(node: Derivative | Nabla, scope: Scope) -> Value:
    if isinstance(node, Derivative):
        return differentiate(node.of, node.by, scope)
    if node.of is None or node.by is None:
        raise NotUnderstoodError("a gradient without its variable or its function")
    return gradient(node.of, node.by, scope)


def _rarer(node: Node, scope: Scope) -> Value:
    match node:
        case Norm():
            squares = _sum_of_squares(evaluate(node.body, scope), scope)
            return Value(np.sqrt(squares.data), squares.axes)
        case Absolute():
            return apply_named("abs", evaluate(node.body, scope), scope)
        case Root():
            return apply_named("sqrt", evaluate(node.body, scope), scope)
        case Cases():
            return _cases(node, scope)
        case Matrix():
            size_of(node)
            return written_out([[evaluate(one, scope) for one in row] for row in node.rows])
        case Relation():
            return condition_mask(node, scope)
    raise NotUnderstoodError(f"a {type(node).__name__.lower()} is not graded")


def _reference(reference: Reference, scope: Scope) -> Value:
    program = scope.program
    if reference.name == "e" and reference.power is not None and "e" not in program.names_defined:
        return apply_named("exp", evaluate(reference.power, scope), scope)
    if reference.name in program.notation.functions and reference.primes:
        return _bare_function(reference, scope)
    reference = _of_one_sample(reference, program)
    component = loss_component(reference, scope)
    value = referred(reference, scope) if component is None else component
    if reference.primes:
        raise NotUnderstoodError(f"the prime of {reference.name}")
    if reference.power is not None:
        return power(value, evaluate(reference.power, scope), scope.rules)
    return value


def _of_one_sample(reference: Reference, program: Program) -> Reference:
    """Read ``E_s`` as the loss of sample s, where E itself is that of all samples."""
    if not reference.indices or reference.name != program.roles.loss:
        return reference
    one = f"{reference.name} one"
    return replace(reference, name=one) if one in program.names_defined else reference


def _bare_function(reference: Reference, scope: Scope) -> Value:
    """Read ``f'`` without an argument as taken at the pre-activation of its layer."""
    layer = scope.program.layer_number(reference.layer, dict(scope.layers))
    layer = scope.context_layer if layer is None else layer
    if layer is None:
        raise NotUnderstoodError(f"{reference.name} without an argument")
    argument = quantity((scope.program.roles.pre, layer), scope)
    value = apply_symbol(reference.name, layer, reference.primes, argument, scope)
    return indexed(value, reference.indices, None, scope)


def _grouped(node: Group, scope: Scope) -> Value:
    if isinstance(node.body, Relation):
        return condition_mask(node.body, scope)
    return evaluate(node.body, scope)


def _plus(node: Plus, scope: Scope) -> Value:
    total = evaluate(node.terms[0], scope)
    for term in node.terms[1:]:
        value = evaluate(term, scope)
        try:
            total = add(total, value)
        except ShapeMistakeError:
            total = _with_bias(total, value, term, scope)
    return total


def _with_bias(total: Value, value: Value, term: Node, scope: Scope) -> Value:
    """Add a bias to every sample of a batch, as programs do; nothing else is repeated."""
    reference = scope.program.notation.refer(term)
    is_bias = reference is not None and reference.name == scope.program.roles.bias
    axis = scope.world.batch_axis(total.data.shape)
    fits = (
        axis is not None
        and value.shape[axis] == 1
        and value.shape[-3 - axis] == total.shape[-3 - axis]
    )
    is_column = value.shape[1] == 1 and value.shape[0] == total.shape[0]
    fits |= scope.program.stacks_are_columns and is_column
    if not (is_bias and fits):
        raise ShapeMistakeError(f"a bias of {value.shape} cannot be added to {total.shape}")
    return Value(total.data + value.data, total.axes or value.axes)


def _product(node: Product, scope: Scope) -> Value:
    factors, signs = _merged(node, scope)
    try:
        return _folded(factors, signs, scope)
    except FormulaError:
        if not scope.rules.chain:
            raise
        return chain_of_derivatives(factors, scope)


def _merged(node: Product, scope: Scope) -> tuple[list[Node], list[str]]:
    """Join ``d`` and ``W`` to the differential ``dW``, unless ``d`` is a name of its own."""
    factors, signs = without_indicators(list(node.factors), list(node.signs))
    if Symbol("d") not in factors or "d" in scope.program.names_defined | scope.program.leaf_names:
        return factors, signs
    at = 0
    while at < len(factors) - 1:
        if factors[at] == Symbol("d") and signs[at] == "":
            factors[at : at + 2] = [Product((factors[at], factors[at + 1]), ("",))]
            del signs[at]
        at += 1
    return factors, signs


def _folded(factors: list[Node], signs: list[str], scope: Scope) -> Value:
    if len(factors) == 1:
        return _factor(factors[0], scope)
    value = _factor(factors[0], scope)
    seen = set(value.axes)
    repeated: set[str] = set()
    for sign, factor in zip(signs, factors[1:], strict=True):
        other = _factor(factor, scope)
        repeated |= seen & set(other.axes)
        seen |= set(other.axes)
        if sign == "slash":
            value = divide(value, other, scope.rules)
        elif sign == "oslash":
            value = divide(value, other, replace(scope.rules, elementwise=True))
        elif scope.unreduced and _reduces(value, other, sign):
            column = value if value.shape[1] == 1 else value.T
            other = other if other.shape[1] == 1 else other.T
            value = elementwise(column, other).with_rows_named(scope.unreduced)
        else:
            value = multiply(value, other, sign, scope.rules)
    return _contracted(value, repeated, scope) if scope.rules.einstein else value


def _contracted(value: Value, repeated: set[str], scope: Scope) -> Value:
    """Sum over the indices that occur twice in a product, by Einstein's convention."""
    moved = () if scope.world.shift is None else scope.world.shift.axes
    for axis in sorted(repeated.difference([SAMPLES, *scope.free, *moved])):
        if axis in value.axes and axis[0].isalpha():
            value = value.summed(axis)
    return value


def _reduces(first: Value, second: Value, sign: str) -> bool:
    """Say whether a product of two vectors is a number."""
    if sign == "cdot" and first.shape == second.shape and min(first.shape) == 1 < max(first.shape):
        return True
    return first.shape[0] == 1 == second.shape[1] and first.shape[1] == second.shape[0] > 1


def _factor(node: Node, scope: Scope) -> Value:
    is_differential = (
        isinstance(node, Product) and len(node.factors) == 2 and node.factors[0] == Symbol("d")
    )
    if is_differential and isinstance(node, Product) and "d" not in scope.program.names_defined:
        return differential_of(node.factors[1], scope)
    if node == Symbol("indicator"):
        return number(1.0, "numeral")
    return evaluate(node, scope)


def _sum_of_squares(value: Value, scope: Scope) -> Value:
    if scope.unreduced and min(value.shape) == 1:
        squares = Value(value.data * value.data, value.axes)
        return squares.with_rows_named(scope.unreduced)
    return Value(np.sum(value.data * value.data, axis=(-1, -2), keepdims=True), value.axes)


def _scripted(node: Scripted, scope: Scope) -> Value:
    base, sub, sup = node.base, node.sub, node.sup
    if isinstance(base, Norm):
        squares = _sum_of_squares(evaluate(base.body, scope), scope)
        if sup == Number("2"):
            return squares
        return Value(np.sqrt(squares.data), squares.axes)
    if isinstance(base, Symbol) and base.name in ("indicator", "ones") and sub is not None:
        return evaluate(sub, scope)
    value = evaluate(base, scope)
    transposed = bool(node.primes % 2) and not isinstance(base, Call)
    exponent: Node | None = None
    if isinstance(sup, Symbol) and sup.name in ("T", "top", "intercal"):
        transposed = not transposed
    elif sup is not None:
        exponent = without_sign(sup)
    value = value.T if transposed else value
    if sub is not None:
        value = _component(value, sub, scope)
    return value if exponent is None else power(value, evaluate(exponent, scope), scope.rules)


def _component(value: Value, sub: Node, scope: Scope) -> Value:
    if isinstance(sub, Words):
        raise NotUnderstoodError(f"the subscript {sub.text[:20]}")
    if isinstance(sub, Number):
        return indexed(value, (int(float(sub.text)),), None, scope)
    return indexed(value, tuple(letters_of(sub)), None, scope)


def _call(node: Call, scope: Scope) -> Value:
    function = node.function
    reference = scope.program.notation.refer(function)
    if reference is None:
        raise NotUnderstoodError("a function that is not a name")
    if reference.name == "max":
        return _maximum(node, scope)
    if len(node.arguments) != 1:
        raise NotUnderstoodError(f"{reference.name} of several arguments")
    component = _softmax_component(node.arguments[0], reference, scope)
    if component is not None:
        return component
    argument = evaluate(node.arguments[0], scope)
    layer = scope.program.layer_number(reference.layer, dict(scope.layers))
    is_named = reference.name in ELEMENTWISE or reference.name in ("softmax", "diag", "trace")
    if is_named and not reference.primes and reference.power is None and not reference.indices:
        return apply_named(reference.name, argument, scope)
    value = apply_symbol(reference.name, layer, reference.primes, argument, scope)
    value = indexed(value, reference.indices, None, scope)
    if reference.power is not None:
        value = power(value, evaluate(reference.power, scope), scope.rules)
    return value.T if reference.transposed else value


def _softmax_component(argument: Node, function: Reference, scope: Scope) -> Value | None:
    """Read ``σ(z_j)`` at the output as the j-th component of the softmax."""
    program = scope.program
    if not scope.rules.component or function.primes or function.name == "diag":
        return None
    reference = program.notation.refer(argument)
    at_output = (
        reference is not None
        and reference.name == program.roles.pre
        and (
            reference.layer is None
            or program.layer_number(reference.layer, dict(scope.layers)) == program.last
        )
    )
    is_free = function.name == "softmax" or (
        function.name in program.notation.functions and program.output == "softmax"
    )
    if reference is None or not is_free or not (at_output or function.name == "softmax"):
        return None
    if function.name != "softmax" and reference.layer is None and program.n_layers > 1:
        return None
    whole = referred(replace(reference, indices=(), sample=None), scope)
    softmax = apply_named("softmax", whole, scope)
    return indexed(softmax, reference.indices, reference.sample, scope)


def _maximum(node: Call, scope: Scope) -> Value:
    values = [evaluate(one, scope) for one in node.arguments]
    if len(values) != 2 or "numeral" not in (values[0].kind, values[1].kind):
        raise NotUnderstoodError("the maximum of anything but a number and a quantity")
    floor, value = values if values[0].kind == "numeral" else values[::-1]
    if np.any(floor.data != 0):
        raise NotUnderstoodError("a maximum with anything but zero")
    return apply_named("relu", value, scope)


def _cases(node: Cases, scope: Scope) -> Value:
    """Choose entry by entry; a case without a condition of its own takes what is left."""
    left_over = number(1.0, "numeral")
    total: Value | None = None
    for value_node, condition in zip(node.values, node.conditions, strict=True):
        mask = left_over
        if isinstance(condition, Relation):
            mask = condition_mask(condition, scope)
        left_over = add(left_over, Value(-mask.data, mask.axes, mask.kind))
        value = evaluate(value_node, scope)
        term = elementwise(mask, value)
        total = term if total is None else add(total, term)
    if total is None:
        raise NotUnderstoodError("no cases")
    return total
