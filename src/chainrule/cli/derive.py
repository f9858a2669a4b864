"""``chainrule derive``: the gradients of a network, written out and checked."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import final
from urllib.parse import quote

from chainrule.derivation import Derivation, Symbols, derive
from chainrule.errors import SpecificationError, UnknownNameError
from chainrule.network import Architecture

__all__ = ["FORMATS", "DeriveOptions", "derive_command"]

#: How a derivation is written, by the names of the formats.
FORMATS: dict[str, Callable[[Derivation], str]] = {
    "text": Derivation.to_text,
    "latex": Derivation.to_latex,
    "fragment": lambda derivation: derivation.to_latex(fragment=True),
    "markdown": Derivation.to_markdown,
    "html": Derivation.to_html,
    "json": lambda derivation: json.dumps(derivation.to_dict(), ensure_ascii=False) + "\n",
}


@final
@dataclass(frozen=True)
class DeriveOptions:
    """What the command line says; see ``chainrule derive --help``."""

    layers: tuple[int, ...]
    hidden: tuple[str, ...]
    output: str
    loss: str | None
    bias: bool
    l2: bool
    second: bool
    layout: str
    detail: str
    format: str
    code: str | None
    symbols: dict[str, str]
    out: Path | None


@final
@dataclass(frozen=True)
class _Specified:
    architecture: Architecture


def derive_command(options: DeriveOptions) -> int:
    """Derive, and print or save.

    Parameters
    ----------
    options : DeriveOptions
        The command line.

    Returns
    -------
    int
        The exit status, 0.

    Raises
    ------
    SpecificationError
        If the options do not describe a network, or two symbols collide.
    UnknownNameError
        If there is no such layout, level of detail or format.
    """
    if options.format not in FORMATS:
        raise UnknownNameError("format", options.format, FORMATS)
    hidden = options.hidden[0] if len(options.hidden) == 1 else options.hidden
    architecture = Architecture.of(
        options.layers, hidden, options.output, options.loss, options.bias
    )
    derivation = derive(
        _Specified(architecture),
        options.layout,
        detail=options.detail,
        l2=options.l2,
        second=options.second,
        code=options.code,
        symbols=Symbols(**options.symbols),
    )
    if options.out is None:
        print(FORMATS[options.format](derivation), end="")
    else:
        _save(derivation, options.format, options.out)
    return 0


def _save(derivation: Derivation, format_name: str, out: Path) -> None:
    """Write a file; the picture of a page of Markdown goes into one beside it."""
    if out.is_dir():
        raise SpecificationError(f"--out {out} is a folder; name a file")
    if format_name != "markdown":
        out.write_text(FORMATS[format_name](derivation), encoding="utf-8")
        return
    picture = out.with_suffix(".svg")
    if picture == out:
        raise SpecificationError(f"--out {out} is where the picture of the page goes; name it .md")
    derivation.picture.save(picture)
    out.write_text(derivation.to_markdown(picture=quote(picture.name)), encoding="utf-8")
