"""Les noms du format Word, et l'ordre dans lequel son schéma veut les éléments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from lxml import etree

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "ct": "http://schemas.openxmlformats.org/package/2006/content-types",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "dcterms": "http://purl.org/dc/terms/",
}
W, MC = f"{{{NAMESPACES['w']}}}", f"{{{NAMESPACES['mc']}}}"
WORD_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml."


def q(name: str) -> str:
    """``w:p`` → le nom complet que lxml attend."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


W_P, W_R, W_T, W_RPR, W_PPR = q("w:p"), q("w:r"), q("w:t"), q("w:rPr"), q("w:pPr")
W_TBL, W_TR, W_TC = q("w:tbl"), q("w:tr"), q("w:tc")
W_SDT, W_SDTPR, W_SDTCONTENT = q("w:sdt"), q("w:sdtPr"), q("w:sdtContent")
W_VAL = q("w:val")
DOC_PR, BLIP, EMBED = q("wp:docPr"), q("a:blip"), q("r:embed")
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def local_name(element: etree._Element) -> str:
    """Le nom sans espace de noms ; vide pour une instruction de traitement ou un commentaire."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: etree._Element) -> list[etree._Element]:
    """Les éléments fils, sans les instructions de traitement ni les commentaires."""
    return [child for child in element if isinstance(child.tag, str)]


def ancestor(element: etree._Element, tag: str) -> etree._Element | None:
    """L'ancêtre le plus proche de ce nom, l'élément lui-même exclu."""
    return next(element.iterancestors(tag), None)


def insert_ordered(parent: etree._Element, new: etree._Element, order: Iterable[str]) -> None:
    """Pose ``new`` à la place que l'ordre du schéma lui donne, à la place de celui du même nom s'il
    y en a un.
    """
    ranks = _ranks(tuple(order))
    rank, before = ranks[local_name(new)], None
    for child in children(parent):
        found = ranks.get(local_name(child), rank + 1)
        if found == rank:
            parent.remove(child)
        elif found < rank:
            before = child
    parent.insert(0 if before is None else parent.index(before) + 1, new)


@lru_cache(64)
def _ranks(order: tuple[str, ...]) -> dict[str, int]:
    return {name: rank for rank, name in reversed([*enumerate(order)])}


def element(name: str, /, **attributes: str) -> etree._Element:
    """Un élément du vocabulaire de Word ; ses attributs ont le préfixe ``w``."""
    made = etree.Element(q(name), nsmap={"w": NAMESPACES["w"]})
    for key, value in attributes.items():
        made.set(q(f"w:{key}"), value)
    return made


def dissolve(item: etree._Element, held: Iterable[etree._Element] | None = None) -> None:
    """Ôte un élément, et laisse ``held`` à sa place : ses enfants, par exemple."""
    parent = item.getparent()
    assert parent is not None
    at = parent.index(item)
    parent[at : at + 1] = [] if held is None else [*held]


def copy_shell(item: etree._Element) -> etree._Element:
    """Le même élément, vide : son nom et ses attributs."""
    shell = etree.Element(
        item.tag, nsmap={prefix: uri for prefix, uri in item.nsmap.items() if prefix}
    )
    for name, value in item.items():
        shell.set(name, value)
    return shell


def is_on(switch: etree._Element | None) -> bool:
    """Vrai pour un réglage présent et qui n'est pas dit éteint."""
    return switch is not None and switch.get(W_VAL, "1") in ("1", "true", "on")


def fragment(item: etree._Element) -> str:
    """L'XML d'un élément sans ses déclarations d'espaces de noms : il retournera dans la partie
    d'où il vient.
    """
    return _XMLNS.sub("", etree.tostring(item, encoding="unicode", with_tail=False))


def with_word_prefix(root: etree._Element) -> etree._Element:
    """La même partie, où le vocabulaire de Word a le préfixe ``w`` que la compilation emploie."""
    if root.prefix == "w":
        return root
    prefixes = {
        prefix: uri for prefix, uri in root.nsmap.items() if prefix and uri != NAMESPACES["w"]
    } | {"w": NAMESPACES["w"]}
    renamed = etree.Element(root.tag, nsmap=prefixes)
    for name, value in root.items():
        renamed.set(name, value)
    renamed.extend(list(root))
    return renamed


_XMLNS = re.compile(r' xmlns(:[\w.-]+)?="[^"]*"')
