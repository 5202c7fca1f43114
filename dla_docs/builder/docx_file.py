"""Le fichier .docx d'un modèle Word : ses parties, toujours dans le même ordre et avec les mêmes
dates, donc les mêmes octets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from xml.sax.saxutils import escape

from lxml import etree

from dla_docs.builder.printed_words import typeset
from dla_docs.builder.wml import Element, q, w
from dla_docs.word.archive import pack, write_archive
from dla_docs.word.names import NAMESPACES, insert_ordered
from dla_docs.word.order import PARAGRAPH_PROPERTIES
from dla_docs.word.part import serialise

DATE = "2000-01-01T00:00:00Z"
OFFICE = NAMESPACES["r"]
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
BASE = (
    "styles",
    "theme",
    "settings",
    "fontTable",
    "numbering",
)  # parts that every template shares; files of the folder « socle »
OWN_NUMBERINGS = 3  # of the folder « socle »: the numbered list, the bulleted one, the articles
STORIES = {"header1": "header", "header2": "header", "footer1": "footer"}
THEME = "application/vnd.openxmlformats-officedocument.theme+xml"


def package(named: tuple[str, str], document: Element, stories: Mapping[str, Element]) -> bytes:
    """Le fichier ; ``named`` : son titre et son auteur ; ``stories`` : les en-têtes et le pied de
    page, par nom de partie.
    """
    lists = _number_lists(document)
    _number_controls(document)
    parts = {
        name: (resources.files(__package__) / "socle" / f"{name}.xml").read_bytes() for name in BASE
    }
    parts["numbering"] = _numbering(parts["numbering"], lists)
    word = {f"word/{name}.xml": content for name, content in parts.items()}
    word |= {
        f"word/{name}.xml": _xml(root) for name, root in {"document": document, **stories}.items()
    }
    fixed = {
        "[Content_Types].xml": _content_types(word),
        "_rels/.rels": _package_rels(),
        "word/_rels/document.xml.rels": _document_rels(),
    }
    parts = {**fixed, "docProps/core.xml": _core(*named), "docProps/app.xml": _app(), **word}
    return write_archive(pack(name, content) for name, content in parts.items())


def section(landscape: bool, page: tuple[int, int], margin: int) -> Element:
    """La mise en page : A4, une première page à part ; mesures en vingtièmes de point."""
    references = [w("headerReference", type=kind) for kind in ("first", "default")] + [
        w("footerReference", type=kind) for kind in ("first", "default")
    ]
    for reference, name in zip(
        references, ("header1", "header2", "footer1", "footer1"), strict=True
    ):
        reference.set(f"{{{OFFICE}}}id", f"rId_{name}")
    size = (
        w("pgSz", w=page[0], h=page[1], orient="landscape")
        if landscape
        else w("pgSz", w=page[0], h=page[1])
    )
    margins = w(
        "pgMar",
        top=margin,
        right=margin,
        bottom=margin,
        left=margin,
        header=margin // 2,
        footer=margin // 2,
        gutter=0,
    )
    return w("sectPr", *references, size, margins, w("titlePg"))


def _number_controls(document: Element) -> None:
    for number, control in enumerate(document.iter(q("sdt")), 1):
        properties = control.find(q("sdtPr"))
        identifier = None if properties is None else properties.find(q("id"))
        if identifier is not None:
            identifier.set(q("val"), str(number))


def _number_lists(document: Element) -> int:
    """Each list counts from one: it has a numbering of its own."""
    styled = [
        properties
        for properties in document.iter(q("pPr"))
        if properties.find(f"{q('pStyle')}[@{q('val')}='Listenumros']") is not None
    ]
    number = OWN_NUMBERINGS
    for number, properties in enumerate(styled, OWN_NUMBERINGS + 1):
        numbered = w("numPr", w("ilvl", val=0), w("numId", val=number))
        insert_ordered(properties, numbered, PARAGRAPH_PROPERTIES)
    return number


def _numbering(base: bytes, lists: int) -> bytes:
    root = etree.fromstring(base)
    for number in range(OWN_NUMBERINGS + 1, lists + 1):
        root.append(
            w(
                "num",
                w("abstractNumId", val=0),
                w("lvlOverride", w("startOverride", val=1), ilvl=0),
                numId=number,
            )
        )
    return _xml(root)


def _content_types(word: Iterable[str]) -> bytes:
    types = {"docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml"}
    types["docProps/app.xml"] = (
        "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    )
    types |= {part: _type_of(part.removeprefix("word/").removesuffix(".xml")) for part in word}
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
    }
    lines = [
        f'<Default Extension="{extension}" ContentType="{kind}"/>'
        for extension, kind in defaults.items()
    ]
    lines += [
        f'<Override PartName="/{part}" ContentType="{kind}"/>'
        for part, kind in sorted(types.items())
    ]
    return _document(f'<Types xmlns="{PACKAGE}/content-types">{"".join(lines)}</Types>')


def _type_of(name: str) -> str:
    if name == "theme":
        return THEME
    return (
        f"{WORD}.document.main+xml"
        if name == "document"
        else f"{WORD}.{STORIES.get(name, name)}+xml"
    )


def _package_rels() -> bytes:
    core = f"{PACKAGE}/relationships/metadata/core-properties"
    targets = (
        ("rId1", f"{OFFICE}/officeDocument", "word/document.xml"),
        ("rId2", core, "docProps/core.xml"),
    )
    return _relationships((*targets, ("rId3", f"{OFFICE}/extended-properties", "docProps/app.xml")))


def _document_rels() -> bytes:
    names = {**{name: name for name in BASE}, **STORIES}
    return _relationships(
        (f"rId_{name}", f"{OFFICE}/{kind}", f"{name}.xml") for name, kind in sorted(names.items())
    )


def _relationships(targets: Iterable[tuple[str, str, str]]) -> bytes:
    lines = "".join(
        f'<Relationship Id="{identifier}" Type="{kind}" Target="{target}"/>'
        for identifier, kind, target in targets
    )
    return _document(f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>')


def _core(title: str, author: str) -> bytes:
    return _document(
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{escape(typeset(title))}'
        "</dc:title><dc:subject>Dispositif local d'accompagnement</dc:subject><dc:creator>"
        f"{escape(author)}</dc:creator><dc:language>fr-FR</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{DATE}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{DATE}</dcterms:modified></cp:coreProperties>'
    )


def _app() -> bytes:
    return _document(
        "<Properties "
        'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>dla_docs</Application></Properties>"
    )


def _document(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _xml(root: Element) -> bytes:
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
    return serialise(root)
