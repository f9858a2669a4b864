"""What one network of the campaign is: sizes, functions, notation and right formulas."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, final

from mutations.tree import Node

PREAMBLES = Path(__file__).parent / "preambles"


@final
@dataclass(frozen=True)
class Formula:
    """A derivative of the loss and what it is equal to.

    Attributes
    ----------
    name
        The array that the loss is differentiated by.
    indices
        Letter and size of each index of the left side; none for a formula of matrices.
    right
        The right side.
    """

    name: str
    right: Node
    indices: tuple[tuple[str, str], ...] = ()


@final
@dataclass(frozen=True)
class Style:
    """How the document writes what others write otherwise."""

    transpose: str = r"\top"
    transpose_inside: bool = False
    entrywise: str = r"\odot"
    side_by_side: str = " "
    open_bracket: str = r"\left( "
    close_bracket: str = r" \right)"
    loss: str = "E"
    hidden: str = r"\sigma"


@final
@dataclass(frozen=True)
class Network:
    """One of the six.

    Attributes
    ----------
    sizes
        The neurons of each layer by their letters, from ``n_0`` on, and ``m`` for a batch.
    batch
        Whether the document has one sample, samples as rows or samples as columns.
    layout
        Whether the derivative by a column is a row or a column.
    symbols
        LaTeX of each array and scalar.
    """

    name: str
    sizes: Mapping[str, int]
    hidden: str
    output: Literal["softmax", "identity", "logistic"]
    batch: Literal["one", "rows", "columns"]
    layout: Literal["rows", "columns"]
    symbols: Mapping[str, str]
    formulas: tuple[Formula, ...]
    bias: bool = False
    decay: bool = False
    style: Style = Style()

    @property
    def preamble(self) -> str:
        """The document up to the claims: it defines everything."""
        return (PREAMBLES / f"{self.name}.md").read_text(encoding="utf-8")

    @property
    def layers(self) -> list[int]:
        return [size for letter, size in self.sizes.items() if letter != "m"]

    @property
    def samples(self) -> int:
        return 1 if self.batch == "one" else self.sizes["m"]

    @property
    def indexed(self) -> bool:
        return bool(self.formulas[0].indices)
