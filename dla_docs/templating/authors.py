"""Ce qu'un modèle Word dit des personnes qui l'ont fait, et l'image d'un document d'avant : ses
documents ne le répètent pas à l'insu de qui les envoie.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from dla_docs.constat import Gravite
from dla_docs.raw.quoting import quoted
from dla_docs.templating.parts import Package
from dla_docs.templating.places import Finding, Place
from dla_docs.templating.unfilled import DELETED
from dla_docs.word.names import q
from dla_docs.word.package import CORE, parse_part
from dla_docs.word.part import relationships, serialise

THUMBNAIL = "l'image de la première page d'un document d'avant"
OF_PEOPLE = {  # properties that name who made the file, and what is said of them
    "lastModifiedBy": "le nom de la dernière personne qui l'a enregistré",
    "Manager": "le nom d'un responsable",
    "Company": "le nom d'une société",
}
REVIEWERS = "les noms de ses relecteurs"
DROPPED = {"thumbnail": THUMBNAIL, "people": REVIEWERS}  # kinds of links, to a part that goes too
PROPERTY = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}property"
AUTHOR, COMMENTS = q("w:author"), "commentaires"
NOBODY = ("", "DLA", "python-docx")  # what programs write, ours the first
FIELD = re.compile(r"\bDOCPROPERTY\b|\b(?:INFO|AUTHOR|LASTSAVEDBY)\b", re.IGNORECASE)


def without_people(package: Package) -> Iterator[str]:
    """Ôte d'un modèle le nom de ceux qui l'ont fait, quand rien ne l'imprime ; dit ce qui s'en
    va.
    """
    for owner in ("", package.main):
        for link in relationships(package.parts, owner):
            if link.kind in DROPPED and not link.external:
                package.drop(owner, link.id, link.target)
                yield DROPPED[link.kind]
    shown = _shown_properties(package)
    for name in package.properties():
        root = parse_part(package.parts[name], name)
        gone = [*_named(root, shown)]
        for element, what in gone:
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)
            yield what
        if gone:
            package.parts[name] = serialise(root)


def _named(root: etree._Element, shown: str) -> Iterator[tuple[etree._Element, str]]:
    for element in [*root.iter("{*}*")]:
        said = "".join(map(str, element.itertext())).strip()
        if not said or "{{" in said or "{%" in said:  # filled: it is the document's own
            continue
        local = etree.QName(element).localname
        if local in OF_PEOPLE and local.casefold() not in shown:
            yield element, OF_PEOPLE[local]
        elif element.tag == PROPERTY and str(element.get("name", "")).casefold() not in shown:
            yield element, f"sa propriété {quoted(str(element.get('name', '')))}"


def _shown_properties(package: Package) -> str:
    """All that the page may name of a property: its fields, and what its controls are bound to."""
    said: list[str] = []
    for name, _ in package.stories():
        root = parse_part(package.parts[name], name)
        codes = [one.text or "" for one in root.iter(q("w:instrText"))]
        codes += [one.get(q("w:instr"), "") for one in root.iter(q("w:fldSimple"))]
        said += ["".join(codes)] if FIELD.search("".join(codes)) else []
        said += [one.get(q("w:xpath"), "") for one in root.iter(q("w:dataBinding"))]
    return " ".join(said).casefold()


def tracked(root: etree._Element) -> Iterator[etree._Element]:
    """Les modifications suivies d'une partie : chacune porte le nom de qui l'a faite."""
    return (one for one in root.iter("{*}*") if one.get(AUTHOR) is not None)


def reviewers_kept(package: Package) -> Iterator[Finding]:
    """Ceux dont une modification suivie est encore dans un modèle ; une suppression s'y refuse."""
    for name, title in package.stories():
        held = tracked(parse_part(package.parts[name], name)) if title != COMMENTS else iter(())
        for said in dict.fromkeys(str(one.get(AUTHOR)) for one in held if one.tag not in DELETED):
            yield Finding(
                f"une modification suivie, de {quoted(said[:60])}, irait dans ses documents.",
                Place(name, title),
                conseil="Acceptez les modifications (onglet Révision), puis enregistrez-le.",
                gravite=Gravite.AVERTISSEMENT,
            )


def author_kept(package: Package) -> Iterator[Finding]:
    """L'auteur d'un modèle, que tous ses documents auraient."""
    if CORE not in package.parts:
        return
    for element in parse_part(package.parts[CORE], CORE).iter("{*}creator"):
        said = (element.text or "").strip()
        if said not in NOBODY and "{{" not in said and "{%" not in said:
            yield Finding(
                f"ses documents auront {quoted(said[:60])} pour auteur, comme ce modèle.",
                Place(CORE, "Propriétés"),
                conseil="Si ce n'est pas ce qu'il faut, mettez-y {{ operateur.nom }} (Fichier, "
                "Informations).",
                gravite=Gravite.INFORMATION,
            )
