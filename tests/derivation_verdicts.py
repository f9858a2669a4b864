"""The verdict on a step of a derivation, from numbers alone."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from derivation_truth import (
    ASSUMPTIONS,
    READINGS,
    Point,
    ShapesDisagreeError,
    as_array,
    index_values,
)

SEEDS = (11, 12, 13)
#: Equal below the first, different above the second; between them a point decides nothing.
EQUAL, DIFFERENT = 1e-9, 1e-5


class UndecidedError(Exception):
    """Two values that are neither equal nor clearly different."""


class Judge:
    """Judges the steps of one document at points where all sizes differ."""

    def __init__(self, network: Mapping[str, Any]) -> None:
        self.network = network
        self.point = cache(self._point)

    def _point(self, seed: int, assumption: str | None, loose: bool) -> Point:
        return Point(self.network, seed, assumption, loose)

    def verdict(
        self, left: str, right: str, free: Mapping[str, Any], condition: str = ""
    ) -> tuple[str, str | None, str | None]:
        """The verdict, the assumption and the reading of ``left = right``."""
        reached = []
        for assumption in ASSUMPTIONS:
            for reading in READINGS:
                found = self._under(left, right, free, condition, assumption, reading)
                if found == "right":
                    return found, assumption, reading
                reached.append(found)
        return reached[0], None, None

    def _under(
        self,
        left: str,
        right: str,
        free: Mapping[str, Any],
        condition: str,
        assumption: str | None,
        reading: str | None,
    ) -> str:
        loose = reading is not None and "elementwise" in reading
        turned = reading is not None and "orientation" in reading
        found = {"right"}
        for seed in SEEDS:
            point = self.point(seed, assumption, loose)
            for indices in index_values(free, self.network["sizes"], condition):
                found.add(compared(point, left, right, indices, turned))
        if found >= {"undecided"} and not found & {"shape", "wrong"}:
            raise UndecidedError(f"{left} = {right}")
        return next(verdict for verdict in ("shape", "wrong", "right") if verdict in found)


def compared(point: Point, left: str, right: str, indices: Mapping[str, int], turned: bool) -> str:
    try:
        a = as_array(point.value(left, indices))
        b = as_array(point.value(right, indices))
    except ShapesDisagreeError:
        return "shape"
    b = b.T if turned else b
    if a.shape != b.shape:
        return "shape"
    scale = max(float(np.abs(a).max()), float(np.abs(b).max()), 1e-3)
    distance = float(np.abs(a - b).max()) / scale
    if EQUAL < distance < DIFFERENT:
        return "undecided"
    return "right" if distance <= EQUAL else "wrong"
