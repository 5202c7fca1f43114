"""Plusieurs PDF en un seul : une page de contenu dont les numéros sont ceux des pages, des signets,
des étiquettes, et un numéro qui court d'un bout à l'autre.

Réunir des PDF perd leur structure et leurs données : celui-ci n'annonce aucune norme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pikepdf is an extra
    import pikepdf

WIDTH, HEIGHT = 595, 842  # of the contents, A4 in points
MARGIN, LINE, SIZE, HEADING = 56, 18, 10, 16
ROOM = 40  # lines on a page of contents
BESIDE, ABOVE, SMALL = 28, 22, 8  # where the number that runs stands, from the corner of its page
NORMES = {
    "PDF/A-3b": (("pdfaid:part", "3"), ("pdfaid:conformance", "B")),
    "PDF/UA-1": (("pdfuaid:part", "1"),),
}


@dataclass(frozen=True)
class _Entry:
    title: str
    page: int  # its first, from 1


def bound(parts: Sequence[tuple[str, bytes]], title: str) -> bytes:
    """Un PDF de tous les autres ; ``parts`` : le titre et les octets de chacun, dans l'ordre.
    Les mêmes parts donnent les mêmes octets.
    """
    import pikepdf

    whole = pikepdf.new()
    first = -(-len(parts) // ROOM) + 1
    entries: list[_Entry] = []
    for name, content in parts:
        entries.append(_Entry(name, first + len(whole.pages)))
        with pikepdf.open(BytesIO(content)) as one:
            whole.pages.extend(one.pages)
    _contents(whole, entries, title)
    _number(whole)
    _bookmarks(whole, entries)
    whole.Root.PageLabels = pikepdf.Dictionary(
        Nums=pikepdf.Array([0, pikepdf.Dictionary(S=pikepdf.Name.D)])
    )
    whole.Root.Lang = pikepdf.String("fr-FR")
    whole.docinfo["/Title"] = title
    output = BytesIO()
    whole.save(output, deterministic_id=True)
    return output.getvalue()


def norms_of(pdf: bytes) -> tuple[str, ...]:
    """Les normes qu'annonce un PDF."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document, document.open_metadata() as metadata:
        return tuple(
            name
            for name, marks in NORMES.items()
            if all(metadata.get(key) == value for key, value in marks)
        )


def _number(whole: pikepdf.Pdf) -> None:
    """The number that runs through, in the corner above; the page's own stays at its foot."""
    from pikepdf import Name

    from dla_docs.pdf.font import embedded

    font = whole.make_indirect(embedded(whole))
    last = len(whole.pages)
    for rank, page in enumerate(whole.pages, 1):
        left, _, right, top = (float(one) for one in page.mediabox)
        said = f"Dossier, page {rank} / {last}"
        name = page.add_resource(font, Name.Font, name=Name.CourantDLA)
        x = right - left - BESIDE - _width(said, SMALL)
        page.contents_add(b"q\n", prepend=True)
        shown = _shown(said, str(name), SMALL, x, top - ABOVE)
        page.contents_add(b"\nQ\n" + shown)
        for gone in ("/StructParents", "/Tabs"):
            if gone in page.obj:
                del page.obj[gone]


def _contents(whole: pikepdf.Pdf, entries: Sequence[_Entry], title: str) -> None:
    from pikepdf import Array, Dictionary, Name

    from dla_docs.pdf.font import embedded

    font = whole.make_indirect(embedded(whole))
    targets = [whole.pages[entry.page - entries[0].page].obj for entry in entries]
    for number, start in enumerate(range(0, len(entries), ROOM)):
        drawn = _shown(title, "/F1", HEADING, MARGIN, HEIGHT - MARGIN - HEADING)
        links = Array()
        for rank, entry in enumerate(entries[start : start + ROOM]):
            y = HEIGHT - 2 * MARGIN - LINE * (rank + 1)
            drawn += _row(entry, y)
            links.append(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Link,
                    Rect=Array([MARGIN, y - 4, WIDTH - MARGIN, y + LINE - 4]),
                    Border=Array([0, 0, 0]),
                    Contents=f"Aller à : {entry.title}",
                    Dest=Array([targets[start + rank], Name.Fit]),
                )
            )
        page = whole.add_blank_page(page_size=(WIDTH, HEIGHT))
        page.obj.Contents = whole.make_stream(drawn)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Annots = links
        whole.pages.insert(number, page)
        del whole.pages[-1]


def _row(entry: _Entry, y: float) -> bytes:
    number = str(entry.page)
    end = WIDTH - MARGIN - _width(number, SIZE)
    title = entry.title
    while _width(title, SIZE) > end - MARGIN - LINE:
        title = f"{title[:-2].rstrip()}…"
    return _shown(title, "/F1", SIZE, MARGIN, y) + _shown(number, "/F1", SIZE, end, y)


def _bookmarks(whole: pikepdf.Pdf, entries: Sequence[_Entry]) -> None:
    from pikepdf import OutlineItem

    with whole.open_outline() as outline:
        outline.root.append(OutlineItem("Contenu", 0, "Fit"))
        outline.root.extend(OutlineItem(one.title, one.page - 1, "Fit") for one in entries)


def _width(text: str, size: float) -> float:
    from dla_docs.pdf.font import EM, width_of

    return sum(map(width_of, text)) * size / EM


def _shown(text: str, font: str, size: float, x: float, y: float) -> bytes:
    from dla_docs.pdf.font import coded

    said = coded(text).hex().encode()
    place = f"{font} {size} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm".encode()
    return b"q 0 g BT " + place + b" <" + said + b"> Tj ET Q\n"
