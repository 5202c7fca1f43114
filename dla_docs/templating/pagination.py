"""Les petits tableaux qu'une page ne coupe pas : un modèle ignore combien de lignes feront ses
boucles, le document imprimé le sait.

Un tableau se reconnaît à son style (« Tableau DLA », « Fiche DLA ») : un modèle Word de votre main
qui les emploie en profite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

STYLES = ("TableauDLA", "FicheDLA")
MOST_ROWS = 8
TALLEST = 9.5  # cm, about: more than a third of a page may go on over it
LINE, PADDING = 0.42, 0.2  # cm
LETTERS_PER_CM, TWIPS_PER_CM = 5.5, 567
KEEP = "<w:keepNext/>"

_TABLE = re.compile(
    rf'<w:tbl>(?:(?!<w:tr[ >]).)*?<w:tblStyle w:val="(?:{"|".join(STYLES)})"/>.*?</w:tbl>', re.S
)
_ROW = re.compile(r"<w:tr[ >].*?</w:tr>", re.S)
_CELL = re.compile(r"<w:tc>.*?</w:tc>", re.S)
_PARAGRAPH = re.compile(r"<w:p[ >].*?</w:p>", re.S)
_LINE = re.compile(r"<w:br/>")
_STYLE = re.compile(r"<w:pPr><w:pStyle [^>]*/>(?!<w:keepNext)")
_KEPT_GAP = re.compile(r'<w:p><w:pPr><w:pStyle w:val="Intervalle"/><w:keepNext/>')
_MARK = re.compile(r"<[^>]+>")
_WIDTH = re.compile(r'<w:tcW w:w="(\d+)"')
_HEIGHT = re.compile(r'<w:trHeight w:val="(\d+)"')


def kept_whole(pieces: Sequence[str]) -> list[str]:
    """Les mêmes morceaux d'une page, où les lignes d'un petit tableau restent ensemble ; il reste
    aussi avec ce qui le suit, quand l'intervalle qui les sépare s'y tient.
    """
    page = "".join(pieces)
    return _inserted(pieces, [at for table in _TABLE.finditer(page) for at in _places(page, table)])


def _places(page: str, table: re.Match[str]) -> Iterator[int]:
    rows = list(_ROW.finditer(page, *table.span()))
    if len(rows) > MOST_ROWS or sum(_height(row[0]) for row in rows) > TALLEST:
        return
    followed = _KEPT_GAP.match(page, table.end()) is not None
    for row in rows if followed else rows[:-1]:
        for style in _STYLE.finditer(page, *row.span()):
            yield style.end()


def _height(row: str) -> float:
    """About how high a row is printed, in centimetres."""
    least = _HEIGHT.search(row)
    said = max((_lines(cell[0]) for cell in _CELL.finditer(row)), default=0) * LINE + PADDING
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
