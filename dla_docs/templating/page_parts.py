"""Les paragraphes, les tableaux et les lignes d'une page imprimée, et ce qu'on y trouve par leur
texte seul : il est le même dans tout document qui les imprime de même, et n'est cherché qu'une
fois.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from dla_docs.templating.spans import (
    BLOCK,
    CELL,
    ROW_OPENS,
    Span,
    of_usual_cells,
    of_usual_rows,
    of_usual_tables,
    said_in,
    spans,
)

LINE, PADDING, HEADING = 0.42, 0.2, 0.6  # cm
LETTERS_PER_CM, TWIPS_PER_CM = 5.5, 567
LETTERS, NARROW = 80, 20  # of a line of a page; of a column as wide as its table lets it
EM, SIDES = 200, 216  # twentieths of a point: a letter as wide as it is high; a cell's two sides
THIN, BROAD = "fijlrt.,;:!|/()’'\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "mwMW%@&"
SMALL, CAPITAL, WIDEST = 0.55, 0.66, 0.86  # of EM; the letters of the widest family hold in it
KEEP, WHOLE = "<w:keepNext/>", "<w:cantSplit/>"

_TABLE_STYLE = re.compile(r'<w:tblStyle w:val="(TableauDLA|FicheDLA)"/>')
STYLE = re.compile(r"<w:pPr><w:pStyle [^>]*/>(?!<w:keepNext)")
_FREE_ROW = re.compile("<w:tr(?: [^>]*)?>(?:(<w:trPr>)(?!<w:cantSplit)|(?!<w:trPr>))")
_WHOLE_ROW = re.compile("<w:cantSplit(?=/>)")
_STYLED = re.compile(
    r'<w:p[^>]*><w:pPr><w:pStyle w:val="(?:(Intervalle)|(Mention)|(Liste[a-z]+)|Titre([1-9]))"/>'
    f"({KEEP})?"
)
_LABEL = re.compile('<w:tr(?:(?!</w:tc>).)*?<w:pStyle w:val="LibelleTableau"/>', re.DOTALL)
_WIDTH = re.compile(r'<w:tcW w:w="(\d+)"')
_HEIGHT = re.compile(r'<w:trHeight w:val="(\d+)"')
_WORD = re.compile(r"[^ \-–—\n]+")


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


class Lines:
    """Ce que disent les lignes d'une cellule ou d'un paragraphe ; ``wide`` : la largeur qu'elle
    dit, 0 quand elle n'en dit pas.
    """

    def __init__(self, text: str) -> None:
        self._width = _WIDTH.search(text)
        self.wide = int(self._width[1]) if self._width else 0
        self.said = [said_in(line) for line in text.replace("<w:br/>", "</w:p>").split("</w:p>")]

    @cached_property
    def count(self) -> float:
        """Combien de lignes elles prennent."""
        letters = (self.wide / TWIPS_PER_CM * LETTERS_PER_CM or NARROW) if self._width else LETTERS
        return sum(-(-len(line) // letters) for line in self.said)

    @cached_property
    def wanted(self) -> int:
        """Ce que prend son mot le plus long, avec les côtés d'une cellule."""
        widest = 0.0
        for word in sorted(_WORD.findall("\n".join(self.said)), key=len, reverse=True):
            if len(word) * WIDEST <= widest:
                break
            widest = max(widest, sum(map(_SHARES.__getitem__, word)))
        return SIDES + round(EM * widest)

    def said_wide(self, start: int) -> Span:
        """Où sa largeur est dite, d'une cellule qui en dit une et commence là."""
        first, last = self._width.span(1) if self._width else (0, 0)
        return start + first, start + last


class Part:
    """Un paragraphe, un tableau ou une ligne, quelle que soit la page où il est."""

    is_table = is_gap = False

    def __init__(self, text: str) -> None:
        self.text = text

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def styles(self) -> list[int]:
        """Où ses paragraphes, leur style dit, peuvent être gardés avec la suite."""
        return [style.end() for style in STYLE.finditer(self.text)]

    @cached_property
    def whole_rows(self) -> list[int]:
        """Où ses lignes disent ne pas se couper."""
        return [row.end() for row in _WHOLE_ROW.finditer(self.text)]


class Row(Part):
    """Une ligne de tableau ; ``cells`` : ses cellules, et où elles y commencent ; ``lines`` : les
    lignes de la plus haute ; ``height`` : en centimètres.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.cells = [(start, _lines(text[start:stop])) for start, stop in spans(CELL, text)]
        self.lines = max([cell.count for _, cell in self.cells], default=0)
        least, said = _HEIGHT.search(text), self.lines * LINE + PADDING
        self.height = max(said, int(least[1]) / TWIPS_PER_CM if least else 0)

    @cached_property
    def is_labelled(self) -> bool:
        """Vrai quand elle commence par un libellé."""
        return _LABEL.match(self.text) is not None

    @cached_property
    def held(self) -> tuple[int, str] | None:
        """Où l'on peut dire qu'elle ne se coupe pas, et comment ; ``None`` quand elle le dit."""
        free = _FREE_ROW.match(self.text)
        return free and (free.end(), WHOLE if free[1] else f"<w:trPr>{WHOLE}</w:trPr>")


class Block(Part):
    """Un paragraphe ou un tableau ; ``style`` : d'un tableau que les règles connaissent ;
    ``level`` : d'un titre.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.is_table = text.startswith("<w:tbl")
        styled = _STYLED.match(text)
        gap, note, point, title, kept = styled.groups() if styled else ("",) * 5
        self.is_gap, self.is_ending = bool(gap), bool(gap and kept)
        self.is_note, self.is_point, self.level = bool(note), bool(point), title or ""
        found = _TABLE_STYLE.search(text) if self.is_table else None
        self.style = found[1] if found else ""

    @cached_property
    def rows(self) -> list[tuple[int, Row]]:
        """Les lignes d'un tableau, et où elles y commencent."""
        if not self.is_table:
            return []
        return [(row[0], _row(self.text[slice(*row)])) for row in spans(ROW_OPENS, self.text)]

    @cached_property
    def lines(self) -> float:
        """Combien de lignes prend un paragraphe."""
        return Lines(self.text).count  # kept with the paragraph

    @cached_property
    def height(self) -> float:
        """Sa hauteur imprimée, à peu près, en centimètres."""
        if self.is_table:
            return sum(row.height for _, row in self.rows)
        return 0.0 if self.is_gap else self.lines * LINE + HEADING


_lines, _row = of_usual_cells(Lines), of_usual_rows(Row)
_paragraph, _table = of_usual_cells(Block), of_usual_tables(Block)
Placed = tuple[int, Block]  # from where it starts in its page
Parts = Sequence[tuple[int, Part]]


class Page(list[str]):
    """Les morceaux d'une page imprimée ; d'autres morceaux sont une autre page."""

    @cached_property
    def text(self) -> str:
        """La page entière."""
        return "".join(self)

    @cached_property
    def blocks(self) -> list[Placed]:
        """Ses paragraphes et ses tableaux, hors de tout autre, et où ils y commencent."""
        found = ((start, self.text[start:stop]) for start, stop in spans(BLOCK, self.text))
        return [
            (start, (_table if text.startswith("<w:tbl") else _paragraph)(text))
            for start, text in found
        ]


def page_of(pieces: Sequence[str]) -> Page:
    """La page de ces morceaux, telle quelle si elle en est déjà une."""
    return pieces if isinstance(pieces, Page) else Page(pieces)
