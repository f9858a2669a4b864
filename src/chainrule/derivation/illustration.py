"""The picture that a derivation opens with, in the letters of its page."""

from dataclasses import replace
from typing import final

from chainrule.calculus.writer import LayerScript
from chainrule.derivation.symbols import Symbols
from chainrule.network import Architecture
from chainrule.picture import Picture, draw
from chainrule.picture.label import Symbol

__all__ = ["illustrated"]


def illustrated(architecture: Architecture, symbols: Symbols) -> Picture:
    """Draw a network with the letters that a derivation has.

    Parameters
    ----------
    architecture : Architecture
        The network.
    symbols : Symbols
        Its letters, and where the layer stands.

    Returns
    -------
    Picture
    """
    return draw(architecture).relabelled(_Letters(symbols).of)


@final
class _Letters:
    """Writes the symbols of a picture as a page does."""

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols
        self._letters = {
            "W": symbols.weights,
            "b": symbols.biases,
            "x": symbols.inputs,
            "t": symbols.targets,
            "z": symbols.pre_activations,
        }

    def of(self, symbol: Symbol) -> Symbol:
        """Rename a symbol; a ``y`` without a layer is that of the last one."""
        letter = self._letters.get(symbol.letter, symbol.letter)
        if symbol.letter == "y":
            hidden = bool(symbol.superscript)
            letter = self._symbols.hidden_outputs if hidden else self._symbols.outputs
        return self._placed(replace(symbol, letter=letter))

    def _placed(self, symbol: Symbol) -> Symbol:
        layer = symbol.superscript.strip("()")
        if not layer:
            return symbol
        if self._symbols.layers is LayerScript.BRACKETS:
            return replace(symbol, superscript=f"[{layer}]")
        if self._symbols.layers is LayerScript.SUBSCRIPT:
            return replace(symbol, superscript="", subscript=layer)
        return symbol
