"""The verdict on a step of a derivation, from numbers alone."""

import re
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
        for assumption in ASSUMPTIONS:
            for reading in READINGS:
                found = self._under(left, right, free, condition, assumption, reading)
                if found == "right":
                    return found, assumption, reading
        return self.failures(left, right, free, condition)[0], None, None

    def failures(
        self, left: str, right: str, free: Mapping[str, Any], condition: str = ""
    ) -> list[str]:
        """What a step that is not right may be called, the fittest first.

        Where a wider reading makes the shapes agree, the values are wrong; but a strict reader sees
        the shapes first. An index too many may be called either.
        """
        strictly, entrywise, *turned = [
            self._under(left, right, free, condition, None, reading) for reading in READINGS
        ]
        if strictly == "wrong":
            return ["wrong", "shape"] if free else ["wrong"]
        if entrywise == "wrong":
            return ["wrong", "shape"]
        return ["shape", "wrong"] if free or "wrong" in turned else ["shape"]

    def readings(
        self, left: str, right: str, free: Mapping[str, Any], reading: str | None
    ) -> list[str | None]:
        """What a report may name: half of two readings, or none that only the left side needs."""
        accepted: list[str | None] = [reading]
        if reading is not None and "+" in reading:
            accepted += reading.split("+")
        strictly = self._under(right, right, free, "", None, None) == "right"
        if reading == "elementwise" and strictly:
            accepted.append(None)
        if reading is None and re.search(r"(square|inverse|quotient)\(", left + right):
            accepted.append("elementwise")
        return accepted

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
