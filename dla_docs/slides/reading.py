"""Une présentation relue sans la bibliothèque qui l'a écrite : ce que montre chaque diapositive,
dans l'ordre où un lecteur d'écran le dit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from dla_docs.slides.layouts import MAIN
from dla_docs.word.package import parse_part, relationships, unpacked

TITLES = ("title", "ctrTitle")
AROUND = ("ftr", "sldNum", "dt")


@dataclass(frozen=True)
class Shown:
    """Une diapositive : son titre, ses paragraphes, les lignes de son tableau, ses notes.

    ``formes`` : la sorte de chacune de ses formes, dans l'ordre de lecture ;
    ``sans_texte`` : les images et les tableaux que rien ne décrit ; ``corps`` : le plus petit corps
    dit, en points ; ``langues`` : celles de ses textes.
    """

    formes: tuple[str, ...]
    titre: str
    paragraphes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    sans_texte: int
    corps: float
    langues: frozenset[str]


def read_slides(octets: bytes) -> list[Shown]:
    """Les diapositives d'un fichier, dans leur ordre ; ``PackageError`` s'il ne s'ouvre pas."""
    parts = unpacked(octets, "PowerPoint")
    root = parse_part(parts[MAIN], MAIN)
    links = {one.id: one.target for one in relationships(parts, MAIN)}
    ids = [_relation(one) for one in root.iterfind("{*}sldIdLst/{*}sldId")]
    return [_shown(parts, links[one]) for one in ids]


def _relation(element: etree._Element) -> str:
    return next(str(value) for name, value in element.items() if str(name).endswith("}id"))


def _shown(parts: Mapping[str, bytes], name: str) -> Shown:
    root = parse_part(parts[name], name)
    tree = root.find("{*}cSld/{*}spTree")
    shapes = [(_kind(one), one) for one in tree if _kind(one)] if tree is not None else []
    titles = [" ".join(_texts(one)) for kind, one in shapes if kind in TITLES]
    sizes = [int(str(one.get("sz"))) / 100 for one in root.iter("{*}rPr") if one.get("sz")]
    return Shown(
        tuple(kind for kind, _ in shapes),
        titles[0] if len(titles) == 1 else "",
        tuple(text for kind, one in shapes if kind == "texte" for text in _texts(one)),
        tuple(row for _, one in shapes for row in _rows(one)),
        _notes(parts, name),
        sum(1 for kind, one in shapes if kind in ("tableau", "image") and not _described(one)),
        min(sizes, default=0.0),
        frozenset(
            str(look.get("lang"))
            for run in root.iter("{*}r", "{*}fld")
            for look in run.iterfind("{*}rPr")
        ),
    )


def _kind(shape: etree._Element) -> str:
    """« title », « texte », « tableau », « image »… ; nothing of what is no shape."""
    tag = etree.QName(shape).localname
    if tag in ("graphicFrame", "pic"):
        return "tableau" if tag == "graphicFrame" else "image"
    if tag != "sp":
        return ""
    place = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    kind = "libre" if place is None else str(place.get("type", "obj"))
    return kind if kind in (*TITLES, *AROUND, "libre") else "texte"


def _texts(shape: etree._Element) -> Iterator[str]:
    return (_said(one) for one in shape.iterfind("{*}txBody/{*}p"))


def _said(paragraph: etree._Element) -> str:
    return "".join(str(one.text or "") for one in paragraph.iterfind("{*}r/{*}t"))


def _rows(shape: etree._Element) -> Iterator[tuple[str, ...]]:
    for row in shape.iter("{*}tr"):
        yield tuple("\n".join(_texts(cell)) for cell in row.iterfind("{*}tc"))


def _described(shape: etree._Element) -> str:
    held = next(shape.iter("{*}cNvPr"), None)
    return str(held.get("descr", "")) if held is not None else ""


def _notes(parts: Mapping[str, bytes], name: str) -> tuple[str, ...]:
    page = next((one.target for one in relationships(parts, name) if one.kind == "notesSlide"), "")
    if not page:
        return ()
    root = parse_part(parts[page], page)
    shapes = root.iterfind("{*}cSld/{*}spTree/{*}sp")
    return tuple(text for one in shapes if _kind(one) == "texte" for text in _texts(one))
