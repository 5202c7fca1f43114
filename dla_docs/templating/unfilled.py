"""Ce qu'un modèle montre et que rien ne remplira : une balise dans une équation, un graphique, un
dessin ; un texte supprimé en suivi des modifications, que le destinataire lirait.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping

from lxml import etree

from dla_docs.templating.places import Finding, Place, Places
from dla_docs.word.names import W_P, W_TC, W_TR, local_name, q
from dla_docs.word.package import parse_part
from dla_docs.word.part import is_xml

LEFTOVER = re.compile(r"\{[{%].*?[%}]\}")
OUT_OF_REACH = "la balise « {} » est dans {}, où rien ne la remplira."
REMEDY = "Écrivez-la dans un paragraphe, un tableau ou une zone de texte."
HOLDERS = {
    "oMath": "une équation",
    "ruby": "un texte à deux étages",
    "AlternateContent": "un passage écrit pour plusieurs versions de Word",
    "drawing": "un dessin",
    "pict": "un dessin",
}
FOLDERS = {
    "charts": "graphique",
    "diagrams": "graphique SmartArt",
    "embeddings": "objet inséré",
    "numbering.xml": "numérotation",
}
CODES = frozenset({"instrText", "delText", "delInstrText"})
DELETED = tuple(q(name) for name in ("w:del", "w:moveFrom", "w:cellDel"))


def out_of_reach(
    root: etree._Element, places: Places, seen: Container[etree._Element]
) -> Iterator[Finding]:
    """Les balises d'une partie que la compilation n'a pas vues ; ``seen`` : les textes qu'elle a
    lus.
    """
    texts: dict[etree._Element, list[etree._Element]] = {}
    for element in root.iter("*"):
        if element.text and element not in seen and local_name(element) not in CODES:
            paragraph = next(element.iterancestors(W_P), None)
            if paragraph is not None:
                texts.setdefault(paragraph, []).append(element)
    for paragraph, held in texts.items():
        for tag in LEFTOVER.findall("".join(element.text or "" for element in held)):
            yield Finding(
                OUT_OF_REACH.format(tag, _holder(held)), places.of(paragraph), conseil=REMEDY
            )


def _holder(held: list[etree._Element]) -> str:
    first = next(element for element in held if "{" in (element.text or ""))
    names = map(local_name, first.iterancestors())
    return next((HOLDERS[name] for name in names if name in HOLDERS), "un objet inséré")


def in_other_parts(parts: Mapping[str, bytes], filled: Container[str]) -> Iterator[Finding]:
    """Les balises des parties qu'aucun programme ne remplit : graphiques, SmartArt…"""
    for name, content in parts.items():
        if name in filled or not name.startswith("word/") or not is_xml(name):
            continue
        if b"{" not in content:
            continue
        root = parse_part(content, name)
        settings = (str(value) for one in root.iter("*") for value in one.attrib.values())
        for tag in LEFTOVER.findall("\n".join(["".join(map(str, root.itertext())), *settings])):
            where = FOLDERS.get(name.split("/")[1], "partie")
            yield Finding(
                OUT_OF_REACH.format(tag, f"« {name} »"), Place(name, where), conseil=REMEDY
            )


def deleted(root: etree._Element, places: Places) -> Iterator[Finding]:
    """Les endroits où une suppression en suivi des modifications est encore dans le fichier."""
    found: dict[etree._Element, Place] = {}
    for mark in root.iter(*DELETED):
        paragraph = _paragraph(mark)
        if paragraph is not None:
            found.setdefault(paragraph, places.of(paragraph))
    for place in found.values():
        yield Finding(
            "une suppression en suivi des modifications est encore dans le modèle, et irait dans "
            "ses documents.",
            place,
            conseil="Acceptez ou refusez les modifications (onglet Révision), puis enregistrez-le.",
        )


def _paragraph(mark: etree._Element) -> etree._Element | None:
    """That of a deleted run or paragraph mark; the first one of a deleted row or cell."""
    above = mark.getparent()
    if above is not None and local_name(above) == "tcPr":
        return next(mark.iterancestors(W_TC)).find(f".//{W_P}")
    row = above.getparent() if above is not None and local_name(above) == "trPr" else None
    if row is not None and row.tag == W_TR:
        return next(row.iter(W_P), None)
    inside = next(mark.iter(W_P), None)
    return next(mark.iterancestors(W_P), inside)
