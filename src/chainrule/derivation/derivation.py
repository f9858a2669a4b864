"""A derivation as a whole, and its faces."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol, final

from chainrule.calculus.indexed import Entry, Index, IndexSum, Layout
from chainrule.calculus.nodes import Constant
from chainrule.calculus.shapes import Size
from chainrule.derivation.checking import Checker
from chainrule.derivation.code import Code
from chainrule.derivation.document import (
    AWAY_FROM_KINKS,
    SUM_TO_ONE,
    Check,
    Count,
    Detail,
    Document,
    Equality,
    Inline,
    PowerOfTen,
    Prose,
    Section,
)
from chainrule.derivation.illustration import illustrated
from chainrule.derivation.kinks import Kinks
from chainrule.derivation.page import Page
from chainrule.derivation.parts.batch import BatchParts
from chainrule.derivation.parts.forward import ForwardPart
from chainrule.derivation.parts.hidden import HiddenParts
from chainrule.derivation.parts.output import OutputPart
from chainrule.derivation.parts.parameters import ParameterParts
from chainrule.derivation.parts.second import SecondPart
from chainrule.derivation.parts.unit import UnitPart
from chainrule.derivation.points import N_POINTS, check_sizes
from chainrule.derivation.quantities import Quantities
from chainrule.derivation.symbols import Symbols
from chainrule.derivation.writers.html import html_page
from chainrule.derivation.writers.latex import latex_document, latex_fragment
from chainrule.derivation.writers.markdown import markdown_page
from chainrule.derivation.writers.record import record
from chainrule.derivation.writers.text import text_page
from chainrule.errors import SpecificationError, UnknownNameError
from chainrule.network import Architecture
from chainrule.outputs.output import Range
from chainrule.picture import Picture

__all__ = ["Derivation", "derive"]


class HasArchitecture(Protocol):
    """A network: whatever has an architecture."""

    @property
    def architecture(self) -> Architecture:
        """Its sizes, functions, output and loss."""


@final
@dataclass(frozen=True)
class Derivation:
    """The gradients of a network, derived step by step, every line checked.

    It is what `derive` returns. In a notebook it shows itself.

    Parameters
    ----------
    document : Document
        Its sections, with their equations.
    """

    document: Document

    def __repr__(self) -> str:
        check = self.document.check
        return (
            f"Derivation({self.document.title!r}, {check.lines} lines, "
            f"worst error {check.worst_error:.1e})"
        )

    @property
    def check(self) -> Check:
        """How it was checked, and what came of it."""
        return self.document.check

    @property
    def picture(self) -> Picture:
        """The network, drawn in the letters of the page; LaTeX and HTML open with it."""
        return self.document.picture

    def to_latex(self, *, fragment: bool = False) -> str:
        """Write LaTeX.

        Parameters
        ----------
        fragment : bool
            Only what stands inside a document; it needs ``amsmath`` and ``tikz``.

        Returns
        -------
        str
            A document that ``pdflatex`` compiles, or the fragment.
        """
        return latex_fragment(self.document) if fragment else latex_document(self.document)

    def to_markdown(self, *, picture: str = "") -> str:
        """Write Markdown whose mathematics GitHub renders.

        Parameters
        ----------
        picture : str
            Where the page finds its picture, which ``derivation.picture.save`` writes; without it
            the page has none.

        Returns
        -------
        str
            A page.
        """
        return markdown_page(self.document, picture=picture)

    def to_html(self) -> str:
        """Write one HTML page that needs no network: its mathematics is MathML."""
        return html_page(self.document)

    def to_text(self) -> str:
        """Write plain text of at most 80 columns."""
        return text_page(self.document)

    def to_dict(self) -> dict[str, Any]:
        """Write what a program reads: every step with its rule, its sides and its error."""
        return record(self.document)

    def _repr_html_(self) -> str:
        return html_page(self.document, is_fragment=True)

    def _repr_markdown_(self) -> str:
        return markdown_page(self.document, fenced=False)


def derive(
    net: HasArchitecture,
    layout: str = "mixed",
    *,
    detail: str = "normal",
    l2: bool = False,
    second: bool = False,
    code: str | None = None,
    symbols: Symbols | Mapping[str, str] | None = None,
) -> Derivation:
    """Derive the gradients of a network, and check every line.

    Parameters
    ----------
    net : Network
        The network.
    layout : {"mixed", "numerator", "denominator"}
        How derivatives are laid out. Numerator: rows follow what is differentiated, so that a
        derivative by a vector is a row and one by a matrix is transposed. Denominator: rows follow
        what it is differentiated by. Mixed: rows for vectors, like the matrix for matrices.
    detail : {"brief", "normal", "full"}
        Results only, the way to them, or every application of a rule.
    l2 : bool
        Whether weight decay is included.
    second : bool
        Whether second derivatives are included: the Hessian over the outputs, the Gauss-Newton and
        Fisher blocks of the layers, and the product of the Hessian with a vector.
    code : {"numpy"}, optional
        Whether the NumPy that computes a formula stands beside it, and the function that all of it
        makes at the end.
    symbols : Symbols or mapping, optional
        The letters, such as ``{"hidden_outputs": "h", "targets": "y"}``.

    Returns
    -------
    Derivation
        Writes itself as LaTeX, Markdown, HTML, text and a dictionary.

    Raises
    ------
    SpecificationError
        If the network has nothing to derive, or symbols collide.
    VerificationError
        If a line is not true, which is a defect of chainrule.

    Examples
    --------
    >>> from chainrule import Network
    >>> derivation = derive(Network([256, 7, 10], hidden="logistic", bias=False))
    >>> derivation.check.worst_error < 1e-12
    True
    """
    architecture = _architecture(net)
    _refuse(architecture)
    named = _named(symbols)
    if any(function.name == "gelu" for function in architecture.hidden):
        named.check_free("φΦ", "the functions of this network")
    if second:
        named.check_free("VcgGFP", "second derivatives")
    level = _chosen("level of detail", detail, {d.name.lower(): d for d in Detail})
    laid_out = _chosen("layout", layout, {str(choice): choice for choice in Layout})
    page = Page(Quantities(architecture, named), laid_out, level)
    checker = Checker(page.quantities)
    checked = tuple(
        checker.checked(section.shown(level)) for section in _sections(page, l2, second)
    )
    kinks = Kinks(page.quantities)
    checked = tuple(map(kinks.marked, checked))
    check = _check(page, checked)
    coder = None if code is None else _chosen("code", code, {"numpy": Code(page.quantities)})
    return Derivation(
        Document(
            title=f"The gradients of the {'–'.join(map(str, architecture.layer_sizes))} network",
            preface=_PREFACES[laid_out],
            sections=checked if coder is None else tuple(map(coder.beside, checked)),
            closing=Prose(tuple(_closing(page, check, second))),
            layout=laid_out,
            layers=named.layers,
            detail=level,
            check=check,
            picture=illustrated(architecture, named),
            code="" if coder is None else coder.assembled(checked),
        )
    )


def _architecture(net: object) -> Architecture:
    found = getattr(net, "architecture", None)
    if not isinstance(found, Architecture):
        raise SpecificationError(
            f"derive takes a Network, such as Network([256, 7, 10]), not a {type(net).__name__}"
        )
    return found


def _named(symbols: object) -> Symbols:
    if symbols is None or isinstance(symbols, Symbols):
        return symbols or Symbols()
    names = [field.name for field in fields(Symbols)]
    if not isinstance(symbols, Mapping):
        raise SpecificationError(
            f"symbols are a mapping such as {{'targets': 'y'}}, not a {type(symbols).__name__}"
        )
    unknown = next((name for name in symbols if name not in names), None)
    if unknown is not None:
        raise SpecificationError(
            f"there is no symbol {unknown!r} to choose; there are {', '.join(names)}"
        )
    return Symbols(**symbols)


def _chosen(kind: str, name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        raise UnknownNameError(kind, name, known)
    return known[name]


def _refuse(architecture: Architecture) -> None:
    if architecture.output.range == Range.SIMPLEX and architecture.layer_sizes[-1] == 1:
        raise SpecificationError(
            f"the {architecture.output.name} of one output is always 1, so that nothing depends on "
            "the weights; take output='logistic' for one probability"
        )


def _sections(page: Page, l2: bool, second: bool) -> Iterator[Section]:
    q = page.quantities
    output = OutputPart(page)
    hidden = HiddenParts(page, output.short_facts)
    parameters = ParameterParts(page, output.short_facts)
    batch = BatchParts(page, output)
    yield ForwardPart(page).section()
    if q.n_layers == 1 and q.sizes[-1] == 1:
        yield UnitPart(page, output).section()
    yield from (output.section(), hidden.outputs(), parameters.of_output())
    if q.n_layers > 1:
        yield from (hidden.functions(), hidden.pre_activations(), parameters.of_hidden())
    yield batch.batch()
    if l2:
        yield batch.decay()
    if second:
        yield SecondPart(page, output).section()


_PREFACES = {
    Layout.MIXED: Prose(
        (
            "Derivatives are in the mixed layout: by a vector they are rows, by a matrix they have "
            "the shape of the matrix.",
        )
    ),
    Layout.NUMERATOR: Prose(
        (
            "Derivatives are in the numerator layout: their rows follow what is differentiated, so "
            "that by a vector they are rows, and by a matrix they have the shape of its transpose.",
        )
    ),
    Layout.DENOMINATOR: Prose(
        (
            "Derivatives are in the denominator layout: their rows follow what is differentiated "
            "by, so that by a vector they are columns, by a matrix they have its shape, and the "
            "factors of the chain rule stand from the inside out.",
        )
    ),
}


def _check(page: Page, sections: tuple[Section, ...]) -> Check:
    lines = [line for part in sections for equation in part.equations for line in equation.lines]
    sizes, m = check_sizes(page.quantities.architecture)
    named = zip(page.quantities.sizes, sizes, strict=True)
    return Check(
        points=N_POINTS,
        sizes=tuple(Count(size, n) for size, n in named if isinstance(size, Size)),
        n_samples=m,
        lines=len(lines),
        worst_error=max(line.error for line in lines),
        assumptions=tuple(sorted({name for line in lines for name in line.assumptions})),
    )


def _bound(error: float, has_second: bool) -> PowerOfTen:
    """Round an error up to a power of ten, and one that rounding decides to the same everywhere."""
    least = -8 if has_second else -12
    return PowerOfTen(max(math.ceil(math.log10(error)) if error > 0 else least, least))


def _closing(page: Page, check: Check, has_second: bool) -> Iterator[Inline]:
    yield f"Each of the {check.lines} lines was evaluated at {check.points} random points, with "
    for size in check.sizes:
        yield from (size, ", ")
    numbers = [check.n_samples, *(size.n for size in check.sizes)]
    is_all = len(set(numbers)) == len(numbers)
    different = "all different" if is_all else "all that meet in a line different"
    yield from (Count(Size("m"), check.n_samples), f", {different}, and compared with the ")
    yield "forward equations alone, differentiated by the complex step"
    if has_second:
        yield ", and second derivatives with extrapolated differences of such first ones"
    yield ". The largest relative error "
    yield from ("is below ", _bound(check.worst_error, has_second), ".")
    if SUM_TO_ONE in check.assumptions:
        t = page.quantities.t
        i = Index("i", t.shape.rows)
        yield " The lines marked * assume that the targets of a sample sum to one, "
        yield from (Equality(IndexSum(i, Entry(t, (i,))), Constant(1)), "; all others do not.")
    if AWAY_FROM_KINKS in check.assumptions:
        yield from Kinks(page.quantities).sentence()
