"""L'écriture d'une présentation : chaque texte dans la zone que le modèle lui réserve, puis un
fichier qui ne tient rien d'un autre, ni l'heure qu'il est.
"""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from lxml import etree

from dla_docs.slides.fitting import INDENT, INSET, LEAST, Grid, Slide, title_size
from dla_docs.slides.layouts import DRAWING, POINT, Disposition, Model
from dla_docs.slides.outline import Passage, Tableau
from dla_docs.spelling import counted
from dla_docs.templating import Image
from dla_docs.word.archive import pack, write_archive

LANGUAGE = "fr-FR"
RUN = f"{DRAWING}rPr"
PRESENTATION = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
KEPT = {"slideMaster", "notesMaster", "handoutMaster", "presProps", "viewProps", "theme"}
KEPT |= {"tableStyles", "font", "slide"}  # what a template is made of; the rest is of its author
CORE = "metadata/core-properties"
PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # of PowerPoint: neither colour nor grid
STRIP, BETWEEN = 1.4 * 72 / 2.54, 14.0  # points: the height of the logos, and what parts them
NUMBER = {"sldNum": "Numéro de diapositive", "ftr": "Pied de page"}
RULES = (("lnL", 0), ("lnR", 0), ("lnT", 0), ("lnB", 0.75))
CHANGED = ("author", "last_modified_by", "title", "subject", "category", "comments", "keywords")
NEVER = ("content_status", "identifier", "version")


@dataclass(frozen=True)
class About:
    """Ce que le fichier dit de lui-même."""

    titre: str
    auteur: str
    pied: str
    fait_le: str  # as the core properties write it; nothing when no day is known


def written(
    model: Model, cover: Slide, logos: Sequence[Image], slides: Sequence[Slide], about: About
) -> bytes:
    """Les octets d'une présentation ; les mêmes quand on la refait."""
    _emptied(model.file)
    made = _Made.on(model, model.cover, about)
    made.title(cover, title_size([cover.section.titre], model.cover.title))
    made.text(cover)
    made.pictures(logos)
    size = title_size([slide.section.titre for slide in slides], model.content.title)
    for slide in slides:
        made = _Made.on(model, model.content, about)
        made.title(slide, size)
        if slide.section.tableau is None:
            made.text(slide)
        else:
            made.table(slide, slide.section.tableau)
    _tell(model.file, about)
    return _packed(model.file)


@dataclass(frozen=True)
class _Made:
    """A slide being made on a layout."""

    slide: Any
    place: Disposition
    pale: bool

    @classmethod
    def on(cls, model: Model, place: Disposition, about: About) -> _Made:
        slide = model.file.slides.add_slide(place.layout)
        kept = (place.title_idx, place.text_idx)
        for held in list(slide.placeholders):
            if held.placeholder_format.idx not in kept:
                held._element.getparent().remove(held._element)
        made = cls(slide, place, model.pale)
        made._surround(about)
        return made

    def _held(self, idx: int) -> Any:
        return next(one for one in self.slide.placeholders if one.placeholder_format.idx == idx)

    def _surround(self, about: About) -> None:
        """Its number and its foot, that the library leaves on the layout."""
        texts = {"ftr": about.pied, "sldNum": ""}
        for held in self.place.layout.placeholders:
            kind = held._element.find(".//{*}nvPr/{*}ph").get("type", "")
            if kind == "sldNum" or texts.get(kind):
                shape = copy.deepcopy(held._element)
                shape.find(".//{*}cNvPr").set("id", str(self._next_id()))
                shape.find(".//{*}cNvPr").set("name", NUMBER[kind])
                for look in shape.iter(f"{DRAWING}rPr", f"{DRAWING}endParaRPr"):
                    look.set("lang", LANGUAGE)
                    look.set("sz", str(round(LEAST * 100)))
                if texts[kind]:
                    _fill(shape.find("{*}txBody"), [_paragraph(texts[kind], LEAST)])
                self.slide.shapes._spTree.append(shape)

    def _next_id(self) -> int:
        tree = self.slide.shapes._spTree
        return max(int(one.get("id")) for one in tree.iter("{*}cNvPr")) + 1

    def title(self, slide: Slide, size: float | None) -> None:
        held, said = self._held(self.place.title_idx), slide.section
        held.name = "Titre"
        usual = size == self.place.title.font.size
        _fill(held._element.txBody, [_paragraph(said.titre, None if usual else size)])
        tree = held._element.getparent()
        tree.remove(held._element)
        tree.insert(2, held._element)  # what is read first
        if said.notes:
            self._notes(said.notes)

    def _notes(self, notes: Iterable[str]) -> None:
        page = self.slide.notes_slide
        frame = page.notes_text_frame
        if frame is not None:
            _fill(frame._txBody, [_paragraph(line) for note in notes for line in note.split("\n")])

    def text(self, slide: Slide) -> None:
        held = self._held(self.place.text_idx)
        held.name = "Texte"
        body = held._element.txBody
        for name in ("lIns", "rIns"):
            body.bodyPr.set(name, str(round(INSET[0] * POINT)))
        for name in ("tIns", "bIns"):
            body.bodyPr.set(name, str(round(INSET[1] * POINT)))
        body.bodyPr.set("anchor", "t")
        _fill(body, list(_paragraphs(slide.section.passages, slide.size)))

    def table(self, slide: Slide, said: Tableau) -> None:
        from pptx.shapes.placeholder import TablePlaceholder
        from pptx.util import Pt

        held = self._held(self.place.text_idx)
        zone: Any = TablePlaceholder(held._element, held._parent)
        shape = zone.insert_table(len(said.lignes) + 1, len(said.entetes))
        shape.name = "Tableau"
        shape._element.nvGraphicFramePr.cNvPr.set("descr", _described(slide.section.titre, said))
        grid = Grid(said, self.place.text.font, self.place.text.width)
        for column, width in zip(shape.table.columns, grid.columns, strict=True):
            column.width = Pt(width)
        for row, height in zip(shape.table.rows, slide.heights, strict=True):
            row.height = Pt(height)
        shape.height = sum((row.height for row in shape.table.rows), 0)
        _ruled(shape.table, [said.entetes, *said.lignes], slide.size, self.pale)

    def pictures(self, logos: Sequence[Image]) -> None:
        """In a strip at the foot of the text, that the text leaves free."""
        from pptx.util import Pt

        zone = self._held(self.place.text_idx)
        left, width = zone.left / POINT + INSET[0], zone.width / POINT - 2 * INSET[0]
        foot = (zone.top + zone.height) / POINT
        for image, across, high in _scaled(logos, width):
            top = foot - STRIP + (STRIP - high) / 2
            shape = self.slide.shapes.add_picture(
                BytesIO(image.content), Pt(left), Pt(top), Pt(across), Pt(high)
            )
            shape.name = "Logo"
            shape._element.nvPicPr.cNvPr.set("descr", image.alt)
            left += across + BETWEEN


def _scaled(logos: Sequence[Image], room: float) -> Iterator[tuple[Image, float, float]]:
    """Each with its size in points: they stand on one line."""
    sizes = [tuple(one / POINT for one in image.size_emu()) for image in logos]
    whole = sum(across for across, _ in sizes) + BETWEEN * (len(sizes) - 1)
    share = min(1.0, (room - BETWEEN * (len(sizes) - 1)) / max(1.0, whole))
    for image, (across, high) in zip(logos, sizes, strict=True):
        yield image, across * share, high * share


def _described(titre: str, table: Tableau) -> str:
    rows = counted(len(table.lignes), "ligne")
    return f"{titre}. Tableau, {rows} ; colonnes : {', '.join(table.entetes)}."


def _paragraphs(passages: Iterable[Passage], size: float) -> Iterator[etree._Element]:
    for one in passages:
        if one.libelle:
            yield _paragraph(one.libelle, size, bold=True, own=True)
        yield _paragraph(one.texte, size, bold=one.fort, bullet=one.puce, own=True)


def _paragraph(
    text: str,
    size: float | None = None,
    *,
    bold: bool = False,
    bullet: bool = False,
    own: bool = False,
) -> etree._Element:
    """``own`` : it says how it stands, whatever the template does."""
    made = etree.Element(f"{DRAWING}p", nsmap={"a": DRAWING[1:-1]})
    if own:
        made.append(_standing(bullet))
    run = etree.SubElement(made, f"{DRAWING}r")
    look = etree.SubElement(run, f"{DRAWING}rPr", lang=LANGUAGE)
    if size:
        look.set("sz", str(round(size * 100)))
    if bold:
        look.set("b", "1")
    etree.SubElement(run, f"{DRAWING}t").text = text
    return made


def _standing(bullet: bool) -> etree._Element:
    edge = str(round(INDENT * POINT)) if bullet else "0"
    made = etree.Element(f"{DRAWING}pPr", marL=edge, indent=f"-{edge}" if bullet else "0")
    for name, unit, value in (("lnSpc", "spcPct", "100000"), ("spcBef", "spcPts", "600")):
        etree.SubElement(etree.SubElement(made, f"{DRAWING}{name}"), f"{DRAWING}{unit}", val=value)
    after = etree.SubElement(made, f"{DRAWING}spcAft")
    etree.SubElement(after, f"{DRAWING}spcPts", val="0")
    if bullet:
        etree.SubElement(made, f"{DRAWING}buChar", char="•")
    else:
        etree.SubElement(made, f"{DRAWING}buNone")
    return made


def _fill(body: Any, paragraphs: Sequence[etree._Element]) -> None:
    for held in body.findall(f"{DRAWING}p"):
        body.remove(held)
    for one in paragraphs or [etree.Element(f"{DRAWING}p")]:
        body.append(one)


def _ruled(table: Any, rows: Sequence[Sequence[str]], size: float, pale: bool) -> None:
    """Headings, and a rule under each row: nothing that a colour of the template may hide."""
    table._tbl.tblPr.set("bandRow", "0")
    table._tbl.tblPr.find(f"{DRAWING}tableStyleId").text = PLAIN_TABLE
    for rank, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        for cell, text in zip(row.cells, texts, strict=True):
            head = rank == 0
            lines = [_paragraph(line, size, bold=head) for line in text.split("\n")]
            for look in (look for line in lines if pale and head for look in line.iter(RUN)):
                _coloured(look, "tx2")
            _fill(cell._tc.txBody, lines)
            _edges(cell, head, head and pale)


def _coloured(look: Any, name: str) -> None:
    fill = etree.SubElement(look, f"{DRAWING}solidFill")
    etree.SubElement(fill, f"{DRAWING}schemeClr", val=name)


def _edges(cell: Any, head: bool, pale: bool) -> None:
    properties = cell._tc.get_or_add_tcPr()
    for name, value in zip(
        ("marL", "marR", "marT", "marB"), (INSET[0],) * 2 + (INSET[1],) * 2, strict=True
    ):
        properties.set(name, str(round(value * POINT)))
    for name, width in RULES:
        line = etree.SubElement(
            properties, f"{DRAWING}{name}", w=str(round((2 if head else 1) * width * POINT))
        )
        if width:
            _coloured(line, "accent1")
        else:
            etree.SubElement(line, f"{DRAWING}noFill")
    if pale:
        _coloured(properties, "bg2")
    else:
        etree.SubElement(properties, f"{DRAWING}noFill")


def _emptied(file: Any) -> None:
    """Without the slides of its author, nor what they said of them."""
    root = file.part._element
    ids = root.find(f"{PRESENTATION}sldIdLst")
    for held in list(ids) if ids is not None else []:
        ids.remove(held)
    for name in ("custShowLst", "custDataLst", "extLst", "modifyVerifier", "photoAlbum"):
        for held in root.findall(f"{PRESENTATION}{name}"):
            root.remove(held)
    for rel_id, link in list(file.part.rels.items()):
        if link.reltype.rpartition("/")[2] not in KEPT - {"slide"}:
            file.part.rels.pop(rel_id)
    package = file.part.package
    for rel_id, link in list(package._rels.items()):
        if not link.reltype.endswith(("/officeDocument", CORE)):
            package._rels.pop(rel_id)


def _tell(file: Any, about: About) -> None:
    told = file.core_properties
    for name in (*CHANGED, *NEVER):
        setattr(told, name, "")
    told.title, told.author, told.last_modified_by = about.titre, about.auteur, about.auteur
    told.subject, told.language, told.revision = "Dispositif local d’accompagnement", LANGUAGE, 1
    root = told._element
    for held in [one for one in root if etree.QName(one).localname in ("lastPrinted",)]:
        root.remove(held)
    if about.fait_le:
        told.created = told.modified = datetime.fromisoformat(about.fait_le.removesuffix("Z"))
    else:
        for held in [o for o in root if etree.QName(o).localname in ("created", "modified")]:
            root.remove(held)


def _packed(file: Any) -> bytes:
    """The same parts, without the hour at which the library wrote them."""
    stream = BytesIO()
    file.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return write_archive(pack(name, archive.read(name)) for name in archive.namelist())
