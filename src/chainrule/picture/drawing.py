"""The picture that users hold: it shows itself in a notebook and writes itself to a file."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, final

from chainrule.errors import DataError
from chainrule.parameters import Parameters
from chainrule.picture.label import Symbol, Words
from chainrule.picture.layout import scene_of
from chainrule.picture.plotted import plotted
from chainrule.picture.scene import Scene
from chainrule.picture.subject import subject_of
from chainrule.picture.svg import to_svg
from chainrule.picture.tikz import to_tikz
from chainrule.storage import check_writable, write_atomically

__all__ = ["SUFFIXES", "Picture", "check_suffix", "draw"]

#: What is written under each suffix.
_WRITERS: Final[dict[str, Callable[[Scene], bytes]]] = {
    ".svg": lambda scene: to_svg(scene).encode(),
    ".png": lambda scene: plotted(scene, "png"),
    ".pdf": lambda scene: plotted(scene, "pdf"),
    ".tex": lambda scene: to_tikz(scene).encode(),
}
#: The suffixes that a picture can be saved under.
SUFFIXES: Final = tuple(_WRITERS)


@final
@dataclass(frozen=True, repr=False)
class Picture:
    """A picture of a network; at the end of a notebook's cell it shows itself.

    Parameters
    ----------
    scene : Scene
        Its geometry.

    Examples
    --------
    >>> import chainrule
    >>> picture = chainrule.draw(chainrule.Network([256, 7, 10]))
    >>> picture
    Picture(A network of 256, 7 and 10 neurons)
    >>> picture.save("network.svg")  # doctest: +SKIP
    """

    scene: Scene

    def __repr__(self) -> str:
        return f"Picture({self.scene.title})"

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def relabelled(self, renamed: Callable[[Symbol], Symbol]) -> "Picture":
        """Write other letters, for a text that calls the quantities otherwise.

        Parameters
        ----------
        renamed : callable
            Gives the new symbol for one of this picture.

        Returns
        -------
        Picture
        """
        texts = tuple(
            replace(text, label=tuple(_renamed(piece, renamed) for piece in text.label))
            for text in self.scene.texts
        )
        return Picture(replace(self.scene, texts=texts))

    def to_svg(self) -> str:
        """Write the picture as an SVG element, for a file or for a page of HTML.

        Returns
        -------
        str
        """
        return to_svg(self.scene)

    def to_tikz(self) -> str:
        r"""Write the picture as LaTeX, for a document with ``\usepackage{tikz}``.

        Returns
        -------
        str
        """
        return to_tikz(self.scene)

    def to_png(self, dpi: int = 300) -> bytes:
        """Draw the picture in pixels.

        Parameters
        ----------
        dpi : int
            How many to the inch.

        Returns
        -------
        bytes
            The content of a .png file.

        Raises
        ------
        MissingLibraryError
            If matplotlib, the extra ``plot``, is not installed.
        """
        return plotted(self.scene, "png", dpi)

    def save(self, path: str | os.PathLike[str]) -> None:
        r"""Write the picture to a file, whole or, if anything goes wrong, not at all.

        Parameters
        ----------
        path : str or path-like
            Where to: ``.svg``, ``.png``, ``.pdf``, or ``.tex`` for LaTeX to be read by ``\input``.

        Raises
        ------
        DataError
            If the suffix is none of these, or the file cannot be written.
        MissingLibraryError
            If the format needs matplotlib, which is not installed.
        """
        target = Path(path)
        writer = _WRITERS[check_suffix(target)]
        check_writable(target)
        write_atomically(target, writer(self.scene))


def draw(thing: Any, params: Parameters | None = None, *, max_neurons: int = 10) -> Picture:
    """Draw a network: its layers, connections, quantities, sizes, functions and loss.

    Parameters
    ----------
    thing : Network, TrainedModel or fitted estimator
        What to draw. Of anything with weights, the width of a line is the magnitude of a weight,
        and its colour the sign: blue is positive, orange negative. An estimator is anything with
        scikit-learn's `coefs_` and `intercepts_`.
    params : Parameters, optional
        The weights of a network, to be drawn too.
    max_neurons : int
        How many neurons of a layer have a place, from 4 to 50. Of a larger layer the first and
        the last are drawn, with an ellipsis between them.

    Returns
    -------
    picture : Picture
        Shows itself in a notebook; `to_svg`, `to_tikz`, `to_png` and `save` write it.

    Raises
    ------
    SpecificationError
        If there is nothing to draw: no network, an estimator that is not fitted, weights that are
        not finite, or a `max_neurons` out of range.
    ShapeError
        If the weights do not fit.

    Examples
    --------
    >>> import chainrule
    >>> net = chainrule.Network([256, 7, 10], hidden="logistic", bias=False)
    >>> chainrule.draw(net).to_svg()[:4]
    '<svg'
    """
    return Picture(scene_of(subject_of(thing, params), max_neurons))


def check_suffix(path: Path) -> str:
    """Say which format a file is written in, before work is spent on it.

    Parameters
    ----------
    path : Path
        Where a picture is to go.

    Returns
    -------
    str
        The suffix, in small letters.

    Raises
    ------
    DataError
        If no picture is written in that format.

    Examples
    --------
    >>> check_suffix(Path("net.PNG"))
    '.png'
    """
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        *others, last = SUFFIXES
        found = f"the suffix {path.suffix}" if path.suffix else "no suffix"
        raise DataError(f"{path} has {found}; a picture is {', '.join(others)} or {last}")
    return suffix


def _renamed(piece: Symbol | Words, renamed: Callable[[Symbol], Symbol]) -> Symbol | Words:
    return renamed(piece) if isinstance(piece, Symbol) else piece
