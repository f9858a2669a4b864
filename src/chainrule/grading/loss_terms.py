"""The terms of a loss: ``E_j`` is what output ``j`` contributes."""

from dataclasses import replace

from chainrule.grading.notation import Reference
from chainrule.grading.problems import NotUnderstoodError
from chainrule.grading.quantities import quantity
from chainrule.grading.scope import Scope
from chainrule.grading.value import Value
from chainrule.read.tree import Node

__all__ = ["loss_component"]


def loss_component(reference: Reference, scope: Scope) -> Value | None:
    """Read ``E_j`` as the term of the loss that belongs to output ``j``."""
    program = scope.program
    is_loss = reference.name == program.roles.loss and len(reference.indices) == 1
    if not is_loss or program.find(reference.name, None) is None or reference.sample is not None:
        return None
    index = reference.indices[0]
    found = program.find(reference.name, None)
    if found is None or found.definition.indices or str(index) in scope.samples:
        return None
    inner = replace(scope.of_definition(), unreduced="?term")
    body = found.definition.body
    if not isinstance(body, Node):
        world = scope.world
        from_memory = replace(world, memory=dict(world.memory))
        from_memory.memory.pop(("value", (reference.name, None)), None)
        value = quantity((reference.name, None), replace(inner, world=from_memory))
    else:
        value = inner.evaluate(body, inner)
    if "?term" not in value.axes:
        raise NotUnderstoodError(f"{reference.name} with an index")
    if isinstance(index, int):
        return value.taken("?term", index - 1)
    return value.renamed("?term", scope.axis(index))
