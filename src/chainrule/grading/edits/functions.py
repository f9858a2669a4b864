"""A derivative at the wrong argument, and one quantity in the place of another."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chainrule.grading.edits.palette import Edit, Palette, with_name
from chainrule.grading.notation import Reference
from chainrule.read.tree import Call, Node, Relation, Scripted, Symbol

__all__ = ["function_edits"]

_OPPOSITE: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def function_edits(node: Node, palette: Palette) -> Iterator[Edit]:
    """Change the argument of a function, or one quantity for another."""
    if isinstance(node, Call) and len(node.arguments) == 1:
        yield from _other_argument(node, palette)
        return
    if isinstance(node, Relation) and node.sign in _OPPOSITE:
        yield "wrong-condition", replace(node, sign=_OPPOSITE[node.sign])
    reference = palette.notation.refer(node)
    if reference is not None:
        for name in _alternatives(reference, palette):
            yield "wrong-quantity", with_name(node, name, palette.spelling)


def _other_argument(node: Call, palette: Palette) -> Iterator[Edit]:
    argument = node.arguments[0]
    reference = palette.notation.refer(argument)
    primed = isinstance(node.function, Scripted) and node.function.primes > 0
    if reference is None:
        return
    roles = palette.program.roles
    for name in dict.fromkeys((roles.pre, roles.act)):
        if name != reference.name:
            mistake = "derivative-argument" if primed else "wrong-argument"
            yield mistake, replace(node, arguments=(with_name(argument, name, palette.spelling),))
    if primed and isinstance(node.function, Scripted):
        bare = replace(node.function, primes=0)
        function = bare.base if bare.sub is bare.sup is None else bare
        yield "extra-prime", replace(node, function=function)
    elif isinstance(node.function, Scripted):
        yield "missing-prime", replace(node, function=replace(node.function, primes=1))
    elif isinstance(node.function, Symbol) and node.function.name in palette.notation.functions:
        yield "missing-prime", replace(node, function=Scripted(node.function, primes=1))


def _alternatives(reference: Reference, palette: Palette) -> Iterator[str]:
    """Give the names of what stands near in the forward pass, capital ones for a capital one."""
    roles = palette.program.roles
    name = reference.name
    near = {
        roles.pre: (roles.act,),
        roles.act: (roles.pre, roles.target, roles.output, roles.input),
        roles.target: (roles.output, roles.act),
        roles.output: (roles.target,),
        roles.input: (roles.act,),
    }
    is_stack = name not in near and len(name) == 1 and name.isupper()
    others = near.get(name.lower() if is_stack else name, ())
    for other in dict.fromkeys(one.upper() if is_stack else one for one in others):
        if other != name and other in palette.program.names:
            yield other
