"""``python -m tests.bench.pages DOSSIER…`` : the pages of the PDFs of a folder: where the first
section is, how full each page is, which headings and short tables are cut.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as raw

from dla_docs.dossier.folder import WHOLE
from dla_docs.word.names import W_P
from dla_docs.word.package import open_package, parse_part
from dla_docs.word.page import text_of

MARGIN = 2 * 72 / 2.54  # points, above the footer and below the header
EDGE = 1.2 * 72 / 2.54  # points; less than the margin on each side
SHORT = 8  # rows of a table that is never cut
LINE = 6.0  # points: what is lower is a rule below words, and no edge
STORIES = ("word/document", "word/header", "word/footer")
TYPED = re.compile(r"\w'\w| [:;!?»]")
ROOM = 22.0  # points below a heading, less than which nothing follows it on its page


@dataclass
class Pages:
    """The pages of one PDF."""

    path: Path
    title: str = ""
    sections: list[tuple[int, str, float]] = field(default_factory=list)
    lowest: list[float] = field(default_factory=list)
    used: list[float] = field(default_factory=list)

    @property
    def starts_late(self) -> bool:
        """No section begins on page 1."""
        return not any(page == 0 for page, _, _ in self.sections)

    @property
    def half_empty(self) -> list[int]:
        """The pages less than 40 % full, the last one aside."""
        return [number for number, share in enumerate(self.used[:-1], 1) if share < 0.4]

    @property
    def orphans(self) -> list[str]:
        """The headings that end a page."""
        return [name for page, name, top in self.sections if top - self.lowest[page] < ROOM]

    @cached_property
    def cut(self) -> list[int]:
        """The number of rows of each short table that stands on two pages."""
        with pikepdf.open(self.path) as pdf:
            return [rows for rows, pages in _tables(pdf) if rows <= SHORT and len(pages) > 1]


def measure(path: Path) -> Pages:
    """What is measured of a PDF."""
    with pypdfium2.PdfDocument(path) as pdf:
        return _measured(path, pdf)


def _measured(path: Path, pdf: pypdfium2.PdfDocument) -> Pages:
    found = Pages(path, pdf.get_metadata_value("Title"))
    for mark in pdf.get_toc():
        if (target := mark.get_dest()) is not None:
            place = (*target.get_view()[1], 0.0, 0.0)
            found.sections.append((target.get_index() or 0, mark.get_title(), place[1]))
    for page in pdf:
        height = page.get_height()
        text = page.get_textpage()
        boxes = (text.get_rect(rank) for rank in range(text.count_rects()))
        pictures = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
        ends = [box[1] for box in (*boxes, *(one.get_bounds() for one in pictures))]
        bottoms = [end for end in ends if end > MARGIN - 4]
        lowest = min(bottoms, default=height)
        found.lowest.append(lowest)
        found.used.append((height - MARGIN - lowest) / (height - 2 * MARGIN))
    return found


def _pages(pdf: bytes) -> Iterator[tuple[int, pypdfium2.PdfPage]]:
    """Each page and its number, closed before anyone else calls PDFium."""
    with pypdfium2.PdfDocument(pdf) as document:
        yield from enumerate(document, 1)


def outside(pdf: bytes) -> list[tuple[int, str]]:
    """The words that run off the left or the right edge of their page, with its number."""
    found = []
    for number, page in _pages(pdf):
        text = page.get_textpage()
        for rank in range(text.count_rects()):
            left, bottom, right, _ = box = text.get_rect(rank)
            if left < EDGE or right > page.get_width() - EDGE or bottom < 0:
                found.append((number, text.get_text_bounded(*box)))
    return found


def across(pdf: bytes) -> list[tuple[int, str]]:
    """The letters that an edge of a cell or of a frame runs through, with the number of their page
    and the words around them.
    """
    found = []
    for number, page in _pages(pdf):
        text, edges = page.get_textpage(), list(_edges(page))
        for rank in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(rank)
            if any(
                left + 1 < edge < right - 1 and low < top - 1 and high > bottom + 1
                for edge, low, high in edges
            ):
                found.append((number, text.get_text_range(max(0, rank - 10), 20)))
    return found


def _edges(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float, float]]:
    for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3):
        left, bottom, right, top = drawn.get_bounds()
        if top - bottom > LINE:
            yield from ((left, bottom, top), (right, bottom, top))


def badly_broken(pdf: bytes) -> list[tuple[int, str]]:
    """The lines that begin with a sign which French never puts there. A wide space within a line
    makes another one of it in the text, not on the page.
    """
    found = []
    for number, page in _pages(pdf):
        text = page.get_textpage()
        said = text.get_text_range()
        for sign in re.finditer(r"(?<=\S)\s*[\r\n]\s*([»:;!?])", said):
            before, at = (text.get_charbox(rank)[1] for rank in (sign.start() - 1, sign.start(1)))
            if abs(before - at) > LINE:
                found.append((number, said[sign.start(1) :].partition("\n")[0]))
    return found


def badly_typed(docx: bytes) -> list[str]:
    """The paragraphs of a Word file with a straight apostrophe, or an ordinary space before
    « : ; ! ? » : a PDF no longer tells a space from another.
    """
    parts = open_package(docx)
    roots = (parse_part(data, name) for name, data in parts.items() if name.startswith(STORIES))
    said = (text_of(one) for root in roots for one in root.iter(W_P))
    return [text for text in said if TYPED.search(text)]


def headless(pdf: bytes) -> list[int]:
    """The number of rows of each table that has no header cell."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.get("/StructTreeRoot")
        assert root is not None, "no structure: nothing to measure"
        tables = [one for one in _walk(root) if one.get("/S") == "/Table"]
        kinds = [[one.get("/S") for one in _walk(table)] for table in tables]
    return [kind.count("/TR") for kind in kinds if "/TH" not in kind]


def _tables(pdf: pikepdf.Pdf) -> Iterator[tuple[int, set[Any]]]:
    root = pdf.Root.get("/StructTreeRoot")
    for element in _walk(root) if root is not None else ():
        if element.get("/S") == "/Table":
            rows = sum(one.get("/S") == "/TR" for one in _walk(element))
            pages = {one.Pg.objgen for one in _walk(element) if "/Pg" in one}
            yield rows, pages


def _walk(element: Any) -> Iterator[Any]:
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _walk(kid)


def each_pdf(folder: Path) -> list[Path]:
    """Le PDF de chaque document d'un dossier, sans celui qui les tient tous : ses pages sont les
    leurs.
    """
    return sorted(path for path in folder.glob("*.pdf") if path.stem != WHOLE)


def main(folders: list[str]) -> None:
    """Prints one line a document, then the sums."""
    measured = [measure(path) for name in folders for path in each_pdf(Path(name))]
    for one in measured:
        shares = " ".join(f"{share:3.0%}" for share in one.used)
        late = "AUCUNE SECTION P1" if one.starts_late else ""
        print(f"{one.path.name[:60]:60} {shares:28} {late} {one.orphans or ''} {one.cut or ''}")
    print(
        f"{len(measured)} documents, {sum(len(one.used) for one in measured)} pages ; "
        f"sans section en page 1 : {sum(one.starts_late for one in measured)} ; "
        f"pages à moins de 40 % : {sum(len(one.half_empty) for one in measured)} ; "
        f"dernières sous un tiers : {sum(one.used[-1] < 1 / 3 for one in measured)} ; "
        f"titres seuls en bas : {sum(len(one.orphans) for one in measured)} ; "
        f"petits tableaux coupés : {sum(len(one.cut) for one in measured)}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
