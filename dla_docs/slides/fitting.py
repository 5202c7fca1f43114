"""La mise en diapositives : ce qui tient dans une zone y va, le reste sur la suivante, « (2/2) ».
Les mesures sont en points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from dla_docs.slides.metrics import Font
from dla_docs.slides.outline import Passage, Section, Tableau

LEAST = 14.0  # points: nothing is printed smaller
TEXT_SIZES, CELL_SIZES = (24.0, 20.0, 18.0), (18.0, 16.0, LEAST)
COVER_SIZES = (*TEXT_SIZES, 16.0, LEAST)
TITLE_SIZES = (32.0, 28.0, 24.0, 20.0)
GAP = 6.0  # above each paragraph
INDENT = 17.0  # of a bullet
INSET = (7.2, 3.6)  # beside and above a text in its box or its cell
SHORT = 0.5  # the share of a slide under which a text is not cut: it goes whole to the next one
AGAIN = "(suite)"
ENDS = (re.compile(r"[.!?…»]$"), re.compile(r"[,;:]$"))  # of a sentence, or else of what it lists


@dataclass(frozen=True)
class Box:
    """La place d'un texte sur une disposition, et comment il s'y écrit."""

    width: float
    height: float
    font: Font

    @property
    def room(self) -> float:
        """La largeur d'une ligne."""
        return self.width - 2 * INSET[0]

    @property
    def depth(self) -> float:
        """La hauteur qui se remplit."""
        return self.height - 2 * INSET[1]


@dataclass(frozen=True)
class Slide:
    """Une diapositive : ce qu'elle porte d'une section, et le corps où elle l'écrit."""

    section: Section
    size: float
    heights: tuple[float, ...] = ()  # of the rows of its table, headings first


def fitted(section: Section, box: Box) -> list[Slide]:
    """Les diapositives d'une section : une, au plus grand corps où elle tient, sinon plusieurs."""
    if section.tableau is None:
        pieces, size = _texts(section.passages, _sizes(TEXT_SIZES, box), box)
        return _numbered([_holding(section, piece, size) for piece in pieces])
    return _numbered(_tables(section, section.tableau, box))


def fitted_cover(section: Section, cover: Box, content: Box) -> list[Slide]:
    """La page de garde, et ce qui n'y tient pas, dans la zone d'un contenu."""
    pieces, size = _texts(section.passages, _sizes(COVER_SIZES, cover), cover)
    first, rest = pieces[0], [one for piece in pieces[1:] for one in piece]
    more, next_size = _texts(rest, _sizes(TEXT_SIZES, content), content)
    slides = [_holding(section, piece, next_size) for piece in more if rest]
    return _numbered([_holding(section, first, size), *slides])


def _holding(section: Section, passages: Sequence[Passage], size: float) -> Slide:
    return Slide(replace(section, passages=tuple(passages)), size)


def _numbered(slides: Sequence[Slide]) -> list[Slide]:
    if len(slides) == 1:
        return list(slides)
    return [_ranked(slide, rank, len(slides)) for rank, slide in enumerate(slides, 1)]


def _ranked(slide: Slide, rank: int, total: int) -> Slide:
    held = slide.section
    notes = held.notes if rank == 1 else (f"{AGAIN.strip('()').capitalize()} de « {held.titre} ».",)
    titre = f"{held.titre} ({rank}/{total})"
    return replace(slide, section=replace(held, titre=titre, notes=notes))


def title_size(titles: Sequence[str], box: Box) -> float | None:
    """Le corps où tous ces titres tiennent dans leur zone, celui du modèle s'il y suffit ; ``None``
    quand aucun ne convient.
    """
    sizes = [box.font.size, *(size for size in TITLE_SIZES if size < box.font.size)]
    fonts = (replace(box.font, size=size) for size in sizes)
    fits = (
        one
        for one in fonts
        if all(one.lines(text, box.room) * one.line <= box.depth for text in titles)
    )
    return next((one.size for one in fits), None)


def _texts(
    passages: Sequence[Passage], sizes: Sequence[float], box: Box
) -> tuple[list[list[Passage]], float]:
    for size in sizes:
        font = replace(box.font, size=size)
        if height_of(passages, font, box.room) <= box.depth:
            return [list(passages)], size
    return list(_pages(passages, font, box)), size


def _sizes(sizes: Sequence[float], box: Box) -> Sequence[float]:
    """Never larger than the template writes, nor smaller than what is read from a chair."""
    return [size for size in sizes if size <= box.font.size] or [LEAST]


def height_of(passages: Sequence[Passage], font: Font, room: float) -> float:
    """La hauteur de textes l'un sous l'autre."""
    return sum(_height(one, font, room) for one in passages)


def _height(one: Passage, font: Font, room: float) -> float:
    bold = replace(font, bold=True)
    shown = bold if one.fort else font
    text = shown.lines(one.texte, room - INDENT * one.puce) * font.line + GAP
    label = bold.lines(one.libelle, room) * font.line + GAP if one.libelle else 0
    return text + label


def _pages(passages: Sequence[Passage], font: Font, box: Box) -> Iterator[list[Passage]]:
    page: list[Passage] = []
    waiting = list(passages)
    while waiting:
        head, tail = _begun(waiting.pop(0), page, font, box)
        page += head
        waiting[:0] = tail
        if tail:
            yield page
            page = []
    if page:
        yield page


def _begun(
    one: Passage, page: Sequence[Passage], font: Font, box: Box
) -> tuple[list[Passage], list[Passage]]:
    """What of a text goes on this slide, and what goes on the next one."""
    room = box.depth - height_of(page, font, box.room)

    def fits(text: str) -> bool:
        return _height(replace(one, texte=text), font, box.room) <= room

    if fits(one.texte):
        return [one], []
    if page and _height(one, font, box.room) <= box.depth * SHORT:
        return [], [one]
    head, tail = _cut(one.texte, fits, alone=not page)
    if not head:
        return [], [one]
    label = f"{one.libelle.removesuffix(f' {AGAIN}')} {AGAIN}" if one.libelle else ""
    rest = replace(one, texte=tail, libelle=label, puce=False)
    return [replace(one, texte=head)], [rest] if tail else []


def _cut(text: str, fits: Callable[[str], bool], alone: bool = True) -> tuple[str, str]:
    """The beginning of a text that fits, at the end of a sentence when there is one in its second
    half; and what follows. ``alone`` : it has a whole slide, and a word that is longer is cut too.
    """
    words = text.split(" ")
    low = _most(len(words), lambda count: fits(" ".join(words[:count])))
    if not low and alone and text:
        low = max(1, _most(len(words[0]), lambda count: fits(words[0][:count])))
        return text[:low], text[low:]
    at = low if low == len(words) else _end(words[:low])
    return " ".join(words[:at]), " ".join(words[at:])


def _end(words: Sequence[str]) -> int:
    """Where to cut these words."""
    later = range(len(words), len(words) // 2, -1)
    found = (rank for end in ENDS for rank in later if end.search(words[rank - 1]))
    return next(found, len(words))


def _most(high: int, fits: Callable[[int], bool]) -> int:
    """The greatest number that fits, from zero."""
    low = 0
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _tables(section: Section, table: Tableau, box: Box) -> list[Slide]:
    for size in _sizes(CELL_SIZES, box):
        grid = Grid(table, replace(box.font, size=size), box.width)
        heights = grid.heights(table.lignes)
        if sum(heights) <= box.height:
            return [Slide(section, size, tuple(heights))]
    return [
        Slide(replace(section, tableau=replace(table, lignes=tuple(rows))), size, tuple(heights))
        for rows in _sheets(grid, box.height)
        for heights in [grid.heights(rows)]
    ]


@dataclass(frozen=True)
class Grid:
    """Un tableau dans sa largeur : ce que mesurent ses colonnes et ses lignes."""

    table: Tableau
    font: Font
    width: float

    @property
    def columns(self) -> list[float]:
        """La largeur de chaque colonne."""
        total = sum(self.table.largeurs)
        return [self.width * share / total for share in self.table.largeurs]

    def heights(self, rows: Sequence[Sequence[str]]) -> list[float]:
        """La hauteur de chaque ligne, celle des titres d'abord."""
        head = self.row(self.table.entetes, replace(self.font, bold=True))
        return [head, *(self.row(row, self.font) for row in rows)]

    def row(self, cells: Sequence[str], font: Font) -> float:
        """La hauteur d'une ligne : celle de sa plus haute case."""
        counts = [
            sum(font.lines(line, width - 2 * INSET[0]) for line in cell.split("\n"))
            for cell, width in zip(cells, self.columns, strict=True)
        ]
        return max(counts) * font.line + 2 * INSET[1]


def _sheets(grid: Grid, height: float) -> Iterator[list[tuple[str, ...]]]:
    """The rows that each slide holds; a row higher than a slide goes on with the next one."""
    room = height - grid.heights([])[0]
    page: list[tuple[str, ...]] = []
    waiting = list(grid.table.lignes)
    while waiting:
        row, used = waiting.pop(0), sum(grid.heights(page)[1:])
        if used + grid.row(row, grid.font) <= room:
            page.append(row)
            continue
        if not page:
            head, tail = _split(row, grid, room)
            page, waiting = [head], [tail, *waiting] if any(tail) else waiting
        else:
            waiting.insert(0, row)
        yield page
        page = []
    if page:
        yield page


def _split(row: Sequence[str], grid: Grid, room: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a whole slide holds of a row, and the rest; its first cell, said already, tells so."""
    blank = [""] * len(row)
    cut = []
    for rank, cell in enumerate(row):

        def fits(text: str, rank: int = rank) -> bool:
            return grid.row([*blank[:rank], text, *blank[rank + 1 :]], grid.font) <= room

        cut.append(_cut(cell, fits))
    rest = tuple(tail for _, tail in cut)
    marked = (rest[0] or AGAIN, *rest[1:]) if any(rest) else rest
    return tuple(head for head, _ in cut), marked
