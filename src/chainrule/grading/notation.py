"""How a document writes layers, samples, components and transposes.

``y^2`` is a square in one document and the second layer's output in another; ``x^{(i)}`` is a
sample here and a layer there. The survey counts what the document does and decides once.
"""

from dataclasses import dataclass, field, replace
from typing import Final, final

from chainrule.read.signs import FUNCTIONS
from chainrule.read.tree import (
    Group,
    Negative,
    Node,
    Number,
    Plus,
    Product,
    Scripted,
    Sequence,
    Symbol,
    Words,
)

__all__ = ["LAYERED", "LAYER_LETTERS", "WEIGHTS", "Index", "Layer", "Notation", "Reference", "flat"]

_TRANSPOSES: Final = frozenset(["T", "top", "intercal", "mathsf", "Tr", "trans"])
LAYER_LETTERS: Final = frozenset(["l", "ell", "L"])
WEIGHTS: Final = frozenset(["W", "w", "Theta", "theta", "V", "U", "b", "beta"])
_NAMED: Final = frozenset(FUNCTIONS.values())
_LOSSES: Final = frozenset(["E", "L", "J", "C", "ell"])
LAYERED: Final = WEIGHTS | frozenset(["z", "a", "h", "y", "o", "s", "net", "delta", "Z", "A", "H"])
#: What the letters of a subscript spell when they are a word and not indices.
_SUFFIXES: Final = frozenset(
    [
        "in",
        "out",
        "hid",
        "hidden",
        "total",
        "tot",
        "pred",
        "true",
        "net",
        "ih",
        "ho",
        "hi",
        "oh",
        "xh",
        "hy",
        "hx",
        "hh",
        "MSE",
        "CE",
        "BCE",
        "data",
        "reg",
    ]
)


@final
@dataclass(frozen=True)
class Layer:
    """The index of a layer: a number, or a letter and what is added to it."""

    letter: str
    offset: int = 0

    def __str__(self) -> str:
        if not self.letter:
            return str(self.offset)
        return self.letter + (f"{self.offset:+d}" if self.offset else "")


#: A component: a letter, or a number that counts from one.
Index = str | int


@final
@dataclass(frozen=True)
class Reference:
    """What a symbol with its scripts refers to, by this document's notation.

    Parameters
    ----------
    name : str
        The letter, with accents and with a subscript that is a word.
    layer : Layer or None
        Its layer.
    indices : tuple of Index
        Its components.
    sample : Index or None
        The sample it belongs to.
    transposed : bool
        Whether it is transposed.
    power : Node or None
        The exponent, where the superscript is one.
    primes : int
        Primes of a function.
    """

    name: str
    layer: Layer | None = None
    indices: tuple[Index, ...] = ()
    sample: Index | None = None
    transposed: bool = False
    power: Node | None = None
    primes: int = 0


@final
@dataclass(frozen=True)
class Notation:
    """The decisions of a survey.

    Parameters
    ----------
    layers : str
        ``"("``, ``"["``, ``"bare"``, ``"sub"`` or nothing: how ``W`` carries its layer.
    layer_letters : frozenset of str
        The letters that count layers.
    functions : frozenset of str
        The names that are functions.
    primes_transpose : bool
        Whether ``W'`` is a transpose.
    overloaded : frozenset of (str, str)
        Names and indices that are quantities of their own: ``a_j`` of hidden units, ``a_k`` of
        outputs.
    """

    layers: str = "("
    layer_letters: frozenset[str] = LAYER_LETTERS
    functions: frozenset[str] = frozenset()
    primes_transpose: bool = True
    overloaded: frozenset[tuple[str, str]] = frozenset()
    #: Further letters whose number below is a layer: a function is applied to them.
    layered: frozenset[str] = frozenset()
    #: What was found for a node, by its identity; the node is kept, so that it stays its own.
    _known: dict[int, tuple[Node, "Reference | None"]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def refer(self, node: Node) -> Reference | None:
        """Say what a symbol refers to; None for anything else than a symbol with scripts."""
        if not isinstance(node, Symbol | Scripted):
            return None
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = (node, self._refer(node))
        return known[1]

    def _refer(self, node: Symbol | Scripted) -> Reference | None:
        if isinstance(node, Symbol):
            return Reference(node.name)
        if not isinstance(node.base, Symbol):
            return None
        parts = _Parts(node.base.name, node.primes)
        for part in flat(node.sup):
            if not self._take_superscript(part, parts):
                return None
        subs = [part for part in flat(node.sub) if not _is_parameter(part, node.base.name)]
        if (
            node.base.name.split(" ")[-1] in _LOSSES
            and len(subs) == 1
            and isinstance(subs[0], Number)
        ):
            return replace(parts.reference(), name=f"{node.base.name}_{subs[0].text}")
        word = _spelled(subs)
        if word is not None:
            parts.name = f"{parts.name}_{word}"
        else:
            for at, part in enumerate(subs):
                if not self._take_subscript(part, parts, at, len(subs)):
                    return None
        is_function = node.base.name in self.functions or node.base.name in _NAMED
        if parts.primes and not is_function and self.primes_transpose:
            parts.transposed, parts.primes = not parts.transposed, 0
        return self._told_apart(parts.reference())

    def _told_apart(self, reference: Reference) -> Reference:
        letters = "".join(map(str, reference.indices))
        if reference.layer is not None or (reference.name, letters) not in self.overloaded:
            return reference
        return replace(reference, name=f"{reference.name}_{letters}")

    def _take_superscript(self, part: Node, parts: "_Parts") -> bool:
        if isinstance(part, Symbol) and part.name in _TRANSPOSES:
            parts.transposed = not parts.transposed
            return True
        if isinstance(part, Symbol) and part.name in ("prime", "ast", "star", "odot", "circ"):
            parts.primes += part.name == "prime"
            return True
        if isinstance(part, Group) and part.bracket in "([":
            return self._take_bracketed(part, parts)
        layer = self._layer(part)
        letters = layer is not None and layer.letter in self.layer_letters
        if layer is not None and (letters or (self.layers == "bare" and parts.can_be_layered)):
            return parts.set_layer(layer)
        if parts.power is not None:
            return False
        parts.power = part
        return True

    def _take_bracketed(self, part: Group, parts: "_Parts") -> bool:
        for inner in flat(part.body):
            if isinstance(inner, Symbol) and inner.name in _TRANSPOSES:
                parts.transposed = not parts.transposed
                continue
            layer = self._layer(inner)
            is_layer = layer is not None and (
                layer.letter in self.layer_letters or not layer.letter
            )
            if layer is not None and is_layer and self._brackets_layers(part.bracket, parts):
                parts.set_layer(layer)
            elif isinstance(inner, Symbol | Number) and parts.sample is None:
                parts.sample = _index(inner)
            else:
                return False
        return True

    def _brackets_layers(self, bracket: str, parts: "_Parts") -> bool:
        if self.layers in ("(", "["):
            return bracket == self.layers
        return bracket == "[" or parts.name not in ("x", "t", "hat y", "y")

    def _take_subscript(self, part: Node, parts: "_Parts", at: int, count: int) -> bool:
        layer = self._layer(part)
        by_letter = layer is not None and layer.letter in self.layer_letters
        if layer is not None and by_letter and self.layers == "sub" and parts.layer is None:
            return parts.set_layer(layer)
        is_first = at == 0 and self.layers == "sub" and parts.layer is None
        layerable = parts.can_be_layered or parts.name in self.layered
        if is_first and layer is not None and not layer.letter and layerable:
            return parts.set_layer(layer)
        if isinstance(part, Symbol) and len(part.name) > 1 and part.latex.startswith("\\text"):
            parts.name = f"{parts.name}_{part.name}"
            return True
        if isinstance(part, Symbol) and part.name in ("F", "FRO") and count == 1:
            return True
        if not isinstance(part, Symbol | Number):
            return False
        parts.indices += self._entry(part, parts.name) or [_index(part)]
        return True

    def _entry(self, part: Node, name: str) -> list[Index]:
        """Read ``w_{12}`` as the entry of row 1 and column 2."""
        is_weight = name in ("u", "v") or (name in WEIGHTS and name not in ("b", "beta"))
        if not (is_weight and isinstance(part, Number) and self.layers != "sub"):
            return []
        is_pair = len(part.text) == 2 and part.text.isdigit() and "0" not in part.text
        return [int(digit) for digit in part.text] if is_pair else []

    def _layer(self, node: Node) -> Layer | None:
        if isinstance(node, Group) and node.bracket in "([":
            return self._layer(node.body)
        if isinstance(node, Number) and node.text.isdigit():
            return Layer("", int(node.text[:4]))
        if isinstance(node, Symbol) and len(node.name) <= 3:
            return Layer(node.name)
        if isinstance(node, Plus) and len(node.terms) == 2 and isinstance(node.terms[0], Symbol):
            last = node.terms[1]
            amount = last.body if isinstance(last, Negative) else last
            if isinstance(amount, Number) and amount.text.isdigit():
                sign = -1 if isinstance(last, Negative) else 1
                return Layer(node.terms[0].name, sign * int(amount.text[:4]))
        return None


@final
@dataclass
class _Parts:
    """A reference while its scripts are read."""

    name: str
    primes: int
    layer: Layer | None = None
    indices: list[Index] = field(default_factory=list)
    sample: Index | None = None
    transposed: bool = False
    power: Node | None = None

    @property
    def can_be_layered(self) -> bool:
        return self.name.split(" ")[-1] in LAYERED or self.name in ("hat y", "g", "f", "sigma")

    def set_layer(self, layer: Layer) -> bool:
        if self.layer is not None:
            return False
        self.layer = layer
        return True

    def reference(self) -> Reference:
        return Reference(
            self.name,
            self.layer,
            tuple(self.indices),
            self.sample,
            self.transposed,
            self.power,
            self.primes,
        )


def _is_parameter(node: Node, name: str) -> bool:
    """Say whether a subscript only names the parameters, as in ``h_{W,b}(x)``."""
    parameters = (Symbol("W"), Symbol("b"), Symbol("theta"), Symbol("Theta"))
    return node in parameters and name in ("h", "f", "J", "L", "cal L", "hat y", "y", "E", "C")


def _index(node: Symbol | Number) -> Index:
    return (
        int(node.text[:6])
        if isinstance(node, Number) and node.text.isdigit()
        else (node.text if isinstance(node, Number) else node.name)
    )


def flat(node: Node | None) -> list[Node]:
    """Give what a script consists of: things side by side or with commas between."""
    if node is None:
        return []
    if isinstance(node, Sequence):
        return [part for item in node.items for part in flat(item)]
    if isinstance(node, Product) and not any(node.signs):
        return [part for factor in node.factors for part in flat(factor)]
    return [] if isinstance(node, Words) and not node.text else [node]


def _spelled(parts: list[Node]) -> str | None:
    """Give the word that the letters of a subscript spell, if they do."""
    names = [part.name for part in parts if isinstance(part, Symbol)]
    if len(names) != len(parts) or len(parts) < 1:
        return None
    if len(parts) == 1:
        is_word = len(names[0]) > 1 and getattr(parts[0], "latex", "").startswith(
            ("\\text", "\\math", "\\op")
        )
        return names[0] if is_word else None
    return "".join(names) if "".join(names) in _SUFFIXES else None
