"""Pictures of networks.

`layout` decides where everything stands; `svg`, `tikz` and `plotted` write it in their languages.
"""

from chainrule.picture.drawing import SUFFIXES, Picture, check_suffix, draw
from chainrule.picture.layout import FEWEST_NEURONS, MOST_NEURONS

__all__ = ["FEWEST_NEURONS", "MOST_NEURONS", "SUFFIXES", "Picture", "check_suffix", "draw"]
