"""Les parties d'un modèle autour de ses textes : types, relations, réglages, données jointes,
dates.
"""

from __future__ import annotations

import posixpath
import re
import uuid
from collections.abc import Iterable, Iterator
from copy import deepcopy
from html import escape

from lxml import etree

from dla_docs.word.names import NAMESPACES, WORD_TYPES, children, element, is_on, local_name, q
from dla_docs.word.order import AFTER_UPDATE, BEFORE_PROTECTION
from dla_docs.word.package import CONTENT_TYPES, parse_part, relationships, rels_of, serialise

OFFICE_RELATIONS = NAMESPACES["r"]
CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
CUSTOM_XML_RELATION, IMAGE_RELATION = f"{OFFICE_RELATIONS}/customXml", f"{OFFICE_RELATIONS}/image"
PROPS_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
PROPERTY_TYPES = ("core-properties+xml", "extended-properties+xml", "custom-properties+xml")
STORY_TITLES = {
    "main": "corps",
    "header": "en-tête",
    "footer": "pied de page",
    "footnotes": "notes de bas de page",
    "endnotes": "notes de fin",
    "comments": "commentaires",
}
EMPTY_RELATIONS = f'<Relationships xmlns="{NAMESPACES["rel"]}"/>'.encode()
EMPTY_SETTINGS = f'<w:settings xmlns:w="{NAMESPACES["w"]}"/>'.encode()


class Package:
    """Les parties du modèle, que la compilation complète."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = dict(parts)
        self.types = parse_part(parts[CONTENT_TYPES], CONTENT_TYPES)
        self.main = next(
            (
                name
                for name, kind in self._kinds()
                if kind.endswith((".document.main+xml", "template.main+xml"))
            ),
            "word/document.xml",
        )
        for override in self.types.iter(q("ct:Override")):  # a .dotx makes .docx documents
            override.set(
                "ContentType",
                str(override.get("ContentType")).replace(
                    ".template.main+xml", ".document.main+xml"
                ),
            )
        self.drop_overrides()

    def _kinds(self) -> Iterator[tuple[str, str]]:
        for override in self.types.iter(q("ct:Override")):
            yield str(override.get("PartName")).lstrip("/"), str(override.get("ContentType"))

    def drop_overrides(self) -> None:
        """Ôte les types déclarés deux fois, ou d'une partie qui n'est pas là."""
        seen: set[str] = set()
        for override in list(self.types.iter(q("ct:Override"))):
            name = str(override.get("PartName"))
            if name in seen or name.lstrip("/") not in self.parts:
                self.types.remove(override)
            seen.add(name)

    def stories(self) -> list[tuple[str, str]]:
        """Les parties qui portent du texte et le titre de chacune : « corps », « en-tête 1 »…"""
        named: list[tuple[str, str]] = []
        for kind, title in STORY_TITLES.items():
            wanted = (
                f"{WORD_TYPES}document.main+xml" if kind == "main" else f"{WORD_TYPES}{kind}+xml"
            )
            found = sorted(
                (name for name, given in self._kinds() if given == wanted and name in self.parts),
                key=_natural,
            )
            numbered = kind in ("header", "footer")
            named += [
                (name, f"{title} {rank}" if numbered else title)
                for rank, name in enumerate(found, 1)
            ]
        return named

    def properties(self) -> list[str]:
        """Les parties de la fiche du document."""
        return sorted(
            name
            for name, kind in self._kinds()
            if kind.endswith(PROPERTY_TYPES) and name in self.parts
        )

    def settings(self) -> str:
        """Le nom de la partie des réglages, créée si elle manque."""
        name = next(
            (
                name
                for name, kind in self._kinds()
                if kind == f"{WORD_TYPES}settings+xml" and name in self.parts
            ),
            "",
        )
        if not name:
            name = posixpath.join(posixpath.dirname(self.main), "settings.xml")
            self.parts[name] = EMPTY_SETTINGS
            self.types.append(_override(name, f"{WORD_TYPES}settings+xml"))
            self.relate(self.main, f"{OFFICE_RELATIONS}/settings", "settings.xml")
        return name

    def has_even_pages(self) -> bool:
        """Vrai quand les pages paires ont leur propre en-tête."""
        name = self.settings()
        return is_on(parse_part(self.parts[name], name).find(q("w:evenAndOddHeaders")))

    def relations(self, part: str) -> etree._Element:
        """Les relations d'une partie."""
        name = rels_of(part)
        return parse_part(self.parts.get(name, EMPTY_RELATIONS), name)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Ajoute une relation ; rend son numéro."""
        relations = self.relations(part)
        used = {relation.get("Id") for relation in relations}
        number = next(
            f"rIdDla{rank}" for rank in range(1, len(used) + 2) if f"rIdDla{rank}" not in used
        )
        relations.append(_relation(number, kind, target))
        self.parts[rels_of(part)] = serialise(relations)
        return number

    def drop(self, owner: str, number: str, part: str) -> None:
        """Ôte une relation de ``owner``, la partie où elle mène, et ce que celle-ci tenait."""
        links = self.relations(owner)
        for link in [one for one in links if one.get("Id") == number]:
            links.remove(link)
        self.parts[rels_of(owner)] = serialise(links)
        for beside in relationships(self.parts, part):
            self.parts.pop(beside.target, None)
        self.parts.pop(rels_of(part), None)
        self.parts.pop(part, None)
        self.drop_overrides()

    def declare(self, name: str, kind: str) -> None:
        """Déclare le type d'une partie nouvelle."""
        self.types.append(_override(name, kind))


def with_types(
    types: etree._Element,
    defaults: Iterable[tuple[str, str]] = (),
    overrides: Iterable[tuple[str, str]] = (),
) -> bytes:
    """La table des types, complétée."""
    types = deepcopy(types)
    known = {str(item.get("Extension")).lower() for item in types.iter(q("ct:Default"))}
    for extension, kind in sorted(set(defaults)):
        if extension not in known:
            default = etree.Element(q("ct:Default"))
            default.set("Extension", extension)
            default.set("ContentType", kind)
            types.insert(0, default)
    for name, kind in overrides:
        types.append(_override(name, kind))
    return serialise(types)


def add_relations(rels: bytes, wanted: Iterable[tuple[str, str, str]]) -> bytes:
    """Une partie de relations complétée, sans la relire : (numéro, type, cible)."""
    text = rels.decode()
    made = "".join(
        f'<Relationship Id="{escape(number)}" Type="{escape(kind)}" Target="{escape(target)}"/>'
        for number, kind, target in wanted
    )
    return (
        re.sub(
            r"<(\w+:)?Relationships([^>]*)/>\s*$", r"<\1Relationships\2></\1Relationships>", text
        )
        .replace("</", f"{made}</", 1)
        .encode()
    )


def settings_variants(data: bytes, name: str, has_contents: bool) -> tuple[bytes, bytes]:
    """Les réglages ordinaires et ceux d'un formulaire protégé ; la table des matières sera
    recalculée à l'ouverture.
    """
    plain = parse_part(data, name)
    for old in plain.findall(q("w:documentProtection")):
        plain.remove(old)
    if has_contents and plain.find(q("w:updateFields")) is None:
        following = next(
            (child for child in children(plain) if local_name(child) in AFTER_UPDATE), None
        )
        plain.insert(
            len(plain) if following is None else plain.index(following),
            element("w:updateFields", val="true"),
        )
    protected = deepcopy(plain)
    preceding = [child for child in children(protected) if local_name(child) in BEFORE_PROTECTION]
    position = protected.index(preceding[-1]) + 1 if preceding else 0
    protected.insert(position, element("w:documentProtection", edit="forms", enforcement="1"))
    return serialise(plain), serialise(protected)


def custom_xml(parts: Iterable[str], identity: bytes) -> tuple[str, dict[str, bytes]]:
    """Un nom libre pour les données jointes, et les parties fixes qui les accompagnent."""
    used = {name.casefold() for name in parts}
    number = next(
        rank
        for rank in range(1, len(used) + 2)
        if not {f"customxml/item{rank}.xml", f"customxml/itemprops{rank}.xml"} & used
    )
    guid = str(uuid.uuid5(uuid.NAMESPACE_OID, identity.hex())).upper()
    properties = (
        f'<ds:datastoreItem xmlns:ds="{CUSTOM_XML}" ds:itemID="{{{guid}}}"><ds:schemaRefs/>'
        "</ds:datastoreItem>"
    )
    relations = add_relations(
        EMPTY_RELATIONS, [("rId1", f"{OFFICE_RELATIONS}/customXmlProps", f"itemProps{number}.xml")]
    )
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    return f"customXml/item{number}.xml", {
        f"customXml/itemProps{number}.xml": (declaration + properties).encode(),
        f"customXml/_rels/item{number}.xml.rels": relations,
    }


def _override(name: str, kind: str) -> etree._Element:
    made = etree.Element(q("ct:Override"))
    made.set("PartName", f"/{name}")
    made.set("ContentType", kind)
    return made


def _relation(number: str, kind: str, target: str) -> etree._Element:
    made = etree.Element(q("rel:Relationship"))
    for key, value in (("Id", number), ("Type", kind), ("Target", target)):
        made.set(key, value)
    return made


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(piece) if piece.isdigit() else 0, piece) for piece in re.split(r"(\d+)", name)]
