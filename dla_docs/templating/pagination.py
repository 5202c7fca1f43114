"""Ce qu'une page ne sépare pas : les lignes d'un petit tableau, et la fin d'un document de ce qui
la précède. Un modèle ignore combien de lignes feront ses boucles et ce qu'il ne montrera pas ; le
document imprimé le sait.

Un tableau se reconnaît à son style (« Tableau DLA », « Fiche DLA ») : un modèle Word de votre main
qui les emploie en profite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

MOST_ROWS = 8
FEWEST, LAST = 4, 2  # rows of a table that lets its last ones go with the end of the document
# Shares of the height of a text: what is cut no more; what of a taller table is not, at its end;
# what the end of the document may fill of its page.
TALLEST = {"TableauDLA": 0.28, "FicheDLA": 0.45}
TAIL, FULL = 0.4, 0.62
A4, MARGINS, LINE, PADDING, HEADING = 29.7, 4.0, 0.42, 0.2, 0.6  # cm
LETTERS_PER_CM, TWIPS_PER_CM = 5.5, 567
FITS = 3  # lines that are never cut, for two stand together at each end of a page
KEEP, LOOSE = "<w:keepNext/>", ' w:val="off"'  # « 0 » is no word of this element
Span = tuple[int, int]
Additions = dict[int, str]

_BLOCK, _ROW, _CELL = (re.compile(f"<w:({names})[ >]") for names in ("tbl|p", "tr", "tc"))
_TABLE_STYLE = re.compile(r'<w:tblStyle w:val="(TableauDLA|FicheDLA)"/>')
_STYLE = re.compile(r"<w:pPr><w:pStyle [^>]*/>(?!<w:keepNext)")
_WHOLE_ROW = re.compile("<w:cantSplit(?=/>)")
_GAP = re.compile(r'<w:p[^>]*><w:pPr><w:pStyle w:val="Intervalle"/>')
_ENDING = re.compile(_GAP.pattern + KEEP)
_TEXT = re.compile(">([^<]+)")
_WIDTH = re.compile(r'<w:tcW w:w="(\d+)"')
_PAGE = re.compile(r'<w:pgSz [^>]*w:h="(\d+)"')
_HEIGHT = re.compile(r'<w:trHeight w:val="(\d+)"')


def kept_whole(pieces: Sequence[str]) -> list[str]:
    """Les mêmes morceaux d'une page, où les lignes d'un petit tableau restent ensemble, et où un
    intervalle gardé avec la suite y garde aussi ce qui vient d'être imprimé.
    """
    page = "".join(pieces)
    blocks, added, room = [*_spans(_BLOCK, page)], Additions(), _room(page)
    for block in blocks:
        if _is_table(page, block):
            added.update(_within(page, block, room))
    added |= _ends(page, blocks, room)
    return _inserted(pieces, added)


def _ends(page: str, blocks: Sequence[Span], room: float) -> Additions:
    """Where what precedes each end of the document is kept with it. Ends follow one another (the
    signatures, the coordinates): where they are too high together, the last one is let go, for
    signatures without the text they sign are worse than coordinates alone.
    """

    def held(rank: int, last: int) -> Additions:
        high = sum(_height(page, block) for block in blocks[rank:last])
        return dict(_before(page, blocks[:rank], high, room))

    kept, below, last, lower = Additions(), Additions(), len(blocks), len(blocks)
    endings = [rank for rank, (start, _) in enumerate(blocks) if _ENDING.match(page, start)]
    for rank in reversed(endings):
        places = held(rank, last)
        if not places and below and (places := held(rank, lower)):
            below, last = {}, lower
        kept |= below
        below, lower, last = places, rank, last if places else rank
    return kept | below


def _spans(
    opening: re.Pattern[str], text: str, start: int = 0, stop: int | None = None
) -> Iterator[Span]:
    """Where each element that opens so begins and ends; none of them holds another."""
    stop = len(text) if stop is None else stop
    while found := opening.search(text, start, stop):
        closing = f"</w:{found[1]}>"
        end = text.find(closing, found.end(), stop)
        if end < 0:  # an empty paragraph, written in one tag, ends nothing
            return
        start = end + len(closing)
        yield found.start(), start


def _room(page: str) -> float:
    size = _PAGE.search(page, max(0, page.rfind("<w:pgSz ")))
    return (int(size[1]) / TWIPS_PER_CM if size else A4) - MARGINS


def _within(page: str, table: Span, room: float) -> Iterator[tuple[int, str]]:
    """Where the rows of a small table are kept with the next one; of a taller one that holds labels
    and values, its last rows, for they may be alone on a last page.
    """
    style, rows = _TABLE_STYLE.search(page, *table), [*_spans(_ROW, page, *table)]
    if style and len(rows) <= MOST_ROWS and _height(page, table) <= TALLEST[style[1]] * room:
        yield from _kept(page, rows[:-1])
    elif style and style[1] == "FicheDLA":
        yield from _kept(page, _tail(page, rows, room)[:-1])


def _tail(page: str, rows: Sequence[Span], room: float) -> Sequence[Span]:
    high = 0.0
    for rank in range(len(rows) - 1, 0, -1):
        high += _row_height(page, rows[rank])
        if high >= TAIL * room:
            return rows[rank:]
    return rows


def _before(
    page: str, blocks: Sequence[Span], end: float, room: float
) -> Iterator[tuple[int, str]]:
    """Where what was printed last is kept with the end of the document: a text, a small table, the
    last rows of another; nothing, when they would fill the page.
    """
    said = (rank for rank in range(len(blocks) - 1, -1, -1) if not _is_gap(page, blocks[rank]))
    rank = next(said, 0)
    held, gaps = blocks[rank : rank + 1], blocks[rank + 1 :]
    if held and _is_table(page, held[0]) and _height(page, held[0]) + end > FULL * room:
        held = [*_spans(_ROW, page, *held[0])][FEWEST:][-LAST:]
        end = end if held else room
    if end <= FULL * room:
        yield from _kept(page, [*held, *gaps])
        yield from _loosened(page, held)


def _kept(page: str, parts: Sequence[Span]) -> Iterator[tuple[int, str]]:
    return ((style.end(), KEEP) for part in parts for style in _STYLE.finditer(page, *part))


def _loosened(page: str, blocks: Sequence[Span]) -> Iterator[tuple[int, str]]:
    """LibreOffice keeps no table with what follows when its only row may not be cut."""
    for block in blocks:
        rows = [*_spans(_ROW, page, *block)] if _is_table(page, block) else []
        if len(rows) == 1 and _row_lines(page, rows[0]) <= FITS:
            yield from ((row.end(), LOOSE) for row in _WHOLE_ROW.finditer(page, *rows[0]))


def _is_table(page: str, block: Span) -> bool:
    return page.startswith("<w:tbl", block[0])


def _is_gap(page: str, block: Span) -> bool:
    return _GAP.match(page, *block) is not None


def _height(page: str, block: Span) -> float:
    """About how high a block is printed, in centimetres."""
    if _is_table(page, block):
        return sum(_row_height(page, row) for row in _spans(_ROW, page, *block))
    return 0.0 if _is_gap(page, block) else _lines(page, block) * LINE + HEADING


def _row_height(page: str, row: Span) -> float:
    least = _HEIGHT.search(page, *row)
    said = _row_lines(page, row) * LINE + PADDING
    return max(said, int(least[1]) / TWIPS_PER_CM if least else 0)


def _row_lines(page: str, row: Span) -> float:
    return max((_lines(page, cell) for cell in _spans(_CELL, page, *row)), default=0)


def _lines(page: str, cell: Span) -> float:
    width = _WIDTH.search(page, *cell)
    letters = max(1.0, int(width[1]) / TWIPS_PER_CM * LETTERS_PER_CM if width else 80)
    lines = page[slice(*cell)].replace("<w:br/>", "</w:p>").split("</w:p>")
    return sum(-(-sum(map(len, _TEXT.findall(line))) // letters) for line in lines)


def _inserted(pieces: Sequence[str], added: Additions) -> list[str]:
    """A place stands within what the template writes, never within a value."""
    made, waiting = list(pieces), sorted(added, reverse=True)
    for rank, (piece, end) in enumerate(zip(pieces, accumulate(map(len, pieces)), strict=True)):
        start, parts, done = end - len(piece), list[str](), 0
        while waiting and waiting[-1] <= end:
            place = waiting.pop()
            parts += [piece[done : place - start], added[place]]
            done = place - start
        if parts:
            made[rank] = "".join([*parts, piece[done:]])
    return made
