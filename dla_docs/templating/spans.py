"""Où sont, dans le texte d'une page imprimée, ses paragraphes, ses tableaux, leurs lignes et leurs
cellules : lue comme un arbre, elle prendrait plus de temps qu'à imprimer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, wraps
from html import unescape
from typing import TypeVar

Span = tuple[int, int]

BLOCK, ROW_OPENS, CELL, PARAGRAPH = (
    re.compile(f"<w:({names})[ >]") for names in ("tbl|p", "tr", "tc", "p")
)
TEXT = re.compile(">([^<]+)")
USUAL, KEPT = 2_000, 2_048  # letters of a cell whose measures are remembered, and how many of them

Measure = TypeVar("Measure", int, float)


def spans(
    opening: re.Pattern[str], text: str, start: int = 0, stop: int | None = None
) -> Iterator[Span]:
    """Où commence et finit chaque élément qui s'ouvre ainsi ; aucun n'en tient un autre."""
    stop = len(text) if stop is None else stop
    while found := opening.search(text, start, stop):
        closing = f"</w:{found[1]}>"
        end = text.find(closing, found.end(), stop)
        if end < 0:  # an empty paragraph, written in one tag, ends nothing
            return
        start = end + len(closing)
        yield found.start(), start


def said_in(text: str) -> str:
    """Ce que disent des paragraphes, tel qu'on le lit : « &amp; » y est une lettre."""
    return unescape("".join(TEXT.findall(text)))


def of_usual_cells(measure: Callable[[str], Measure]) -> Callable[[str], Measure]:
    """``measure``, dont on garde ce qu'il rend d'une cellule ordinaire : la plupart tiennent un
    libellé, le même dans chaque document.
    """
    kept = lru_cache(KEPT)(measure)

    @wraps(measure)
    def known(cell: str) -> Measure:
        return (kept if len(cell) <= USUAL else measure)(cell)

    return known
