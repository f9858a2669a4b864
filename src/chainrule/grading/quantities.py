"""The value of what a symbol refers to."""

from dataclasses import replace
from typing import Final

import numpy as np

from chainrule.grading.arithmetic import Rules, add, matrix_product
from chainrule.grading.calls import apply_named
from chainrule.grading.components import indexed
from chainrule.grading.definitions import Builtin, Definition, Key
from chainrule.grading.keys import is_leaf, letter_sizes, resolved, stack_of
from chainrule.grading.matrices import only_names_entries
from chainrule.grading.notation import Index, Reference
from chainrule.grading.problems import FormulaError, IndexMistakeError, NotUnderstoodError
from chainrule.grading.program import Found
from chainrule.grading.roles import is_loss_name
from chainrule.grading.scope import Scope
from chainrule.grading.value import SAMPLES, Value, number

__all__ = ["quantity", "referred"]

_COUNTS: Final = frozenset(["m", "N"])
_DEFINITION_RULES: Final = (
    Rules(),
    Rules(elementwise=True),
    Rules(elementwise=True, component=True),
)


def referred(reference: Reference, scope: Scope) -> Value:
    """Evaluate a symbol with its scripts."""
    value = _special(reference, scope)
    if value is None:
        value = indexed(_whole(reference, scope), reference.indices, reference.sample, scope)
    elif reference.indices and reference.name in scope.locals:
        value = indexed(value, reference.indices, None, scope)
    return value


def _stacked(key: Key, scope: Scope) -> Value:
    """Put the samples of a quantity one below another."""
    value = quantity(key, scope)
    if SAMPLES not in value.axes:
        raise NotUnderstoodError(f"{key[0]} does not differ between samples")
    rest = tuple(axis for axis in value.axes if axis != SAMPLES)
    data = value.ordered((*rest, SAMPLES))
    rows = Value(data.reshape(*data.shape[:-2], -1), rest)
    return rows.T if scope.program.stacks_are_columns else rows


def _mean_over_samples(key: Key, value: Value, scope: Scope) -> Value:
    """Take the mean of a loss that is defined of one sample, where several are spoken of."""
    if not (scope.mean_loss and is_loss_name(key[0]) and SAMPLES in value.axes):
        return value
    total = value.summed(SAMPLES)
    return Value(total.data / value.size_of(SAMPLES), total.axes)


def _whole(reference: Reference, scope: Scope) -> Value:
    program = scope.program
    stack = _stack_key(reference, scope)
    if stack is not None:
        value = _stacked(stack, scope)
        return value.T if reference.transposed else value
    key = resolved(reference, scope)
    if program.find(*key) is None and not reference.name.startswith("@"):
        gradient = program.find(*key, "gradient")
        if gradient is not None:
            value = _gradient(gradient, scope)
            return value.T if reference.transposed else value
        if not is_leaf(program, key):
            raise NotUnderstoodError(f"{_written(reference)} is not defined")
    value = quantity(key, scope)
    if not reference.indices and reference.sample is None:
        value = _mean_over_samples(key, value, scope)
    return value.T if reference.transposed else value


def _stack_key(reference: Reference, scope: Scope) -> Key | None:
    if reference.name.startswith("@") or scope.program.stacked(reference.name) is None:
        return None
    layer = scope.program.layer_number(reference.layer, dict(scope.layers))
    return stack_of((reference.name, layer), scope)


def _written(reference: Reference) -> str:
    return reference.name + (f"({reference.layer})" if reference.layer else "")


def _special(reference: Reference, scope: Scope) -> Value | None:
    """Evaluate what is no quantity: ``e``, ones, the identity, ``m``, Kronecker's ``δ``."""
    name, program = reference.name, scope.program
    if name in scope.locals and reference.layer is None:
        return scope.locals[name]
    if name == "ones":
        return (
            Value(np.ones((1, 1)), (), "ones").T
            if reference.transposed
            else Value(np.ones((1, 1)), (), "ones")
        )
    if program.find(name, None) is not None or reference.layer is not None:
        return None
    if name == "I":
        return Value(np.ones((1, 1)), (), "identity")
    if name == "e" and name not in program.names_defined:
        return number(float(np.e), "numeral")
    if name == "pi":
        return number(float(np.pi), "numeral")
    if name in _COUNTS and not reference.indices:
        return number(float(scope.world.n_samples))
    is_kronecker = name == "delta" and len(reference.indices) == 2
    if is_kronecker and program.find(name, None, "gradient") is None:
        return _kronecker(reference.indices, scope)
    return None


def _kronecker(indices: tuple[Index, ...], scope: Scope) -> Value:
    first, second = (str(one) for one in indices)
    size = _common_size(first, second, scope)
    axes = ("?1", "?2")
    value = Value(np.eye(size)[..., None, None], axes)
    return replace(value.renamed("?1", scope.axis(first)).renamed("?2", scope.axis(second)))


def _common_size(first: str, second: str, scope: Scope) -> int:
    known = [scope.sizes[one] for one in (first, second) if one in scope.sizes]
    if not known:
        raise NotUnderstoodError(f"over what the index {first} runs")
    return known[0]


def quantity(key: Key, scope: Scope) -> Value:
    """Give the value of a quantity at this point, moved if it follows from what is moved."""
    world = scope.world
    if world.parent is not None:
        still = quantity(key, scope.in_world(world.parent))  # also finds what it follows from
        if not world.follows_from_moved(key):
            return still
    root = world.root
    for one in root.stack:
        root.sources.setdefault(one, set()).add(key)
        root.sources[one] |= root.sources.get(key, set())
    memory_key = ("value", key)
    if memory_key in world.memory:
        return world.memory[memory_key]
    if world.moved == key and world.parent is not None and world.shift is not None:
        value = add(quantity(key, scope.in_world(world.parent)), world.shift)
    else:
        if key in root.stack:
            raise NotUnderstoodError(f"{key[0]} is defined by itself")
        if key in root.failures:
            raise root.failures[key]
        root.stack.append(key)
        try:
            value = _computed(key, scope)
        except FormulaError as problem:
            root.failures[key] = problem
            raise
        finally:
            root.stack.pop()
    world.memory[memory_key] = value
    return value


def _computed(key: Key, scope: Scope) -> Value:
    found = scope.program.find(*key)
    if found is None:
        scope.program.check_layer(*key)
        return scope.world.leaf(key)
    definition = found.definition
    if only_names_entries(definition, scope.program.notation):
        return scope.world.leaf(key)
    if isinstance(definition.body, Builtin):
        return _built_in(definition.body, scope.of_definition())
    problem: FormulaError | None = None
    for rules in _DEFINITION_RULES:
        try:
            return _defined(found, definition, rules, scope)
        except FormulaError as error:
            problem = problem or error
    # a formula is not blamed for what it cannot help
    raise NotUnderstoodError(f"the definition of {key[0]} has no value: {problem}")


def _defined(found: Found, definition: Definition, rules: Rules, scope: Scope) -> Value:
    samples = frozenset([definition.sample] if definition.sample else [])
    layers = dict(found.bindings)
    context = scope.program.layer_number(definition.layer, layers)
    inner = replace(
        scope.of_definition(),
        rules=replace(rules, einstein=scope.rules.einstein, star=scope.rules.star),
        layers=layers,
        samples=samples,
        free=frozenset(definition.indices),
        context_layer=context,
    )
    if isinstance(definition.body, Builtin):
        raise NotUnderstoodError("a definition of the network")
    inner = replace(inner, sizes=letter_sizes([definition.body], inner))
    own = (*definition.indices, *samples)
    inner = inner.with_own(own, set(inner.sizes).difference(own))
    value = scope.evaluate(definition.body, inner)
    if definition.sample:
        value = value.renamed(inner.axis(definition.sample), SAMPLES)
    others = {axis for axis in inner.axes.values() if axis not in inner.free}
    loose = [axis.split("·")[0] for axis in value.axes if axis in others]
    if loose:
        raise IndexMistakeError(f"the index {loose[0]} is free on the right alone")
    return _assembled(value, tuple(map(inner.axis, definition.indices)))


def _assembled(value: Value, indices: tuple[str, ...]) -> Value:
    """Make a column or a matrix of components."""
    if not indices or not any(index in value.axes for index in indices):
        return value
    if not value.is_number or any(index not in value.axes for index in indices):
        raise IndexMistakeError("a component is defined by what is no component")
    rest = tuple(axis for axis in value.axes if axis not in indices)
    data = value.ordered((*rest, *indices))[..., 0, 0]
    return Value(data if len(indices) == 2 else data[..., None], rest)


def _built_in(body: Builtin, scope: Scope) -> Value:
    if body.kind == "same":
        return quantity(body.keys[0], scope)
    if body.kind == "apply":
        return apply_named(body.name, quantity(body.keys[0], scope), scope)
    if body.kind == "linear":
        weights, inner, *bias = (quantity(key, scope) for key in body.keys)
        backwards = inner.shape[0] == 1 and inner.shape[1] > 1
        result = matrix_product(inner, weights) if backwards else matrix_product(weights, inner)
        return add(result, bias[0]) if bias else result
    return _loss(body, scope)


def _loss(body: Builtin, scope: Scope) -> Value:
    """Sum a loss over the outputs, for every sample of a stack or as the mean over a batch."""
    y, t = (quantity(key, scope) for key in body.keys)
    with np.errstate(all="ignore"):
        terms = _terms(body.name, y.data, t.data)
    axes = y.axes if len(y.axes) >= len(t.axes) else t.axes
    if scope.unreduced:
        return Value(terms, axes).with_rows_named(scope.unreduced)
    total = np.sum(terms, axis=(-1, -2), keepdims=True)
    if scope.world.batch_axis(terms.shape) is not None and min(terms.shape[-2:]) >= 1:
        total = total / scope.world.n_samples
    return Value(total, axes)


def _terms(name: str, y: np.ndarray, t: np.ndarray) -> np.ndarray:
    if name == "cross_entropy":
        return -t * np.log(y)
    if name == "binary_cross_entropy":
        return -(t * np.log(y) + (1 - t) * np.log(1 - y))
    if name == "poisson":
        return y - t * np.log(y)
    return (y - t) ** 2 / 2


def _gradient(found: Found, scope: Scope) -> Value:
    """Evaluate a symbol that is defined as a derivative, once for all formulas that contain it."""
    if scope.world.parent is not None:
        return _named_gradient(found, scope)
    outside = scope.of_definition()
    one = found.definition
    place = (one.name, one.layer, one.offset, found.bindings)
    key = ("gradient", place, outside.rules, outside.layout, outside.mean_loss)
    if key not in scope.world.memory:
        scope.world.memory[key] = _named_gradient(found, scope)
    return scope.world.memory[key]


def _named_gradient(found: Found, scope: Scope) -> Value:
    definition = found.definition
    layers = dict(found.bindings)
    inner = replace(
        scope.of_definition(),
        layers=layers,
        free=frozenset(definition.indices),
        context_layer=scope.program.layer_number(definition.layer, layers),
    )
    if isinstance(definition.body, Builtin):
        raise NotUnderstoodError("a gradient without a definition")
    inner = replace(inner, sizes=letter_sizes([definition.body], inner))
    inner = inner.with_own(definition.indices)
    value = scope.evaluate(definition.body, inner)
    axes = tuple(map(inner.axis, definition.indices))
    if len(axes) == 1 and not scope.layout.columns:
        return _assembled(value, axes).T
    return _assembled(value, axes)
