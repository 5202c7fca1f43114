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
# Shares of the height of a text: what is cut no more; what of a taller table is, at its end; what
# goes to the next page with the end of the document; what that end may fill of it.
TALLEST = {"TableauDLA": 0.28, "FicheDLA": 0.45}
TAIL, LIGHT, FULL = 0.4, 0.16, 0.62
A4, MARGINS, LINE, PADDING, HEADING = 29.7, 4.0, 0.42, 0.2, 0.6  # cm
LETTERS_PER_CM, TWIPS_PER_CM = 5.5, 567
KEEP = "<w:keepNext/>"
Found = re.Match[str]

_BLOCK = re.compile(r"<w:tbl>.*?</w:tbl>|<w:p[ >].*?</w:p>", re.S)
_TABLE_STYLE = re.compile(r'<w:tblStyle w:val="(TableauDLA|FicheDLA)"/>')
_ROW = re.compile(r"<w:tr[ >].*?</w:tr>", re.S)
_CELL = re.compile(r"<w:tc>.*?</w:tc>", re.S)
_PARAGRAPH = re.compile(r"<w:p[ >].*?</w:p>", re.S)
_LINE = re.compile(r"<w:br/>")
_STYLE = re.compile(r"<w:pPr><w:pStyle [^>]*/>(?!<w:keepNext)")
_GAP = re.compile(r'<w:p[^>]*><w:pPr><w:pStyle w:val="Intervalle"/>')
_ENDING = re.compile(_GAP.pattern + KEEP)
_MARK = re.compile(r"<[^>]+>")
_WIDTH = re.compile(r'<w:tcW w:w="(\d+)"')
_PAGE = re.compile(r'<w:pgSz [^>]*w:h="(\d+)"')
_HEIGHT = re.compile(r'<w:trHeight w:val="(\d+)"')


def kept_whole(pieces: Sequence[str]) -> list[str]:
    """Les mêmes morceaux d'une page, où les lignes d'un petit tableau restent ensemble, et où un
    intervalle gardé avec la suite y garde aussi ce qui vient d'être imprimé.
    """
    page = "".join(pieces)
    blocks, places = list(_BLOCK.finditer(page)), set[int]()
    room = _room(page)
    for block in blocks:
        if _is_table(block):
            places.update(_within(page, block, room))
    last = len(blocks)
    for rank in reversed([rank for rank, block in enumerate(blocks) if _ENDING.match(block[0])]):
        held = set(_before(page, blocks[:rank], sum(map(_height, blocks[rank:last])), room))
        places |= held
        last = last if held else rank
    return _inserted(pieces, sorted(places))


def _room(page: str) -> float:
    size = _PAGE.search(page)
    return (int(size[1]) / TWIPS_PER_CM if size else A4) - MARGINS


def _within(page: str, table: Found, room: float) -> Iterator[int]:
    """Where the rows of a small table are kept with the next one; of a taller one that holds labels
    and values, its last rows, for they may be alone on a last page.
    """
    style, rows = _TABLE_STYLE.search(table[0]), list(_ROW.finditer(page, *table.span()))
    if style and len(rows) <= MOST_ROWS and _height(table) <= TALLEST[style[1]] * room:
        yield from _styles(page, rows[:-1])
    elif style and style[1] == "FicheDLA":
        yield from _styles(page, _tail(rows, room)[:-1])


def _tail(rows: Sequence[Found], room: float) -> Sequence[Found]:
    for rank in range(len(rows) - 1, 0, -1):
        if sum(map(_row_height, rows[rank:])) >= TAIL * room:
            return rows[rank:]
    return rows


def _before(page: str, blocks: Sequence[Found], end: float, room: float) -> Iterator[int]:
    """Where what was printed last is kept with the end of the document: a text, a small table, the
    last rows of another; nothing, when they would fill the page.
    """
    rank = max((rank for rank, one in enumerate(blocks) if not _GAP.match(one[0])), default=0)
    held, gaps = blocks[rank : rank + 1], blocks[rank + 1 :]
    if _is_table(blocks[rank]) and _height(blocks[rank]) + end > FULL * room:
        held = list(_ROW.finditer(page, *blocks[rank].span()))[FEWEST:][-LAST:]
        end = end if held else room
    if end <= FULL * room:
        yield from _styles(page, [*held, *gaps])


def _styles(page: str, parts: Sequence[Found]) -> Iterator[int]:
    return (style.end() for part in parts for style in _STYLE.finditer(page, *part.span()))


def _is_table(block: Found) -> bool:
    return block[0].startswith("<w:tbl>")


def _height(block: Found) -> float:
    """About how high a block is printed, in centimetres."""
    if _is_table(block):
        return sum(map(_row_height, _ROW.finditer(block[0])))
    return 0.0 if _GAP.match(block[0]) else _lines(block[0]) * LINE + HEADING


def _row_height(row: Found) -> float:
    least = _HEIGHT.search(row[0])
    said = max((_lines(cell[0]) for cell in _CELL.finditer(row[0])), default=0) * LINE + PADDING
    return max(said, int(least[1]) / TWIPS_PER_CM if least else 0)


def _lines(cell: str) -> float:
    width = _WIDTH.search(cell)
    letters = max(1.0, int(width[1]) / TWIPS_PER_CM * LETTERS_PER_CM if width else 80)
    texts = (
        _MARK.sub("", text)
        for paragraph in _PARAGRAPH.finditer(cell)
        for text in _LINE.split(paragraph[0])
    )
    return sum(-(-len(text) // letters) for text in texts)


def _inserted(pieces: Sequence[str], places: Sequence[int]) -> list[str]:
    """A place stands within what the template writes, never within a value."""
    made, waiting = list(pieces), list(reversed(places))
    for rank, (piece, end) in enumerate(zip(pieces, accumulate(map(len, pieces)), strict=True)):
        cuts = []
        while waiting and waiting[-1] <= end:
            cuts.append(waiting.pop() - (end - len(piece)))
        if cuts:
            bounds = zip([0, *cuts], [*cuts, len(piece)], strict=True)
            made[rank] = KEEP.join(piece[start:stop] for start, stop in bounds)
    return made
