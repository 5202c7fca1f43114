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

from dla_docs.templating.page_parts import (
    KEEP,
    LINE,
    STYLE,
    TWIPS_PER_CM,
    Block,
    Parts,
    Placed,
    Row,
    page_of,
)

MOST_ROWS = 8
FEWEST, LAST = 4, 2  # rows of a table that lets its last ones go with the end of the document
# Shares of the height of a text: what is cut no more; what of a taller table is not, at its end;
# what the end of the document may fill of its page.
TALLEST = {"TableauDLA": 0.28, "FicheDLA": 0.45}
TAIL, FULL = 0.4, 0.62
THIRD = 0.42  # of the last page of a document: a third, for a text is counted higher than it is
AROUND, NOTED = {"1": 1.0, "2": 0.45, "3": 0.3}, 0.4  # cm around a heading, around a note
ROW = 0.3  # of a row that is cut no more: on a form, its lines are up to twice as high
A4, MARGINS = 29.7, 4.0  # cm
FITS = 3  # lines that are never cut, for two stand together at each end of a page
TOGETHER = 2  # points of a list that stand together at each end of a page
OPENING = 2  # rows, at most, of a table that opens a section: what follows is read with it
LOOSE = ' w:val="off"'  # « 0 » is no word of this element
# Between a table and the row that closes it, set apart: Word would join two neighbours.
APART = (
    '</w:tbl><w:p><w:pPr><w:pStyle w:val="Intervalle"/><w:keepNext/><w:spacing w:after="0"/>'
    "</w:pPr></w:p>"
)
HEADED, LABELLED = (
    f'w:val="{value}" w:firstRow="{row}" w:lastRow="0" w:firstColumn="{column}"'
    for value, row, column in (("0420", 1, 0), ("0480", 0, 1))
)  # how a table is read: by its first row, by its first column
Additions = dict[int, str]

_PAGE = re.compile(r'<w:pgSz [^>]*w:h="(\d+)"')


def kept_whole(pieces: Sequence[str]) -> list[str]:
    """Les mêmes morceaux d'une page, où les lignes d'un petit tableau restent ensemble, et où un
    intervalle gardé avec la suite y garde aussi ce qui vient d'être imprimé.
    """
    page = page_of(pieces)
    blocks, added, room = page.blocks, Additions(), _room(page.text)
    _, last, _ = _split(blocks)
    for block in blocks:
        if block[1].is_table:
            added.update(_within(block, room, [block] == last))
            added.update(_rows_held(block, room))
    for neighbours in (_lists, _notes, _openings):
        added.update(neighbours(blocks))
    added |= _ends(blocks, room)
    added.update(_last_page(blocks, room))
    return _inserted(pieces, added)


def _ends(blocks: Sequence[Placed], room: float) -> Additions:
    """Where what precedes each end of the document is kept with it. Ends follow one another (the
    signatures, the coordinates): where they are too high together, the last one is let go, for
    signatures without the text they sign are worse than coordinates alone.
    """

    def held(rank: int, last: int) -> Additions:
        high = sum(block.height for _, block in blocks[rank:last])
        return dict(_before(blocks[:rank], high, room))

    kept, below, last, lower = Additions(), Additions(), len(blocks), len(blocks)
    endings = [rank for rank, (_, block) in enumerate(blocks) if block.is_ending]
    for rank in reversed(endings):
        places = held(rank, last)
        if not places and below and (places := held(rank, lower)):
            below, last = {}, lower
        kept |= below
        below, lower, last = places, rank, last if places else rank
    return kept | below


def _last_page(blocks: Sequence[Placed], room: float) -> Iterator[tuple[int, str]]:
    """Where the last headings of a document that nothing ends, or its coordinates alone, are kept
    together: enough of them for its last page not to be nearly blank.
    """
    ends = sum(block.is_ending for _, block in blocks)
    for placed in () if ends > 1 else _tail_of(blocks, room):
        if placed[1].is_table:
            yield from _kept(_rows(placed))
            yield from _loosened([placed])
        else:
            yield from _kept([placed])


def _tail_of(blocks: Sequence[Placed], room: float) -> Sequence[Placed]:
    """What is said from the last heading that leaves a third of a page below it, but for its last
    block; nothing when it would fill the page, or holds a table that may be cut.
    """
    high = 0.0
    for rank in range(len(blocks) - 1, 0, -1):
        block = blocks[rank][1]
        if block.is_table and not _is_small(block, room):  # not to be measured in vain
            break
        high += _printed(block)
        if high > FULL * room:
            break
        if block.level and not blocks[rank - 1][1].level and high >= THIRD * room:
            return blocks[rank:-1]
    return ()


def _printed(block: Block) -> float:
    """The height of a block, in centimetres, nearer than what a threshold asks of it."""
    if block.is_table or block.is_gap:
        return block.height
    around = AROUND.get(block.level, 0.1 if block.is_point else NOTED if block.is_note else 0.2)
    return block.lines * LINE + around


def _is_small(block: Block, room: float) -> bool:
    return (
        bool(block.style)
        and len(block.rows) <= MOST_ROWS
        and block.height <= TALLEST[block.style] * room
    )


def _room(page: str) -> float:
    size = _PAGE.search(page, max(0, page.rfind("<w:pgSz ")))
    return (int(size[1]) / TWIPS_PER_CM if size else A4) - MARGINS


def _within(placed: Placed, room: float, ends: bool) -> Iterator[tuple[int, str]]:
    """Where the rows of a small table are kept with the next one; of a taller one that holds labels
    and values and ends the document, its last rows, for they may be alone on a last page.
    """
    if _is_small(placed[1], room):
        yield from _kept(_rows(placed)[:-1])
    elif ends and placed[1].style == "FicheDLA":
        yield from _kept(_tail(_rows(placed), room)[:-1])


def _rows_held(placed: Placed, room: float) -> Iterator[tuple[int, str]]:
    """Where a row that a template lets go on over the page is whole: its text is short here."""
    rows = _rows(placed) if placed[1].style else []
    for start, row in rows if len(rows) > 1 else ():
        if row.height <= ROW * room and row.held:
            yield start + row.held[0], row.held[1]


def _tail(rows: Sequence[tuple[int, Row]], room: float) -> Sequence[tuple[int, Row]]:
    high = 0.0
    for rank in range(len(rows) - 1, 0, -1):
        high += rows[rank][1].height
        if high >= TAIL * room:
            return rows[rank:]
    return rows


def _lists(blocks: Sequence[Placed]) -> Iterator[tuple[int, str]]:
    """Where a point of a list is kept with the next one: no point is alone on a page."""
    points = [one for one in blocks if one[1].is_point]
    for group in _joined(points):
        ends = {*group[:-1][: TOGETHER - 1], *group[-TOGETHER:-1]}
        yield from _kept([one for one in ends if one[1].lines <= FITS])


def _joined(points: Sequence[Placed]) -> Iterator[list[Placed]]:
    """The points that follow one another: nothing is written between two of them."""
    group: list[Placed] = []
    for point in points:
        if group and group[-1][0] + len(group[-1][1].text) != point[0]:
            yield group
            group = []
        group.append(point)
    if group:
        yield group


def _notes(blocks: Sequence[Placed]) -> Iterator[tuple[int, str]]:
    """Where the last row of a table is kept with the note below it."""
    for rank, (_, block) in enumerate(blocks):
        if block.is_note:
            yield from _with_next(blocks[:rank])


def _openings(blocks: Sequence[Placed]) -> Iterator[tuple[int, str]]:
    """Where the few labels and values that open a section are kept with what follows in it."""
    said = [one for one in blocks if not one[1].is_gap]
    for (_, title), (_, table), after in zip(said, said[1:], said[2:], strict=False):
        other = after[1].level
        if title.level and _opens(table) and (not other or other > title.level):
            yield from _with_next(blocks[: blocks.index(after)])


def _opens(block: Block) -> bool:
    return block.style == "FicheDLA" and len(block.rows) <= OPENING


def _with_next(blocks: Sequence[Placed]) -> Iterator[tuple[int, str]]:
    """Where the last row of a table is kept with what comes after the last of these blocks; nowhere
    when they do not end with a table and gaps.
    """
    _, table, gaps = _split(blocks)
    if table and table[0][1].is_table:
        yield from _kept([*_rows(table[0])[-1:], *gaps])
        yield from _loosened(table)


def _before(blocks: Sequence[Placed], end: float, room: float) -> Iterator[tuple[int, str]]:
    """Where what was printed last is kept with the end of the document: a text, a small table, the
    last rows of another, the row that closes one of several pages; nothing, when they would fill
    the page, or when it is the note of such a table: LibreOffice would take the note alone.
    """
    rest, last, gaps = _split(blocks)
    if table := _of_several_pages(rest, last, room):
        if end <= FULL * room and _is_closed(table, room):
            note = [] if table in last else last
            yield from _set_apart(table, [*note, *gaps])
            return
        if table not in last:
            return
    held: Parts = last
    if last and last[0][1].is_table and last[0][1].height + end > FULL * room:
        held = _rows(last[0])[FEWEST:][-LAST:]
        end = end if held else room
    if end <= FULL * room:
        yield from _kept([*held, *gaps])
        yield from _loosened(held)


def _of_several_pages(rest: Sequence[Placed], held: Sequence[Placed], room: float) -> Placed | None:
    """The table that was printed last, or whose note was, when it goes over several pages."""
    noted = bool(held) and held[0][1].is_note
    _, last, _ = _split(rest) if noted else (rest, held, ())
    high = last and last[0][1].is_table and last[0][1].height > FULL * room
    return last[0] if high else None


def _is_closed(table: Placed, room: float) -> bool:
    """Whether the last row of a table, alone of all, says itself what it is."""
    *others, last = (row for _, row in table[1].rows)
    labelled = [row.is_labelled for row in (*others[-1:], last)]
    return labelled == [False, True] and last.height <= ROW * room


def _set_apart(table: Placed, after: Parts) -> Iterator[tuple[int, str]]:
    """The row that closes a table becomes a table, for LibreOffice takes rows to the next page from
    the first page of a table only, and goes with what follows it. The titles of the columns are
    printed again above it; those that hold a field are not, for a field is asked once.
    """
    first, *_, last = _rows(table)
    table_opening = table[1].text[: first[0] - table[0]]
    opening = table_opening + first[1].text
    if "<w:sdt>" in opening or "<w:tblHeader/>" not in opening:
        opening = table_opening.replace(HEADED, LABELLED)
    yield last[0], APART + STYLE.sub(lambda style: f"{style[0]}{KEEP}", opening)
    yield from _kept([last, *after])
    yield from ((last[0] + end, LOOSE) for end in last[1].whole_rows)


def _split(blocks: Sequence[Placed]) -> tuple[Sequence[Placed], Sequence[Placed], Sequence[Placed]]:
    """The last block that prints something, between those before it and the gaps after it."""
    gaps = [*takewhile(lambda one: one[1].is_gap, reversed(blocks))]
    said = len(blocks) - len(gaps)
    return blocks[: max(0, said - 1)], blocks[max(0, said - 1) : said], gaps


def _rows(table: Placed) -> list[tuple[int, Row]]:
    """The rows of a table, where they start in its page."""
    return [(table[0] + start, row) for start, row in table[1].rows]


def _kept(parts: Parts) -> Iterator[tuple[int, str]]:
    return ((start + end, KEEP) for start, part in parts for end in part.styles)


def _loosened(parts: Parts) -> Iterator[tuple[int, str]]:
    """LibreOffice keeps no table with what follows when its only row may not be cut."""
    for start, block in parts:
        if isinstance(block, Block) and len(block.rows) == 1 and block.rows[0][1].lines <= FITS:
            at, row = block.rows[0]
            yield from ((start + at + end, LOOSE) for end in row.whole_rows)


def _inserted(pieces: Sequence[str], added: Additions) -> list[str]:
    """A place stands within what the template writes, never within a value."""
    made, ends = list(pieces), [*accumulate(map(len, pieces))]
    for place in sorted(added, reverse=True):  # the places before it are still where they were
        rank = bisect_left(ends, place)
        here = place - (ends[rank - 1] if rank else 0)
        piece = made[rank]
        made[rank] = f"{piece[:here]}{added[place]}{piece[here:]}"
    return made
