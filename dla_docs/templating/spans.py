"""Où sont, dans le texte d'une page imprimée, ses paragraphes, ses tableaux, leurs lignes et leurs
cellules : lue comme un arbre, elle prendrait plus de temps qu'à imprimer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sized
from functools import lru_cache, update_wrapper
from html import unescape
from typing import Protocol, TypeVar

Span = tuple[int, int]

BLOCK, ROW_OPENS, CELL, PARAGRAPH = (
    re.compile(f"<w:({names})[ >]") for names in ("tbl|p", "tr", "tc", "p")
)
TEXT = re.compile(">([^<]+)")


class Measured(Hashable, Sized, Protocol):
    """Un texte, ou ce qui n'est que son texte."""


Read = TypeVar("Read", bound=Measured)
Found = TypeVar("Found")


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


def of_usual(
    letters: int, kept: int
) -> Callable[[Callable[[Read], Found]], Callable[[Read], Found]]:
    """Ce qu'on trouve dans un texte, et dans lui seul, est gardé, pour ``kept`` textes de tant de
    lettres au plus : d'un document à l'autre, la plupart des lignes et des cellules sont les mêmes.
    """

    def usual(find: Callable[[Read], Found]) -> Callable[[Read], Found]:
        known = lru_cache(kept)(find)

        def found(text: Read) -> Found:
            return (known if len(text) <= letters else find)(text)

        return update_wrapper(found, find, updated=())

    return usual


of_usual_cells, of_usual_rows, of_usual_tables = (
    of_usual(letters, kept) for letters, kept in ((2_000, 512), (8_000, 512), (40_000, 64))
)
