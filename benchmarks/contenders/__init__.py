"""Who is timed: one file a library, each trained on the same data from the same weights."""

from contenders.contender import Contender, Specification
from contenders.registry import NAMES, environment, made, missing

__all__ = ["NAMES", "Contender", "Specification", "environment", "made", "missing"]
