"""Which quantity a symbol stands for: its name and its layer, and how long its indices run."""

from collections.abc import Iterable, Mapping

from chainrule.grading.definitions import Builtin, Definition, Key, coded_key
from chainrule.grading.notation import Layer, Reference
from chainrule.grading.problems import FormulaError, NotUnderstoodError
from chainrule.grading.program import Program
from chainrule.grading.roles import LOSS_NAMES, references
from chainrule.grading.scope import Scope
from chainrule.read.tree import Node

__all__ = ["is_leaf", "letter_sizes", "other_case", "resolved", "stack_of"]


def resolved(reference: Reference, scope: Scope) -> Key:
    """Say which quantity a symbol stands for, other names of the same quantity being one."""
    key = _named_key(reference, scope)
    for _ in range(8):
        found = scope.program.find(*key)
        if found is None:
            break
        definition = found.definition
        if isinstance(definition.body, Builtin):
            if definition.body.kind != "same":
                break
            key = definition.body.keys[0]
            continue
        other = scope.program.notation.refer(definition.body)
        if other is None or not _is_alias(other, definition):
            break
        layer = scope.program.layer_number(other.layer, dict(found.bindings))
        key = other_case(scope.program, (other.name, layer))
    return key


def _is_alias(reference: Reference, definition: Definition) -> bool:
    same = tuple(map(str, reference.indices)) == definition.indices
    plain = not (reference.transposed or reference.power or reference.primes)
    return same and plain and reference.sample == definition.sample


def _named_key(reference: Reference, scope: Scope) -> Key:
    """Say which quantity is meant by a symbol without a layer, or with another case."""
    program = scope.program
    layer = program.layer_number(reference.layer, dict(scope.layers))
    name = program.of_batch(reference)
    if name.startswith("@"):
        return coded_key(name)
    if layer is None and scope.context_layer is not None and _needs_layer(program, name):
        key = (name, scope.context_layer)
        if program.find(*key) is not None or program.is_weight(name):
            return other_case(program, key)
    return other_case(program, (name, layer))


def _needs_layer(program: Program, name: str) -> bool:
    if program.find(name, None) is not None or name in (program.roles.input, program.roles.target):
        return False
    layered = (
        program.roles.pre == name or program.is_weight(name) or program.is_weight(name.upper())
    )
    return layered or name == program.roles.act


def other_case(program: Program, key: Key) -> Key:
    """Read ``w_{ij}`` as an entry of ``W``, and ``Z`` as ``z``, where the document has only one."""
    name, layer = key
    other = name.swapcase() if len(name) == 1 else name
    if other == name or program.find(*key) is not None:
        return key
    weights = program.roles.weights
    if name != weights and other == weights:
        return (weights, layer)
    if program.find(other, layer) is not None and name not in (
        program.roles.input,
        program.roles.target,
        program.roles.bias,
    ):
        is_loss = name in LOSS_NAMES or other in LOSS_NAMES
        return key if is_loss else (other, layer)
    return key


def stack_of(key: Key, scope: Scope) -> Key | None:
    """Give the quantity of one sample whose stack a capital letter stands for."""
    lower = scope.program.stacked(key[0])
    return None if lower is None else _other_key(lower, key[1], scope)


def _other_key(name: str, layer: int | None, scope: Scope) -> Key:
    """Give the quantity of a name and a layer, other names of it being one."""
    return resolved(Reference(name, None if layer is None else Layer("", layer)), scope)


def is_leaf(program: Program, key: Key) -> bool:
    """Say whether a quantity is drawn at random: a weight, an input, what is left open."""
    name, _ = key
    roles = program.roles
    if name in (roles.input, roles.target, roles.weights, roles.bias, roles.pre):
        return True
    if program.is_scalar_name(name) or key == (roles.act, program.base):
        return True
    return name in program.leaf_names


def letter_sizes(
    nodes: Iterable[Node], scope: Scope, first: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Find how many values every index has, from the quantities that it stands on."""
    sizes = dict(first or {})
    for reference in references(nodes, scope.program.notation):
        if not reference.indices:
            continue
        try:
            dims = scope.world.shapes.of(_known(reference, scope))
        except FormulaError:
            continue
        lengths = [scope.world.size(one) for one in dims]
        if len(reference.indices) == 1:
            lengths = [max(lengths)]
        for index, length in zip(reference.indices[-2:], lengths, strict=False):
            if isinstance(index, str) and length > 1:
                sizes.setdefault(index, length)
    return sizes


def _known(reference: Reference, scope: Scope) -> Key:
    key = resolved(reference, scope)
    if scope.program.find(*key) is None and scope.program.find(*key, "gradient") is not None:
        return (scope.program.roles.pre, key[1])
    if scope.program.find(*key) is None and not is_leaf(scope.program, key):
        raise NotUnderstoodError(key[0])
    return key
