"""What shape every quantity has: found by following the definitions, dimension by dimension.

A dimension is a number that stands for a size not yet known; dimensions that must be equal are
united. In the end every dimension that is left gets a size of its own, so that no two sizes agree
that need not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias, final

from chainrule.grading.definitions import Builtin, Definition, Key
from chainrule.grading.matrices import size_of
from chainrule.grading.notation import Reference
from chainrule.grading.problems import FormulaError, NotUnderstoodError, ShapeMistakeError
from chainrule.grading.program import Program
from chainrule.grading.roles import WEIGHT_NAMES
from chainrule.read.tree import (
    Absolute,
    Call,
    Cases,
    Fraction,
    Group,
    Matrix,
    Negative,
    Node,
    Norm,
    Number,
    Plus,
    Product,
    Root,
    Scripted,
    Summation,
    Symbol,
)

__all__ = ["ONE", "Dims", "Shapes"]

ONE: Final = 0
#: Rows and columns; None is a numeral, which has whatever shape is beside it.
Dims: TypeAlias = tuple[int, int] | None
_DEEPEST: Final = 60


@final
@dataclass
class Shapes:
    """The dimensions of a program's quantities.

    Parameters
    ----------
    program : Program
        The forward pass.
    rows : bool
        Whether vectors without any sign to the contrary are rows.
    """

    program: Program
    rows: bool = False
    known: dict[Key, tuple[int, int]] = field(default_factory=dict)
    frozen: set[int] = field(default_factory=set)
    _parents: list[int] = field(default_factory=lambda: [ONE])
    _letters: dict[str, int] = field(default_factory=dict)
    _open: set[Key] = field(default_factory=set)
    #: The dimension of the samples, where single samples of a batch are spoken of.
    samples: int = ONE
    #: The sizes of dimensions of which all entries are written out.
    fixed: dict[int, int] = field(default_factory=dict)

    # Dimensions.

    def fresh(self) -> int:
        """Give a dimension that nothing is known about."""
        self._parents.append(len(self._parents))
        return self._parents[-1]

    def root(self, dimension: int) -> int:
        """Give the dimension that stands for all that are united with one."""
        while self._parents[dimension] != dimension:
            self._parents[dimension] = self._parents[self._parents[dimension]]
            dimension = self._parents[dimension]
        return dimension

    def unite(self, first: int, second: int) -> None:
        """Say that two dimensions are equal."""
        a, b = self.root(first), self.root(second)
        if a == b:
            return
        held = self.frozen | {ONE}
        if a in held and b in held:
            raise ShapeMistakeError("two sizes that differ are set equal")
        keep, change = (a, b) if a in held else (b, a)
        self._parents[change] = keep

    def match(self, first: Dims, second: Dims) -> Dims:
        """Say that two shapes are equal, and give it."""
        if first is None or second is None:
            return second if first is None else first
        self.unite(first[0], second[0])
        self.unite(first[1], second[1])
        return first

    def is_number(self, dims: Dims) -> bool:
        """Say whether a shape is 1 × 1, or left to what is beside it."""
        return dims is None or (self.root(dims[0]) == ONE and self.root(dims[1]) == ONE)

    def freeze(self) -> None:
        """Let nothing that is known now change any more."""
        roots = [self.root(one) for dims in self.known.values() for one in dims]
        self.frozen = {one for one in roots if roots.count(one) > 1}

    # Quantities.

    def of(self, key: Key) -> tuple[int, int]:
        """Give the dimensions of a quantity, from its definition or as a leaf."""
        if key in self.known:
            return self.known[key]
        found = self.program.find(*key)
        if found is None or key in self._open or len(self._open) > _DEEPEST:
            self.program.check_layer(*key)
            return self.known.setdefault(key, self.leaf(key[0], key[1]))
        self._open.add(key)
        try:
            dims = self._defined(found.definition, dict(found.bindings))
        finally:
            self._open.discard(key)
        return self.known.setdefault(key, dims)

    def leaf(self, name: str, layer: int | None) -> tuple[int, int]:
        """Give the shape of what no definition speaks of."""
        is_dummy = name.endswith("?")
        if is_dummy or self.program.is_scalar or self.program.is_scalar_name(name):
            return (ONE, ONE)
        if name == self.program.roles.pre and layer is None:
            return (ONE, ONE)  # a letter of its own, where pre-activations have layers
        if self.is_matrix(name, layer):
            return (self.fresh(), self.fresh())
        return (ONE, self.fresh()) if self.rows else (self.fresh(), ONE)

    def is_matrix(self, name: str, layer: int | None) -> bool:
        """Say whether a name is a matrix by custom, or because it has two indices somewhere."""
        if name in self.program.two_indices:
            return True
        letter = name.rsplit(" ", maxsplit=1)[-1].split("_", maxsplit=1)[0]
        if letter in WEIGHT_NAMES and letter not in ("u", "v"):
            return letter[0].isupper() or layer is not None
        return letter[:1].isupper() and letter not in ("Delta", "Phi", "Psi")

    def _defined(self, one: Definition, bindings: dict[str, int]) -> tuple[int, int]:
        if isinstance(one.body, Builtin):
            return self._builtin(one.body)
        saved = dict(self._letters)
        try:
            dims = self.infer(one.body, bindings)
            letters = [self._letters.get(index, self.fresh()) for index in one.indices]
        finally:
            self._letters = saved
        if one.name == self.program.roles.loss and not one.indices and dims is not None:
            try:
                self.match(dims, (ONE, ONE))
            except ShapeMistakeError:
                return dims
        if one.indices and self.is_number(dims):
            rest = [*letters, ONE][:2]
            return (rest[1], rest[0]) if self.rows and len(letters) == 1 else (rest[0], rest[1])
        return (ONE, ONE) if dims is None else dims

    def _builtin(self, one: Builtin) -> tuple[int, int]:
        if one.kind == "linear":
            weights, inner, *bias = (self.of(key) for key in one.keys)
            if self.root(inner[0]) == ONE and self.root(inner[1]) != ONE:
                self.unite(weights[0], inner[1])
                result = (inner[0], weights[1])
            else:
                self.unite(weights[1], inner[0])
                result = (weights[0], inner[1])
            for dims in bias:
                self.match(dims, result)
            return result
        if one.kind == "loss":
            output, target = (self.of(key) for key in one.keys)
            self.match(output, target)
            return (ONE, ONE)
        return self.of(one.keys[0])

    # Formulas.

    def infer(self, node: Node, bindings: dict[str, int]) -> Dims:
        """Give the dimensions of a formula, uniting what it says to be equal."""
        reference = self.program.notation.refer(node)
        if reference is not None:
            return self._reference(reference, bindings)
        match node:
            case Number():
                return None
            case Group() | Negative() | Root() | Absolute():
                return self.infer(node.body, bindings)
            case Plus():
                result: Dims = None
                for term in node.terms:
                    dims = self.infer(term, bindings)
                    result = self._added(result, dims)
                return result
            case Product():
                return self._product(node, bindings)
            case Fraction():
                above = self.infer(node.numerator, bindings)
                below = self.infer(node.denominator, bindings)
                return above if self.is_number(below) else self.match(below, above)
            case _:
                return self._rarer(node, bindings)

    def _rarer(self, node: Node, bindings: dict[str, int]) -> Dims:
        match node:
            case Norm():
                self.infer(node.body, bindings)
                return (ONE, ONE)
            case Summation():
                return self._summation(node, bindings)
            case Scripted():
                return self._scripted(node, bindings)
            case Call():
                return self._call(node, bindings)
            case Matrix():
                return self._of_size(*size_of(node))
            case Cases():
                dims = None
                for value in node.values:
                    dims = self.match(dims, self.infer(value, bindings))
                return dims
            case _:
                raise NotUnderstoodError(f"the shape of a {type(node).__name__.lower()}")

    def _of_size(self, *sizes: int) -> tuple[int, int]:
        rows, columns = (ONE if size == 1 else self.fresh() for size in sizes)
        self.fixed |= {one: size for one, size in zip((rows, columns), sizes, strict=True) if one}
        return rows, columns

    def _added(self, first: Dims, second: Dims) -> Dims:
        """Match two terms; a bias may be added to every sample of a batch."""
        if first is not None and second is not None:
            across = 1 if self.program.batch_is_rows else 0
            one_sample = self.root(second[1 - across]) == ONE != self.root(second[across])
            if ONE not in map(self.root, first) and one_sample:
                self.unite(first[across], second[across])
                return first
        try:
            return self.match(first, second)
        except ShapeMistakeError:
            if first is not None and second is not None:
                for axis in (0, 1):
                    if self.root(first[1 - axis]) == self.root(second[1 - axis]):
                        return second if self.root(first[axis]) == ONE else first
            raise

    def _reference(self, reference: Reference, bindings: dict[str, int]) -> Dims:
        name = reference.name
        if name in ("ones", "indicator", "I", "e", "pi") and name not in self.program.names:
            return None
        is_constant = name in ("ones", "I", "e", "pi", "indicator")
        if is_constant and self.program.find(name, None) is None:
            return None if reference.power is None else self.infer(reference.power, bindings)
        layer = self.program.layer_number(reference.layer, bindings)
        rows, columns = self.of((self.program.of_batch(reference), layer))
        if reference.sample is not None and self.program.roles.input == "X":
            self.samples = self.samples or self.fresh()
            self.unite(rows if self.program.batch_is_rows else columns, self.samples)
            rows, columns = (ONE, columns) if self.program.batch_is_rows else (rows, ONE)
        if reference.indices:
            self._index((rows, columns), [str(index) for index in reference.indices])
            return (ONE, ONE)
        return (columns, rows) if reference.transposed else (rows, columns)

    def _index(self, dims: tuple[int, int], letters: list[str]) -> None:
        axes = [one for one in dims if self.root(one) != ONE]
        for letter, axis in zip(letters, axes if len(letters) < 2 else dims, strict=False):
            if not letter.isdigit():
                self.unite(self._letters.setdefault(letter, axis), axis)

    def _product(self, node: Product, bindings: dict[str, int]) -> Dims:
        factors = list(node.factors)
        result = self.infer(factors[0], bindings)
        for at, (sign, factor) in enumerate(zip(node.signs, factors[1:], strict=True)):
            dims = self.infer(factor, bindings)
            if self._is_ones(factors[at]) and dims is not None:
                dims = (self.fresh(), dims[1])  # 1 bᵀ has as many rows as its place asks for
            if self._is_ones(factor) and result is not None:
                dims = (result[1], ONE)
            result = self._times(result, dims, sign)
        return result

    def _is_ones(self, node: Node) -> bool:
        reference = self.program.notation.refer(node)
        return reference is not None and reference.name == "ones"

    def _times(self, first: Dims, second: Dims, sign: str) -> Dims:
        if first is None or second is None:
            return first or second
        if sign == "slash":
            return first if self.is_number(second) else self.match(first, second)
        if self.is_number(first) or self.is_number(second):
            return second if self.is_number(first) else first
        if sign in ("odot", "circ") or (sign == "ast" and self._alike(first, second)):
            return self.match(first, second)
        if sign == "cdot" and self.root(first[1]) == self.root(second[1]) == ONE:
            self.match(first, second)
            return (ONE, ONE)
        self.unite(first[1], second[0])
        return (first[0], second[1])

    def _alike(self, first: tuple[int, int], second: tuple[int, int]) -> bool:
        ones = [tuple(self.root(one) == ONE for one in dims) for dims in (first, second)]
        return ones[0] == ones[1] and any(ones[0])

    def _summation(self, node: Summation, bindings: dict[str, int]) -> Dims:
        letters = _bound_letters(node)
        saved = {letter: self._letters.pop(letter, None) for letter in letters}
        layers = {one: 1 for one in letters if one in self.program.notation.layer_letters}
        try:
            return self.infer(node.body, bindings | layers)
        finally:
            for letter, dimension in saved.items():
                if dimension is not None:
                    self._letters[letter] = dimension

    def _scripted(self, node: Scripted, bindings: dict[str, int]) -> Dims:
        if isinstance(node.base, Symbol) and node.base.name == "e" and node.sup is not None:
            return self.infer(node.sup, bindings)
        dims = self.infer(node.base, bindings)
        if node.sub is not None and dims is not None:
            if not isinstance(node.base, Norm):
                names = [one.name for one in _symbols(node.sub)]
                self._index(dims, names)
            return (ONE, ONE)
        transposes = isinstance(node.sup, Symbol) and node.sup.name in ("T", "top", "intercal")
        transposes ^= bool(node.primes % 2) and not isinstance(node.base, Call)
        return (dims[1], dims[0]) if dims is not None and transposes else dims

    def _call(self, node: Call, bindings: dict[str, int]) -> Dims:
        name = node.function.name if isinstance(node.function, Symbol) else ""
        dims: Dims = None
        for argument in node.arguments:
            dims = self.match(dims, self.infer(argument, bindings))
        if name == "diag" and dims is not None:
            axis = dims[0] if self.root(dims[1]) == ONE else dims[1]
            return (axis, axis)
        if name == "trace":
            return (ONE, ONE)
        return dims

    def learn(self, formulas: Iterable[tuple[Node, dict[str, int]]]) -> None:
        """Let formulas fix what the definitions leave open, and nothing else."""
        self.freeze()
        for node, bindings in formulas:
            self._letters = {}
            try:
                self.infer(node, bindings)
            except FormulaError:
                continue
            self.freeze()


def _bound_letters(node: Summation) -> list[str]:
    return [] if node.below is None else [one.name for one in _symbols(node.below)]


def _symbols(node: Node) -> list[Symbol]:
    from_below = [node]
    found: list[Symbol] = []
    while from_below:
        one = from_below.pop(0)
        if isinstance(one, Symbol):
            found.append(one)
        elif not isinstance(one, Number):
            from_below += list(_parts(one))
    return found


def _parts(node: Node) -> list[Node]:
    if isinstance(node, Product):
        return list(node.factors)
    return [
        getattr(node, name) for name in ("left", "right", "body") if hasattr(node, name)
    ] + list(getattr(node, "items", ()))
