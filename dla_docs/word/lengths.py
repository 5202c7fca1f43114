"""Une longueur telle que Word l'écrit : des vingtièmes de point, ou un nombre et son unité."""

from __future__ import annotations

import re

TWIPS = 20  # in a point
LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(mm|cm|in|pt|pc|pi)?")
POINTS = {"mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72, "pt": 1, "pc": 12, "pi": 12, None: 1 / TWIPS}


def points(length: str) -> float:
    """Combien de points elle fait ; 0 de ce qui n'en est pas une."""
    said = LENGTH.fullmatch(length)
    return float(said[1]) * POINTS[said[2]] if said else 0
