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

from dla_docs.templating.page_parts import Block, Page, page_of
from dla_docs.templating.spans import Span, of_usual_tables

LEAST = 0.7  # of its width, that a column never loses more than
# Twentieths of a point: the columns where one writes at length, or a word, are not made narrower.
ROOM, SHORT = 2_050, 1_120

_STYLE = re.compile('<w:tblStyle w:val="TableauDLA"/>')
_GRID = re.compile(r'<w:gridCol w:w="(\d+)"')
Edits = list[tuple[Span, str]]


def fitted(pieces: Sequence[str]) -> Page:
    """Les mêmes morceaux d'une page, où chaque colonne tient son mot le plus long."""
    page = page_of(pieces)
    edits = [
        ((start + first, start + last), said)
        for start, block in page.blocks
        if block.is_table
        for (first, last), said in _of_table(block)
    ]
    return _rewritten(page, edits) if edits else page


@of_usual_tables
def _of_table(table: Block) -> Edits:
    if not _STYLE.search(table.text):
        return []
    grid = [*_GRID.finditer(table.text)]
    widths = [int(column[1]) for column in grid]
    whole = [(start, row.cells) for start, row in table.rows if len(row.cells) == len(widths)]
    columns = [*zip(*([cell for _, cell in cells] for _, cells in whole), strict=True)]
    if not whole or not all(cell.wide for column in columns for cell in column):
        return []  # a row joins cells, or the columns share the page
    made = shared(widths, [max(cell.wanted for cell in column) for column in columns])
    if made == widths or len(whole) != len(table.rows):
        return []
    return [
        *((column.span(1), str(width)) for column, width in zip(grid, made, strict=True)),
        *(
            (cell.said_wide(start + at), str(width))
            for start, cells in whole
            for (at, cell), width in zip(cells, made, strict=True)
        ),
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


def _rewritten(pieces: Sequence[str], edits: Edits) -> Page:
    """A width stands within what the template writes, never within a value."""
    made, starts = list(pieces), [0, *accumulate(map(len, pieces))]
    for (start, end), said in sorted(edits, reverse=True):  # those before are still where they were
        rank = bisect_right(starts, start) - 1
        piece, at = made[rank], starts[rank]
        made[rank] = f"{piece[: start - at]}{said}{piece[end - at :]}"
    return Page(made)
