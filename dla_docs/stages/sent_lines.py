"""Les lignes d'un formulaire, telles qu'elles voyagent avec lui (``PageLine.en_json``) : celle
qu'un autre formulaire avait déjà n'est pas relue.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from dla_docs.word.page import STORIES, Control, PageLine

# Within a line too, a cell may follow another, but for these words: it would then not close
NEXT = re.compile(rf'\]\], (?=\["(?:{"|".join({*STORIES.values()})})", \[)')
CLOSED = "]]"
LONGEST, MOST_KEPT = 4096, 2048  # signs of a line that is remembered, and how many of them
in_order = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def lines_in(page: str) -> tuple[PageLine, ...]:
    """Les lignes écrites l'une après l'autre dans ce texte ; ``ValueError`` quand nous ne les
    aurions pas écrites ainsi.
    """
    if not page.endswith(CLOSED):
        raise ValueError
    return tuple(map(_line, NEXT.split(page.removesuffix(CLOSED))))


def unpacked(line: Any) -> PageLine:
    """Une ligne, d'après ce que dit son JSON."""
    where, *cells = line
    return PageLine(
        tuple(
            tuple(piece if isinstance(piece, str) else Control(*map(str, piece)) for piece in cell)
            for cell in cells
        ),
        str(where),
    )


def _line(begun: str) -> PageLine:
    return (_line_again if len(begun) <= LONGEST else _read)(begun)


def _read(begun: str) -> PageLine:
    said = json.loads(text := f"{begun}{CLOSED}")
    if in_order(said) != text:
        raise ValueError
    return unpacked(said)


_line_again = lru_cache(MOST_KEPT)(_read)
