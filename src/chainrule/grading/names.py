"""The table of names: what every symbol of a document stands for, and its shape."""

from collections.abc import Callable
from typing import Final

from chainrule.grading.definitions import Builtin, Key
from chainrule.grading.keys import resolved
from chainrule.grading.notation import Reference
from chainrule.grading.problems import FormulaError
from chainrule.grading.program import Program
from chainrule.grading.results import Name
from chainrule.grading.roles import references
from chainrule.grading.scope import Scope
from chainrule.grading.shapes import ONE, Shapes
from chainrule.grading.understanding import Understanding
from chainrule.read.plain import letter
from chainrule.read.tree import Node, Scripted, Symbol

__all__ = ["namer", "network_of", "table_of_names"]

_PLAIN: Final = {"m": "the number of samples", "N": "the number of samples"}


def table_of_names(understanding: Understanding) -> tuple[Name, ...]:
    """Say what every symbol of a document stands for, in the order in which they appear."""
    program, document = understanding.program, understanding.document
    shapes = understanding.shapes(program)
    written = dimension_names(program, shapes)
    rows: dict[str, Name] = {}
    for passage in document.passages:
        for row in passage.rows:
            for equation in row.equations:
                for side in equation.sides:
                    if side.node is None:
                        continue
                    for reference in reversed(references([side.node], understanding.notation)):
                        symbol = _symbol(reference)
                        if symbol not in rows and reference.name not in ("e", "d", "pi", "ones"):
                            entry = _entry(symbol, reference, understanding, shapes, written)
                            if entry is not None:
                                rows[symbol] = entry
    return tuple(rows.values())


def _symbol(reference: Reference) -> str:
    layer = "" if reference.layer is None else f"^{{({reference.layer})}}"
    return latex_of(reference.name) + layer


def latex_of(name: str) -> str:
    r"""Write a name as LaTeX.

    Examples
    --------
    >>> latex_of("hat y")
    '\\hat{y}'
    """
    *marks, bare = name.split(" ")
    base, _, rest = bare.partition("_")
    text = (f"\\{base}" if len(base) > 1 and letter(base) != base else base) + (
        f"_{{{rest}}}" if rest else ""
    )
    for mark in marks:
        text = rf"\mathcal{{{text}}}" if mark == "cal" else rf"\{mark}{{{text}}}"
    return text


def _entry(
    symbol: str,
    reference: Reference,
    understanding: Understanding,
    shapes: Shapes,
    written: Callable[[int], str | int],
) -> Name | None:
    program = understanding.program
    name, layer = reference.name, reference.layer
    if name in program.notation.functions or (reference.power is not None and layer is None):
        return None
    if name in _PLAIN and layer is None and not reference.indices:
        return Name(symbol, _PLAIN[name], (), "default")
    number: int | None = None
    if layer is not None:
        number = layer.offset if not layer.letter else None
        if layer.letter:
            number = (
                program.last
                if layer.letter in ("L", "n_l") and not layer.offset
                else 1 + program.base
            )
            number = number if layer.letter == "L" else max(1, number)
    means, origin = _meaning(name, number, reference, understanding)
    if not means:
        return Name(symbol, "not defined", (), "nowhere")
    try:
        dims = (
            shapes.of((name, number)) if means[0] != "∂" else shapes.of((program.roles.pre, number))
        )
    except FormulaError:
        return Name(symbol, means, (), origin)
    shape = tuple(written(one) for one in dims)
    return Name(symbol, means, () if shape == (1, 1) else shape, origin)


def _meaning(
    name: str, number: int | None, reference: Reference, understanding: Understanding
) -> tuple[str, str]:
    program = understanding.program
    found = program.find(name, number)
    origin = "default"
    if found is not None and found.definition.offset >= 0:
        place = understanding.document.source.place(found.definition.offset)
        origin = f"line {place.line}"
    gradient = None
    if found is None:
        try:
            gradient = program.find(name, number, "gradient")
        except FormulaError:
            gradient = None
    if gradient is not None:
        if gradient.definition.offset >= 0:
            place = understanding.document.source.place(gradient.definition.offset)
            return f"∂{letter(program.roles.loss)}, as defined", f"line {place.line}"
        pre = letter(program.roles.pre)
        return f"∂{letter(program.roles.loss)}/∂{pre}({reference.layer})", "default"
    return _role(name, reference, program, found is not None), origin


def _role(name: str, reference: Reference, program: Program, is_defined: bool) -> str:
    roles = program.roles
    layer = "" if reference.layer is None else f" of layer {reference.layer}"
    known = {
        roles.loss: "the loss",
        roles.input: "the input",
        roles.target: "the target",
    }
    if not layer and name in known:
        return known[name]
    if name == roles.weights or name == roles.weights.lower():
        return f"the weights{layer}"
    if name == roles.bias:
        return f"the bias{layer}"
    if name == roles.pre:
        return f"the pre-activation{layer}" if layer else "a variable"
    if name == roles.act and layer:
        return f"the output{layer}"
    if name in (roles.output, roles.act):
        return "the output of the network"
    if is_defined:
        return f"defined in the document{layer}"
    if program.is_scalar_name(name):
        return "a number"
    return f"a variable{layer}" if name in program.leaf_names else ""


def dimension_names(program: Program, shapes: Shapes) -> Callable[[int], str | int]:
    """Give every dimension the name that it has in the network: ``n_0``, ``n_1``, ``m``."""
    roles = program.roles
    names: dict[int, str | int] = {shapes.root(ONE): 1}

    def give(key: Key, axis: int, name: str) -> None:
        if key in shapes.known:
            names.setdefault(shapes.root(shapes.known[key][axis]), name)

    give((roles.input, None), 0, "n_0")
    give((roles.input, None), 1, "n_0")
    for number in range(1, program.n_layers + 1):
        layer = number + roles.shift
        for key in ((roles.act, layer), (roles.pre, layer)):
            give(key, 0, f"n_{number}")
            give(key, 1, f"n_{number}")
    give((roles.target, None), 0, f"n_{program.n_layers}")
    spare = iter(["p", "q", "r", "s", "u", "v", "w"] + [f"p_{number}" for number in range(1, 200)])

    def written(dimension: int) -> str | int:
        root = shapes.root(dimension)
        if root not in names:
            names[root] = next(spare)
        return names[root]

    return written


def namer(scope: Scope) -> Callable[[Node], str | None]:
    """Say how a symbol was understood: with its layer, its components, as a transpose."""

    def name(node: Node) -> str | None:
        reference = scope.program.notation.refer(node)
        if reference is None or (not isinstance(node, Scripted | Symbol)):
            return None
        if reference.power is not None or reference.primes:
            return None
        return _understood(reference, scope)

    return name


def _understood(reference: Reference, scope: Scope) -> str:
    layer: int | str | None = None
    name = reference.name
    if reference.layer is not None and reference.layer.letter:
        layer = str(reference.layer)
    else:
        try:
            name, layer = resolved(reference, scope)
        except FormulaError:
            layer = None if reference.layer is None else str(reference.layer)
    text = letter(name) + ("" if layer is None else f"({layer})")
    marks = [str(one) for one in reference.indices]
    if marks:
        text += "_" + ("".join(marks) if all(len(one) == 1 for one in marks) else ",".join(marks))
    if reference.sample is not None:
        text += f"[{reference.sample}]"
    return text + ("ᵀ" if reference.transposed else "")


def network_of(understanding: Understanding) -> dict[str, object]:
    """Describe the network that a document was graded for."""
    program = understanding.program
    body = None
    found = program.find(program.roles.act, program.last)
    if found is not None and isinstance(found.definition.body, Builtin):
        body = found.definition.body.name
    from_document = any(one.kind == "forward" for one in program.definitions)
    return {
        "layers": [f"n_{number}" for number in range(program.n_layers + 1)],
        "hidden": program.hidden,
        "output": body or ("document" if from_document else program.output),
        "bias": program.has_bias,
    }
