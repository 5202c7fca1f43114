"""Le modèle PowerPoint d'une présentation, ouvert sans danger : ses deux dispositions, trouvées par
leur nom, et la place qu'elles donnent à chaque texte.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from dla_docs.constat import Constat
from dla_docs.errors import InputError, PackageError, TemplateError
from dla_docs.files import read_bytes
from dla_docs.parties.charte import LEAST as READ
from dla_docs.parties.charte import contrast
from dla_docs.resources import how_to_add
from dla_docs.slides.fitting import LEAST, Box
from dla_docs.slides.metrics import Font
from dla_docs.spelling import fold
from dla_docs.word.package import CONTENT_TYPES, MAX_FILE, has_macros, relationships, unpacked
from dla_docs.word.part import owner_of, refusal

if TYPE_CHECKING:
    from pptx.presentation import Presentation as PptxFile

POINT = 12700  # EMU
MAIN = "ppt/presentation.xml"
COVER = ("Diapositive de titre", "Title Slide")  # as PowerPoint names it, in French and in English
CONTENT = ("Titre et contenu", "Title and Content")
TITLES, TEXTS = ("title", "ctrTitle"), ("body", "obj", "subTitle")
SAVE = "Enregistrez-le, dans PowerPoint ou Impress, au format « Présentation PowerPoint (.pptx) »."
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SHORTEST = 6  # lines of text that a slide holds, at the least
TITLE_SIZE, TEXT_SIZE = 44.0, 18.0  # of a template that says nothing
PALE = ("tx2", "bg2")  # what the headings of a table are written in, and on


@dataclass(frozen=True)
class Disposition:
    """Une disposition : son titre et son texte, avec leur zone."""

    layout: Any
    title: Box
    text: Box
    title_idx: int
    text_idx: int


@dataclass(frozen=True)
class Model:
    """Un modèle ouvert, prêt à recevoir des diapositives."""

    file: PptxFile
    cover: Disposition
    content: Disposition
    pale: bool  # the headings of a table are read on its pale colour


def opened(modele: str | Path | None, delivered: bytes) -> Model:
    """Le modèle de l'opérateur, sinon celui qui est livré. ``PackageError`` quand il ne s'ouvre pas
    sans danger, ``TemplateError`` dit toutes les dispositions qui lui manquent.
    """
    name = Path(modele).name if modele else ""
    file = _file(_checked(read_bytes(modele, MAX_FILE), name) if modele else delivered, name)
    found = [_Layout(layout) for layout in file.slide_layouts]
    places = [_place(names, found) for names in (COVER, CONTENT)]
    faults = [one for one in places if isinstance(one, Constat)]
    if faults:
        raise TemplateError(replace(one, fichier=name) for one in faults)
    cover, content = (one for one in places if isinstance(one, Disposition))
    return Model(file, cover, content, _is_pale(content.layout.slide_master))


def _checked(data: bytes, name: str) -> bytes:
    try:
        if len(data) > MAX_FILE:
            raise refusal("Ce modèle dépasse 50 Mo.", "Compressez ses images.")
        if not data.startswith(b"PK"):
            raise refusal("Ce n'est pas une présentation PowerPoint (.pptx).", SAVE)
        _check_parts(unpacked(data, "PowerPoint"))
    except InputError as error:
        raise PackageError(replace(one, fichier=name) for one in error.constats) from error
    return data


def _check_parts(parts: dict[str, bytes]) -> None:
    if MAIN not in parts or CONTENT_TYPES not in parts:
        raise refusal("Ce n'est pas une présentation PowerPoint (.pptx).", SAVE)
    if has_macros(parts):
        raise refusal("Ce modèle contient des macros (.pptm ou .potm).", SAVE)
    if b"presentationml.template.main" in parts[CONTENT_TYPES]:
        raise refusal("C'est un modèle PowerPoint (.potx).", SAVE)
    links = (
        link
        for rels in parts
        if rels.endswith(".rels")
        for link in relationships(parts, owner_of(rels))
    )
    if away := next((link for link in links if link.external and link.kind != "hyperlink"), None):
        raise refusal(
            f"Ce modèle va chercher ailleurs une partie de lui-même (« {away.target[:80]} »).",
            "Incorporez-la au fichier : dans PowerPoint, Fichier, Informations, liens.",
        )


def _file(data: bytes, name: str) -> PptxFile:
    try:
        from pptx import Presentation
    except ModuleNotFoundError as error:
        raise InputError(
            Constat(
                "Le module « python-pptx », qui écrit les présentations, n'est pas installé.",
                conseil=f"Installez-le : « {how_to_add('pptx')} ».",
            )
        ) from error
    try:
        return Presentation(BytesIO(data))
    except Exception as error:  # on damaged parts the library raises whatever it meets
        raise PackageError(
            Constat("Ce modèle PowerPoint est abîmé.", fichier=name, conseil=SAVE)
        ) from error


def _place(names: tuple[str, ...], layouts: list[_Layout]) -> Disposition | Constat:
    wanted = {fold(name) for name in names}
    found = next((one for one in layouts if fold(one.layout.name) in wanted), None)
    known = ", ".join(f"« {one.layout.name} »" for one in layouts) or "aucune"
    if found is None:
        return Constat(
            f"La disposition « {names[0]} » manque à ce modèle, qui a : {known}.",
            conseil="Dans PowerPoint, Affichage, Masque des diapositives : renommez-en une ainsi.",
        )
    title, text = found.first(TITLES), found.first(TEXTS)
    if title is None or text is None:
        lacking = "titre" if title is None else "texte"
        return Constat(
            f"La disposition « {names[0]} » n'a pas de zone de {lacking}.",
            conseil="Ajoutez-la dans le Masque des diapositives (Insérer un espace réservé).",
        )
    boxes = found.box(title, "titleStyle"), found.box(text, "bodyStyle")
    return _narrow(names[0], boxes) or Disposition(
        found.layout, *boxes, title.placeholder_format.idx, text.placeholder_format.idx
    )


def _narrow(name: str, boxes: tuple[Box, Box]) -> Constat | None:
    least = replace(boxes[1].font, size=LEAST)
    if boxes[1].depth >= SHORTEST * least.line and boxes[1].room >= 20 * LEAST:
        return None
    return Constat(
        f"La zone de texte de la disposition « {name} » est trop petite.",
        conseil="Agrandissez-la : six lignes de 14 points au moins, sur 10 cm.",
    )


@dataclass(frozen=True)
class _Layout:
    layout: Any

    @cached_property
    def master(self) -> Any:
        return self.layout.slide_master

    def first(self, kinds: tuple[str, ...]) -> Any:
        """The first place of one of these kinds, in reading order."""
        held = self.layout.placeholders
        return next((one for one in held if _kind(one) in kinds), None)

    def box(self, place: Any, style: str) -> Box:
        """Its size and how it writes, from the layout, or else from the master."""
        looks = list(self._looks(place, style))
        faces = (
            one.get("typeface", "") for look in looks for one in look.iterfind(f"{DRAWING}latin")
        )
        face = next(faces, "")
        size = next((float(str(one.get("sz"))) / 100 for one in looks if one.get("sz")), 0.0)
        font = Font(
            self._family(face or ("+mj-lt" if style == "titleStyle" else "+mn-lt")),
            size or (TITLE_SIZE if style == "titleStyle" else TEXT_SIZE),
            next((one.get("b") for one in looks if one.get("b")), "0") in ("1", "true"),
            next((one.get("cap") for one in looks if one.get("cap")), "none") == "all",
        )
        return Box(place.width / POINT, place.height / POINT, font)

    def _looks(self, place: Any, style: str) -> Iterator[etree._Element]:
        way = f"{{*}}lstStyle/{DRAWING}lvl1pPr/{DRAWING}defRPr"
        yield from place._element.iterfind(f"{{*}}txBody/{way}")
        kinds = TITLES if style == "titleStyle" else ("body",)
        for one in self.master.placeholders:
            if _kind(one) in kinds:
                yield from one._element.iterfind(f"{{*}}txBody/{way}")
        yield from self.master._element.iterfind(
            f"{{*}}txStyles/{{*}}{style}/{DRAWING}lvl1pPr/{DRAWING}defRPr"
        )

    def _family(self, face: str) -> str:
        """A name, or the theme's when it is one of its two."""
        if not face.startswith("+"):
            return face
        which = "majorFont" if face.startswith("+mj") else "minorFont"
        latin = theme_of(self.master).find(f".//{{*}}fontScheme/{{*}}{which}/{{*}}latin")
        return str(latin.get("typeface", "")) if latin is not None else ""


def _kind(place: Any) -> str:
    """As the file says it: nothing is « obj »."""
    return str(place._element.find(".//{*}nvPr/{*}ph").get("type", "obj"))


def theme_of(master: Any) -> etree._Element:
    """Le thème d'un masque."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    root: etree._Element = etree.fromstring(
        master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob
    )
    return root


def _is_pale(master: Any) -> bool:
    colours = [_colour(master, name) for name in PALE]
    return all(colours) and contrast(*map(str, colours)) >= READ


def _colour(master: Any, name: str) -> str | None:
    slot = master._element.find("{*}clrMap").get(name)
    held = theme_of(master).find(f".//{{*}}clrScheme/{{*}}{slot}/*")
    value = held.get("val") if held is not None and held.get("lastClr") is None else None
    said = value or (held.get("lastClr") if held is not None else None)
    return f"#{said}" if said else None
