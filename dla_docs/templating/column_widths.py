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

from dla_docs.templating.page_parts import Block, Lines, Page, Row, page_of
from dla_docs.templating.spans import (
    Span,
    of_usual_rows,
    of_usual_tables,
)

LEAST = 0.7  # of its width, that a column never loses more than
# Twentieths of a point: the columns where one writes at length, or a word, are not made narrower.
ROOM, SHORT = 2_050, 1_120
EM, SIDES = 200, 216  # twentieths of a point: a letter as wide as it is high; a cell's two sides
THIN, BROAD = "fijlrt.,;:!|/()’'\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "mwMW%@&"
SMALL, CAPITAL, WIDEST = 0.55, 0.66, 0.86  # of EM; the letters of the widest family hold in it

_STYLE = re.compile('<w:tblStyle w:val="TableauDLA"/>')
_WORD = re.compile(r"[^ \-–—\n]+")
_GRID = re.compile(r'<w:gridCol w:w="(\d+)"')


class _Shares(dict[str, float]):
    """What each letter takes of EM; a letter of another alphabet is not kept."""

    def __missing__(self, letter: str) -> float:
        return CAPITAL if letter.isupper() else SMALL


_LATIN = _Shares()
_SHARES = _Shares(
    {letter: _LATIN[letter] for letter in map(chr, range(0x250))}
    | dict.fromkeys(THIN, 0.33)
    | dict.fromkeys(BROAD, WIDEST)
)
Edits = list[tuple[Span, str]]
Column = tuple[Span | None, int, int]  # of a row: where its width is said, this width, its words'


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
    rows = [(start, _columns(row)) for start, row in table.rows]
    whole = [(start, columns) for start, columns in rows if len(columns) == len(widths)]
    if not whole or any(width == 0 for _, columns in whole for _, width, _ in columns):
        return []  # a row joins cells, or the columns share the page
    wanted = [max(columns[rank][2] for _, columns in whole) for rank in range(len(widths))]
    made = shared(widths, wanted)
    if made == widths or len(whole) != len(rows):
        return []
    return [
        *((column.span(1), str(width)) for column, width in zip(grid, made, strict=True)),
        *(
            ((start + at[0], start + at[1]), str(width))
            for start, columns in whole
            for (at, _, _), width in zip(columns, made, strict=True)
            if at is not None
        ),
    ]


@of_usual_rows
def _columns(row: Row) -> tuple[Column, ...]:
    """What each cell of a row says of its width, 0 when it says nothing, and wants of it."""
    return tuple(
        (
            (start + cell.width.start(1), start + cell.width.end(1)),
            int(cell.width[1]),
            _wanted(cell),
        )
        if cell.width
        else (None, 0, _wanted(cell))
        for start, cell in row.cells
    )


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


def _wanted(cell: Lines) -> int:
    """What the longest word of a cell takes, with the sides of the cell."""
    widest = 0.0
    for word in _WORD.findall("\n".join(cell.said)):
        if len(word) * WIDEST > widest:  # seldom: the others are too short
            widest = max(widest, sum(map(_SHARES.__getitem__, word)))
    return SIDES + round(EM * widest)


def _rewritten(pieces: Sequence[str], edits: Edits) -> Page:
    """A width stands within what the template writes, never within a value."""
    made, starts = list(pieces), [0, *accumulate(map(len, pieces))]
    for (start, end), said in sorted(edits, reverse=True):  # those before are still where they were
        rank = bisect_right(starts, start) - 1
        piece, at = made[rank], starts[rank]
        made[rank] = f"{piece[: start - at]}{said}{piece[end - at :]}"
    return Page(made)
