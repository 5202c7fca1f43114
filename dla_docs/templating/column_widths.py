"""La largeur des colonnes d'un tableau, d'après ses mots : aucun n'est coupé tant que les autres
colonnes ont de quoi céder. Un modèle ignore ce qu'on y écrira.

Un tableau se reconnaît à son style (« Tableau DLA ») : un modèle Word de votre main qui l'emploie
en profite.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from dla_docs.templating.spans import (
    BLOCK,
    CELL,
    PARAGRAPH,
    ROW_OPENS,
    Span,
    of_usual_cells,
    said_in,
    spans,
)

LEAST = 0.7  # of its width, that a column never loses more than
# Twentieths of a point: the columns where one writes at length, or a word, are not made narrower.
ROOM, SHORT = 2_050, 1_120
EM, SIDES = 200, 216  # twentieths of a point: a letter as wide as it is high; a cell's two sides
THIN, BROAD = "fijlrt.,;:!|/()’'\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "mwMW%@&"
SHARES = {**dict.fromkeys(THIN, 0.33), **dict.fromkeys(BROAD, 0.86)}
SMALL, CAPITAL = 0.55, 0.66  # of EM; the letters of the widest family hold in it

_STYLE = re.compile('<w:tblStyle w:val="TableauDLA"/>')
_WORD = re.compile(r"[^ \-–—\n]+")
_GRID, _WIDTH = re.compile(r'<w:gridCol w:w="(\d+)"'), re.compile(r'<w:tcW w:w="(\d+)"')
Edits = list[tuple[Span, str]]


def fitted(pieces: Sequence[str]) -> list[str]:
    """Les mêmes morceaux d'une page, où chaque colonne tient son mot le plus long."""
    page = "".join(pieces)
    edits = [
        edit
        for block in spans(BLOCK, page)
        if page.startswith("<w:tbl", block[0]) and _STYLE.search(page, *block)
        for edit in _of_table(page, block)
    ]
    return _rewritten(pieces, edits) if edits else list(pieces)


def _of_table(page: str, table: Span) -> Edits:
    grid = [*_GRID.finditer(page, *table)]
    widths = [int(column[1]) for column in grid]
    rows = [[*spans(CELL, page, *row)] for row in spans(ROW_OPENS, page, *table)]
    whole = [cells for cells in rows if len(cells) == len(widths)]
    found = [[_WIDTH.search(page, *cell) for cell in cells] for cells in whole]
    if not whole or any(one is None or int(one[1]) == 0 for cells in found for one in cells):
        return []  # a row joins cells, or the columns share the page
    wanted = [
        max(_wanted(page[slice(*cells[rank])]) for cells in whole) for rank in range(len(widths))
    ]
    made = shared(widths, wanted)
    if made == widths or len(whole) != len(rows):
        return []
    columns: list[Sequence[re.Match[str] | None]] = [grid, *found]
    return [
        (one.span(1), str(width))
        for cells in columns
        for one, width in zip(cells, made, strict=True)
        if one is not None
    ]


def shared(widths: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """Les largeurs, où les colonnes trop étroites pour leurs mots ont pris ce qui leur manque aux
    autres, à chacune selon ce qu'elle peut céder ; leur somme reste la même.
    """
    short = [max(0, want - width) for width, want in zip(widths, wanted, strict=True)]
    spare = [
        0 if lack else max(0, width - max(want, round(LEAST * width), _floor(width)))
        for width, want, lack in zip(widths, wanted, short, strict=True)
    ]
    moved = min(sum(short), sum(spare))
    if not moved:
        return list(widths)
    given, taken = (_parts(moved, shares) for shares in (short, spare))
    return [width + more - less for width, more, less in zip(widths, given, taken, strict=True)]


def _floor(width: int) -> int:
    return ROOM if width > ROOM else min(width, SHORT)


def _parts(total: int, shares: Sequence[int]) -> list[int]:
    """A whole, in parts in proportion to these, that add up to it."""
    ends = [total * end // sum(shares) for end in accumulate(shares)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


@of_usual_cells
def _wanted(cell: str) -> int:
    """What the longest word of a cell takes, with the sides of the cell."""
    lines = (line for one in spans(PARAGRAPH, cell) for line in cell[slice(*one)].split("<w:br/>"))
    words = (word for line in lines for word in _WORD.findall(said_in(line)))
    return SIDES + round(EM * max((sum(map(_share, word)) for word in words), default=0))


def _share(letter: str) -> float:
    return SHARES.get(letter, CAPITAL if letter.isupper() else SMALL)


def _rewritten(pieces: Sequence[str], edits: Edits) -> list[str]:
    """A width stands within what the template writes, never within a value."""
    made, starts = list(pieces), [0, *accumulate(map(len, pieces))]
    for (start, end), said in sorted(edits, reverse=True):  # those before are still where they were
        rank = bisect_right(starts, start) - 1
        piece, at = made[rank], starts[rank]
        made[rank] = f"{piece[: start - at]}{said}{piece[end - at :]}"
    return made
