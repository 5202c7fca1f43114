"""Ce qu'une page ne sépare pas : les lignes d'un petit tableau, une note de son tableau, deux
points d'une liste, un titre de ce qu'il annonce, et la fin d'un document de ce qui la précède. Un
modèle ignore combien de lignes feront ses boucles et ce qu'il ne montrera pas ; le document imprimé
le sait.

Un tableau se reconnaît à son style (« Tableau DLA », « Fiche DLA ») : un modèle Word de votre main
qui les emploie en profite.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile

from dla_docs.templating.spans import BLOCK, CELL, ROW_OPENS, Span, of_usual_cells, said_in, spans

MOST_ROWS = 8
FEWEST, LAST = 4, 2  # rows of a table that lets its last ones go with the end of the document
# Shares of the height of a text: what is cut no more; what of a taller table is not, at its end;
# what the end of the document may fill of its page.
TALLEST = {"TableauDLA": 0.28, "FicheDLA": 0.45}
TAIL, FULL = 0.4, 0.62
ROW = 0.3  # of a row that is cut no more: on a form, its lines are up to twice as high
A4, MARGINS, LINE, PADDING, HEADING = 29.7, 4.0, 0.42, 0.2, 0.6  # cm
LETTERS_PER_CM, TWIPS_PER_CM = 5.5, 567
LETTERS, NARROW = 80, 20  # of a line of a page; of a column as wide as its table lets it
FITS = 3  # lines that are never cut, for two stand together at each end of a page
TOGETHER = 2  # points of a list that stand together at each end of a page
OPENING = 2  # rows, at most, of a table that opens a section: what follows is read with it
KEEP, LOOSE = "<w:keepNext/>", ' w:val="off"'  # « 0 » is no word of this element
# Between a table and the row that closes it, set apart: Word would join two neighbours.
APART = (
    '</w:tbl><w:p><w:pPr><w:pStyle w:val="Intervalle"/><w:keepNext/><w:spacing w:after="0"/>'
    "</w:pPr></w:p>"
)
HEADED, LABELLED = (
    f'w:val="{value}" w:firstRow="{row}" w:lastRow="0" w:firstColumn="{column}"'
    for value, row, column in (("0420", 1, 0), ("0480", 0, 1))
)  # how a table is read: by its first row, by its first column
WHOLE = "<w:cantSplit/>"
Additions = dict[int, str]

_TABLE_STYLE = re.compile(r'<w:tblStyle w:val="(TableauDLA|FicheDLA)"/>')
_STYLE = re.compile(r"<w:pPr><w:pStyle [^>]*/>(?!<w:keepNext)")
_FREE_ROW = re.compile("<w:tr(?: [^>]*)?>(?:(<w:trPr>)(?!<w:cantSplit)|(?!<w:trPr>))")
_WHOLE_ROW = re.compile("<w:cantSplit(?=/>)")
_GAP = re.compile(r'<w:p[^>]*><w:pPr><w:pStyle w:val="Intervalle"/>')
_ENDING = re.compile(_GAP.pattern + KEEP)
_NOTE, _POINT, _TITLE = (
    re.compile(f'<w:p[^>]*><w:pPr><w:pStyle w:val="{style}"/>')
    for style in ("Mention", "Liste[a-z]+", "Titre([1-9])")
)
_LABEL = re.compile('<w:tr(?:(?!</w:tc>).)*?<w:pStyle w:val="LibelleTableau"/>', re.DOTALL)
_WIDTH = re.compile(r'<w:tcW w:w="(\d+)"')
_PAGE = re.compile(r'<w:pgSz [^>]*w:h="(\d+)"')
_HEIGHT = re.compile(r'<w:trHeight w:val="(\d+)"')


class _Page(str):
    """A printed page, and what was already found in it: the rows of a table, how many lines a row
    takes, how high a block is; several rules ask.
    """

    def __init__(self, _: str) -> None:
        self.rows: dict[Span, list[Span]] = {}
        self.lines: dict[Span, float] = {}
        self.heights: dict[Span, float] = {}


def kept_whole(pieces: Sequence[str]) -> list[str]:
    """Les mêmes morceaux d'une page, où les lignes d'un petit tableau restent ensemble, et où un
    intervalle gardé avec la suite y garde aussi ce qui vient d'être imprimé.
    """
    page = _Page("".join(pieces))
    blocks, added, room = [*spans(BLOCK, page)], Additions(), _room(page)
    _, last, _ = _split(page, blocks)
    for block in blocks:
        if _is_table(page, block):
            added.update(_within(page, block, room, [block] == last))
            added.update(_rows_held(page, block, room))
    for neighbours in (_lists, _notes, _openings):
        added.update(neighbours(page, blocks))
    added |= _ends(page, blocks, room)
    return _inserted(pieces, added)


def _ends(page: _Page, blocks: Sequence[Span], room: float) -> Additions:
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


def _room(page: _Page) -> float:
    size = _PAGE.search(page, max(0, page.rfind("<w:pgSz ")))
    return (int(size[1]) / TWIPS_PER_CM if size else A4) - MARGINS


def _within(page: _Page, table: Span, room: float, ends: bool) -> Iterator[tuple[int, str]]:
    """Where the rows of a small table are kept with the next one; of a taller one that holds labels
    and values and ends the document, its last rows, for they may be alone on a last page.
    """
    style, rows = _TABLE_STYLE.search(page, *table), _rows(page, table)
    if style and len(rows) <= MOST_ROWS and _height(page, table) <= TALLEST[style[1]] * room:
        yield from _kept(page, rows[:-1])
    elif ends and style and style[1] == "FicheDLA":
        yield from _kept(page, _tail(page, rows, room)[:-1])


def _rows_held(page: _Page, table: Span, room: float) -> Iterator[tuple[int, str]]:
    """Where a row that a template lets go on over the page is whole: its text is short here."""
    rows = _rows(page, table) if _TABLE_STYLE.search(page, *table) else []
    for row in rows if len(rows) > 1 else ():
        free = _FREE_ROW.match(page, *row)
        if free and _row_height(page, row) <= ROW * room:
            yield free.end(), WHOLE if free[1] else f"<w:trPr>{WHOLE}</w:trPr>"


def _tail(page: _Page, rows: Sequence[Span], room: float) -> Sequence[Span]:
    high = 0.0
    for rank in range(len(rows) - 1, 0, -1):
        high += _row_height(page, rows[rank])
        if high >= TAIL * room:
            return rows[rank:]
    return rows


def _lists(page: _Page, blocks: Sequence[Span]) -> Iterator[tuple[int, str]]:
    """Where a point of a list is kept with the next one: no point is alone on a page."""
    points = [block for block in blocks if _POINT.match(page, *block)]
    for group in _joined(points):
        ends = {*group[:-1][: TOGETHER - 1], *group[-TOGETHER:-1]}
        yield from _kept(page, [one for one in ends if _lines(page, one) <= FITS])


def _joined(points: Sequence[Span]) -> Iterator[list[Span]]:
    """The points that follow one another: nothing is written between two of them."""
    group: list[Span] = []
    for point in points:
        if group and group[-1][1] != point[0]:
            yield group
            group = []
        group.append(point)
    if group:
        yield group


def _notes(page: _Page, blocks: Sequence[Span]) -> Iterator[tuple[int, str]]:
    """Where the last row of a table is kept with the note below it."""
    for rank, block in enumerate(blocks):
        if _NOTE.match(page, *block):
            yield from _with_next(page, blocks[:rank])


def _openings(page: _Page, blocks: Sequence[Span]) -> Iterator[tuple[int, str]]:
    """Where the few labels and values that open a section are kept with what follows in it."""
    said = [block for block in blocks if not _is_gap(page, block)]
    for title, table, after in zip(said, said[1:], said[2:], strict=False):
        level, other = (_TITLE.match(page, *block) for block in (title, after))
        if level and _opens(page, table) and (other is None or other[1] > level[1]):
            yield from _with_next(page, blocks[: blocks.index(after)])


def _opens(page: _Page, block: Span) -> bool:
    style = _TABLE_STYLE.search(page, *block) if _is_table(page, block) else None
    few = style and len(_rows(page, block)) <= OPENING
    return bool(style and few and style[1] == "FicheDLA")


def _with_next(page: _Page, blocks: Sequence[Span]) -> Iterator[tuple[int, str]]:
    """Where the last row of a table is kept with what comes after the last of these blocks; nowhere
    when they do not end with a table and gaps.
    """
    _, table, gaps = _split(page, blocks)
    if table and _is_table(page, table[0]):
        yield from _kept(page, [*_rows(page, table[0])[-1:], *gaps])
        yield from _loosened(page, table)


def _before(
    page: _Page, blocks: Sequence[Span], end: float, room: float
) -> Iterator[tuple[int, str]]:
    """Where what was printed last is kept with the end of the document: a text, a small table, the
    last rows of another, the row that closes one of several pages; nothing, when they would fill
    the page, or when it is the note of such a table: LibreOffice would take the note alone.
    """
    rest, held, gaps = _split(page, blocks)
    if table := _of_several_pages(page, rest, held, room):
        if end <= FULL * room and _is_closed(page, table, room):
            note = [] if table in held else held
            yield from _set_apart(page, table, [*note, *gaps])
            return
        if table not in held:
            return
    if held and _is_table(page, held[0]) and _height(page, held[0]) + end > FULL * room:
        held = _rows(page, held[0])[FEWEST:][-LAST:]
        end = end if held else room
    if end <= FULL * room:
        yield from _kept(page, [*held, *gaps])
        yield from _loosened(page, held)


def _of_several_pages(
    page: _Page, rest: Sequence[Span], held: Sequence[Span], room: float
) -> Span | None:
    """The table that was printed last, or whose note was, when it goes over several pages."""
    noted = bool(held) and _NOTE.match(page, *held[0])
    _, last, _ = _split(page, rest) if noted else (rest, held, ())
    high = last and _is_table(page, last[0]) and _height(page, last[0]) > FULL * room
    return last[0] if high else None


def _is_closed(page: _Page, table: Span, room: float) -> bool:
    """Whether the last row of a table, alone of all, says itself what it is."""
    *others, last = _rows(page, table)
    labelled = [_LABEL.match(page, *row) is not None for row in (*others[-1:], last)]
    return labelled == [False, True] and _row_height(page, last) <= ROW * room


def _set_apart(page: _Page, table: Span, after: Sequence[Span]) -> Iterator[tuple[int, str]]:
    """The row that closes a table becomes a table, for LibreOffice takes rows to the next page from
    the first page of a table only, and goes with what follows it. The titles of the columns are
    printed again above it; those that hold a field are not, for a field is asked once.
    """
    first, *_, last = _rows(page, table)
    opening = page[slice(table[0], first[1])]
    if "<w:sdt>" in opening or "<w:tblHeader/>" not in opening:
        opening = page[table[0] : first[0]].replace(HEADED, LABELLED)
    yield last[0], APART + _STYLE.sub(lambda style: f"{style[0]}{KEEP}", opening)
    yield from _kept(page, [last, *after])
    yield from ((row.end(), LOOSE) for row in _WHOLE_ROW.finditer(page, *last))


def _split(
    page: _Page, blocks: Sequence[Span]
) -> tuple[Sequence[Span], Sequence[Span], Sequence[Span]]:
    """The last block that prints something, between those before it and the gaps after it."""
    gaps = [*takewhile(lambda one: _is_gap(page, one), reversed(blocks))]
    said = len(blocks) - len(gaps)
    return blocks[: max(0, said - 1)], blocks[max(0, said - 1) : said], gaps


def _kept(page: _Page, parts: Sequence[Span]) -> Iterator[tuple[int, str]]:
    return ((style.end(), KEEP) for part in parts for style in _STYLE.finditer(page, *part))


def _loosened(page: _Page, blocks: Sequence[Span]) -> Iterator[tuple[int, str]]:
    """LibreOffice keeps no table with what follows when its only row may not be cut."""
    for block in blocks:
        rows = _rows(page, block) if _is_table(page, block) else []
        if len(rows) == 1 and _row_lines(page, rows[0]) <= FITS:
            yield from ((row.end(), LOOSE) for row in _WHOLE_ROW.finditer(page, *rows[0]))


def _is_table(page: _Page, block: Span) -> bool:
    return page.startswith("<w:tbl", block[0])


def _is_gap(page: _Page, block: Span) -> bool:
    return _GAP.match(page, *block) is not None


def _rows(page: _Page, table: Span) -> list[Span]:
    if table not in page.rows:
        page.rows[table] = [*spans(ROW_OPENS, page, *table)]
    return page.rows[table]


def _height(page: _Page, block: Span) -> float:
    """About how high a block is printed, in centimetres."""
    if block not in page.heights:
        page.heights[block] = _measured(page, block)
    return page.heights[block]


def _measured(page: _Page, block: Span) -> float:
    if _is_table(page, block):
        return sum(_row_height(page, row) for row in _rows(page, block))
    return 0.0 if _is_gap(page, block) else _lines(page, block) * LINE + HEADING


def _row_height(page: _Page, row: Span) -> float:
    least = _HEIGHT.search(page, *row)
    said = _row_lines(page, row) * LINE + PADDING
    return max(said, int(least[1]) / TWIPS_PER_CM if least else 0)


def _row_lines(page: _Page, row: Span) -> float:
    if row not in page.lines:
        cells = spans(CELL, page, *row)
        page.lines[row] = max((_lines(page, cell) for cell in cells), default=0)
    return page.lines[row]


def _lines(page: _Page, cell: Span) -> float:
    return _lines_in(page[slice(*cell)])


@of_usual_cells
def _lines_in(cell: str) -> float:
    width = _WIDTH.search(cell)
    letters = int(width[1]) / TWIPS_PER_CM * LETTERS_PER_CM or NARROW if width else LETTERS
    lines = cell.replace("<w:br/>", "</w:p>").split("</w:p>")
    return sum(-(-len(said_in(line)) // letters) for line in lines)


def _inserted(pieces: Sequence[str], added: Additions) -> list[str]:
    """A place stands within what the template writes, never within a value."""
    made, ends = list(pieces), [*accumulate(map(len, pieces))]
    for place in sorted(added, reverse=True):  # the places before it are still where they were
        rank = bisect_left(ends, place)
        here = place - (ends[rank - 1] if rank else 0)
        piece = made[rank]
        made[rank] = f"{piece[:here]}{added[place]}{piece[here:]}"
    return made
