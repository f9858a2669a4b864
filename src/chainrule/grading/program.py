"""The forward pass that a document speaks of: its own definitions, and the network's for the rest.

A program is a table of definitions. Whatever a formula mentions is found in it by name and layer,
or is a leaf: a weight, a bias, an input, a target, whose numbers are drawn at random.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, final

from chainrule.grading.definitions import Builtin, Definition, Key, coded
from chainrule.grading.notation import Layer, Notation, Reference
from chainrule.grading.problems import OutsideNetworkError
from chainrule.grading.roles import LOSS_NAMES, WEIGHT_NAMES, Roles, is_loss_name, references
from chainrule.grading.traits import batch_is_rows, is_scalar
from chainrule.read.tree import Call, Derivative, Nabla, Node

__all__ = ["Found", "Options", "Program", "build_program"]

_SCALARS: Final = frozenset(["lambda", "eta", "alpha", "m", "N", "n", "K", "epsilon"])


@final
@dataclass(frozen=True)
class Options:
    """The network asked for, where a document does not say.

    Parameters
    ----------
    layers : tuple of int
        Sizes, of which only the number counts; empty for what the document suggests.
    hidden, output : str
        The functions; empty for what the document suggests.
    bias : bool or None
        Whether there are biases; None for what the document suggests.
    """

    layers: tuple[int, ...] = ()
    hidden: str = ""
    output: str = ""
    bias: bool | None = None


@final
@dataclass(frozen=True)
class Found:
    """A definition at a concrete layer: `bindings` are the numbers of its layer letters."""

    definition: Definition
    bindings: tuple[tuple[str, int], ...] = ()


@final
@dataclass(frozen=True)
class Program:
    """Definitions in reach of a section, with what fills their gaps.

    Parameters
    ----------
    definitions : tuple of Definition
        Of the document, those in force.
    roles : Roles
        The letters of the parts.
    notation : Notation
        How symbols are read.
    n_layers : int
        The number of layers of weights.
    hidden, output : str
        The functions of what the document leaves open.
    has_bias : bool
        Whether the network's own layers have biases.
    names : frozenset of str
        All names that the document mentions.
    """

    definitions: tuple[Definition, ...]
    roles: Roles
    notation: Notation
    n_layers: int
    hidden: str
    output: str
    has_bias: bool
    names: frozenset[str]
    two_indices: frozenset[str] = frozenset()
    leaf_names: frozenset[str] = frozenset()
    names_defined: frozenset[str] = frozenset()
    is_scalar: bool = False
    is_layered: bool = False
    hidden_is_stated: bool = False
    batch_is_rows: bool = False
    stacks_are_columns: bool = False
    layers_named: frozenset[int] = frozenset()
    names_a_layer: bool = False
    _table: dict[tuple[str, int | None, str], Found | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def last(self) -> int:
        """The index of the last layer's output, what ``L`` stands for."""
        return self.n_layers + self.roles.shift

    @property
    def base(self) -> int:
        """The index of the input among the activations."""
        return self.roles.shift

    def layer_number(self, layer: Layer | None, bindings: dict[str, int]) -> int | None:
        """Give the number of a layer, its letter being bound or being the last layer's."""
        if layer is None:
            return None
        if not layer.letter:
            return layer.offset
        if layer.letter in bindings:
            return bindings[layer.letter] + layer.offset
        if layer.letter in ("L", "n_l"):
            return self.last + layer.offset
        raise OutsideNetworkError(f"the layer {layer} is not known here")

    def find(self, name: str, layer: int | None, kind: str = "forward") -> Found | None:
        """Give the definition of a quantity, one for its very layer before one for all."""
        key = (name, layer, kind)
        if key not in self._table:
            self._table[key] = self._find(name, layer, kind)
        return self._table[key]

    def _find(self, name: str, layer: int | None, kind: str) -> Found | None:
        for one in self.definitions:
            if (one.name, one.kind) == (name, kind) and self._is_of(one.layer, layer):
                return Found(one)
        for one in self.definitions:
            general = one.layer is not None and self._fixed(one.layer) is None
            in_network = layer is not None and self.base < layer <= self.last
            if (one.name, one.kind) == (name, kind) and general and in_network:
                return Found(one, self._bound(one.layer, layer))
        if kind == "gradient" and name in ("delta", "Delta") and layer is not None:
            return self._delta(name, layer)
        if kind != "forward" or self._is_gradient(name, layer):
            return None
        builtin = self._builtin(name, layer)
        if builtin is None:
            return None
        return Found(Definition(name, Layer("", layer) if layer else None, (), None, builtin, kind))

    def _is_gradient(self, name: str, layer: int | None) -> bool:
        """Say whether the document names a derivative so: ``J`` for a Jacobian is no loss."""
        gradients = [one for one in self.definitions if one.kind == "gradient"]
        return any(one.name == name and self._is_of(one.layer, layer) for one in gradients)

    def _is_of(self, layer: Layer | None, number: int | None) -> bool:
        if layer is None or number is None:
            return layer is None and number is None
        return self._fixed(layer) == number

    @staticmethod
    def _bound(layer: Layer | None, number: int | None) -> tuple[tuple[str, int], ...]:
        if layer is None or number is None:
            return ()
        return ((layer.letter, number - layer.offset),)

    def _delta(self, name: str, layer: int) -> Found | None:
        """Give ``δ(l) = ∂E/∂z(l)``, or ``Δ(l) = ∂E/∂Z(l)``, where a document does not say."""
        if not self.base < layer <= self.last:
            raise OutsideNetworkError(f"the network has no delta of layer {layer}")
        loss = coded((self.roles.loss, None))
        body: Node = Derivative(loss, coded((self.roles.pre, layer)))
        if name == "Delta":
            body = Nabla(loss, coded((self.roles.pre.upper(), layer)))
        return Found(Definition(name, Layer("", layer), (), None, body, "gradient"))

    def _fixed(self, layer: Layer) -> int | None:
        if not layer.letter:
            return layer.offset
        return self.last + layer.offset if layer.letter in ("L", "n_l") else None

    def _builtin(self, name: str, layer: int | None) -> Builtin | None:
        roles, last = self.roles, self.last
        if layer is None:
            return self._unlayered(name)
        if name == roles.act and layer == self.base and roles.input != name:
            return Builtin("same", ((roles.input, None),)) if roles.input in self.names else None
        if not self.base < layer <= last:
            return None
        if name in (roles.pre, roles.act) and layer in self._layers_of_other_names:
            return None
        if name == roles.pre:
            weights: Key = (roles.weights, layer - roles.shift)
            bias: list[Key] = [(roles.bias, layer - roles.shift)] if self.has_bias else []
            return Builtin("linear", (weights, self._act(layer - 1), *bias))
        if name == roles.act:
            function = self.output if layer == last else self.hidden
            return Builtin("apply", ((roles.pre, layer),), function)
        if name in (roles.output, "hat y") and layer == last:
            return Builtin("same", ((roles.act, last),))
        return None

    @cached_property
    def _layers_of_other_names(self) -> frozenset[int]:
        """The layers whose weights a definition uses, and that are never named by a number."""
        bodies = [one.body for one in self.definitions if isinstance(one.body, Node)]
        used = [one for one in references(bodies, self.notation) if one.name == self.roles.weights]
        numbers = {one.layer.offset for one in used if one.layer and not one.layer.letter}
        own = {number + self.roles.shift for number in numbers}
        return frozenset() if self.names_a_layer else frozenset(own - self.layers_named)

    def _act(self, layer: int) -> Key:
        if layer > self.base or self.find(self.roles.act, layer) is not None:
            return (self.roles.act, layer)
        return (self.roles.input, None)

    def _unlayered(self, name: str) -> Builtin | None:
        roles = self.roles
        answer: Key = (roles.act, self.last)
        if name == roles.output and name != roles.target and self._stands_for_last():
            return Builtin("same", (answer,))
        if name == roles.input and self.find(roles.act, self.base) is None:
            return None
        if is_loss_name(name):
            output: Key = (roles.output, None)
            if self.find(*output) is None:
                output = answer
            return Builtin("loss", (output, (roles.target, None)), self._loss_name())
        return None

    def _stands_for_last(self) -> bool:
        """Say whether a bare ``y`` is the last layer's: where there are layers, or nothing else."""
        return self.is_layered or not self.names_defined - frozenset(LOSS_NAMES)

    def _loss_name(self) -> str:
        return {
            "softmax": "cross_entropy",
            "logistic": "binary_cross_entropy",
            "exponential": "poisson",
        }.get(self.output, "squared_error")

    def function_of(self, name: str) -> str:
        """Give the function that a letter stands for: σ is the logistic one by custom."""
        return "logistic" if name == "sigma" and not self.hidden_is_stated else self.hidden

    def applied_at(self, layer: int | None) -> str:
        """Give the function that a layer's definition applies, or the one of every layer."""
        layers = [layer] if layer is not None else range(self.base + 1, self.last)
        names = {self._applied(self.find(self.roles.act, one)) for one in layers}
        return names.pop() if len(names) == 1 else ""

    def _applied(self, found: Found | None) -> str:
        body = None if found is None else found.definition.body
        if isinstance(body, Call):
            reference = self.notation.refer(body.function)
            return "" if reference is None else reference.name
        return ""

    @cached_property
    def functions_applied(self) -> frozenset[str]:
        """The letters of the functions that the definitions apply, or all that are functions."""
        bodies = [one.body for one in self.definitions if isinstance(one.body, Call)]
        references_ = [self.notation.refer(body.function) for body in bodies]
        names = frozenset(one.name for one in references_ if one is not None)
        return names & self.notation.functions or self.notation.functions

    def is_weight(self, name: str) -> bool:
        """Say whether a name is one of weights or biases, whose layers are counted."""
        return name in (self.roles.weights, self.roles.bias) or name in WEIGHT_NAMES

    def stacked(self, name: str) -> str | None:
        """Give ``y`` for a ``Y`` that a document does not define: its samples one below another."""
        lower = name.lower()
        roles = self.roles
        known = {roles.input, roles.target, roles.pre, roles.act, roles.output}
        is_stack = len(name) == 1 and name.isupper() and roles.input.islower()
        free = name not in self.names_defined and not self.is_weight(name)
        return lower if is_stack and free and lower in known and lower in self.names else None

    def of_batch(self, reference: Reference) -> str:
        """Give ``Y`` for the ``y`` of ``y^{(i)}``, where a document has whole batches too."""
        name = reference.name
        is_sample = reference.sample is not None and len(name) == 1 and name.islower()
        return name.upper() if is_sample and name.upper() in self.names else name

    def check_layer(self, name: str, layer: int | None) -> None:
        """Raise if a leaf lies outside of the network."""
        if layer is None:
            return
        low, high = (1, self.n_layers) if self.is_weight(name) else (self.base, self.last)
        low += name == self.roles.pre
        if not low <= layer <= high:
            raise OutsideNetworkError(f"the network has no {name} of layer {layer}")

    def is_scalar_name(self, name: str) -> bool:
        """Say whether a leaf is a number by custom, such as ``λ``."""
        return name in _SCALARS or is_loss_name(name)


def build_program(
    definitions: Sequence[Definition],
    used: Iterable[Reference],
    notation: Notation,
    roles: Roles,
    options: Options,
    prose_function: str | None,
) -> Program:
    """Put the definitions in force, and fill what they leave open.

    Parameters
    ----------
    definitions : sequence of Definition
        In the order of the document; the first of a quantity is the one in force.
    used : iterable of Reference
        All that the document mentions.
    notation, roles : Notation, Roles
        How it writes, and which letter plays which part.
    options : Options
        The network asked for.
    prose_function : str or None
        The function that its words name.

    Returns
    -------
    Program
        The forward pass.
    """
    mentions = list(used)
    names = frozenset(one.name for one in mentions)
    first: dict[tuple[str, Layer | None, str], Definition] = {}
    for one in definitions:
        if one.kind == "forward" and (one.name, _general(one.layer), "gradient") in first:
            continue  # a claim about the derivative that has this name
        first.setdefault((one.name, _general(one.layer), one.kind), one)
    layered = [one for one in mentions if one.name in (roles.pre, roles.act) and one.layer]
    has_bias = roles.bias in names if options.bias is None else options.bias
    defined = {one.name for one in definitions if one.kind == "forward"}
    return Program(
        tuple(first.values()),
        roles,
        notation,
        _count_layers(mentions, roles, options, _has_layers(first.values())),
        options.hidden or prose_function or "logistic",
        options.output or "softmax",
        has_bias,
        names,
        frozenset(one.name for one in mentions if len(one.indices) > 1),
        _leaf_names(first.values(), notation) - defined,
        frozenset(defined),
        hidden_is_stated=bool(options.hidden or prose_function),
        layers_named=frozenset(
            one.layer.offset for one in layered if one.layer and not one.layer.letter
        ),
        names_a_layer=any(one.layer is not None and one.layer.letter for one in layered),
        batch_is_rows=batch_is_rows(first.values(), notation),
        is_layered=any(one.layer is not None for one in mentions),
        is_scalar=bool(defined) and is_scalar(mentions, roles),
    )


def _general(layer: Layer | None) -> Layer | None:
    """Take ``z^l`` and ``z^{l+1}`` for the same: both are defined at every layer."""
    if layer is None or not layer.letter or layer.letter in ("L", "n_l"):
        return layer
    return Layer("l")


def _leaf_names(definitions: Iterable[Definition], notation: Notation) -> frozenset[str]:
    bodies = [one.body for one in definitions if isinstance(one.body, Node)]
    return frozenset(one.name for one in references(bodies, notation))


def _has_layers(definitions: Iterable[Definition]) -> bool:
    """Say whether a document defines a layer, and so how many there are."""
    return any(one.kind == "forward" and one.layer is not None for one in definitions)


def _count_layers(
    mentions: list[Reference], roles: Roles, options: Options, has_layers: bool
) -> int:
    weights, others, symbolic = [0], [0], False
    for one in mentions:
        if one.layer is None:
            continue
        symbolic |= bool(one.layer.letter)
        if not one.layer.letter and one.layer.offset <= 9:
            (weights if one.name in WEIGHT_NAMES else others).append(one.layer.offset)
    highest = max(*weights, max(others) - roles.shift)
    if options.layers:
        return max(1, len(options.layers) - 1, highest)  # the document wins
    if highest:
        return max(highest, 2) if symbolic or not has_layers else highest
    return 3 if symbolic else 2
