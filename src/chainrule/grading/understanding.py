"""What a document's names mean: one program for all of it, and one for a section on one unit."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, final

from chainrule.grading.chains import Chain, chains_of, layers_in, unit_in
from chainrule.grading.definitions import Definition, collect, function_in_prose
from chainrule.grading.notation import Notation, Reference
from chainrule.grading.problems import FormulaError
from chainrule.grading.program import Options, Program, build_program
from chainrule.grading.roles import WEIGHT_NAMES, assign_roles, references
from chainrule.grading.shapes import ONE, Shapes
from chainrule.grading.survey import survey
from chainrule.grading.traits import samples_are_columns
from chainrule.grading.world import Point, World, draw_point
from chainrule.read.document import Document
from chainrule.read.tree import Node, Scripted, Symbol, replaced, walk

__all__ = ["Understanding", "understand"]

#: Seeds and numbers of samples of the points at which formulas are compared.
SINGLE = (Point(1, 1), Point(2, 1), Point(3, 1), Point(4, 1))
BATCH = (Point(5, 3), Point(6, 4), Point(7, 1), Point(8, 5))


_STAR: Final = re.compile(
    r"(?:[`$*]\*[`$*]|\\ast)[^.]{0,60}(?:element|entry|entries|hadamard|component)", re.IGNORECASE
)


@final
@dataclass
class Understanding:
    """Everything that the judge needs to know about a document.

    Parameters
    ----------
    document : Document
        As it was read.
    notation : Notation
        How it writes.
    program : Program
        Its forward pass.
    definitions : dict of int to Definition
        The definitions in force, by the place where they stand.
    """

    document: Document
    notation: Notation
    program: Program
    definitions: dict[int, Definition]
    _worlds: dict[tuple[object, ...], list[World]] = field(default_factory=dict)
    _shapes: dict[object, Shapes] = field(default_factory=dict)
    _units: dict[int, Program | None] = field(default_factory=dict)
    batches: tuple[Definition, ...] = ()
    _batch: dict[int, Program] = field(default_factory=dict)

    def worlds(self, program: Program, targets: str, batch: bool) -> list[World]:
        """Give the points at which formulas are compared, the same ones every time."""
        key = (id(program), targets, batch)
        if key not in self._worlds:
            shapes = self.shapes(program)
            points = BATCH if batch else SINGLE
            self._worlds[key] = [
                draw_point(program, shapes, replace(point, targets=targets)) for point in points
            ]
        return self._worlds[key]

    def shapes(self, program: Program) -> Shapes:
        """Give the shapes of a program's quantities, found once."""
        if id(program) not in self._shapes:
            self._shapes[id(program)] = self._found_shapes(program)
        return self._shapes[id(program)]

    def _found_shapes(self, program: Program) -> Shapes:
        first = program.batch_is_rows
        tried = [_tried(program, rows) for rows in (first, not first)]
        shapes = min(tried, key=lambda one: one[0])[1]
        shapes.learn(self._formulas())
        return shapes

    def _formulas(self) -> list[tuple[Node, dict[str, int]]]:
        found: list[tuple[Node, dict[str, int]]] = []
        for passage in self.document.passages:
            for row in passage.rows:
                for equation in row.equations:
                    for side in equation.sides:
                        if side.node is not None:
                            letters = layers_in([side.node], self.notation)
                            bound = {one.letter: 1 for one in letters if one.letter != "L"}
                            found.append((side.node, bound))
        return found[:400]

    def program_of(self, section: int) -> Program:
        """Give the program of a section: further down, a loss may be that of several samples."""
        before = [one for one in self.batches if one.section <= section]
        return self._batch_program(before[-1]) if before else self.program

    def _batch_program(self, batch: Definition) -> Program:
        if batch.offset not in self._batch and isinstance(batch.body, Node):
            one = f"{batch.name} one"
            kept = [
                replace(old, name=one) if old.name == batch.name else old
                for old in self.program.definitions
            ]
            if not any(old.name == one for old in kept):
                loss = self.program.find(batch.name, None)
                kept += [] if loss is None else [replace(loss.definition, name=one)]
            body = _of_samples(batch.body, batch.name, one)
            kept.append(replace(batch, body=body))
            names = self.program.names_defined | {one, batch.name}
            self._batch[batch.offset] = replace(
                self.program, definitions=tuple(kept), names_defined=names, _table={}
            )
        return self._batch.get(batch.offset, self.program)

    @cached_property
    def sums_silently(self) -> bool:
        """Whether repeated indices are summed over: as announced, or because no sum is written."""
        text = self.document.source.text
        return "einstein" in text.lower() or not any(one in text for one in ("\\sum", "∑", "Σ"))

    @cached_property
    def star_is_elementwise(self) -> bool:
        """Whether the document says that ``*`` multiplies entry by entry."""
        return _STAR.search(self.document.source.text) is not None

    def unit(self, section: int) -> Program | None:
        """Give the program of a section that is about one unit, if it is."""
        if section not in self._units:
            self._units[section] = self._unit_program(section)
        return self._units[section]

    def _unit_program(self, section: int) -> Program | None:
        if not any(one.layer is not None for one in self._all_references()):
            return None
        for _, links in chains_of(self.document):
            for chain, link in links:
                if chain.section != section or link.left.node is None or link.right.node is None:
                    continue
                unit = unit_in(link.left.node, link.right.node, self.notation)
                if unit is not None:
                    return self._program_of_unit(unit, chain)
        return None

    def _program_of_unit(self, unit: tuple[str, Node], chain: Chain) -> Program:
        name, body = unit
        definitions = [Definition(name, None, (), None, body, "forward", section=chain.section)]
        loss = self.program.roles.loss
        for one in chain.links:
            reference = None if one.left.node is None else self.notation.refer(one.left.node)
            if reference is not None and reference.name == loss and one.right.node is not None:
                definitions.append(
                    Definition(loss, None, (), None, one.right.node, "forward", 0, chain.section)
                )
                break
        functions = [one for one in self.program.definitions if one.kind == "function"]
        program = replace(
            self.program,
            definitions=(*definitions, *functions),
            n_layers=1,
            _table={},
            names_defined=frozenset([name, loss]),
        )
        self._shapes[id(program)] = _shapes_of_unit(program, name)
        return program

    def _all_references(self) -> list[Reference]:
        return references(_all_nodes(self.document), self.notation)


def _shapes_of_unit(program: Program, output: str) -> Shapes:
    shapes = Shapes(program)
    roles = program.roles
    shapes.known[(output, None)] = (ONE, ONE)
    shapes.known[(roles.target, None)] = (ONE, ONE)
    shapes.known[(roles.loss, None)] = (ONE, ONE)
    inputs = shapes.fresh()
    shapes.known[(roles.weights, None)] = (ONE, inputs)
    shapes.known[(roles.input, None)] = (inputs, ONE)
    shapes.known[(roles.bias, None)] = (ONE, ONE)
    return shapes


def _tried(program: Program, rows: bool) -> tuple[tuple[bool, int], Shapes]:
    """Find shapes with vectors as rows or as columns, and how well that fits."""
    shapes = Shapes(program, rows)
    misfit = not _follow_definitions(shapes, program)
    one = shapes.root(ONE)
    flat = 0
    for key, dims in shapes.known.items():
        if not program.is_scalar_name(key[0]):
            n_ones = [shapes.root(dim) for dim in dims].count(one)
            flat += n_ones > (0 if shapes.is_matrix(*key) else 1)
    return (misfit, flat), shapes


def _follow_definitions(shapes: Shapes, program: Program) -> bool:
    """Find the shapes that the definitions imply; say whether all of them fit."""
    fits = True
    keys = [(one.name, program.layer_number(one.layer, {})) for one in _concrete(program)]
    layers = range(program.base + 1, program.last + 1)
    roles = program.roles
    symbolic = [
        one.name for one in program.definitions if one.kind == "forward" and one.layer is not None
    ]
    keys += [(name, layer) for name in symbolic for layer in layers]
    if program.is_layered or not program.names_defined:
        keys += [(name, layer) for name in (roles.pre, roles.act) for layer in layers]
    for name in (roles.output, roles.loss):
        keys.append((name, None))
    for key in keys:
        if program.find(*key) is None:
            continue
        try:
            shapes.of(key)
        except FormulaError:
            fits = False
    return fits


def _concrete(program: Program) -> list[Definition]:
    found = []
    for one in program.definitions:
        known = one.layer is None or not one.layer.letter or one.layer.letter in ("L", "n_l")
        if one.kind == "forward" and known:
            found.append(one)
    return found


def _all_nodes(document: Document) -> list[Node]:
    return [
        side.node
        for passage in document.passages
        for row in passage.rows
        for equation in row.equations
        for side in equation.sides
        if side.node is not None
    ]


def understand(document: Document, options: Options) -> Understanding:
    """Find out what a document's names mean.

    Parameters
    ----------
    document : Document
        As it was read.
    options : Options
        The network asked for, where the document leaves it open.

    Returns
    -------
    Understanding
        Its notation and its forward pass.
    """
    nodes = _all_nodes(document)
    notation = survey(nodes, document.functions)
    notation = replace(notation, overloaded=overloaded(document, notation, nodes), _known={})
    candidates = list(collect(document, notation))
    definitions = _without_stacks(candidates)
    stacks = [one for one in candidates if not any(one is kept for kept in definitions)]
    mentions = references(nodes, notation)
    roles = assign_roles(definitions, mentions, notation)
    prose = function_in_prose(document.prose)
    program = build_program(definitions, mentions, notation, roles, options, prose)
    columns = samples_are_columns(stacks, notation)
    program = replace(program, stacks_are_columns=columns, _table={})
    in_force = {one.offset: one for one in _in_force(definitions, program)}
    batches = tuple(_losses_of_samples(document, notation, roles.loss))
    in_force |= {one.offset: one for one in batches}
    return Understanding(document, notation, program, in_force, batches=batches)


def _without_stacks(definitions: list[Definition]) -> list[Definition]:
    """Leave out ``Z = X Wᵀ`` where ``z = W x`` is defined before: it is a claim about samples."""
    lower = {one.name for one in definitions if one.kind == "forward" and one.name.islower()}
    return [
        one
        for one in definitions
        if not (len(one.name) == 1 and one.name.isupper() and one.name.lower() in lower)
    ]


def _losses_of_samples(document: Document, notation: Notation, loss: str) -> Iterator[Definition]:
    """Find ``E = 1/m Σ_s E_s``, which says that from there on E is that of several samples."""
    for passage in document.passages:
        for row in passage.rows:
            for equation in row.equations:
                left, right = (equation.sides[0].node, equation.sides[-1].node)
                if left is None or right is None or notation.refer(left) != Reference(loss):
                    continue
                if any(one.name == loss and one.indices for one in references([right], notation)):
                    offset = equation.sides[0].span[0]
                    section = passage.block.section
                    yield Definition(loss, None, (), None, right, "forward", offset, section)


def _of_samples(node: Node, old: str, new: str) -> Node:
    """Write another name for the loss of one sample."""
    for one in list(walk(node)):
        if isinstance(one, Scripted) and one.base == Symbol(old) and one.sub is not None:
            node = replaced(node, one, replace(one, base=Symbol(new)))
    return node


def overloaded(
    document: Document, notation: Notation, nodes: Sequence[Node]
) -> frozenset[tuple[str, str]]:
    """Find letters whose index says which layer they belong to: ``a_j`` hidden, ``a_k`` output."""
    defined: dict[str, set[str]] = {}
    for one in collect(document, notation):
        if one.layer is None and one.indices and one.kind != "function":
            defined.setdefault(one.name, set()).add("".join(one.indices))
    found = {(name, letters) for name, all_ in defined.items() if len(all_) > 1 for letters in all_}
    pairs: dict[str, set[str]] = {}
    for reference in references(nodes, notation):
        if reference.layer is None and len(reference.indices) == 2:
            letters = "".join(map(str, reference.indices))
            if reference.name in WEIGHT_NAMES and len(letters) == 2:
                pairs.setdefault(reference.name, set()).add(letters)
    for name, several in pairs.items():
        chained = any(first[1] == second[0] for first in several for second in several)
        if found and chained:
            found |= {(name, letters) for letters in several}
    return frozenset(found)


def _in_force(definitions: Sequence[Definition], program: Program) -> list[Definition]:
    kept = set(map(id, program.definitions))
    return [one for one in definitions if id(one) in kept]
